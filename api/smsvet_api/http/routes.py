"""The operations of the HTTP service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from smsvet.model import Lang, Verdict
from smsvet.reviewer import Reviewer
from smsvet.schema import VerdictOut, read_submission, write_verdict
from smsvet.submission import Submission, SubmissionError

from .bodies import read_batch, read_json, refuse_surrogates
from .logs import LOGGER
from .metrics import CONTENT_TYPE, tally_unreviewed, tally_verdict
from .problems import FieldError, ProblemError, encode, field_errors, internal_error, invalid_fields, sentence
from .problems import responses as problems
from .rules import RuleDetail, RuleList, describe, has_topic, summarize
from .service import Service

router = APIRouter(redirect_slashes=False)

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one time zone and no summer time since 1992."""

_TOGETHER = 100
"""Submissions of a batch that are reviewed before other requests have their turn."""


class LangQuery(BaseModel):
    """The language of messages and fixes."""

    model_config = ConfigDict(extra="forbid")

    lang: Lang = Field("zh", description="language of messages, fixes and errors")


class RulesQuery(LangQuery):
    """Which rules are listed."""

    topic: str | None = Field(None, description="first part of the id, such as template")


class Unreviewed(BaseModel):
    """Stands in a batch where a submission could not be reviewed; there is no decision on it."""

    id: str | None
    index: int = Field(description="position in the batch, from 0")
    error: str


class BatchOut(BaseModel):
    """One answer for each submission, in order."""

    verdicts: list[VerdictOut | Unreviewed]


class Health(BaseModel):
    """The process answers."""

    status: str


class Ready(BaseModel):
    """Submissions are being reviewed."""

    status: str
    revision: str = Field(description="digest of all content that takes part in a verdict")
    rules: int
    providers: list[str]


def today() -> date:
    """Return the date in China now."""
    return datetime.now(CHINA).date()


def service_of(request: Request) -> Service:
    """Return the state that all requests share."""
    service: Service = request.app.state.service
    return service


def ready(request: Request, lang: Lang) -> Reviewer:
    """Return the Reviewer and note its revision for the log; raises ProblemError while there is none."""
    reviewer = service_of(request).ready(lang)
    request.scope["smsvet.revision"] = reviewer.revision
    return reviewer


def submission_in(reviewer: Reviewer, data: object, lang: Lang) -> Submission:
    """Return a decoded submission, dated today where it has no date of its own.

    Raises ProblemError naming each field that cannot be read.
    """
    refuse_surrogates(data, lang)
    dated = {**data, "as_of": today()} if isinstance(data, dict) and data.get("as_of") is None else data
    try:
        submission = read_submission(dated, lang)
    except SubmissionError as error:
        raise invalid_fields(field_errors(error, data, lang), lang) from error
    if submission.provider not in reviewer.providers:
        known = ", ".join(sorted(reviewer.providers))
        message = f"应为 {known} 之一" if lang == "zh" else f"Input should be one of {known}"
        raise invalid_fields([FieldError(field="provider", message=message)], lang)
    return submission


