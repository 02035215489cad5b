"""The list of decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from smsvet.model import Kind

from ..store.cases.choice import Decision, Overturn
from ..store.cases.decisions import DecisionFilters, list_decisions
from .case_models import CaseId, Provider
from .identity import caller, storage_of
from .json_bodies import Text, answer
from .parameters import PageQuery
from .problems import user_responses

router = APIRouter(redirect_slashes=False, tags=["cases"])


class DecisionsQuery(PageQuery):
    """Selects a page of decisions."""

    user: Text | None = Field(None, max_length=64, description="name of the reviewer")
    decision: Decision | None = None
    overturn: Overturn | None = None
    kind: Kind | None = None
    provider: Provider | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    bulk_id: str | None = Field(None, pattern="^[0-9a-f-]{36}$")
    case_id: CaseId | None = None
    withdrawn: bool | None = None


class PastDecisionOut(BaseModel):
    """A decision in the list."""

    id: int
    case_id: int
    origin: str
    kind: Kind
    provider: str
    text: str
    user: str
    decision: Decision
    reasons: list[str]
    overturn: Overturn | None
    note: str
    message: str
    at: datetime
    final_at: datetime
    withdrawn_at: datetime | None
    bulk_id: str | None


class DecisionsOut(BaseModel):
    """A page of decisions, the newest first."""

    rows: list[PastDecisionOut]
    next: str | None


@router.get(
    "/v1/decisions",
    operation_id="list_decisions",
    response_model=DecisionsOut,
    responses=user_responses(),
    summary="List decisions",
)
async def get_decisions(request: Request, query: Annotated[DecisionsQuery, Query()]) -> Response:
    """Return decisions, the newest first: a reviewer's own, for leads and auditors everybody's."""
    user = await caller(request, query.lang, "review", "cases", "read")
    filters = DecisionFilters(**query.model_dump(exclude={"lang", "cursor", "limit"}))
    found = await storage_of(request).run(
        query.lang, list_decisions, user, filters, query.cursor, query.limit
    )
    return answer(found)
