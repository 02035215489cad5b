"""Bodies and responses of the operations on cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from smsvet.model import Kind, Purpose

from ..store.cases.choice import LONGEST_MESSAGE, LONGEST_NOTE, MOST_REASONS, Choice, Decision, Overturn
from ..store.cases.filters import Filters, QueueState
from ..store.cases.sla import Level
from .json_bodies import JsonBody, Text
from .parameters import PageQuery

Provider = Annotated[str, Field(max_length=32, pattern="^[a-z0-9-]+$")]
CaseId = Annotated[int, Field(ge=1, le=2**31 - 1)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="of the case as it was shown")]
Idem = Annotated[
    str,
    Field(
        pattern="^[A-Za-z0-9_-]{8,64}$",
        description="made by the client for this decision; a repeat with the same value is answered as before",
    ),
]
Note = Annotated[Text, Field(max_length=LONGEST_NOTE, description="internal")]


class FiltersIn(JsonBody):
    """Narrows the queue."""

    state: Literal["open", "escalated"] = Field("open", description="`escalated`: only for leads")
    kind: Kind | None = None
    provider: Provider | None = None
    purpose: Purpose | None = None
    rule: Text | None = Field(None, max_length=128, description="id of a rule with a finding")
    min_risk: int | None = Field(None, ge=0, le=100)
    search: Text | None = Field(None, min_length=1, max_length=100, description="part of the submission")

    def filters(self) -> Filters:
        """Return the filters of the store."""
        return Filters(**self.model_dump())


class QueueQuery(PageQuery):
    """Selects a page of the queue."""

    state: QueueState = Field("open", description="`held`: one's own; `escalated`: for leads and auditors")
    kind: Kind | None = None
    provider: Provider | None = None
    purpose: Purpose | None = None
    rule: Text | None = Field(None, max_length=128, description="id of a rule with a finding")
    min_risk: int | None = Field(None, ge=0, le=100)
    search: Text | None = Field(None, min_length=1, max_length=100, description="part of the submission")

    def filters(self) -> Filters:
        """Return the filters of the store."""
        return Filters(**self.model_dump(exclude={"lang", "cursor", "limit"}))


class ChoiceIn(JsonBody):
    """A decision with its reasons."""

    decision: Decision
    reasons: list[Text] = Field(
        default_factory=list,
        max_length=MOST_REASONS,
        description="ids of rules, or `house/NAME`; a reject has at least one",
    )
    overturn: Overturn | None = Field(
        None,
        description="why the machine is not followed: for an approve against a reject finding, and a reject without "
        "any finding",
    )
    note: Note = ""
    message: Text = Field("", max_length=LONGEST_MESSAGE, description="to the submitter")

    def choice(self) -> Choice:
        """Return the choice of the store."""
        return Choice(self.decision, tuple(self.reasons), self.overturn, self.note, self.message)


class DecisionIn(ChoiceIn):
    """A decision on a case."""

    version: Version
    idem: Idem


class NoteIn(JsonBody):
    """A note on why."""

    note: Note = ""


class HoldIn(NoteIn):
    """Until when a case is held."""

    until: AwareDatetime = Field(description="within 30 days; then the case is in the queue again")


class ReassignIn(NoteIn):
    """To whom a case is given."""

    to: Text = Field(min_length=1, max_length=64, description="name of a reviewer or lead")


class AppealIn(JsonBody):
    """An appeal."""

    text: Text = Field(min_length=1, max_length=2000, description="why the rejection is wrong")


class ClaimOut(BaseModel):
    """A claimed case."""

    case_id: int
    version: int = Field(description="sent along with the decision")
    locked_until: datetime
    ends_at: datetime = Field(description="no heartbeat extends the lock beyond this moment")


class NextClaimOut(BaseModel):
    """The claimed case, if there was one."""

    claim: ClaimOut | None


class MarkOut(BaseModel):
    """A place of a finding in the text of a row, in code points."""

    start: int
    end: int
    decision: Literal["manual_review", "reject"]


class CaseRowOut(BaseModel):
    """A case in a list. Of a blind case `decision`, `rules`, `marks` and `risk` are left empty."""

    id: int
    version: int
    state: Literal["open", "held", "escalated", "decided"]
    kind: Kind
    provider: str
    purpose: Purpose | None
    text: str = Field(description="the beginning of the text")
    account: str | None
    blind: bool
    decision: Literal["approve", "manual_review", "reject"] | None = Field(description="the machine's")
    rules: list[str]
    marks: list[MarkOut] = Field(description="the findings in the text, at most 20")
    risk: int | None
    opened_at: datetime
    due_at: datetime
    level: Level
    cluster: str | None
    similar: int = Field(description="undecided cases of the cluster, this one included")
    holder: str | None
    locked_until: datetime | None
    held_until: datetime | None


class CountsOut(BaseModel):
    """Numbers of cases; the first four are within the filter."""

    open: int
    overdue: int
    due_soon: int = Field(description="due within an hour")
    locked: int = Field(description="claimed by others")
    elsewhere: int = Field(description="open, but not within the filter")
    held: int = Field(description="on hold for the caller")
    escalated: int
    next_release: datetime | None = Field(description="when the first lock of the others runs out")


class QueueOut(BaseModel):
    """A page of the queue in the order of claims."""

    counts: CountsOut
    rows: list[CaseRowOut]
    next: str | None
    at: datetime


class PastOut(BaseModel):
    """An event in the history of a case."""

    at: datetime
    actor: str
    kind: str
    decision: str | None
    reasons: list[str]
    overturn: str | None
    note: str
    message: str


class EarlierOut(BaseModel):
    """A decision on another case of the same submission: the first one of an appeal, both of a disagreement."""

    case_id: int
    origin: str
    user: str
    decision: Decision
    reasons: list[str]
    overturn: Overturn | None
    note: str
    message: str
    at: datetime


class SimilarOut(BaseModel):
    """Another case of the cluster."""

    row: CaseRowOut
    resolution: str | None = Field(description="how people decided it")


class CaseDetailOut(BaseModel):
    """A case in full. A blind case hides verdict, history, appeals and similar cases."""

    row: CaseRowOut
    origin: str
    submission: dict[str, Any] | None = Field(description="as submitted; null once it was deleted")
    verdict: dict[str, Any] | None
    history: list[PastOut]
    earlier: list[EarlierOut] = Field(description="decisions on other cases of the submission")
    appeals: list[str]
    submitted: int = Field(description="other submissions of the applicant within 30 days")
    rejected: int
    similar: list[SimilarOut]
    actions: dict[str, str | None] = Field(
        description="null for an action that is allowed, else why it is not"
    )
    lock_ends_at: datetime | None


class VersionOut(BaseModel):
    """The version of a changed case."""

    case_id: int
    version: int


class GoldenAnswerOut(BaseModel):
    """The answer to a golden item."""

    expected: Decision
    agreed: bool


class DecidedOut(BaseModel):
    """A stored decision."""

    case_id: int
    resolution_id: int
    decision: Decision
    version: int
    at: datetime
    final_at: datetime = Field(description="until then it can be undone")
    replayed: bool = Field(description="an earlier request had stored it")
    golden: GoldenAnswerOut | None


class ChoiceOut(BaseModel):
    """A decision with its reasons, to fill the form again."""

    decision: Decision
    reasons: list[str]
    overturn: Overturn | None
    note: str
    message: str


class WithdrawnOut(BaseModel):
    """A decision that was undone. The caller has claimed the case."""

    case_id: int
    version: int
    locked_until: datetime
    choice: ChoiceOut


class AppealOut(BaseModel):
    """A stored appeal."""

    submission_id: int
    text: str
    at: datetime
