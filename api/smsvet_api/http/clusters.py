"""Clusters of similar cases, and bulk decisions on them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from smsvet.model import Lang

from ..store.cases.bulk import Excluded, decide_bulk, preview_bulk
from ..store.cases.clusters import view_cluster
from ..wording import say
from .cluster_models import BulkDecidedOut, BulkIn, BulkPreviewIn, BulkPreviewOut, ClusterOut
from .identity import caller, storage_of
from .json_bodies import answer, body_of, takes
from .parameters import Language
from .problems import user_body_responses, user_responses

router = APIRouter(redirect_slashes=False, tags=["cases"])

ClusterId = Annotated[str, Path(alias="id", pattern="^[0-9a-f]{32,64}$")]
_CHANGE = user_body_responses(404, 409)


@router.get(
    "/v1/clusters/{id}",
    operation_id="get_cluster",
    response_model=ClusterOut,
    responses=user_responses(404),
    summary="Show undecided cases with similar texts",
)
async def get_cluster(request: Request, cluster: ClusterId, query: Language) -> Response:
    """Return the members of a cluster, each with its differences from the first one."""
    user = await caller(request, query.lang, "review", "cases", "read")
    found = await storage_of(request).run(query.lang, view_cluster, user, cluster)
    members = [
        {"row": one.row, "owner_id": one.owner_id, "differences": one.differences} for one in found.members
    ]
    written = {name: getattr(found, name) for name in ClusterOut.model_fields if name != "members"}
    return answer(written | {"members": members})


@router.post(
    "/v1/clusters/{id}/preview",
    operation_id="preview_bulk_decision",
    response_model=BulkPreviewOut,
    responses=_CHANGE,
    summary="Preview a bulk decision",
    openapi_extra=takes(BulkPreviewIn),
)
async def preview_bulk_decision(request: Request, cluster: ClusterId, query: Language) -> Response:
    """Return the cases that a bulk decision would decide, and those that it leaves out. Nothing is stored."""
    user = await caller(request, query.lang, "review")
    given = await body_of(request, BulkPreviewIn, query.lang)
    selected = None if given.cases is None else tuple(given.cases)
    found = await storage_of(request).run(query.lang, preview_bulk, user, cluster, given.choice(), selected)
    return answer(
        {
            "decision": found.decision,
            "cases": [{"id": case_id, "version": version} for case_id, version in found.versions.items()],
            "excluded": _excluded(found.excluded, query.lang),
        }
    )


@router.post(
    "/v1/clusters/{id}/decide",
    operation_id="decide_bulk",
    response_model=BulkDecidedOut,
    responses=_CHANGE,
    summary="Decide many cases of a cluster",
    openapi_extra=takes(BulkIn),
)
async def decide_cluster(request: Request, cluster: ClusterId, query: Language) -> Response:
    """Decide cases with the machine verdict of the representative. The others are left out and listed."""
    user = await caller(request, query.lang, "review")
    given = await body_of(request, BulkIn, query.lang)
    versions = {one.id: one.version for one in given.cases}
    found = await storage_of(request).run(
        query.lang, decide_bulk, user, cluster, versions, given.choice(), given.idem
    )
    return answer(asdict(found) | {"excluded": _excluded(found.excluded, query.lang)})


def _excluded(excluded: tuple[Excluded, ...], lang: Lang) -> list[dict[str, Any]]:
    return [
        {"case_id": one.case_id, "reason": one.reason, "message": say(lang, one.chinese, one.english)}
        for one in excluded
    ]