def written(request: Request, verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON, counted."""
    tally_verdict(request.scope["smsvet.tally"], verdict)
    if verdict.faults:
        LOGGER.error("faults", extra={"facts": {"rules": sorted({fault.rule for fault in verdict.faults})}})
    return write_verdict(verdict)


@router.post(
    "/v1/review",
    response_model=VerdictOut,
    responses=problems(400, 413, 415, 422, 503),
    summary="Review one submission",
    tags=["review"],
)
async def review(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
    """Answer a signature, a template or a message with a verdict and all its reasons."""
    reviewer = ready(request, query.lang)
    data = await read_json(request, query.lang)
    try:
        submission = submission_in(reviewer, data, query.lang)
    except ProblemError:
        tally_unreviewed(request.scope["smsvet.tally"], "invalid")
        raise
    verdict = written(request, reviewer.review(submission, query.lang))
    return Response(encode(verdict), media_type="application/json")


@router.post(
    "/v1/review/batch",
    response_model=BatchOut,
    responses=problems(400, 413, 415, 422, 503),
    summary="Review many submissions",
    tags=["review"],
)
async def review_batch(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
    """Answer each submission in its place, in order: with a verdict, or with `error` and no decision."""
    service, lang = service_of(request), query.lang
    reviewer = ready(request, lang)
    submissions = read_batch(await read_json(request, lang), service.settings.max_batch, lang)
    service.metrics.batch(len(submissions))
    answers: list[bytes] = []
    for first in range(0, len(submissions), _TOGETHER):
        answers += map(
            encode, _answers(request, reviewer, first, submissions[first : first + _TOGETHER], lang)
        )
        # One batch must not keep every other request waiting.
        await asyncio.sleep(0)
    return Response(b'{"verdicts":[' + b",".join(answers) + b"]}", media_type="application/json")


def _answers(
    request: Request, reviewer: Reviewer, first: int, batch: Sequence[object], lang: Lang
) -> Iterator[dict[str, Any]]:
    """Yield the answer to each decoded submission of a part of a batch that begins at `first`."""
    read = [_read(request, reviewer, data, lang) for data in batch]
    submissions = [one for one in read if isinstance(one, Submission)]
    try:
        verdicts: list[Verdict] | None = list(reviewer.review_many(submissions, lang))
    except Exception:  # noqa: BLE001 - which one it was shows when each is reviewed by itself
        verdicts = None
    together = iter(verdicts or ())
    for index, (data, one) in enumerate(zip(batch, read, strict=True), start=first):
        error = one if isinstance(one, str) else ""
        if isinstance(one, Submission):
            try:
                verdict = reviewer.review(one, lang) if verdicts is None else next(together)
                yield written(request, verdict)
                continue
            except Exception as failure:  # noqa: BLE001 - the rest of the batch must not be lost with one submission
                error = _failed(request, failure, lang)
        named = data.get("id") if isinstance(data, dict) else None
        yield {"id": named if isinstance(named, str) else None, "index": index, "error": error}


def _read(request: Request, reviewer: Reviewer, data: object, lang: Lang) -> Submission | str:
    """Return a decoded submission, or what is wrong with it."""
    try:
        return submission_in(reviewer, data, lang)
    except ProblemError as problem:
        tally_unreviewed(request.scope["smsvet.tally"], "invalid")
        return sentence(problem.errors or ())
    except Exception as failure:  # noqa: BLE001 - the rest of the batch must not be lost with one submission
        return _failed(request, failure, lang)


def _failed(request: Request, failure: Exception, lang: Lang) -> str:
    """Return what is said of a submission that could not be reviewed, and note why."""
    tally_unreviewed(request.scope["smsvet.tally"], "internal")
    inside = internal_error(lang)
    LOGGER.error("failed", exc_info=failure, extra={"facts": {"instance": inside.instance}})
    return f"{inside.title} ({inside.instance})"


@router.get(
    "/v1/rules",
    response_model=RuleList,
    responses=problems(422, 503),
    summary="List the rules",
    tags=["rules"],
)
async def list_rules(request: Request, query: Annotated[RulesQuery, Query()]) -> Response:
    """Answer every rule, by id, with what it asks for and where it holds."""
    reviewer = ready(request, query.lang)
    rules = [
        summarize(rule, query.lang)
        for rule in reviewer.rules
        if query.topic is None or has_topic(rule, query.topic)
    ]
    return Response(encode({"rules": rules, "revision": reviewer.revision}), media_type="application/json")


@router.get(
    "/v1/rules/{id:path}",
    response_model=RuleDetail,
    responses=problems(404, 422, 503),
    summary="Explain one rule",
    tags=["rules"],
)
async def get_rule(
    request: Request,
    id: str,  # noqa: A002 - the public contract names it
    query: Annotated[LangQuery, Query()],
) -> Response:
    """Answer all there is to a rule: what it says, why, how to comply, its source and its examples."""
    reviewer = ready(request, query.lang)
    rule = next((rule for rule in reviewer.rules if rule.id == id), None)
    if rule is None:
        detail = "全部规则见 /v1/rules" if query.lang == "zh" else "See /v1/rules for the rules there are"
        raise ProblemError("unknown-rule", detail, lang=query.lang)
    found = describe(rule, reviewer.sources, query.lang) | {"revision": reviewer.revision}
    return Response(encode(found), media_type="application/json")


@router.get("/healthz", response_model=Health, summary="Does the process answer?", tags=["operation"])
async def healthz() -> Response:
    """Answer that the process is alive, whether or not it can review."""
    return Response(encode({"status": "ok"}), media_type="application/json")


@router.get(
    "/readyz",
    response_model=Ready,
    responses=problems(422, 503),
    summary="Are the rules loaded?",
    tags=["operation"],
)
async def readyz(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
    """Answer which content decides, or a 503 problem that says why there is none."""
    reviewer = ready(request, query.lang)
    answer = {
        "status": "ready",
        "revision": reviewer.revision,
        "rules": len(reviewer.rules),
        "providers": sorted(reviewer.providers),
    }
    return Response(encode(answer), media_type="application/json")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"description": "Prometheus text format", "content": {"text/plain": {}}}},
    summary="Count requests, verdicts, findings and faults",
    tags=["operation"],
)
async def metrics(request: Request) -> Response:
    """Answer the counters of this process."""
    return Response(service_of(request).metrics.text(), headers={"content-type": CONTENT_TYPE})
