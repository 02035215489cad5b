"""The routes of the pages `/clusters/{id}`: look, tick, preview, confirm, result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from smsvet.model import Lang

from ...http.identity import storage_of
from ...http.problems import ProblemError
from ...store.accounts.roles import Role
from ...store.accounts.users import User
from ...store.cases.bulk import MOST, decide_bulk, preview_bulk
from ...store.cases.bulk import Reason as LeftOut
from ...store.cases.bulk_escalation import escalate_bulk
from ...store.cases.bulk_undo import undo_bulk
from ...store.cases.choice import LONGEST_MESSAGE, LONGEST_NOTE, OVERTURNS, Choice
from ...store.cases.clusters import Cluster, view_cluster
from ...store.cases.decisions import DecisionFilters, list_decisions
from ...store.cases.view import view_case
from ..acting import acting_user, back, number_in
from ..cases.case_view import shown_case
from ..cases.reasons import Reason
from ..forms import read_many
from ..preferences import preferences_of
from ..providers import provider_names
from ..rendering import render
from ..viewer import CASE_READERS, require_viewer
from .form import ACTS, BulkForm, new_idem, read_left, write_left
from .view import bulk_message, escalation, forecast, member_rows

PAGE: Final = "cluster.html.jinja"
PREVIEW: Final = "cluster_preview.html.jinja"
RESULT: Final = "cluster_result.html.jinja"
REVIEWERS: Final[tuple[Role, ...]] = ("reviewer", "lead")
ClusterId = Annotated[str, Path(pattern="^[0-9a-f]{32,64}$")]

router = APIRouter()


@router.get("/clusters/{id}")
async def show_cluster(request: Request, id: ClusterId) -> Response:  # noqa: A002 - named as in the address
    """Return the page of a cluster. `tick` in the address is `all` or `none` of those that one decision serves."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, CASE_READERS)
    ticked = frozenset[int]() if request.query_params.get("tick") == "none" else None
    return await _cluster(request, user, id, lang, ticked)


@router.post("/clusters/{id}/preview")
async def preview(request: Request, id: ClusterId) -> Response:  # noqa: A002
    """Return what a decision on the ticked members would do, with the form to confirm it. Nothing is stored."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, REVIEWERS)
    sent = await read_many(request)
    ticked = frozenset(number for value in sent.get("case", ()) if (number := number_in(value)))
    act = (sent.get("act") or [""])[-1]
    if act not in ACTS or not ticked:
        return await _cluster(request, user, id, lang, ticked, missing=True)
    return await _preview(request, user, id, lang, BulkForm(act=act, idem=new_idem()), ticked)


@router.post("/clusters/{id}/decide")
async def decide(request: Request, id: ClusterId) -> Response:  # noqa: A002
    """Decide the members of the form and lead to the result, or show the form again with the missing fields."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, REVIEWERS)
    form = BulkForm.of(await read_many(request))
    storage = storage_of(request)
    bulk_id = None
    try:
        if form.act == "escalate":
            given = await storage.run(lang, escalate_bulk, user, id, form.versions, form.note)
            case_ids, excluded = given.case_ids, given.excluded
        else:
            choice = await _choice(request, user, id, lang, form)
            made = await storage.run(lang, decide_bulk, user, id, form.versions, choice, form.idem)
            case_ids, excluded, bulk_id = made.case_ids, made.excluded, made.bulk_id
    except ProblemError as problem:
        if problem.errors:
            errors = [one.message for one in problem.errors]
            return await _preview(request, user, id, lang, form, frozenset(form.versions), errors)
        if problem.name not in ("conflict", "id-reused", "not-found"):
            raise
        return back(request, f"/clusters/{id}", "cluster.nothing_left")
    left = [(one.case_id, one.reason) for one in excluded]
    values = {"act": form.act, "n": len(case_ids), "bulk": bulk_id, "left": write_left(left)}
    query = urlencode({name: value for name, value in values.items() if value})
    return RedirectResponse(f"/clusters/{id}/result?{query}", 303)


