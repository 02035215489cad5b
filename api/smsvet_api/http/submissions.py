"""Submissions that are stored: submit one, and read its status."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from smsvet.model import Kind, Lang, Purpose

from ..store.accounts.users import User
from ..store.instants import text_of
from ..store.submissions.status import (
    MachineVerdict,
    Reason,
    StatusFilter,
    SubmissionStatus,
    list_statuses,
    read_status,
)
from ..store.submissions.submitting import receive, record_verdict
from .identity import caller, storage_of
from .json_bodies import answer
from .parameters import Language, PageQuery
from .problems import encode, user_body_responses, user_responses
from .routes import read_body, ready, service_of

router = APIRouter(redirect_slashes=False, tags=["submissions"])

Status = Literal["received", "in_review", "approved", "rejected"]
Decided = Literal["approve", "manual_review", "reject"]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class SubmissionsQuery(PageQuery):
    """Selects submissions."""

    status: Status | None = None
    kind: Kind | None = None
    provider: str | None = Field(None, max_length=32, pattern="^[a-z0-9-]+$")
    client_id: str | None = Field(
        None, min_length=1, max_length=128, pattern="^[^\\x00]*$", description="`id` of the submission"
    )


class ReasonOut(BaseModel):
    """A necessary change, and why."""

    model_config = ConfigDict(from_attributes=True)

    rule: str
    decision: Decided
    field: str | None
    start: int | None = Field(
        description="code points; null for content, where the message says what is meant"
    )
    end: int | None
    title: str
    message: str
    fix: str
    suggestion: str | None
    clause: str | None
    code: str | None = Field(description="the vendor's error code")


class MachineVerdictOut(BaseModel):
    """The machine's verdict. A person's resolution never changes it."""

    at: datetime
    decision: Decided
    as_of: date
    revision: str
    complete: bool = Field(description="false: a rule failed, or the review was stopped")
    reasons: list[ReasonOut]


class ResolutionOut(BaseModel):
    """A person's decision."""

    at: datetime
    decision: Literal["approve", "reject"]
    message: str


class SubmissionStatusOut(BaseModel):
    """A submission and its status."""

    submission: int = Field(description="number of the submission, for the address")
    id: str = Field(description="the client's id")
    kind: Kind
    provider: str
    purpose: Purpose | None
    status: Status
    received_at: datetime
    final_at: datetime | None = Field(description="since when the status is final")
    appeals: int
    verdict: MachineVerdictOut | None = Field(description="null until the machine has reviewed it")
    resolution: ResolutionOut | None = Field(description="null unless a person decided")
    replayed: bool = Field(False, description="an earlier request had stored it")


class SubmissionList(BaseModel):
    """A page of submissions, the newest first."""

    submissions: list[SubmissionStatusOut]
    next: str | None = Field(description="cursor of the next page; null after the last one")


@router.post(
    "/v1/submissions",
    operation_id="submit",
    response_model=SubmissionStatusOut,
    status_code=201,
    responses={
        200: {"model": SubmissionStatusOut, "description": "An earlier request had stored it"},
        **user_body_responses(409),
    },
    summary="Submit a signature, a template or a message",
)
async def submit(request: Request, query: Language) -> Response:
    """Store a submission and return the verdict. `manual_review` opens a case.

    A repeat with the same `id` and content returns the stored verdict with `replayed: true`; with other content it is
    refused. Without an `id` the service makes one.
    """
    lang = query.lang
    user = await caller(request, lang, "submit")
    ready(request, lang)
    found, fresh = await take(request, user, await read_body(request, lang), lang)
    headers = {"cache-control": "no-store", "location": f"/v1/submissions/{found.id}"}
    content = encode(written(found, replayed=not fresh))
    return Response(content, 201 if fresh else 200, headers, "application/json")


async def take(request: Request, user: User, body: bytes, lang: Lang) -> tuple[SubmissionStatus, bool]:
    """Store the submission in a body, review it and store the verdict. Return its status, and whether it is new.

    Raises ProblemError: 422 naming each wrong field, 409 for an id with other content, 503 before the rules are loaded.
    """
    ready(request, lang)
    service, storage = service_of(request), storage_of(request)
    draft = await service.read_draft(body, lang)
    received = await storage.run(lang, receive, user, draft)
    if received.state != "judged":
        judged = await service.judge(received.document, draft.kind, draft.provider, lang)
        if await storage.run(lang, record_verdict, received.id, judged.verdict, judged.cluster):
            request.scope["smsvet.tally"].update(judged.tally)
            request.app.state.content.offer(received.id, received.document, judged.verdict)
    return await storage.run(lang, read_status, user, received.id, lang), received.state == "new"


@router.get(
    "/v1/submissions",
    operation_id="list_submissions",
    response_model=SubmissionList,
    responses=user_responses(),
    summary="List submissions",
)
async def list_submissions(request: Request, query: Annotated[SubmissionsQuery, Query()]) -> Response:
    """Return the caller's submissions, the newest first; with the scope `read` those of everybody."""
    lang = query.lang
    user = await caller(request, lang, "submit", "read")
    filters = StatusFilter(query.status, query.kind, query.provider, query.client_id)
    found, following = await storage_of(request).run(
        lang, list_statuses, user, lang, filters, query.cursor, query.limit
    )
    return answer({"submissions": [written(one) for one in found], "next": following})


@router.get(
    "/v1/submissions/{submission}",
    operation_id="get_submission",
    response_model=SubmissionStatusOut,
    responses=user_responses(404),
    summary="Read the status of a submission",
)
async def get_submission(request: Request, submission: Number, query: Language) -> Response:
    """Return a submission with the machine's verdict and, once it is final, a person's resolution."""
    lang = query.lang
    user = await caller(request, lang, "submit", "read")
    return answer(written(await storage_of(request).run(lang, read_status, user, submission, lang)))


def written(found: SubmissionStatus, *, replayed: bool = False) -> dict[str, Any]:
    """Return a status as JSON."""
    return {
        "submission": found.id,
        "id": found.client_id,
        "kind": found.kind,
        "provider": found.provider,
        "purpose": found.purpose,
        "status": found.status,
        "received_at": text_of(found.received_at),
        "final_at": None if found.final_at is None else text_of(found.final_at),
        "appeals": found.appeals,
        "verdict": None if found.verdict is None else _verdict(found.verdict),
        "resolution": None
        if found.resolution is None
        else {
            "at": text_of(found.resolution.at),
            "decision": found.resolution.decision,
            "message": found.resolution.message,
        },
        "replayed": replayed,
    }


def _verdict(verdict: MachineVerdict) -> dict[str, Any]:
    return {
        "at": text_of(verdict.at),
        "decision": verdict.decision,
        "as_of": verdict.as_of,
        "revision": verdict.revision,
        "complete": verdict.complete,
        "reasons": [_reason(reason) for reason in verdict.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return ReasonOut.model_validate(reason).model_dump()
