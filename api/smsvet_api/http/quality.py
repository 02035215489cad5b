"""The routes of review quality: agreement, figures of reviewers and rules, golden items, examples."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ..store.quality.examples import Example, add_example, fragments, list_examples, remove_example
from ..store.quality.golden import add_golden, golden_candidates, list_golden, retire_golden
from ..store.quality.rates import Rates, change_rates, current_rates
from ..store.quality.reviewer_figures import agreement_report, reviewer_figures
from ..store.quality.rule_figures import rule_figures
from .cursors import Cursor, Limit, cursor_of, position_of
from .identity import caller, storage_of
from .problems import responses as problems
from .quality_models import (
    AgreementReportOut,
    CandidateOut,
    ExampleIn,
    ExampleList,
    ExampleOut,
    GoldenIn,
    GoldenList,
    GoldenOut,
    PeriodQuery,
    RatesOut,
    ReviewerList,
    ReviewerOut,
    RuleId,
    RulePrecisionOut,
)
from .routes import LangQuery

router = APIRouter(redirect_slashes=False, tags=["quality"])
Number = Annotated[int, Path(alias="id", ge=1, le=2**31 - 1)]


class GoldenQuery(LangQuery):
    """Continues the list of golden items."""

    cursor: Cursor | None = None
    limit: Limit = 50


@router.get(
    "/v1/quality/agreement",
    operation_id="get_agreement",
    response_model=AgreementReportOut,
    responses=problems(401, 403, 422, 503),
    summary="How far reviewers agree",
)
async def agreement(
    request: Request, response: Response, query: Annotated[PeriodQuery, Query()]
) -> AgreementReportOut:
    """Return Cohen's kappa of blind second reviews, and apart from it the agreement with people who saw the decision."""
    await caller(request, query.lang, "read")
    storage = storage_of(request)
    since, until = query.period(storage.store.now())
    found = await storage.run(query.lang, agreement_report, since, until)
    _no_store(response)
    return AgreementReportOut.model_validate(
        {
            "since": since,
            "until": until,
            "blind": found.blind,
            "unblinded": found.unblinded,
            "waiting": found.waiting,
        },
        from_attributes=True,
    )


@router.get(
    "/v1/quality/reviewers",
    operation_id="list_reviewer_figures",
    response_model=ReviewerList,
    responses=problems(401, 403, 422, 503),
    summary="The figures of reviewers",
)
async def reviewers(
    request: Request, response: Response, query: Annotated[PeriodQuery, Query()]
) -> ReviewerList:
    """Return what each person decided, how fast and how reliably. A reviewer gets the own figures."""
    user = await caller(request, query.lang, "review", "read")
    storage = storage_of(request)
    since, until = query.period(storage.store.now())
    found = await storage.run(query.lang, reviewer_figures, user, since, until)
    _no_store(response)
    listed = [ReviewerOut.model_validate(one, from_attributes=True) for one in found]
    return ReviewerList(since=since, until=until, reviewers=listed)


@router.get(
    "/v1/rules/{rule:path}/precision",
    operation_id="get_rule_precision",
    response_model=RulePrecisionOut,
    responses=problems(401, 403, 422, 503),
    summary="How often people follow a rule",
)
async def precision(
    request: Request, response: Response, rule: RuleId, query: Annotated[PeriodQuery, Query()]
) -> RulePrecisionOut:
    """Return hits, distinct texts, precision over the reviewed hits with its interval, and a series by day."""
    await caller(request, query.lang, "review", "read")
    storage = storage_of(request)
    since, until = query.period(storage.store.now())
    found = await storage.run(query.lang, rule_figures, rule, since, until)
    _no_store(response)
    return RulePrecisionOut.model_validate(found, from_attributes=True)


@router.get(
    "/v1/quality/golden",
    operation_id="list_golden_items",
    response_model=GoldenList,
    responses=problems(401, 403, 422, 503),
    summary="List golden items",
)
async def golden(request: Request, response: Response, query: Annotated[GoldenQuery, Query()]) -> GoldenList:
    """Return golden items with how often they were answered as expected, and cases that can become some."""
    await caller(request, query.lang, "read")
    storage = storage_of(request)
    before = position_of(query.cursor, query.lang)
    found, following = await storage.run(query.lang, list_golden, before, query.limit)
    candidates = await storage.run(query.lang, golden_candidates)
    _no_store(response)
    return GoldenList(
        items=[GoldenOut.model_validate(one, from_attributes=True) for one in found],
        candidates=[CandidateOut.model_validate(one, from_attributes=True) for one in candidates],
        next=cursor_of(following),
    )


@router.post(
    "/v1/quality/golden",
    operation_id="add_golden_item",
    status_code=201,
    response_model=GoldenOut,
    responses=problems(400, 401, 403, 404, 409, 415, 422, 503),
    summary="Make a golden item",
)
async def make_golden(
    request: Request, response: Response, body: GoldenIn, query: Annotated[LangQuery, Query()]
) -> GoldenOut:
    """Confirm the decision on which two people agreed. For leads."""
    user = await caller(request, query.lang, "review")
    found = await storage_of(request).run(query.lang, add_golden, user, body.case, body.decision)
    _no_store(response)
    return GoldenOut.model_validate(found, from_attributes=True)