@router.get("/clusters/{id}/result")
async def show_result(request: Request, id: ClusterId) -> Response:  # noqa: A002
    """Return what a bulk decision did, with the members that it left out, and the rest of the cluster."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, CASE_READERS)
    storage = storage_of(request)
    asked = request.query_params
    rows: Sequence[Any] = ()
    bulk = asked.get("bulk", "")
    if len(bulk) == 36 and bulk.isascii():
        filters = DecisionFilters(bulk_id=bulk, withdrawn=False)
        rows = (await storage.run(lang, list_decisions, user, filters, None, MOST)).rows
    rest = await _find(request, user, id, lang)
    act = asked.get("act", "") if asked.get("act") in ACTS else ACTS[0]
    reasons = get_args(LeftOut)
    context: dict[str, Any] = {
        "id": id,
        "act": act,
        "count": len(rows) if bulk else min(number_in(asked.get("n")) or 0, MOST),
        "bulk": bulk if rows else None,
        "may_undo": bool(rows) and rows[0].user == user.name and storage.store.now() < rows[0].final_at,
        "final_at": rows[0].final_at if rows else None,
        "left": [(case_id, why) for case_id, why in read_left(asked.get("left", "")) if why in reasons],
        "rest": rest,
        "readonly": user.role == "auditor",
    }
    return render(request, RESULT, context, scope="cluster")


@router.post("/clusters/{id}/undo")
async def undo(request: Request, id: ClusterId) -> Response:  # noqa: A002
    """Withdraw a whole bulk decision, and lead back to the cluster."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, REVIEWERS)
    bulk = ((await read_many(request)).get("bulk") or [""])[-1][:36]
    try:
        done = await storage_of(request).run(lang, undo_bulk, user, bulk)
    except ProblemError as problem:
        if problem.name not in ("too-late", "conflict", "not-found"):
            raise
        return back(request, f"/decisions?bulk={bulk}", "cluster.undo_refused", why=problem.detail)
    return back(request, f"/clusters/{id}", "cluster.undone", n=len(done.case_ids))


async def _choice(request: Request, user: User, cluster_id: str, lang: Lang, form: BulkForm) -> Choice:
    """Return the decision of a form; the submitters read the titles of its reasons unless it has a text of its own."""
    choice = form.choice()
    if form.act != "reject" or form.message:
        return choice
    found = await _find(request, user, cluster_id, lang)
    if found is None:
        return choice
    view = await storage_of(request).run(lang, view_case, user, found.members[0].row.id)
    shown = shown_case(view, request.app.state.service.ready(lang), lang, form.reasons)
    return replace(choice, message=bulk_message((*shown.rules, *shown.house)))


async def _find(request: Request, user: User, cluster: str, lang: Lang) -> Cluster | None:
    """Return a cluster, None if every member is decided."""
    try:
        return await storage_of(request).run(lang, view_cluster, user, cluster, MOST)
    except ProblemError as problem:
        if problem.name != "not-found":
            raise
        return None


async def _cluster(
    request: Request,
    user: User,
    cluster_id: str,
    lang: Lang,
    ticked: frozenset[int] | None,
    *,
    missing: bool = False,
) -> Response:
    context: dict[str, Any] = {"id": cluster_id, "cluster": None}
    found = await _find(request, user, cluster_id, lang)
    if found is None:
        return render(request, PAGE, context, status=404, scope="cluster")
    first = found.members[0].row
    view = await storage_of(request).run(lang, view_case, user, first.id)
    reviewer = request.app.state.service.ready(lang)
    members = member_rows(found, user, ticked)
    context |= {
        "cluster": found,
        "first": first,
        "view": view,
        "shown": shown_case(view, reviewer, lang),
        "members": members,
        "usual": sum(one.same_verdict for one in members),
        "provider": provider_names(request, lang).get(first.provider, first.provider),
        "may_decide": user.role in REVIEWERS,
        "missing": missing,
        "most": MOST,
    }
    return render(request, PAGE, context, status=422 if missing else 200, scope="cluster")


async def _preview(
    request: Request,
    user: User,
    cluster_id: str,
    lang: Lang,
    form: BulkForm,
    ticked: frozenset[int],
    errors: Sequence[str] = (),
) -> Response:
    storage = storage_of(request)
    found = await _find(request, user, cluster_id, lang)
    if found is None:
        return back(request, f"/clusters/{cluster_id}", "cluster.nothing_left")
    first = found.members[0].row
    reasons: Sequence[Reason] = ()
    overturned = False
    if form.act == "escalate":
        seen = escalation(found, user, ticked)
    else:
        decision: Any = form.act
        made = await storage.run(
            lang, preview_bulk, user, cluster_id, Choice(decision), tuple(sorted(ticked))
        )
        seen = forecast(form.act, found, made, ticked)
        view = await storage.run(lang, view_case, user, first.id)
        rules = found.members[0].verdict[1]
        chosen = form.reasons or (rules if len(rules) == 1 and not errors else ())
        shown = shown_case(view, request.app.state.service.ready(lang), lang, chosen)
        reasons, overturned = (*shown.rules, *shown.house), shown.overturns[form.act]
    context: dict[str, Any] = {
        "id": cluster_id,
        "form": form,
        "seen": seen,
        "reasons": reasons,
        "overturns": OVERTURNS if overturned else (),
        "errors": errors,
        "longest_note": LONGEST_NOTE,
        "longest_message": LONGEST_MESSAGE,
    }
    return render(request, PREVIEW, context, status=422 if errors else 200, scope="cluster")
