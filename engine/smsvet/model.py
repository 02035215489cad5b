"""Data classes of the engine: decisions, spans, matches, hits, findings and verdicts, and SubmissionError.

The classes are immutable and depend on the standard library only. Positions are half-open and count Unicode code
points of the text *as submitted*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple

Kind = Literal["signature", "template", "message"]
Purpose = Literal["verification", "notification", "marketing"]
Region = Literal["mainland", "international"]
Lang = Literal["zh", "en"]


class SubmissionError(ValueError):
    """The caller gave something that is not a submission; the message names the field.

    `say` returns the message in either language; `str` returns it in `lang`.
    """

    def __init__(self, english: str, chinese: str | None = None, lang: str = "en") -> None:
        self.english = english
        self.chinese = chinese or english
        super().__init__(self.say(lang))

    def say(self, lang: str) -> str:
        """Return the message in `lang`: `zh`, or anything else for English."""
        return self.chinese if lang == "zh" else self.english


class Decision(StrEnum):
    """The decision of a rule or a verdict, from lenient to strict: approve < manual_review < reject.

    A decision equals its name as a string. Comparisons order decisions by strictness, not alphabetically.
    """

    APPROVE = "approve"
    MANUAL_REVIEW = "manual_review"
    REJECT = "reject"

    @property
    def rank(self) -> int:
        """Return the strictness of this decision: 0 for approve, 2 for reject."""
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


class Span(NamedTuple):
    """A half-open range of code points in a submitted field.

    A named tuple, as Hit: a long text has thousands, and a frozen dataclass takes several times longer to make.
    """

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A syntax problem of a placeholder.

    `name` is one of `PROBLEMS` in `smsvet.templates.parser`. `expected` is the correct text for the span, None
    where no correction is known. `vendors` are the ids of the providers with this syntax.
    """

    name: str
    span: Span
    text: str
    expected: str | None = None
    vendors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder of a template.

    `name` is its number or name, None where the provider rejects the syntax. `max` is the greatest length of its
    value, in code points.
    """

    span: Span
    text: str
    name: str | None
    kind: str | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A lexicon term found in a text, with the transforms that were needed to match it.

    `spans` lists the pieces of a match that is not contiguous, in order; otherwise it is empty. `meant` is the
    word behind a disguised spelling, empty where the text contains the plain word. `possible` marks an uncertain
    match: a reading in several steps, or one around a placeholder.
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

    `kind` is `url` (with a scheme), `domain` (bare), `ip`, `disguised` (full-width dot, `点com`) or `variable` (the
    host, or the whole address, contains a placeholder). `host` is in lower case, ASCII or Unicode, and empty when
    a placeholder is the whole host. `holds` are the placeholders inside the address.
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
    """A telephone number, account id or e-mail address found in a text.

    `value` is the number or id without separators. `transforms` are the steps that reveal a disguised contact.
    """

    span: Span
    text: str
    kind: Literal["mobile", "landline", "400", "service", "qq", "wechat", "group", "email"]
    value: str
    transforms: tuple[str, ...] = ()

    @property
    def is_personal(self) -> bool:
        """Return whether it leads to a person or a group instead of a company."""
        return self.kind in ("mobile", "qq", "wechat", "group")


@dataclass(frozen=True, slots=True)
class Said:
    """A word of a message in Chinese and in English, for words that differ between the two."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    @classmethod
    def listed(cls, words: Iterable[str]) -> Said:
        """Return words as a list in a sentence: `甲、乙` in Chinese, `甲, 乙` in English."""
        words = list(words)
        return cls("、".join(words), ", ".join(words))


@dataclass(frozen=True, slots=True)
class Score:
    """The learned evidence on a text: negative points for a notice, positive ones for a violation.

    `ngrams` are the parts of the text with the greatest weights of the same sign.
    """

    points: float
    ngrams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Points for (positive) or against (negative) a finding, by name; `ngrams` are the parts of the text behind them."""

    name: str
    points: float
    ngrams: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A match of a check: its place, and named values for the rule's message.

    `span` is None when the hit concerns the whole submission. `possible` marks a hit that depends on something
    unseen, such as a future value or the context; the rule's `possible` decision then applies. `missing` names a
    fact that was not supplied and that the check needs; the finding is then advice about that fact. `disguised`
    marks words that are present only in disguise. A possible hit of that kind still leads to manual review, unless
    the rule is off or its own decision is approve. `inferred` marks a hit that follows from the purpose where that
    was not declared; it leads to manual review at most.
    """

    span: Span | None = None
    words: Mapping[str, object] = MappingProxyType({})
    suggestion: str | None = None
    category: str | None = None
    transforms: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    possible: bool = False
    missing: str | None = None
    disguised: bool = False
    inferred: bool = False
    evidence: tuple[tuple[Said, Score], ...] = ()
    """The points that were added up, by name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with the decision and message of its rule.

    `start` and `end` are code points of `field`, None when the finding has no single place.
    """

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
    """The rule's title, in the requested language."""

    evidence: tuple[Evidence, ...] = ()
    """The points that were added up, and those of the learned evidence."""

    missing: str | None = None
    """The fact that was not supplied, on advice that says only that; not part of the JSON."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that raised an exception. The verdict is then at least manual review, never approval."""

    rule: str
    error: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The strictest decision among all findings, with the findings, the faults and the content revision."""

    id: str | None
    kind: Kind
    decision: Decision
    provider: str
    as_of: date
    findings: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()
    revision: str = ""
