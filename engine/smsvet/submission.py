"""Submissions: a signature, a template or a message, with optional facts about the applicant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from .model import Kind, Purpose, Region

Made = TypeVar("Made")


class SubmissionError(ValueError):
    """Invalid input for a submission; the message names the field."""


@dataclass(frozen=True, slots=True)
class Account:
    """The applicant's account. An empty collection means "unknown", not "none"."""

    type: Literal["enterprise", "individual"] | None = None
    name: str | None = None
    icp_domains: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    trademarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """A document supplied with an application. Only `kind` is required; `bytes` is the file size."""

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
    """The applicant's declaration for one placeholder: its attribute, and its greatest length in code points."""

    type: str | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """An earlier message to a number, or the reply from that number."""

    to: str
    at: datetime
    text: str | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A signature, template or message to review. At least one of `signature`, `body` and `text` is required.

    Nested records may be plain mappings, and dates may be ISO strings, as in JSON.
    Raises SubmissionError for an invalid field.
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
            raise SubmissionError("at least one of signature, body, text is required")
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
        """Return the kind of the submission, derived from the fields that are present."""
        if self.text is not None or self.params is not None:
            return "message"
        return "template" if self.body is not None else "signature"


def _given(value: object) -> object:
    """Return a field's value typed as `object`, because callers may pass another type than declared."""
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