@router.delete(
    "/v1/quality/golden/{id}",
    operation_id="retire_golden_item",
    response_model=GoldenOut,
    responses=problems(401, 403, 404, 422, 503),
    summary="Retire a golden item",
)
async def end_golden(
    request: Request, response: Response, number: Number, query: Annotated[LangQuery, Query()]
) -> GoldenOut:
    """Show a golden item no more; its figures stay. For leads."""
    user = await caller(request, query.lang, "review")
    found = await storage_of(request).run(query.lang, retire_golden, user, number)
    _no_store(response)
    return GoldenOut.model_validate(found, from_attributes=True)


@router.get(
    "/v1/quality/rates",
    operation_id="get_sampling_rates",
    response_model=RatesOut,
    responses=problems(401, 403, 422, 503),
    summary="The rates of sampling",
)
async def rates(request: Request, response: Response, query: Annotated[LangQuery, Query()]) -> RatesOut:
    """Return how many cases are reviewed twice, and how often a golden item is shown."""
    await caller(request, query.lang, "read")
    found = await storage_of(request).run(query.lang, current_rates)
    _no_store(response)
    return RatesOut.model_validate(found, from_attributes=True)


@router.put(
    "/v1/quality/rates",
    operation_id="set_sampling_rates",
    response_model=RatesOut,
    responses=problems(400, 401, 403, 415, 422, 503),
    summary="Set the rates of sampling",
)
async def set_rates(
    request: Request, response: Response, body: RatesOut, query: Annotated[LangQuery, Query()]
) -> RatesOut:
    """Put rates in force for further decisions."""
    user = await caller(request, query.lang, "admin")
    chosen = Rates(body.second, body.golden, {str(kind): rate for kind, rate in body.second_of.items()})
    await storage_of(request).run(query.lang, change_rates, user, chosen)
    _no_store(response)
    return body


@router.get(
    "/v1/examples",
    operation_id="list_examples",
    response_model=ExampleList,
    responses=problems(401, 403, 422, 503),
    summary="List the examples in the basket",
)
async def examples(request: Request, response: Response, query: Annotated[LangQuery, Query()]) -> ExampleList:
    """Return the caller's basket."""
    user = await caller(request, query.lang, "review", "rules")
    found = await storage_of(request).run(query.lang, list_examples, user)
    _no_store(response)
    return ExampleList(examples=list(map(_example, found)))


@router.get(
    "/v1/examples.yaml",
    operation_id="download_examples",
    response_class=Response,
    responses={
        200: {"content": {"application/yaml": {}}, "description": "`flag:` and `pass:` of each rule"},
        **problems(401, 403, 422, 503),
    },
    summary="Download the examples as YAML",
)
async def download(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
    """Return the caller's basket for rule files: under each rule's id the lines that belong below `examples:`."""
    user = await caller(request, query.lang, "review", "rules")
    found = await storage_of(request).run(query.lang, list_examples, user)
    headers = {
        "cache-control": "no-store",
        "content-disposition": 'attachment; filename="examples.yaml"',
    }
    return Response(fragments(found), 200, headers, "application/yaml")


@router.post(
    "/v1/examples",
    operation_id="add_example",
    status_code=201,
    response_model=ExampleOut,
    responses=problems(400, 401, 403, 404, 409, 415, 422, 503),
    summary="Put an overturned decision into the basket",
)
async def put_example(
    request: Request, response: Response, body: ExampleIn, query: Annotated[LangQuery, Query()]
) -> ExampleOut:
    """Make an example: to pass if a person approved against the rule, to flag if one rejected without the rule."""
    user = await caller(request, query.lang, "review", "rules")
    found = await storage_of(request).run(query.lang, add_example, user, body.case, body.rule)
    _no_store(response)
    return _example(found)


@router.delete(
    "/v1/examples/{id}",
    operation_id="remove_example",
    status_code=204,
    response_class=Response,
    responses=problems(401, 403, 404, 422, 503),
    summary="Take an example out of the basket",
)
async def take_out(request: Request, number: Number, query: Annotated[LangQuery, Query()]) -> Response:
    """Take an example out of the caller's basket."""
    user = await caller(request, query.lang, "review", "rules")
    await storage_of(request).run(query.lang, remove_example, user, number)
    return Response(status_code=204, headers={"cache-control": "no-store"})


def _example(example: Example) -> ExampleOut:
    return ExampleOut(
        id=example.id,
        case_id=example.case_id,
        rule=example.rule,
        kind=example.kind,
        added_at=example.added_at,
        forgotten=example.document is None,
    )


def _no_store(response: Response) -> None:
    response.headers["cache-control"] = "no-store"
