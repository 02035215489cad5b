"""Facts that a rule may need: a rule whose facts a submission lacks is not run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Protocol

from ..model import Placeholder
from ..submission import Submission
from ..text.text import Text


class HasName(Protocol):
    """Something with the name of a placeholder."""

    @property
    def name(self) -> str | None:
        """Return its number or name, None where it is not read."""
        ...


SUBMITTED = (
    "purpose",
    "remark",
    "source",
    "documents",
    "variables",
    "samples",
    "account",
    "recipients",
    "sent_at",
    "history",
    "params",
)

FACTS = ("signature", "body", "text", "placeholders", "problems", "terms", "links", "contacts", *SUBMITTED)
"""What a document may have. `purpose` means that it was declared, not inferred."""

TRIGGERS = (
    *FACTS,
    "undeclared",  # no purpose was declared
    "leads",  # a link or a contact
    "disguised",  # a term or contact in disguise
    "adjacent",  # two placeholders with neither letter nor digit between them
    "crowded",  # three placeholders or more, with fewer than SHARE Chinese characters each
    "named",  # a placeholder whose name is no number, or that has none
    "brief",  # a body or text of fewer than BRIEF Chinese characters
    "bare",  # a body or text of fewer than BARE Chinese characters
    "unusual",  # a character that the fold removes or widens, or that only traditional writing uses
    "unsearched",  # a text longer than what is searched
)
"""What a rule may wait for: one of those it names must be there."""

BRIEF = 24
"""Chinese characters from which on a text is not brief."""
BARE = 9
"""Chinese characters from which on a text is not bare."""
SHARE = 4
"""Chinese characters for each placeholder from which on a text is not crowded."""

BITS: Mapping[str, int] = {name: 1 << place for place, name in enumerate(TRIGGERS)}
FIRST_PATTERN = 1 << 40
"""The bit of the first pattern: facts have the lower ones."""

_SUBMITTED_VALUES = attrgetter(*SUBMITTED)
_SUBMITTED_BITS = tuple(BITS[name] for name in SUBMITTED)
_FIELDS = {name: BITS[name] for name in ("signature", "body", "text")}
_PLACEHOLDERS, _PROBLEMS, _PURPOSE = BITS["placeholders"], BITS["problems"], BITS["purpose"]
_TERMS, _LINKS, _CONTACTS = BITS["terms"], BITS["links"], BITS["contacts"]
_LEADS, _DISGUISED, _UNUSUAL, _UNSEARCHED = (
    BITS["leads"],
    BITS["disguised"],
    BITS["unusual"],
    BITS["unsearched"],
)
_ADJACENT, _CROWDED, _NAMED = BITS["adjacent"], BITS["crowded"], BITS["named"]
_BRIEF, _BARE = BITS["brief"], BITS["bare"]
HAN = (0x3400, 0x9FFF)
"""The first and the last code point that counts as a Chinese character."""
_HAN = re.compile(f"[{chr(HAN[0])}-{chr(HAN[1])}]+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
NEEDED = sum(BITS[name] for name in FACTS)
"""The facts that a rule can need."""


def mask(names: Iterable[str]) -> int:
    """Return the facts named as one set of bits."""
    return sum(BITS[name] for name in set(names))


def submitted_facts(submission: Submission) -> int:
    """Return the facts that were submitted beside the texts, as one set of bits."""
    facts = 0
    for bit, value in zip(_SUBMITTED_BITS, _SUBMITTED_VALUES(submission), strict=True):
        if value is not None:
            facts |= bit
    return facts if facts & _PURPOSE else facts | BITS["undeclared"]


def text_facts(text: Text, name: str) -> int:
    """Return the facts that a text shows, as one set of bits; `name` is its key in a document."""
    facts = _FIELDS.get(name, 0)
    if text.terms:
        facts |= _TERMS
        if any(term.meant for term in text.terms):
            facts |= _DISGUISED
    if text.links:
        facts |= _LINKS | _LEADS
    if text.contacts:
        facts |= _CONTACTS | _LEADS
        if any(contact.transforms for contact in text.contacts):
            facts |= _DISGUISED
    if text.problems:
        facts |= _PROBLEMS
    if text.unusual:
        facts |= _UNUSUAL
    if text.left:
        facts |= _UNSEARCHED
    if name in ("body", "text"):
        count = count_chinese(text.folded)
        facts |= length_facts(count)
        if name == "body":
            facts |= placeholder_facts(text.original, text.placeholders, count)
    return facts


def length_facts(count: int) -> int:
    """Return the facts about how much a text with so many Chinese characters says, as one set of bits."""
    if count >= BRIEF:
        return 0
    return _BRIEF if count >= BARE else _BRIEF | _BARE


def count_chinese(folded: str) -> int:
    """Return how many Chinese characters a text has."""
    return sum(map(len, _HAN.findall(folded)))


def placeholder_facts(written: str, holes: Sequence[Placeholder], count: int) -> int:
    """Return the facts about the placeholders of a body with so many Chinese characters, as one set of bits."""
    if not holes:
        return 0
    facts = _PLACEHOLDERS
    if len(holes) > 1:
        gaps = ((one.span.end, other.span.start) for one, other in pairwise(holes))
        if any(are_adjacent(written, *gap) for gap in gaps):
            facts |= _ADJACENT
        if len(holes) > 2 and count < SHARE * len(holes):
            facts |= _CROWDED
    if any(map(is_named, holes)):
        facts |= _NAMED
    return facts


def are_adjacent(written: str, end: int, start: int) -> bool:
    """Return whether neither letter nor digit stands between the end of a placeholder and the start of the next."""
    return _LETTER_OR_DIGIT.search(written, end, start) is None


def is_named(hole: HasName) -> bool:
    """Return whether a placeholder has a name that is no number, or none."""
    return hole.name is None or not hole.name.isdigit()
