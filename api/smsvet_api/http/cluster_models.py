"""Bodies and responses of the operations on clusters."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from ..store.cases.bulk import MOST, Reason
from ..store.cases.choice import Decision
from .case_models import CaseId, CaseRowOut, ChoiceIn, Idem, Version
from .json_bodies import JsonBody


class BulkPreviewIn(ChoiceIn):
    """A decision to preview on a cluster."""

    cases: list[CaseId] | None = Field(None, max_length=1000, description="without it, all of the cluster")


class MemberIn(JsonBody):
    """A case of a bulk decision."""

    id: CaseId
    version: Version


class BulkIn(ChoiceIn):
    """A decision on many cases of a cluster."""

    cases: list[MemberIn] = Field(min_length=1, max_length=MOST)
    idem: Idem


class TextDifferenceOut(BaseModel):
    """A part of a text that differs from the representative."""

    kind: Literal["brand", "number", "parameter", "text"]
    theirs: str
    ours: str


class MemberOut(BaseModel):
    """A case of a cluster."""

    row: CaseRowOut
    owner_id: int
    differences: list[TextDifferenceOut]


class VerdictCountOut(BaseModel):
    """How many members have a machine verdict."""

    decision: Literal["approve", "manual_review", "reject"]
    rules: list[str]
    number: int


class ClusterOut(BaseModel):
    """Undecided cases with similar texts. The first is the representative."""

    id: str
    members: list[MemberOut]
    verdicts: list[VerdictCountOut]
    accounts: int
    at: datetime


class ExcludedOut(BaseModel):
    """A case that a bulk decision leaves out."""

    case_id: int
    reason: Reason
    message: str


class MemberVersionOut(BaseModel):
    """A case with its version now."""

    id: int
    version: int


class BulkPreviewOut(BaseModel):
    """The effect of a bulk decision. `cases` is the one of the decision."""

    decision: Decision
    cases: list[MemberVersionOut]
    excluded: list[ExcludedOut]


class BulkDecidedOut(BaseModel):
    """A stored bulk decision: each case has a resolution of its own."""

    bulk_id: str
    case_ids: list[int]
    excluded: list[ExcludedOut]
    final_at: datetime
    replayed: bool
