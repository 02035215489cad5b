"""The routes of content in service: revisions, reload, shadow, promotion, roll-back and replay."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from ..store.content.differences import Difference, ShadowCounts, list_differences, shadow_counts_of
from ..store.content.replaying import stored_verdict
from ..store.content.revision_list import StoredRevision, list_revisions, revision_by_id
from ..store.cursors import cursor_of_id
from .content_control import ContentControl
from .content_places import shadow_places
from .identity import caller, storage_of
from .json_bodies import body_of, takes
from .parameters import Language, Page, RowId
from .problems import user_body_responses, user_responses
from .replaying import Replays
from .revision_models import (
    DifferenceList,
    DifferenceOut,
    DifferencesQuery,
    ErrorOut,
    PromoteIn,
    ReplayOut,
    RevisionList,
    RevisionOut,
    RollBackIn,
    ShadowCountsOut,
    ShadowIn,
)

router = APIRouter(redirect_slashes=False, tags=["content"])


def control_of(request: Request) -> ContentControl:
    """Return what changes the content in service."""
    control: ContentControl = request.app.state.content
    return control


@router.get(
    "/v1/revisions",
    operation_id="list_revisions",
    response_model=RevisionList,
    responses=user_responses(),
    summary="List the revisions of the content",
)
async def list_all(request: Request, query: Page) -> RevisionList:
    """Return the active, shadow, earlier and refused revisions, newest first."""
    await caller(request, query.lang, "read")
    storage = storage_of(request)
    found, following = await storage.run(query.lang, list_revisions, query.last_id(), query.limit)
    counts = {
        row.id: await storage.run(query.lang, shadow_counts_of, row.revision)
        for row in found
        if row.state in ("shadow", "ended")
    }
    return RevisionList(
        revisions=[_written(row, counts.get(row.id)) for row in found], next=cursor_of_id(following)
    )


@router.post(
    "/v1/revisions/reload",
    operation_id="reload_content",
    response_model=RevisionOut,
    responses=user_responses(409),
    summary="Load the configured content again",
)
async def reload(request: Request, query: Language) -> RevisionOut:
    """Switch to the content at the configured places if it has changed. Refused content leaves the active revision."""
    user = await caller(request, query.lang, "rules")
    row = await control_of(request).reload(query.lang, user.actor)
    assert row is not None  # noqa: S101 - a reload that ends well has recorded one
    return _written(row)


@router.post(
    "/v1/revisions/shadow",
    operation_id="begin_shadow",
    status_code=201,
    response_model=RevisionOut,
    responses=user_body_responses(409),
    summary="Load a shadow revision",
    openapi_extra=takes(ShadowIn),
)
async def begin_shadow(request: Request, query: Language) -> RevisionOut:
    """Judge each stored submission with further content as well. Answers stay those of the active revision."""
    user = await caller(request, query.lang, "rules")
    body = await body_of(request, ShadowIn, query.lang)
    control = control_of(request)
    places = shadow_places(control.service.settings, body.rules, body.policy, body.model, query.lang)
    return _written(await control.begin_shadow(query.lang, user.actor, places))


@router.delete(
    "/v1/revisions/shadow",
    operation_id="end_shadow",
    response_model=RevisionOut,
    responses=user_responses(404, 409),
    summary="End the shadow revision",
)
async def end_shadow(request: Request, query: Language) -> RevisionOut:
    """End the shadow; its counts and differences stay."""
    user = await caller(request, query.lang, "rules")
    return _written(await control_of(request).end_shadow(query.lang, user.actor))


@router.post(
    "/v1/revisions/promote",
    operation_id="promote_shadow",
    response_model=RevisionOut,
    responses=user_body_responses(404, 409),
    summary="Make the shadow the active revision",
    openapi_extra=takes(PromoteIn),
)
async def promote(request: Request, query: Language) -> RevisionOut:
    """Answer with the shadow's content from now on. The revision before stays, to roll back to."""
    user = await caller(request, query.lang, "rules")
    body = await body_of(request, PromoteIn, query.lang)
    return _written(await control_of(request).promote(query.lang, user.actor, body.note))


@router.post(
    "/v1/revisions/rollback",
    operation_id="roll_back",
    response_model=RevisionOut,
    responses=user_body_responses(404, 409, 410),
    summary="Return to an earlier revision",
    openapi_extra=takes(RollBackIn),
)
async def roll_back(request: Request, query: Language) -> RevisionOut:
    """Answer with an earlier revision again, from its archive."""
    user = await caller(request, query.lang, "rules")
    body = await body_of(request, RollBackIn, query.lang)
    row = await control_of(request).roll_back(query.lang, user.actor, body.note, body.revision)
    return _written(row)


@router.get(
    "/v1/revisions/{id}/differences",
    operation_id="list_differences",
    response_model=DifferenceList,
    responses=user_responses(404),
    summary="List what a shadow decides differently",
)
async def differences(
    request: Request, number: RowId, query: Annotated[DifferencesQuery, Query()]
) -> DifferenceList:
    """Return the stored submissions on which decision or rules of a shadow differ, newest first."""
    await caller(request, query.lang, "read")
    storage = storage_of(request)
    row = await storage.run(query.lang, revision_by_id, number)
    counts = await storage.run(query.lang, shadow_counts_of, row.revision)
    found, following = await storage.run(
        query.lang,
        list_differences,
        row.revision,
        query.relation,
        query.last_id(),
        query.limit,
    )
    return DifferenceList(
        counts=_counts(counts), differences=list(map(_difference, found)), next=cursor_of_id(following)
    )


@router.post(
    "/v1/submissions/{id}/replay",
    operation_id="replay_verdict",
    response_model=ReplayOut,
    responses=user_responses(404),
    summary="Judge a stored submission again with the revision of its verdict",
)
async def replay(request: Request, number: RowId, query: Language) -> ReplayOut:
    """Return whether the revision of a stored verdict still gives the same one. Nothing is stored."""
    await caller(request, query.lang, "read")
    verdict = await storage_of(request).run(query.lang, stored_verdict, number)
    replays: Replays = request.app.state.replays
    found = await replays.replay(query.lang, verdict)
    return ReplayOut(state=found.state, revision=found.revision, stored=found.stored, verdict=found.verdict)


def _counts(counts: ShadowCounts) -> ShadowCountsOut:
    return ShadowCountsOut(
        same=counts.same, stricter=counts.stricter, milder=counts.milder, dropped=counts.dropped
    )


def _difference(difference: Difference) -> DifferenceOut:
    return DifferenceOut.model_validate(difference, from_attributes=True)


def _written(row: StoredRevision, counts: ShadowCounts | None = None) -> RevisionOut:
    return RevisionOut(
        id=row.id,
        revision=row.revision,
        state=row.state,
        rules=row.places.get("rules", []),
        policy=row.places.get("policy"),
        model=row.places.get("model"),
        way=row.way,
        version=row.version,
        loaded_at=row.loaded_at,
        loaded_by=row.loaded_by,
        errors=[ErrorOut(**error) for error in row.errors],
        note=row.note,
        counts=None if counts is None else _counts(counts),
    )
