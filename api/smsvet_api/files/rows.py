"""The rows of an input, decoded or unreadable, and the limits on their size."""

from __future__ import annotations

from dataclasses import dataclass

from smsvet.model import Lang

from ..wording import say

MOST_TEXT = 1 << 20
"""The most text of one submission, in bytes of UTF-8."""

LONGEST_LINE = 8 << 20
"""The longest JSON line in bytes: a byte of text may be written as the six of a `\\u` escape."""


class InputError(ValueError):
    """The whole input cannot be read; the message names the file."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of input, decoded: `line` counts from 1, as does the place in a JSON array."""

    line: int
    data: object


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is not a submission, and why."""

    line: int
    error: str
    id: str | int | None = None


def too_long(lang: Lang) -> str:
    """Return the error for a submission with more than MOST_TEXT bytes of text."""
    return say(
        lang,
        f"文本过长：一个提交最多 {MOST_TEXT // 1024} KiB",
        f"too long: a submission has at most {MOST_TEXT // 1024} KiB of text",
    )
