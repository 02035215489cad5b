"""Appeals of submitters against rejections."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ..store.cases.appeals import appeal
from .case_models import AppealIn, AppealOut
from .identity import caller, storage_of
from .json_bodies import answer, body_of, takes
from .parameters import Language
from .problems import user_body_responses
from .submissions import Number

router = APIRouter(redirect_slashes=False, tags=["submissions"])


@router.post(
    "/v1/submissions/{submission}/appeal",
    operation_id="appeal",
    status_code=201,
    response_model=AppealOut,
    responses=user_body_responses(404, 409),
    summary="Appeal against a rejection",
    openapi_extra=takes(AppealIn),
)
async def appeal_submission(
    request: Request,
    submission: Number,
    query: Language,
) -> Response:
    """Have a rejected submission reviewed once more, by somebody else. Each one can be appealed once."""
    user = await caller(request, query.lang, "submit")
    given = await body_of(request, AppealIn, query.lang)
    return answer(await storage_of(request).run(query.lang, appeal, user, submission, given.text), 201)
