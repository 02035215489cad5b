"""Cases: the queue, claims and decisions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ..store.cases import claiming, deciding, handover
from ..store.cases.listing import queue
from ..store.cases.view import view_case
from ..wording import say
from .case_models import (
    CaseDetailOut,
    ClaimOut,
    DecidedOut,
    DecisionIn,
    FiltersIn,
    HoldIn,
    NextClaimOut,
    NoteIn,
    QueueOut,
    QueueQuery,
    ReassignIn,
    VersionOut,
    WithdrawnOut,
)
from .identity import caller, storage_of
from .json_bodies import answer, body_of, takes
from .parameters import Language, RowId
from .problems import user_body_responses, user_responses

router = APIRouter(redirect_slashes=False, tags=["cases"])

_READ = user_responses(404)
_CHANGE = user_responses(404, 409)
_CHANGE_WITH_BODY = user_body_responses(404, 409)


@router.get(
    "/v1/cases", operation_id="list_cases", response_model=QueueOut, responses=_READ, summary="Show the queue"
)
async def list_cases(request: Request, query: Annotated[QueueQuery, Query()]) -> Response:
    """Return counts, and a page of the queue in the order of claims."""
    user = await caller(request, query.lang, "review", "cases", "read")
    found = await storage_of(request).run(query.lang, queue, user, query.filters(), query.cursor, query.limit)
    return answer(found)


@router.post(
    "/v1/cases/claim-next",
    operation_id="claim_next_case",
    response_model=NextClaimOut,
    responses=_CHANGE_WITH_BODY,
    summary="Claim the best free case",
    openapi_extra=takes(FiltersIn),
)
async def claim_next_case(request: Request, query: Language) -> Response:
    """Claim the best free case within the filter. A caller who has a claim already gets the same one again."""
    user = await caller(request, query.lang, "review")
    given = await body_of(request, FiltersIn, query.lang)
    found = await storage_of(request).run(query.lang, claiming.claim_next, user, given.filters())
    return answer({"claim": found})


@router.get(
    "/v1/cases/{id}",
    operation_id="get_case",
    response_model=CaseDetailOut,
    responses=_READ,
    summary="Read a case",
)
async def get_case(request: Request, case_id: RowId, query: Language) -> Response:
    """Return a case in full, with the actions that the caller may do. Reading does not claim it."""
    user = await caller(request, query.lang, "review", "cases", "read")
    found = await storage_of(request).run(query.lang, view_case, user, case_id)
    refused = {
        action: None if refusal is None else say(query.lang, refusal.chinese, refusal.english)
        for action, refusal in found.actions.items()
    }
    written: dict[str, Any] = {
        name: getattr(found, name) for name in CaseDetailOut.model_fields if name != "actions"
    }
    return answer(written | {"actions": refused})


@router.post(
    "/v1/cases/{id}/claim",
    operation_id="claim_case",
    response_model=ClaimOut,
    responses=_CHANGE,
    summary="Claim a free case",
)
async def claim_case(request: Request, case_id: RowId, query: Language) -> Response:
    """Claim a free case for 10 minutes, or take up one that the caller holds."""
    user = await caller(request, query.lang, "review")
    return answer(await storage_of(request).run(query.lang, claiming.claim, user, case_id))


@router.post(
    "/v1/cases/{id}/heartbeat",
    operation_id="extend_claim",
    response_model=ClaimOut,
    responses=_CHANGE,
    summary="Extend a claim",
)
async def extend_claim(request: Request, case_id: RowId, query: Language) -> Response:
    """Extend a claim to 10 minutes from now, up to 60 minutes after it was made."""
    user = await caller(request, query.lang, "review")
    return answer(await storage_of(request).run(query.lang, claiming.heartbeat, user, case_id))


@router.post(
    "/v1/cases/{id}/release",
    operation_id="release_case",
    status_code=204,
    responses=_CHANGE,
    summary="Release a case",
)
async def release_case(request: Request, case_id: RowId, query: Language) -> Response:
    """Put a case back into the queue: the caller's own, or as a lead anybody's."""
    user = await caller(request, query.lang, "review")
    await storage_of(request).run(query.lang, claiming.release, user, case_id)
    return Response(status_code=204)


@router.post(
    "/v1/cases/{id}/skip",
    operation_id="skip_case",
    status_code=204,
    responses=_CHANGE,
    summary="Skip a case",
)
async def skip_case(request: Request, case_id: RowId, query: Language) -> Response:
    """Put a claimed case back into the queue; the caller gets it last from now on."""
    user = await caller(request, query.lang, "review")
    await storage_of(request).run(query.lang, claiming.skip, user, case_id)
    return Response(status_code=204)


@router.post(
    "/v1/cases/{id}/decide",
    operation_id="decide_case",
    response_model=DecidedOut,
    responses=_CHANGE_WITH_BODY,
    summary="Decide a case",
    openapi_extra=takes(DecisionIn),
)
async def decide_case(request: Request, case_id: RowId, query: Language) -> Response:
    """Store a decision. It is accepted after the lock ran out too, unless somebody else has changed the case."""
    user = await caller(request, query.lang, "review")
    given = await body_of(request, DecisionIn, query.lang)
    return answer(
        await storage_of(request).run(
            query.lang, deciding.decide, user, case_id, given.version, given.choice(), given.idem
        )
    )


@router.post(
    "/v1/cases/{id}/undo",
    operation_id="undo_decision",
    response_model=WithdrawnOut,
    responses=_CHANGE,
    summary="Undo a decision",
)
async def undo_decision(request: Request, case_id: RowId, query: Language) -> Response:
    """Withdraw the caller's own decision within 15 seconds; nothing about it was sent."""
    user = await caller(request, query.lang, "review")
    return answer(await storage_of(request).run(query.lang, deciding.undo, user, case_id))


