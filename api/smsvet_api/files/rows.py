"""The rows of an input, decoded or unreadable, and the limits of their size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from smsvet.model import Lang

from ..wording import say

MOST_TEXT = 1 << 20
"""Maximum text of one submission, in UTF-8 bytes."""

LONGEST_LINE = 8 << 20
"""Maximum length of a JSON line in bytes; one byte of text may be escaped as six, `\\u0061`."""


Cells = tuple[int, Sequence[object] | str]
"""A line number with its cells, or with an error message."""


class InputError(ValueError):
    """The whole input cannot be read; the message names the file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How an input is read: its name, the language of errors, and what its headings and words mean."""

    source: str
    """The path of the file as given, for messages."""

    lang: Lang
    providers: Mapping[str, str] = field(default_factory=dict)
    """Provider ids by the normalised names that a table may use."""

    provider: str | None = None
    """The provider of rows that name none, if the user gave one."""

    by_hand: tuple[tuple[str, str], ...] = ()
    """Headings with the field that the user assigned to each; `other` for a column that is not ours."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """`by_hand` by normalised heading."""

    note: Callable[[str], None] = lambda _: None
    """Receives what the user should know although nothing is wrong, each line once."""

    mapped: Callable[[Sequence[tuple[str, str | None]]], None] = lambda _: None
    """Receives the columns of a table: each heading with its field, None for a column that is carried through."""


@dataclass(frozen=True, slots=True)
class Row:
    """One decoded row. `line` is its line number, row number or position in a JSON array, from 1.

    `cells` has every column of the input as given, by heading, in the order of the input; an empty cell is None.
    For a JSON object or an item of a vendor's list answer, the headings are its keys. `other` is the part of
    `cells` that no field of a submission takes.
    """

    line: int
    data: object
    cells: Mapping[str, object] = field(default_factory=dict, compare=False)
    other: Mapping[str, object] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is not a submission, with the error; `cells` as in `Row`."""

    line: int
    error: str
    id: str | int | None = None
    cells: Mapping[str, object] = field(default_factory=dict, compare=False)


def too_long(lang: Lang) -> str:
    """Return the error for a submission with more than MOST_TEXT bytes of text."""
    return say(
        lang,
        f"文本过长：一个提交最多 {MOST_TEXT // 1024} KiB",
        f"too long: a submission has at most {MOST_TEXT // 1024} KiB of text",
    )
