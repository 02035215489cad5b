"""Receives the forms of the page of a case. Each leads to the next page, or shows the form again with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from smsvet.model import Lang

from ...dates import CHINA
from ...http.identity import storage_of
from ...http.parameters import RowId
from ...http.problems import ProblemError
from ...store.accounts.users import User
from ...store.cases import claiming, deciding, handover
from ...store.cases.choice import OVERTURNS, Choice, Overturn
from ...store.cases.deciding import UNDO, Decided
from ...store.cases.view import view_case
from ...store.store import Store
from ...wording import say
from ..acting import acting_user, back
from ..forms import MOST_FIELDS, read_form
from ..notices import Undo
from ..preferences import preferences_of
from ..words import text
from .case_page import Sent, case_page
from .case_view import shown_case
from .filter_form import FilterForm

WORKERS: Final = ("reviewer", "lead")
_SHOWN: Final = frozenset({"invalid-fields", "conflict", "forbidden", "id-reused", "too-late"})
"""Problems that the page of the case shows; it keeps the filled-in form."""
_LONGEST_HOLD: Final = 30 * 24

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was sent about a case."""

    request: Request
    lang: Lang
    user: User
    case_id: int
    fields: dict[str, str]
    reasons: tuple[str, ...]

    @property
    def within(self) -> FilterForm:
        """Return the filter of the queue from which the user came."""
        return FilterForm.of(dict(parse_qsl(self.fields.get("within", ""))), self.user)

    @property
    def note(self) -> str:
        """Return the internal note."""
        return self.fields.get("note", "").strip()


async def _read(request: Request, case_id: int) -> Form:
    """Return a form that a reviewer sent. Raises ProblemError."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, WORKERS)
    fields = await read_form(request)
    sent = await request.form(max_files=0, max_fields=MOST_FIELDS)
    reasons = tuple(dict.fromkeys(str(value) for value in sent.getlist("reason")))
    return Form(request, lang, user, case_id, fields, reasons)


@router.post("/cases/{id}/decide")
async def decide(request: Request, case_id: RowId) -> Response:
    """Store a decision and go on with the next case; show both decisions if somebody else was faster."""
    form = await _read(request, case_id)
    run = storage_of(request).run
    try:
        choice = await _choice(form)
        version = int(form.fields.get("version", "0")[:9] or 0)
        made = await run(
            form.lang, deciding.decide, form.user, case_id, version, choice, form.fields.get("idem", "")
        )
    except ValueError:
        return await _again(form, ProblemError("invalid-fields", "version", lang=form.lang))
    except ProblemError as problem:
        return await _again(form, problem)
    return await _go_on(form, _said(form.lang, made), Undo(case_id, int(UNDO.total_seconds())))


async def _choice(form: Form) -> Choice:
    """Return the decision of a form. A rejection without words for the submitter gets those of its reasons."""
    decision = "approve" if form.fields.get("decision") == "approve" else "reject"
    sent = form.fields.get(f"overturn-{decision}")
    overturn: Overturn | None = OVERTURNS[OVERTURNS.index(sent)] if sent in OVERTURNS else None
    if decision == "approve":
        return Choice("approve", (), overturn, form.note)
    message = form.fields.get("message", "").strip()
    if not message:
        view = await storage_of(form.request).run(form.lang, view_case, form.user, form.case_id)
        reviewer = form.request.app.state.service.ready(form.lang)
        message = shown_case(view, reviewer, form.lang, form.reasons).message
    return Choice("reject", form.reasons, overturn, form.note, message)


def _said(lang: Lang, made: Decided) -> str:
    """Return the decision in words; for a golden item with its answer."""
    said = text(lang, "case.said.approved" if made.decision == "approve" else "case.said.rejected")
    if made.golden is None:
        return said
    expected = text(lang, f"decision.{made.golden.expected}")
    key = "case.said.golden_agreed" if made.golden.agreed else "case.said.golden_differed"
    return f"{said}{text(lang, key, expected=expected)}"


@router.post("/cases/{id}/escalate")
async def escalate(request: Request, case_id: RowId) -> Response:
    """Give the case to the leads and go on."""
    form = await _read(request, case_id)
    try:
        await storage_of(request).run(form.lang, handover.escalate, form.user, case_id, form.note)
    except ProblemError as problem:
        return await _again(form, problem)
    return await _go_on(form, text(form.lang, "case.said.escalated"))


@router.post("/cases/{id}/hold")
async def hold(request: Request, case_id: RowId) -> Response:
    """Keep the case for later and go on."""
    form = await _read(request, case_id)
    store = storage_of(request).store
    hours = form.fields.get("hours", "")
    until = store.now() + timedelta(hours=int(hours) if hours.isascii() and hours.isdigit() else 4)
    given = form.fields.get("until", "")
    try:
        if given:
            until = datetime.fromisoformat(given).replace(tzinfo=CHINA)
        await storage_of(request).run(form.lang, handover.hold, form.user, case_id, until, form.note)
    except (ValueError, OverflowError):
        detail = say(form.lang, "请选择日期和时间", "Choose a date and a time")
        return await _again(form, ProblemError("invalid-fields", detail, lang=form.lang))
    except ProblemError as problem:
        return await _again(form, problem)
    shown = f"{until.astimezone(CHINA):%m-%d %H:%M}"
    return await _go_on(form, text(form.lang, "case.said.held", until=shown))


@router.post("/cases/{id}/skip")
async def skip(request: Request, case_id: RowId) -> Response:
    """Give the case back, come to it last, and go on."""
    form = await _read(request, case_id)
    try:
        await storage_of(request).run(form.lang, claiming.skip, form.user, case_id)
    except ProblemError as problem:
        return await _again(form, problem)
    return await _go_on(form, text(form.lang, "case.said.skipped"))


@router.post("/cases/{id}/undo")
async def undo(request: Request, case_id: RowId) -> Response:
    """Withdraw the user's own decision and show the case again with the form as it was sent."""
    form = await _read(request, case_id)
    await storage_of(request).run(form.lang, deciding.undo, form.user, case_id)
    return _stay(form, "case.said.undone")