@router.post(
    "/v1/cases/{id}/hold",
    operation_id="hold_case",
    response_model=VersionOut,
    responses=_CHANGE_WITH_BODY,
    summary="Put a case on hold",
    openapi_extra=takes(HoldIn),
)
async def hold_case(request: Request, case_id: RowId, query: Language) -> Response:
    """Keep a case for the caller until a moment. Three cases can be held."""
    user = await caller(request, query.lang, "review")
    given = await body_of(request, HoldIn, query.lang)
    version = await storage_of(request).run(query.lang, handover.hold, user, case_id, given.until, given.note)
    return _changed(case_id, version)


@router.post(
    "/v1/cases/{id}/escalate",
    operation_id="escalate_case",
    response_model=VersionOut,
    responses=_CHANGE_WITH_BODY,
    summary="Escalate a case to a lead",
    openapi_extra=takes(NoteIn),
)
async def escalate_case(request: Request, case_id: RowId, query: Language) -> Response:
    """Give a case to the leads."""
    user = await caller(request, query.lang, "review")
    given = await body_of(request, NoteIn, query.lang)
    return _changed(
        case_id, await storage_of(request).run(query.lang, handover.escalate, user, case_id, given.note)
    )


@router.post(
    "/v1/cases/{id}/reopen",
    operation_id="reopen_case",
    response_model=VersionOut,
    responses=_CHANGE_WITH_BODY,
    summary="Reopen a decided case",
    openapi_extra=takes(NoteIn),
)
async def reopen_case(request: Request, case_id: RowId, query: Language) -> Response:
    """Open a decided case again, as a lead. The earlier resolution stays."""
    user = await caller(request, query.lang, "review")
    given = await body_of(request, NoteIn, query.lang)
    return _changed(
        case_id, await storage_of(request).run(query.lang, handover.reopen, user, case_id, given.note)
    )


@router.post(
    "/v1/cases/{id}/reassign",
    operation_id="reassign_case",
    response_model=VersionOut,
    responses=_CHANGE_WITH_BODY,
    summary="Give a case to somebody else",
    openapi_extra=takes(ReassignIn),
)
async def reassign_case(request: Request, case_id: RowId, query: Language) -> Response:
    """Give a case to a reviewer, as a lead. It is on hold for them for 24 hours."""
    user = await caller(request, query.lang, "review")
    given = await body_of(request, ReassignIn, query.lang)
    version = await storage_of(request).run(
        query.lang, handover.reassign, user, case_id, given.to, given.note
    )
    return _changed(case_id, version)


def _changed(case_id: int, version: int) -> Response:
    return answer({"case_id": case_id, "version": version})
