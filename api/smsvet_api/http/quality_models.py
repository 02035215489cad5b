"""The bodies of requests about review quality, and of their answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from .case_models import CaseId
from .json_bodies import JsonBody
from .parameters import LangQuery

DAYS = 30
RuleId = Annotated[str, Field(max_length=128, pattern="^[a-z0-9-]+(?:/[a-z0-9-]+)+$")]


class PeriodQuery(LangQuery):
    """A period; by default the last 30 days."""

    since: AwareDatetime | None = Field(None, description="beginning; 30 days before the end by default")
    until: AwareDatetime | None = Field(None, description="end, not included; now by default")

    def period(self, now: datetime) -> tuple[datetime, datetime]:
        """Return beginning and end in UTC."""
        until = (self.until or now).astimezone(UTC)
        since = self.since or until - timedelta(days=DAYS)
        return since.astimezone(UTC), until


class RatioOut(BaseModel):
    """A share with its 95 % interval (Wilson)."""

    found: int
    items: int
    value: float | None = Field(description="null without any item")
    low: float
    high: float


class KappaOut(BaseModel):
    """Cohen's kappa with its 95 % interval."""

    value: float
    low: float
    high: float


class AgreementOut(BaseModel):
    """The agreement of pairs of decisions."""

    pairs: int
    agreed: int
    low: float = Field(description="of the share agreed")
    high: float
    enough: bool = Field(description="false for fewer than 30 pairs: there is no kappa then")
    kappa: KappaOut | None


class AgreementReportOut(BaseModel):
    """The agreement between people."""

    since: datetime
    until: datetime
    blind: AgreementOut = Field(description="first decision and blind second review")
    unblinded: AgreementOut = Field(description="first decision and a later one by somebody who saw it")
    waiting: int = Field(description="second reviews that are not decided yet")


class ReviewerOut(BaseModel):
    """The figures of a reviewer."""

    name: str
    decided: int
    median_seconds: float | None
    overturned: RatioOut
    golden: RatioOut
    agreement: AgreementOut


class ReviewerList(BaseModel):
    """The figures of reviewers. A reviewer gets the own ones."""

    since: datetime
    until: datetime
    reviewers: list[ReviewerOut]


class RuleDayOut(BaseModel):
    """A day in China."""

    day: date
    hits: int
    overturned: int


class RulePrecisionOut(BaseModel):
    """The figures of a rule."""

    rule: str
    since: datetime
    until: datetime
    hits: int
    examined: int = Field(description="the latest hits, among which distinct texts were counted")
    distinct: int
    alone: int = Field(description="hits without which the verdict would have been milder")
    last_hit: datetime | None
    reviewed: int
    rejected: int
    cleared: int = Field(description="approved without contradicting the rule")
    overturned: int
    precision: RatioOut = Field(description="of the reviewed hits, those not overturned")
    reasons: dict[str, int] = Field(description="reason of an overturn -> number")
    appeals: int
    days: list[RuleDayOut]


class GoldenIn(JsonBody):
    """A case that becomes a golden item, and the decision on it."""

    case: CaseId
    decision: Literal["approve", "reject"]


class GoldenOut(BaseModel):
    """A golden item."""

    id: int
    case_id: int
    decision: str
    created_at: datetime
    retired_at: datetime | None
    shown: int
    answered: int
    agreed: int


class CandidateOut(BaseModel):
    """A case on which two people agreed."""

    case_id: int
    decision: str
    kind: str
    provider: str
    decided_at: datetime


class GoldenList(BaseModel):
    """A page of golden items, newest first, and cases that can become some."""

    items: list[GoldenOut]
    candidates: list[CandidateOut]
    next: str | None = None


class ExampleIn(JsonBody):
    """A decided case that becomes an example of a rule."""

    case: CaseId
    rule: RuleId


class ExampleOut(BaseModel):
    """An example in the caller's basket."""

    id: int
    case_id: int
    rule: str
    kind: Literal["flag", "pass"]
    added_at: datetime
    forgotten: bool = Field(description="retention deleted the text")


class ExampleList(BaseModel):
    """The caller's basket."""

    examples: list[ExampleOut]


class RatesOut(JsonBody):
    """The rates of sampling, in hundredths of a percent of the decided cases."""

    second: int = Field(ge=0, le=10_000)
    golden: int = Field(ge=0, le=10_000)
    second_of: dict[Literal["signature", "template", "message"], int] = Field(
        default_factory=dict, description="kind of submission -> its own rate of second reviews"
    )