async def _change_lock(
    request: Request, case_id: int, change: Callable[[Store, User, int], object]
) -> Response:
    """Claim, extend or release a case, and show its page; with the reason if that is refused."""
    form = await _read(request, case_id)
    try:
        await storage_of(request).run(form.lang, change, form.user, case_id)
    except ProblemError as problem:
        return await _again(form, problem)
    return _stay(form)


@router.post("/cases/{id}/claim")
async def claim(request: Request, case_id: RowId) -> Response:
    """Claim the case."""
    return await _change_lock(request, case_id, claiming.claim)


@router.post("/cases/{id}/heartbeat")
async def extend(request: Request, case_id: RowId) -> Response:
    """Extend the user's lock."""
    return await _change_lock(request, case_id, claiming.heartbeat)


@router.post("/cases/{id}/release")
async def release(request: Request, case_id: RowId) -> Response:
    """Give the case back to the queue; the script sends this when the page is left."""
    return await _change_lock(request, case_id, claiming.release)


@router.post("/cases/{id}/reassign")
async def reassign(request: Request, case_id: RowId) -> Response:
    """Give the case to somebody else, as a lead."""
    form = await _read(request, case_id)
    to = form.fields.get("to", "")
    try:
        await storage_of(request).run(form.lang, handover.reassign, form.user, case_id, to, form.note)
    except ProblemError as problem:
        return await _again(form, problem)
    return _stay(form, "case.said.reassigned", name=to)


@router.post("/cases/{id}/reopen")
async def reopen(request: Request, case_id: RowId) -> Response:
    """Open a decided case again, as a lead."""
    form = await _read(request, case_id)
    try:
        await storage_of(request).run(form.lang, handover.reopen, form.user, case_id, form.note)
    except ProblemError as problem:
        return await _again(form, problem)
    return _stay(form, "case.said.reopened")


@router.post("/cases/{id}/object")
async def object_to(request: Request, case_id: RowId) -> Response:
    """Give a case that somebody else decided to the leads, and go on."""
    form = await _read(request, case_id)
    try:
        await storage_of(request).run(form.lang, handover.object_to, form.user, case_id, form.note)
    except ProblemError as problem:
        return await _again(form, problem)
    return await _go_on(form, text(form.lang, "case.said.escalated"))


def _stay(form: Form, done: str | None = None, **values: str | int) -> Response:
    query = form.within.query
    path = f"/cases/{form.case_id}{'?' + query if query else ''}"
    if done is None:
        return RedirectResponse(path, 303)
    return back(form.request, path, done, None, case=form.case_id, **values)


async def _go_on(form: Form, said: str, undo: Undo | None = None) -> Response:
    """Claim the next case within the filter and lead to it, else to the queue."""
    within = form.within
    filters = FilterForm().filters if within.state == "held" else within.filters
    following = await storage_of(form.request).run(form.lang, claiming.claim_next, form.user, filters)
    query = f"?{within.query}" if within.query else ""
    request, case = form.request, form.case_id
    if following is None:
        return back(request, f"/queue{query}", "case.said.last", undo, case=case, said=said)
    path, then = f"/cases/{following.case_id}{query}", following.case_id
    return back(request, path, "case.said.then", undo, case=case, said=said, next=then)


async def _again(form: Form, problem: ProblemError) -> Response:
    """Return the page of the case with the filled-in form and the refusal. Raises a problem that no other entry solves."""
    conflict = problem.extension.get("conflict")
    if conflict is None and problem.name not in _SHOWN:
        raise problem
    sentences: Sequence[str] = [error.message for error in problem.errors or ()] or [problem.detail]
    fields = {name: form.fields.get(name, "") for name in ("note", "message")}
    fields["overturn"] = form.fields.get("overturn-approve") or form.fields.get("overturn-reject") or ""
    sent = Sent(fields, form.reasons or None, () if conflict else sentences, conflict, problem.status)
    return await case_page(form.request, form.user, form.case_id, form.lang, form.within.query, sent)
