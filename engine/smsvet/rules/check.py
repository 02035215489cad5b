"""What every check that a rule file can name has in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from pydantic import ConfigDict

from ..document import Document
from ..files.cached_model import Part
from ..files.content_files import ContentError
from ..model import Hit
from ..sms.provider import Provider
from ..text.fold import Folder
from ..text.short_links import Hosts
from ..text.text import Text, Where
from .prefilter import Anchors

Check = Callable[[Document], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Search:
    """A check that finds something in a body where a pattern matches, folded or as it was submitted."""

    pattern: str
    original: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a signal of a score is told by, and how much it counts: `weight` a time, at most `each` times.

    Where it is told by patterns alone, `patterns` are those. Otherwise how often it counts depends on terms
    of its `categories`, or is not known before the check is asked.
    """

    weight: float
    each: int
    needs: int
    """Facts without all of which it counts nothing."""
    marks: int
    """Facts and marks without one of which it counts nothing; 0 if it may."""
    categories: frozenset[str]
    strength: str
    patterns: tuple[str, ...]

    @property
    def most(self) -> float:
        """Return how much it counts at most, whether for or against."""
        return abs(self.weight) * self.each

    def times(self, folded: str) -> int:
        """Return how often it counts in a folded body by its patterns."""
        found = (1 for pattern in self.patterns for _ in compiled(pattern).finditer(folded))
        return sum(islice(found, self.each))


@dataclass(frozen=True, slots=True)
class Score:
    """A check that finds something in a body where evidence adds up to `least`, which no rounding falls short of."""

    signals: tuple[Evidence, ...]
    least: float


Probe = Search | Score
"""What a body needs, beyond facts and marks, before a check can find something in it."""


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
        """Return what a body needs before the check can find something in it; None where nothing can be said."""
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


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern compiled: once, and only when it is first needed."""
    return re.compile(pattern)
