"""The nouns of the engine: what is submitted, what is found, what is answered.

Everything here is frozen and needs only the standard library. Positions are half-open and count
Unicode code points of the text *as it was submitted*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, TypeVar

Kind = Literal["signature", "template", "message"]
Purpose = Literal["verification", "notification", "marketing"]
Region = Literal["mainland", "international"]
Lang = Literal["zh", "en"]

Made = TypeVar("Made")


class SubmissionError(ValueError):
    """The caller gave something that is not a submission; the message says which field."""


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


@dataclass(frozen=True, slots=True)
class Account:
    """Who applies. Empty collections mean "not told", not "none"."""

    type: Literal["enterprise", "individual"] | None = None
    name: str | None = None
    icp_domains: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    trademarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """A document supplied with an application. Only `kind` is always known; size is in bytes."""

    kind: str
    format: str | None = None
    bytes: int | None = None
    issued: date | None = None
    expires: date | None = None
    owner: str | None = None
    sealed: bool | None = None
    signed: bool | None = None
    grantor: str | None = None
    grantee: str | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """What the applicant declares of one placeholder: its attribute and its greatest length."""

    type: str | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """One earlier message to a number, or that number's reply."""

    to: str
    at: datetime
    text: str | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody wants approved. At least one of `signature`, `body`, `text` is given.

    Nested facts may be given as plain mappings and ISO dates as strings, as they stand in JSON.
    Raises SubmissionError where a field cannot be read.
    """

    id: str | None = None
    signature: str | None = None
    body: str | None = None
    params: Any = None
    text: str | None = None
    purpose: Purpose | None = None
    provider: str = "tencent"
    region: Region = "mainland"
    as_of: date | None = None
    remark: str | None = None
    source: str | None = None
    usage: Literal["own", "other"] = "own"
    documents: tuple[Proof, ...] | None = None
    variables: Mapping[str, Variable] | None = None
    samples: tuple[str, ...] | None = None
    account: Account | None = None
    recipients: tuple[str, ...] | None = None
    sent_at: datetime | None = None
    history: tuple[Sent, ...] | None = None

    def __post_init__(self) -> None:
        if self.signature is None and self.body is None and self.text is None:
            raise SubmissionError("one of signature, body, text is needed")
        as_of, sent_at, account = _given(self.as_of), _given(self.sent_at), _given(self.account)
        if isinstance(as_of, str):
            _put(self, "as_of", _read("as_of", date.fromisoformat, as_of))
        if isinstance(sent_at, str):
            _put(self, "sent_at", _read("sent_at", datetime.fromisoformat, sent_at))
        if isinstance(account, Mapping):
            _put(self, "account", _record("account", Account, account))
        if self.documents is not None:
            _put(self, "documents", tuple(_proof(item) for item in self.documents))
        if self.history is not None:
            _put(self, "history", tuple(_sent(item) for item in self.history))
        if self.variables is not None:
            _put(self, "variables", {str(k): _variable(v) for k, v in self.variables.items()})
        for name in ("samples", "recipients"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, tuple):
                _put(self, name, tuple(value))

    @property
    def kind(self) -> Kind:
        """Return what is being submitted, which follows from the fields given."""
        if self.text is not None or self.params is not None:
            return "message"
        return "template" if self.body is not None else "signature"


def _given(value: object) -> object:
    """Return a field as a caller may have given it, whatever it is declared as."""
    return value


def _put(record: object, name: str, value: object) -> None:
    object.__setattr__(record, name, value)


def _read(name: str, reader: Callable[[Any], Made], value: object) -> Made:
    try:
        return reader(value)
    except (TypeError, ValueError) as error:
        raise SubmissionError(f"{name}: {error}") from error


def _record(name: str, kind: type[Made], value: Mapping[str, Any]) -> Made:
    record: Any = kind
    unknown = set(value) - {item.name for item in fields(record)}
    if unknown:
        raise SubmissionError(f"{name}: unknown field {', '.join(sorted(unknown))}")
    frozen = {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}
    return _read(name, lambda known: kind(**known), frozen)


def _proof(item: Any) -> Proof:
    if isinstance(item, Proof):
        return item
    if isinstance(item, str):
        return Proof(kind=item)
    proof = dict(item)
    for name in ("issued", "expires"):
        if isinstance(proof.get(name), str):
            proof[name] = _read(f"documents.{name}", date.fromisoformat, proof[name])
    return _record("documents", Proof, proof)


def _sent(item: Any) -> Sent:
    if isinstance(item, Sent):
        return item
    sent = dict(item)
    if isinstance(sent.get("at"), str):
        sent["at"] = _read("history.at", datetime.fromisoformat, sent["at"])
    return _record("history", Sent, sent)


def _variable(item: Any) -> Variable:
    if isinstance(item, Variable):
        return item
    return Variable(type=item) if isinstance(item, str) else _record("variables", Variable, item)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a submitted field: half-open, in code points."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the way placeholders are written.

    `name` is one of `PROBLEMS` in `smsvet.template`; `expected` is what should stand in the span's
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
