"""Facts about a submission, as bits. A rule is skipped if the submission lacks a fact that it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, pairwise, repeat
from operator import attrgetter, is_not
from typing import Protocol

from ..model import Placeholder
from ..submission import Submission
from ..text.text import Text


class HasName(Protocol):
    """Any placeholder type with a name."""

    @property
    def name(self) -> str | None:
        """Return the number or name; None if it has neither."""
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
"""Facts that a rule can need. `purpose` means that it was declared, not inferred."""

TRIGGERS = (
    *FACTS,
    "undeclared",  # no purpose was declared
    "leads",  # a link or a contact
    "disguised",  # a disguised term or contact
    "adjacent",  # two placeholders without letters or digits between them
    "crowded",  # three placeholders or more, with fewer than SHARE Chinese characters each
    "named",  # a placeholder whose name is not a number, or without a name
    "brief",  # a body or text of fewer than BRIEF Chinese characters
    "bare",  # a body or text of fewer than BARE Chinese characters
    "unusual",  # a traditional character, or one that normalisation removes or widens
    "unsearched",  # a text longer than the searched length
    "learned",  # a text that the operator's learned evidence sends to a person
)
"""Facts that a rule can name as triggers. At least one of those it names must be present."""

BRIEF = 24
"""Number of Chinese characters from which a text is not brief."""
BARE = 9
"""Number of Chinese characters from which a text is not bare."""
SHARE = 4
"""Number of Chinese characters per placeholder from which a text is not crowded."""

BITS: Mapping[str, int] = {name: 1 << place for place, name in enumerate(TRIGGERS)}
FIRST_PATTERN = 1 << 40
"""Bit of the first pattern. Facts use the lower bits."""

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
"""First and last code point that count as a Chinese character."""
_HAN = re.compile("[{0}][{0}]*".format(f"{chr(HAN[0])}-{chr(HAN[1])}"))
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
NEEDED = sum(BITS[name] for name in FACTS)
"""Bits of all facts that a rule can need."""


def mask(names: Iterable[str]) -> int:
    """Return the bits of the named facts."""
    return sum(BITS[name] for name in set(names))


def submitted_facts(submission: Submission) -> int:
    """Return the bits of the submitted fields other than texts."""
    given = map(is_not, _SUBMITTED_VALUES(submission), repeat(None))
    facts = sum(compress(_SUBMITTED_BITS, given))
    return facts if facts & _PURPOSE else facts | BITS["undeclared"]


def text_facts(text: Text, name: str) -> int:
    """Return the bits of the facts about a text; `name` is its key in the document."""
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
        count = count_chinese(text.folded, BRIEF + SHARE * len(text.placeholders))
        facts |= length_facts(count)
        if name == "body":
            facts |= placeholder_facts(text.original, text.placeholders, count)
    return facts


def length_facts(count: int) -> int:
    """Return the bits of the facts about a text's length, given its number of Chinese characters."""
    if count >= BRIEF:
        return 0
    return _BRIEF if count >= BARE else _BRIEF | _BARE


def count_chinese(folded: str, enough: int) -> int:
    """Return the number of Chinese characters of a normalised text, or of its beginning if that has `enough`."""
    beginning = 2 * enough
    count = sum(map(len, _HAN.findall(folded, 0, beginning)))
    if count >= enough or len(folded) <= beginning:
        return count
    return sum(map(len, _HAN.findall(folded)))


def placeholder_facts(written: str, holes: Sequence[Placeholder], count: int) -> int:
    """Return the bits of the facts about a body's placeholders; `count` is its number of Chinese characters."""
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
    """Return whether the text between two placeholders, [end, start), has neither letters nor digits."""
    return _LETTER_OR_DIGIT.search(written, end, start) is None


def is_named(hole: HasName) -> bool:
    """Return whether a placeholder has a name that is not a number, or no name."""
    return hole.name is None or not hole.name.isdigit()
