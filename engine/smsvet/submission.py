"""A submission: a signature, a template or a message, and the facts about its applicant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from .fields import (
    ACCOUNT_TYPES,
    ATTRIBUTES,
    DOCUMENT_KINDS,
    MOST_BYTES,
    PURPOSES,
    REGIONS,
    SOURCES,
    USAGES,
    AccountType,
    Source,
    Usage,
    check_choice,
    check_count,
    check_flag,
    check_number,
    check_text,
    day,
    entries,
    moment,
    record,
    texts,
    wrong_type,
    wrong_value,
)
from .model import Kind, Purpose, Region, SubmissionError

__all__ = ["Account", "Proof", "Sent", "Submission", "SubmissionError", "Variable"]


@dataclass(frozen=True, slots=True)
class Account:
    """The applicant. Empty collections mean "not supplied", not "none". Raises SubmissionError."""

    type: AccountType | None = None
    name: str | None = None
    icp_domains: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    trademarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_choice("type", self.type, ACCOUNT_TYPES)
        check_text("name", self.name)
        for name in ("icp_domains", "signatures", "trademarks"):
            value = getattr(self, name)
            _put(self, name, () if value is None else texts(name, value))


@dataclass(frozen=True, slots=True)
class Proof:
    """A document supplied with an application. Only `kind` is required; size is in bytes. Raises SubmissionError."""

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

    def __post_init__(self) -> None:
        if self.kind is None:
            raise wrong_type("kind", self.kind, "text", "文字")
        check_choice("kind", self.kind, DOCUMENT_KINDS)
        for name in ("format", "owner", "grantor", "grantee"):
            check_text(name, getattr(self, name))
        for name in ("sealed", "signed"):
            check_flag(name, getattr(self, name))
        check_number("bytes", self.bytes, 0, MOST_BYTES)
        for name in ("issued", "expires"):
            value = getattr(self, name)
            if value is not None:
                _put(self, name, day(name, value))


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared placeholder: its attribute, and its greatest length in code points. Raises SubmissionError."""

    type: str | None = None
    max: int | None = None

    def __post_init__(self) -> None:
        check_text("type", self.type)
        if self.type is not None and self.type.lower() not in ATTRIBUTES:
            raise wrong_value("type", self.type, ATTRIBUTES)
        check_number("max", self.max, 1, MOST_BYTES)


@dataclass(frozen=True, slots=True)
class Sent:
    """One earlier message to a number, or that number's reply. Raises SubmissionError."""

    to: str
    at: datetime
    text: str | None = None
    reply: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.to, str):
            raise wrong_type("to", self.to, "text", "文字")
        _put(self, "at", moment("at", self.at))
        check_text("text", self.text)
        check_text("reply", self.reply)


@dataclass(frozen=True, slots=True)
class Submission:
    """A signature, template or message to be reviewed. At least one of `signature`, `body`, `text` is given.

    Nested facts may be given as mappings, and dates as ISO text, as in JSON. Lists become tuples and mappings become
    read-only; values nested inside those of `params` stay as given. Without `as_of` the verdict holds on
    the content's release date: the engine has no clock, and `smsvet_api.today()` returns today's date in China.
    Without `region`, and with one that the provider does not serve, the provider's own region holds.
    Raises SubmissionError for a value of the wrong type and for one that its field does not allow; the error names
    the field, the value and the values allowed. An unknown provider raises at the review.
    """

    id: str | None = None
    signature: str | None = None
    body: str | None = None
    params: Any = None
    text: str | None = None
    purpose: Purpose | None = None
    provider: str = "tencent"
    region: Region | None = None
    as_of: date | None = None
    remark: str | None = None
    source: Source | None = None
    usage: Usage = "own"
    documents: tuple[Proof, ...] | None = None
    variables: Mapping[str, Variable] | None = None
    samples: tuple[str, ...] | None = None
    account: Account | None = None
    recipients: tuple[str, ...] | None = None
    sent_at: datetime | None = None
    history: tuple[Sent, ...] | None = None

    def __post_init__(self) -> None:
        if self.signature is None and self.body is None and self.text is None:
            raise SubmissionError(
                "at least one of signature, body, text is required", "signature、body、text 至少需要一个"
            )
        # Each test is one expression that a well-formed submission passes, and the functions behind it name the fault.
        if not set(map(type, _TEXT_VALUES(self))) <= _TEXT_OR_NONE:
            for name in _TEXTS:
                check_text(name, getattr(self, name))
        if self.purpose not in _PURPOSE:
            check_choice("purpose", self.purpose, PURPOSES)
        if self.source not in _SOURCE:
            check_choice("source", self.source, SOURCES)
        if self.region not in _REGION:
            check_choice("region", self.region, REGIONS)
        if self.usage not in USAGES:
            raise wrong_value("usage", self.usage, USAGES)
        if not isinstance(self.provider, str):
            raise wrong_type("provider", self.provider, "text", "文字")
        if _READ_VALUES(self) != _NOTHING:
            for name, read in _READERS.items():
                value = getattr(self, name)
                if value is not None:
                    _put(self, name, read(name, value))

    def __reduce__(self) -> tuple[type[Submission], tuple[Any, ...]]:
        """Return how to copy or unpickle the submission; read-only mappings cannot be pickled themselves."""
        values = (getattr(self, item.name) for item in fields(self))
        return Submission, tuple(dict(one) if isinstance(one, MappingProxyType) else one for one in values)

    @property
    def kind(self) -> Kind:
        """Return the kind of submission, which follows from its fields."""
        if self.text is not None or self.params is not None:
            return "message"
        return "template" if self.body is not None else "signature"


_TEXTS = ("id", "signature", "body", "text", "remark")
_TEXT_VALUES = attrgetter(*_TEXTS)
_TEXT_OR_NONE = {str, type(None)}
_PURPOSE, _SOURCE, _REGION = (None, *PURPOSES), (None, *SOURCES), (None, *REGIONS)


def _put(item: object, name: str, value: object) -> None:
    object.__setattr__(item, name, value)


def _documents(name: str, value: object) -> tuple[Proof, ...]:
    return tuple(
        record(f"{name}.{place}", Proof, {"kind": item} if isinstance(item, str) else item)
        for place, item in enumerate(entries(name, value))
    )


def _variables(name: str, value: object) -> Mapping[str, Variable]:
    if not isinstance(value, Mapping):
        raise wrong_type(name, value, "an object", "对象")
    check_count(name, value)
    declared = {
        str(key): record(f"{name}.{key}", Variable, {"type": item} if isinstance(item, str) else item)
        for key, item in value.items()
    }
    return MappingProxyType(declared)


def _account(name: str, value: object) -> Account:
    return record(name, Account, value)


def _history(name: str, value: object) -> tuple[Sent, ...]:
    return tuple(record(f"{name}.{place}", Sent, item) for place, item in enumerate(entries(name, value)))


def _params(_: str, value: Any) -> Any:
    if isinstance(value, dict):
        return MappingProxyType(dict(value))
    return tuple(value) if isinstance(value, list) else value


_READERS = {
    "params": _params,
    "as_of": day,
    "documents": _documents,
    "variables": _variables,
    "samples": texts,
    "account": _account,
    "recipients": texts,
    "sent_at": moment,
    "history": _history,
}
"""By field, the function that returns its value checked and frozen, or raises SubmissionError."""
_READ_VALUES, _NOTHING = attrgetter(*_READERS), (None,) * len(_READERS)
