"""The operations of the HTTP service."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect

from smsvet.model import Lang
from smsvet.reviewer import Reviewer
from smsvet.schema import VerdictOut

from ..wording import say
from .bodies import require_json
from .metrics import CONTENT_TYPE, tally_unreviewed
from .parameters import LangQuery, Language
from .problems import ProblemError, encode
from .problems import responses as problems
from .review_limit import count_review
from .rules import RuleDetail, RuleList, describe, has_topic, summarize
from .service import Service
from .store_metrics import store_metrics, store_state

router = APIRouter(redirect_slashes=False)


class RulesQuery(LangQuery):
    """Selects the rules to list."""

    topic: str | None = Field(None, description="first part of the id, such as template")


class Unreviewed(BaseModel):
    """Takes the place of a verdict if a submission could not be reviewed. It has no decision."""

    id: str | None
    index: int = Field(description="position in the batch, from 0")
    error: str


class BatchOut(BaseModel):
    """One result for each submission, in order."""

    verdicts: list[VerdictOut | Unreviewed]


class Health(BaseModel):
    """The process is alive."""

    status: str


class Ready(BaseModel):
    """The service is ready to review."""

    status: str
    revision: str = Field(description="digest of all content that takes part in a verdict")
    rules: int
    providers: list[str]
    store: Literal["up", "down", "none"] = Field(
        description="down: reviews are answered, everything that must be stored gets 503"
    )


def service_of(request: Request) -> Service:
    """Return the state shared by all requests."""
    service: Service = request.app.state.service
    return service


def ready(request: Request, lang: Lang) -> Reviewer:
    """Return the Reviewer and record its revision for the log. Raises ProblemError while it is not loaded."""
    reviewer = service_of(request).ready(lang)
    request.scope["smsvet.revision"] = reviewer.revision
    return reviewer


async def read_body(request: Request, lang: Lang) -> bytes:
    """Return the body of a request. Raises ProblemError unless its headers declare JSON."""
    require_json(request, lang)
    return await request.body()


def verdicts(content: bytes) -> Response:
    """Return a response that no cache keeps: a verdict depends on the date and the rules, and may have a fault."""
    return Response(content, media_type="application/json", headers={"cache-control": "no-store"})


@router.post(
    "/v1/review",
    operation_id="review",
    response_model=VerdictOut,
    responses=problems(400, 408, 413, 415, 422, 429, 503),
    summary="Review one submission",
    tags=["review"],
)
async def review(request: Request, query: Language) -> Response:
    """Return the verdict on a signature, a template or a message, with all its reasons."""
    ready(request, query.lang)
    await count_review(request, query.lang)
    body = await read_body(request, query.lang)
    try:
        with service_of(request).revision(query.lang) as revision:
            request.scope["smsvet.revision"] = revision.name
            answer = await revision.review(body, query.lang)
    except ProblemError as problem:
        if problem.errors:
            tally_unreviewed(request.scope["smsvet.tally"], "invalid")
        raise
    request.scope["smsvet.tally"].update(answer.tally)
    return verdicts(answer.content)


@router.post(
    "/v1/review/batch",
    operation_id="review_batch",
    response_model=BatchOut,
    responses=problems(400, 408, 413, 415, 422, 429, 503),
    summary="Review many submissions",
    tags=["review"],
)
async def review_batch(request: Request, query: Language) -> Response:
    """Return one result for each submission, in order: a verdict, or an `error` without a decision."""
    service, lang = service_of(request), query.lang
    ready(request, lang)
    await count_review(request, lang)
    body = await read_body(request, lang)
    answers: list[bytes] = []
    with service.revision(lang) as revision:
        request.scope["smsvet.revision"] = revision.name
        async for answer in revision.review_batch(body, lang):
            request.scope["smsvet.tally"].update(answer.tally)
            answers.append(answer.content)
            if await request.is_disconnected():
                raise ClientDisconnect
    return verdicts(b'{"verdicts":[' + b",".join(answers) + b"]}")


@router.get(
    "/v1/rules",
    operation_id="list_rules",
    response_model=RuleList,
    responses=problems(422, 503),
    summary="List the rules",
    tags=["rules"],
)
async def list_rules(request: Request, query: Annotated[RulesQuery, Query()]) -> Response:
    """Return every rule, sorted by id, with its decision, providers and dates."""
    reviewer = ready(request, query.lang)
    rules = [
        summarize(rule, query.lang)
        for rule in reviewer.rules
        if query.topic is None or has_topic(rule, query.topic)
    ]
    return Response(encode({"rules": rules, "revision": reviewer.revision}), media_type="application/json")


@router.get(
    "/v1/rules/{id:path}",
    operation_id="get_rule",
    response_model=RuleDetail,
    responses=problems(404, 422, 503),
    summary="Explain one rule",
    tags=["rules"],
)
async def get_rule(request: Request, rule_id: Annotated[str, Path(alias="id")], query: Language) -> Response:
    """Return a rule in full: its message, reason, fix, source and examples."""
    reviewer = ready(request, query.lang)
    rule = next((rule for rule in reviewer.rules if rule.id == rule_id), None)
    if rule is None:
        detail = say(query.lang, "全部规则见 /v1/rules", "See /v1/rules for all rules")
        raise ProblemError("unknown-rule", detail, lang=query.lang)
    found = describe(rule, reviewer.providers, reviewer.sources, query.lang) | {"revision": reviewer.revision}
    return Response(encode(found), media_type="application/json")


@router.head("/healthz", include_in_schema=False)
@router.get(
    "/healthz",
    operation_id="healthz",
    response_model=Health,
    summary="Does the process answer?",
    tags=["operation"],
)
async def healthz() -> Response:
    """Return 200 while the process is alive, even before the rules are loaded."""
    return Response(encode({"status": "ok"}), media_type="application/json")


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz",
    operation_id="readyz",
    response_model=Ready,
    responses=problems(422, 503),
    summary="Are the rules loaded?",
    tags=["operation"],
)
async def readyz(request: Request, query: Language) -> Response:
    """Return the loaded content revision, or a 503 problem with the reason why nothing can be reviewed."""
    reviewer = service_of(request).able(query.lang)
    answer = {
        "status": "ready",
        "revision": reviewer.revision,
        "rules": len(reviewer.rules),
        "providers": sorted(reviewer.providers),
        "store": await store_state(request.app),
    }
    return Response(encode(answer), media_type="application/json")


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=Response,
    responses={200: {"description": "Prometheus text format", "content": {"text/plain": {}}}},
    summary="Count requests, verdicts, findings and faults",
    tags=["operation"],
)
async def metrics(request: Request) -> Response:
    """Return the counters of the service, and the figures of its store."""
    content = service_of(request).metrics.text() + await store_metrics(request.app)
    return Response(content, headers={"content-type": CONTENT_TYPE})
