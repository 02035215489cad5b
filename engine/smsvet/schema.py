"""JSON schemas of the public contract: reads a Submission from JSON and writes a Verdict as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StrictBool,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from .fields import ATTRIBUTES, MOST_BYTES, MOST_ENTRIES, AccountType, DocumentKind, Source, Usage
from .files.validation import describe_error, errors_of
from .model import Finding, Kind, Lang, Purpose, Region, Verdict
from .submission import Account, Proof, Sent, Submission, SubmissionError


def _day(value: object) -> object:
    """Return the date of an ISO string; raises for any other value.

    Pydantic would also accept numbers and date-times.
    """
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date_type", "Input should be an ISO date, such as 2026-11-23")


def _moment(value: object) -> object:
    """Return the datetime of an ISO string with date and time; raises for any other value."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and len(value) > len("2026-11-23"):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError(
        "datetime_type", "Input should be an ISO time, such as 2026-11-23T10:00:00+08:00"
    )


def _whole(value: object) -> object:
    """Return the value unchanged; raises for booleans and strings, which pydantic would convert to integers."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_type", "Input should be a valid integer")
    return value


Size = Annotated[int, Field(ge=0, le=MOST_BYTES), BeforeValidator(_whole)]
Length = Annotated[int, Field(ge=1, le=MOST_BYTES), BeforeValidator(_whole)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


# The submission names a wrong attribute itself, with a suggestion; letter case does not matter.
Attribute = Annotated[str, WithJsonSchema({"type": "string", "enum": sorted(ATTRIBUTES)})]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AccountIn(_In):
    """The applicant's account."""

    type: AccountType | None = None
    name: str | None = None
    icp_domains: list[str] = Field(default_factory=list, max_length=MOST_ENTRIES)
    signatures: list[str] = Field(default_factory=list, max_length=MOST_ENTRIES)
    trademarks: list[str] = Field(default_factory=list, max_length=MOST_ENTRIES)


class ProofIn(_In):
    """A document supplied with the application."""

    kind: DocumentKind
    format: str | None = None
    bytes: Size | None = None
    issued: Day | None = None
    expires: Day | None = None
    owner: str | None = None
    sealed: StrictBool | None = None
    signed: StrictBool | None = None
    grantor: str | None = None
    grantee: str | None = None


class VariableIn(_In):
    """The applicant's declaration for one placeholder."""

    type: Attribute | None = None
    max: Length | None = None


class SentIn(_In):
    """An earlier message to a number, or the reply from that number."""

    to: str
    at: Moment
    text: str | None = None
    reply: str | None = None


class SubmissionIn(_In):
    """A signature, template or message to review."""

    id: str | None = None
    signature: str | None = Field(None, description="signature without 【】")
    body: str | None = Field(None, description="template text, with the provider's placeholders")
    params: JsonValue = Field(None, description="values about to be sent: a list, or an object by name")
    text: str | None = Field(None, description="a rendered message with its 【signature】")
    purpose: Purpose | None = None
    provider: str = "tencent"
    region: Region | None = Field(None, description="the provider's own if left out")
    as_of: Day | None = None
    remark: str | None = None
    source: Source | None = None
    usage: Usage = "own"
    documents: list[DocumentKind | ProofIn] | None = None
    variables: dict[str, Attribute | VariableIn] | None = None
    samples: list[str] | None = None
    account: AccountIn | None = None
    recipients: list[str] | None = None
    sent_at: Moment | None = None
    history: list[SentIn] | None = None

    @model_validator(mode="after")
    def _something(self) -> SubmissionIn:
        if self.signature is None and self.body is None and self.text is None:
            raise ValueError("nothing_submitted")
        return self

    def submission(self) -> Submission:
        """Return the validated data as a frozen Submission."""
        values = dict(self)
        for name, frozen in _FROZEN.items():
            if values[name] is not None:
                values[name] = frozen(values[name])
        return Submission(**values)


