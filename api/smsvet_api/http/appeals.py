"""Appeals of submitters against rejections."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ..store.cases.appeals import appeal
from .case_models import AppealIn, AppealOut
from .identity import caller, storage_of
from .json_bodies import answer, body_of, takes
from .problems import responses as problems
from .routes import LangQuery

router = APIRouter(redirect_slashes=False, tags=["submissions"])


@router.post(
    "/v1/submissions/{submission}/appeal",
    operation_id="appeal",
    status_code=201,
    response_model=AppealOut,
    responses=problems(400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503),
    summary="Appeal against a rejection",
    openapi_extra=takes(AppealIn),
)
async def appeal_submission(
    request: Request,
    submission: Annotated[int, Path(ge=1, le=2**31 - 1)],
    query: Annotated[LangQuery, Query()],
) -> Response:
    """Have a rejected submission reviewed once more, by somebody else. Each one can be appealed once."""
    user = await caller(request, query.lang, "submit")
    given = await body_of(request, AppealIn, query.lang)
    return answer(await storage_of(request).run(query.lang, appeal, user, submission, given.text), 201)
