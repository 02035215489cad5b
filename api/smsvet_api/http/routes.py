"""The operations of the HTTP service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from smsvet.model import Lang, Verdict
from smsvet.reviewer import Reviewer
from smsvet.schema import VerdictOut, read_submission, write_verdict
from smsvet.submission import Submission, SubmissionError

from .. import dates
from ..wording import say
from .bodies import read_batch, read_json, refuse_surrogates
from .logs import LOGGER
from .metrics import CONTENT_TYPE, tally_unreviewed, tally_verdict
from .problems import FieldError, ProblemError, encode, field_errors, internal_error, invalid_fields, sentence
from .problems import responses as problems
from .rules import RuleDetail, RuleList, describe, has_topic, summarize
from .service import Service

router = APIRouter(redirect_slashes=False)

_TOGETHER = 100
"""Number of submissions of a batch to review before other requests get a turn."""


class LangQuery(BaseModel):
    """The language of messages and fixes."""

    model_config = ConfigDict(extra="forbid")

    lang: Lang = Field("zh", description="language of messages, fixes and errors")


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


def service_of(request: Request) -> Service:
    """Return the state shared by all requests."""
    service: Service = request.app.state.service
    return service


def ready(request: Request, lang: Lang) -> Reviewer:
    """Return the Reviewer and record its revision for the log. Raises ProblemError while it is not loaded."""
    reviewer = service_of(request).ready(lang)
    request.scope["smsvet.revision"] = reviewer.revision
    return reviewer


def submission_in(reviewer: Reviewer, data: object, lang: Lang) -> Submission:
    """Return a validated submission, with today's date in China if it has no `as_of`.

    Raises ProblemError naming each wrong field.
    """
    refuse_surrogates(data, lang)
    dated = {**data, "as_of": dates.today()} if isinstance(data, dict) and data.get("as_of") is None else data
    try:
        submission = read_submission(dated, lang)
    except SubmissionError as error:
        raise invalid_fields(field_errors(error, data, lang), lang) from error
    try:
        reviewer.check(submission, lang)
    except SubmissionError as error:
        field, _, message = error.say(lang).partition(": ")
        raise invalid_fields([FieldError(field=field, message=message)], lang) from error
    return submission


def written(request: Request, verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON, and add it to the request's tally."""
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
    """Return the verdict on a signature, a template or a message, with all its reasons."""
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
    """Return one result for each submission, in order: a verdict, or an `error` without a decision."""
    service, lang = service_of(request), query.lang
    reviewer = ready(request, lang)
    submissions = read_batch(await read_json(request, lang), service.settings.max_batch, lang)
    service.metrics.batch(len(submissions))
    answers: list[bytes] = []
    for first in range(0, len(submissions), _TOGETHER):
        answers += map(
            encode, _answers(request, reviewer, first, submissions[first : first + _TOGETHER], lang)
        )
        # Give other requests a turn.
        await asyncio.sleep(0)
    return Response(b'{"verdicts":[' + b",".join(answers) + b"]}", media_type="application/json")


def _answers(
    request: Request, reviewer: Reviewer, first: int, batch: Sequence[object], lang: Lang
) -> Iterator[dict[str, Any]]:
    """Yield the result for each decoded submission of the part of a batch that begins at index `first`."""
    read = [_read(request, reviewer, data, lang) for data in batch]
    submissions = [one for one in read if isinstance(one, Submission)]
    try:
        verdicts: list[Verdict] | None = list(reviewer.review_many(submissions, lang))
    except Exception:  # noqa: BLE001 - reviewing each by itself finds the one at fault
        verdicts = None
    together = iter(verdicts or ())
    for index, (data, one) in enumerate(zip(batch, read, strict=True), start=first):
        error = one if isinstance(one, str) else ""
        if isinstance(one, Submission):
            try:
                verdict = reviewer.review(one, lang) if verdicts is None else next(together)
                yield written(request, verdict)
                continue
            except Exception as failure:  # noqa: BLE001 - one failure must not lose the rest of the batch
                error = _failed(request, failure, lang)
        named = data.get("id") if isinstance(data, dict) else None
        yield {"id": named if isinstance(named, str) else None, "index": index, "error": error}


def _read(request: Request, reviewer: Reviewer, data: object, lang: Lang) -> Submission | str:
    """Return a validated submission, or its error message."""
    try:
        return submission_in(reviewer, data, lang)
    except ProblemError as problem:
        tally_unreviewed(request.scope["smsvet.tally"], "invalid")
        return sentence(problem.errors or ())
    except Exception as failure:  # noqa: BLE001 - one failure must not lose the rest of the batch
        return _failed(request, failure, lang)


def _failed(request: Request, failure: Exception, lang: Lang) -> str:
    """Return the error message for a submission whose review failed, and log the failure."""
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
    """Return a rule in full: its message, reason, fix, source and examples."""
    reviewer = ready(request, query.lang)
    rule = next((rule for rule in reviewer.rules if rule.id == id), None)
    if rule is None:
        detail = say(query.lang, "全部规则见 /v1/rules", "See /v1/rules for all rules")
        raise ProblemError("unknown-rule", detail, lang=query.lang)
    found = describe(rule, reviewer.sources, query.lang) | {"revision": reviewer.revision}
    return Response(encode(found), media_type="application/json")


@router.get("/healthz", response_model=Health, summary="Does the process answer?", tags=["operation"])
async def healthz() -> Response:
    """Return 200 while the process is alive, even before the rules are loaded."""
    return Response(encode({"status": "ok"}), media_type="application/json")


@router.get(
    "/readyz",
    response_model=Ready,
    responses=problems(422, 503),
    summary="Are the rules loaded?",
    tags=["operation"],
)
async def readyz(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
    """Return the loaded content revision, or a 503 problem with the reason why no rules are loaded."""
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
    """Return the counters of this process."""
    return Response(service_of(request).metrics.text(), headers={"content-type": CONTENT_TYPE})