def _account(item: AccountIn) -> Account:
    return Account(
        item.type, item.name, tuple(item.icp_domains), tuple(item.signatures), tuple(item.trademarks)
    )


def _documents(items: list[DocumentKind | ProofIn]) -> tuple[Proof, ...]:
    return tuple(Proof(**dict(item)) if isinstance(item, ProofIn) else Proof(kind=item) for item in items)


def _variables(items: dict[str, str | VariableIn]) -> dict[str, Any]:
    return {name: dict(item) if isinstance(item, VariableIn) else item for name, item in items.items()}


def _history(items: list[SentIn]) -> tuple[Sent, ...]:
    return tuple(Sent(**dict(item)) for item in items)


_FROZEN: Mapping[str, Callable[[Any], object]] = {
    "documents": _documents,
    "variables": _variables,
    "samples": tuple,
    "recipients": tuple,
    "account": _account,
    "history": _history,
}
"""By field, the function that converts a validated value to an immutable one."""


class EvidenceOut(BaseModel):
    """Points for (positive) or against (negative) a finding, with the parts of the text behind learned ones."""

    name: str
    points: float
    ngrams: list[str]


class FindingOut(BaseModel):
    """A reason for the decision, with its place in the submitted text and its fix."""

    rule: str
    decision: Literal["approve", "manual_review", "reject"]
    field: str | None
    start: int | None
    end: int | None
    text: str | None
    message: str
    fix: str
    suggestion: str | None
    category: str | None
    transforms: list[str]
    code: str | None
    source: str
    clause: str | None
    spans: list[tuple[int, int]] | None = None
    title: str | None = Field(None, description="the rule's title")
    evidence: list[EvidenceOut] = Field(description="points that were added up or learned")


class FaultOut(BaseModel):
    """A rule that raised an exception; the verdict is then at least manual review."""

    rule: str
    error: str


class VerdictOut(BaseModel):
    """The decision on a submission, with every reason."""

    id: str | None
    kind: Kind
    decision: Literal["approve", "manual_review", "reject"]
    provider: str
    as_of: date
    findings: list[FindingOut]
    faults: list[FaultOut]
    revision: str


def read_submission(data: object, lang: Lang = "zh") -> Submission:
    """Return the submission described by decoded JSON.

    Raises SubmissionError in `lang`, naming each invalid field.
    """
    if not isinstance(data, Mapping):
        raise SubmissionError("expected a JSON object", "应为一个 JSON 对象", lang)
    try:
        return SubmissionIn.model_validate(data).submission()
    except ValidationError as error:
        english, chinese = (
            "; ".join(describe_error(item, one) for item in errors_of(error)) for one in ("en", "zh")
        )
        raise SubmissionError(english, chinese, lang) from error
    except SubmissionError as error:
        raise SubmissionError(error.english, error.chinese, lang) from error


def write_verdict(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as the JSON object of the public contract."""
    return {
        "id": verdict.id,
        "kind": verdict.kind,
        "decision": verdict.decision.value,
        "provider": verdict.provider,
        "as_of": verdict.as_of.isoformat(),
        "findings": [write_finding(finding) for finding in verdict.findings],
        "faults": [{"rule": fault.rule, "error": fault.error} for fault in verdict.faults],
        "revision": verdict.revision,
    }


def write_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding as a JSON object; `spans` is present only for a match that is not contiguous."""
    written: dict[str, Any] = {
        "rule": finding.rule,
        "decision": finding.decision.value,
        "field": finding.field,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "message": finding.message,
        "fix": finding.fix,
        "suggestion": finding.suggestion,
        "category": finding.category,
        "transforms": list(finding.transforms),
        "code": finding.code,
        "source": finding.source,
        "clause": finding.clause,
    }
    if finding.spans:
        written["spans"] = [list(span) for span in finding.spans]
    if finding.title is not None:
        written["title"] = finding.title
    written["evidence"] = [
        {"name": item.name, "points": item.points, "ngrams": list(item.ngrams)} for item in finding.evidence
    ]
    return written
