"""The nouns of the engine: what is submitted, what is found, what is answered.

Everything here is frozen and needs only the standard library. Positions are half-open and count
Unicode code points of the text *as it was submitted*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

Kind = Literal["signature", "template", "message"]
Purpose = Literal["verification", "notification", "marketing"]
Region = Literal["mainland", "international"]
Lang = Literal["zh", "en"]


class Decision(StrEnum):
    """What a rule asks for and what a verdict answers: approve < manual_review < reject.

    A decision equals its name as text, but is ordered by how strict it is.
    """

    APPROVE = "approve"
    MANUAL_REVIEW = "manual_review"
    REJECT = "reject"

    @property
    def rank(self) -> int:
        """Return how strict this decision is, from 0."""
        return _STRICTNESS.index(self)

    def __lt__(self, other: str) -> bool:
        return self.rank < Decision(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Decision(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Decision(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Decision(other).rank


_STRICTNESS = tuple(Decision)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a submitted field: half-open, in code points."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the way placeholders are written.

    `name` is one of `PROBLEMS` in `smsvet.templates.parser`; `expected` is what should stand in the span's
    place, when that can be said.
    """

    name: str
    span: Span
    text: str
    expected: str | None = None
    vendors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A hole in a template. `name` is its number or name, None where the provider refuses it."""

    span: Span
    text: str
    name: str | None
    kind: str | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A lexicon term found in a text, and the transforms that made it match.

    `spans` lists the pieces in order where the match is not contiguous, else it is empty. `meant` is the
    word that a disguised text is read as, empty where the text is written plainly.
    """

    category: str
    term: str
    strength: Literal["strong", "weak"]
    span: Span
    text: str
    transforms: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    possible: bool = False
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address found in a text.

    `kind` is `url` (scheme given), `domain` (bare), `ip`, `disguised` (full-width dot, `点com`) or
    `variable` (a placeholder is its host or all of it). `host` is lower case ASCII or Unicode, empty
    when a placeholder is the whole host. `holds` are the placeholders that are part of it.
    """

    span: Span
    text: str
    kind: Literal["url", "domain", "ip", "disguised", "variable"]
    host: str
    domain: str | None = None
    path: str = ""
    scheme: str | None = None
    holds: tuple[Placeholder, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach somebody found in a text; `value` is the number or id without decoration.

    `transforms` are the steps that make it one, where it is written in disguise.
    """

    span: Span
    text: str
    kind: Literal["mobile", "landline", "400", "service", "qq", "wechat", "group", "email"]
    value: str
    transforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A word of a message that is not the same in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found: a place, and named words for the rule's message. A check makes only these.

    `span` is None when the hit is about the whole submission. `possible` says that it depends on
    something the check cannot see (a value to come, a context), so the rule's `possible` decision
    applies. `missing` names a fact that was not supplied and without which the check cannot tell: the
    finding is then advice that names it. `disguised` says that the words are there only in disguise: what is
    possible then still asks for a person, unless the rule never does.
    """

    span: Span | None = None
    words: Mapping[str, object] = field(default_factory=dict)
    suggestion: str | None = None
    category: str | None = None
    transforms: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    possible: bool = False
    missing: str | None = None
    disguised: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with its rule's decision and words. Positions are None when it has no single place."""

    rule: str
    decision: Decision
    field: str | None
    start: int | None
    end: int | None
    text: str | None
    message: str
    fix: str
    suggestion: str | None = None
    category: str | None = None
    transforms: tuple[str, ...] = ()
    code: str | None = None
    source: str = ""
    clause: str | None = None
    spans: tuple[tuple[int, int], ...] = ()
    title: str | None = None
    """The rule's title, in the language asked for."""

    missing: str | None = None
    """The fact that was not supplied, on advice that says only that; not part of the JSON."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that raised. It never passes silently: the verdict then asks for a person."""

    rule: str
    error: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The highest decision asked for, every finding and fault, and the content's revision."""

    id: str | None
    kind: Kind
    decision: Decision
    provider: str
    as_of: date
    findings: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()
    revision: str = ""
