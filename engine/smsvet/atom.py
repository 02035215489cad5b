"""What every check that a rule file can name has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pydantic import ConfigDict

from .document import Document, Text
from .entries import Entry
from .fold import Folder
from .links import Hosts
from .model import Hit
from .part import Part
from .provider import Provider
from .scanner import Anchors
from .source import ContentError

Check = Callable[[Document], Iterable[Hit]]


class Glimpse(NamedTuple):
    """What is known of a body before its terms are."""

    written: str
    folded: str
    bits: int
    """Its facts and marks, as one set of bits."""
    entries: Sequence[Entry]
    """The entries of the lexicons whose words it may have."""


Probe = Callable[[Glimpse], bool]
"""Returns whether a check may find something in a body."""

Where = Literal["signature", "body", "text", "params", "remark"]

BODY: tuple[Where, ...] = ("body", "text")
"""The fields in which a pattern is looked for unless others are named."""

SPOKEN: tuple[Where, ...] = ("signature", "body", "text", "params")
"""The fields that reach the recipient."""


@dataclass(frozen=True, slots=True)
class Context:
    """What checks are compiled against."""

    providers: Mapping[str, Provider]
    categories: frozenset[str]
    hosts: Hosts
    folder: Folder
    anchors: Anchors = field(default_factory=Anchors)


class Atom(Part):
    """A check as a rule file states it."""

    model_config = ConfigDict(populate_by_name=True)

    def compile(self, context: Context) -> Check:
        """Return the check ready to run; raises ContentError where it cannot work."""
        raise ContentError(
            "kind python is a rule's whole check, not a part of another",
            "kind python 只能是规则的整个 check，不能是其中一部分",
        )

    def needs(self) -> tuple[str, ...]:
        """Return the facts without which the check finds nothing."""
        return ()

    def categories(self) -> frozenset[str]:
        """Return the term categories without one of which the check finds nothing; empty if it may."""
        return frozenset()

    def marks(self, context: Context) -> int:
        """Return the bits of the patterns without one of which the check finds nothing; 0 if it may."""
        return 0

    def suffices(self, context: Context) -> Callable[[int], bool] | None:
        """Return whether facts and marks, as one set of bits, may be enough for a hit; None if any may be."""
        return None

    def probe(self, context: Context) -> Probe | None:
        """Return what tells of a body that the check finds nothing in it; None where only the check can."""
        return None

    def words(self) -> frozenset[str] | None:
        """Return the words its hits carry for a message, `match` included; None if only it knows."""
        return frozenset({"match"})


def texts_in(document: Document, fields: tuple[Where, ...]) -> list[Text]:
    """Return the texts of these fields; `params` stands for all values."""
    return [
        text
        for name, text in document.texts.items()
        if name in fields or (name.startswith("params.") and "params" in fields)
    ]
