"""The routes of review quality: agreement, figures of reviewers and rules, golden items, examples."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ..store.cursors import cursor_of_id
from ..store.quality.examples import Example, add_example, fragments, list_examples, remove_example
from ..store.quality.golden import add_golden, golden_candidates, list_golden, retire_golden
from ..store.quality.rates import Rates, change_rates, current_rates
from ..store.quality.reviewer_figures import agreement_report, reviewer_figures
from ..store.quality.rule_figures import rule_figures
from .identity import caller, storage_of
from .json_bodies import body_of, takes
from .parameters import Language, Page, RowId
from .problems import user_body_responses, user_responses
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

router = APIRouter(redirect_slashes=False, tags=["quality"])


@router.get(
    "/v1/quality/agreement",
    operation_id="get_agreement",
    response_model=AgreementReportOut,
    responses=user_responses(),
    summary="How far reviewers agree",
)
async def agreement(request: Request, query: Annotated[PeriodQuery, Query()]) -> AgreementReportOut:
    """Return Cohen's kappa of blind second reviews, and apart from it the agreement with people who saw the decision."""
    await caller(request, query.lang, "read")
    storage = storage_of(request)
    since, until = query.period(storage.store.now())
    found = await storage.run(query.lang, agreement_report, since, until)
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
    responses=user_responses(),
    summary="The figures of reviewers",
)
async def reviewers(request: Request, query: Annotated[PeriodQuery, Query()]) -> ReviewerList:
    """Return what each person decided, how fast and how reliably. A reviewer gets the own figures."""
    user = await caller(request, query.lang, "review", "read")
    storage = storage_of(request)
    since, until = query.period(storage.store.now())
    found = await storage.run(query.lang, reviewer_figures, user, since, until)
    listed = [ReviewerOut.model_validate(one, from_attributes=True) for one in found]
    return ReviewerList(since=since, until=until, reviewers=listed)


@router.get(
    "/v1/rules/{rule:path}/precision",
    operation_id="get_rule_precision",
    response_model=RulePrecisionOut,
    responses=user_responses(),
    summary="How often people follow a rule",
)
async def precision(
    request: Request, rule: RuleId, query: Annotated[PeriodQuery, Query()]
) -> RulePrecisionOut:
    """Return hits, distinct texts, precision over the reviewed hits with its interval, and a series by day."""
    await caller(request, query.lang, "review", "read")
    storage = storage_of(request)
    since, until = query.period(storage.store.now())
    found = await storage.run(query.lang, rule_figures, rule, since, until)
    return RulePrecisionOut.model_validate(found, from_attributes=True)


@router.get(
    "/v1/quality/golden",
    operation_id="list_golden_items",
    response_model=GoldenList,
    responses=user_responses(),
    summary="List golden items",
)
async def golden(request: Request, query: Page) -> GoldenList:
    """Return golden items with how often they were answered as expected, and cases that can become some."""
    await caller(request, query.lang, "read")
    storage = storage_of(request)
    found, following = await storage.run(query.lang, list_golden, query.last_id(), query.limit)
    candidates = await storage.run(query.lang, golden_candidates)
    return GoldenList(
        items=[GoldenOut.model_validate(one, from_attributes=True) for one in found],
        candidates=[CandidateOut.model_validate(one, from_attributes=True) for one in candidates],
        next=cursor_of_id(following),
    )


@router.post(
    "/v1/quality/golden",
    operation_id="add_golden_item",
    status_code=201,
    response_model=GoldenOut,
    responses=user_body_responses(404, 409),
    summary="Make a golden item",
    openapi_extra=takes(GoldenIn),
)
async def make_golden(request: Request, query: Language) -> GoldenOut:
    """Confirm the decision on which two people agreed. For leads."""
    user = await caller(request, query.lang, "review")
    body = await body_of(request, GoldenIn, query.lang)
    found = await storage_of(request).run(query.lang, add_golden, user, body.case, body.decision)
    return GoldenOut.model_validate(found, from_attributes=True)


@router.delete(
    "/v1/quality/golden/{id}",
    operation_id="retire_golden_item",
    response_model=GoldenOut,
    responses=user_responses(404),
    summary="Retire a golden item",
)
async def end_golden(request: Request, number: RowId, query: Language) -> GoldenOut:
    """Show a golden item no more; its figures stay. For leads."""
    user = await caller(request, query.lang, "review")
    found = await storage_of(request).run(query.lang, retire_golden, user, number)
    return GoldenOut.model_validate(found, from_attributes=True)


@router.get(
    "/v1/quality/rates",
    operation_id="get_sampling_rates",
    response_model=RatesOut,
    responses=user_responses(),
    summary="The rates of sampling",
)
async def rates(request: Request, query: Language) -> RatesOut:
    """Return how many cases are reviewed twice, and how often a golden item is shown."""
    await caller(request, query.lang, "read")
    found = await storage_of(request).run(query.lang, current_rates)
    return RatesOut.model_validate(found, from_attributes=True)


@router.put(
    "/v1/quality/rates",
    operation_id="set_sampling_rates",
    response_model=RatesOut,
    responses=user_body_responses(),
    summary="Set the rates of sampling",
    openapi_extra=takes(RatesOut),
)
async def set_rates(request: Request, query: Language) -> RatesOut:
    """Put rates in force for further decisions."""
    user = await caller(request, query.lang, "admin")
    body = await body_of(request, RatesOut, query.lang)
    chosen = Rates(body.second, body.golden, {str(kind): rate for kind, rate in body.second_of.items()})
    await storage_of(request).run(query.lang, change_rates, user, chosen)
    return body


@router.get(
    "/v1/examples",
    operation_id="list_examples",
    response_model=ExampleList,
    responses=user_responses(),
    summary="List the examples in the basket",
)
async def examples(request: Request, query: Language) -> ExampleList:
    """Return the caller's basket."""
    user = await caller(request, query.lang, "review", "rules")
    found = await storage_of(request).run(query.lang, list_examples, user)
    return ExampleList(examples=list(map(_example, found)))


@router.get(
    "/v1/examples.yaml",
    operation_id="download_examples",
    response_class=Response,
    responses={
        200: {"content": {"application/yaml": {}}, "description": "`flag:` and `pass:` of each rule"},
        **user_responses(),
    },
    summary="Download the examples as YAML",
)
async def download(request: Request, query: Language) -> Response:
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
    responses=user_body_responses(404, 409),
    summary="Put an overturned decision into the basket",
    openapi_extra=takes(ExampleIn),
)
async def put_example(request: Request, query: Language) -> ExampleOut:
    """Make an example: to pass if a person approved against the rule, to flag if one rejected without the rule."""
    user = await caller(request, query.lang, "review", "rules")
    body = await body_of(request, ExampleIn, query.lang)
    found = await storage_of(request).run(query.lang, add_example, user, body.case, body.rule)
    return _example(found)


@router.delete(
    "/v1/examples/{id}",
    operation_id="remove_example",
    status_code=204,
    response_class=Response,
    responses=user_responses(404),
    summary="Take an example out of the basket",
)
async def take_out(request: Request, number: RowId, query: Language) -> Response:
    """Take an example out of the caller's basket."""
    user = await caller(request, query.lang, "review", "rules")
    await storage_of(request).run(query.lang, remove_example, user, number)
    return Response(status_code=204)


def _example(example: Example) -> ExampleOut:
    return ExampleOut(
        id=example.id,
        case_id=example.case_id,
        rule=example.rule,
        kind=example.kind,
        added_at=example.added_at,
        forgotten=example.document is None,
    )
