"""The routes of the pages `/submissions`."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from smsvet.model import Lang

from ...audit.report.texts import shortened
from ...http.identity import storage_of
from ...http.problems import ProblemError
from ...http.submissions import take
from ...store.accounts.roles import Role
from ...store.accounts.users import User
from ...store.cases.appeals import LONGEST, appeal
from ...store.submissions.history import history_of
from ...store.submissions.status import STATUSES, StatusFilter, SubmissionStatus, list_statuses, read_status
from ...store.texts import text_of
from ..acting import acting_user, back
from ..forms import read_form
from ..preferences import preferences_of
from ..providers import provider_names
from ..rendering import render
from ..viewer import require_viewer
from .form import KINDS, PURPOSES, NewForm
from .view import appeal_course, main_field, topics

LIST: Final = "submissions.html.jinja"
ONE: Final = "submission.html.jinja"
NEW: Final = "submission_new.html.jinja"
ROLES: Final[tuple[Role, ...]] = ("submitter",)
PAGE: Final = 30
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

router = APIRouter()


@router.get("/submissions")
async def show_submissions(request: Request) -> Response:
    """Return a page of the user's submissions, the newest first."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, ROLES)
    asked = request.query_params
    status = asked.get("status") if asked.get("status") in STATUSES else None
    client_id = "".join(one for one in asked.get("id", "").strip()[:128] if one.isprintable()) or None
    filters = StatusFilter(status=status, client_id=client_id)
    try:
        found, cursor = await storage_of(request).run(
            lang, list_statuses, user, lang, filters, asked.get("cursor"), PAGE
        )
    except ProblemError as problem:
        if problem.name != "invalid-fields":
            raise
        return RedirectResponse("/submissions", 303)  # a cursor that no page has
    context: dict[str, Any] = {
        "rows": [(one, shortened(text_of(one.document or {}), 200)) for one in found],
        "status": status,
        "client_id": client_id or "",
        "statuses": [
            (name, _address(status=name, id=client_id))
            for name in (None, "in_review", "rejected", "approved")
        ],
        "next": _address(status=status, id=client_id, cursor=cursor) if cursor else None,
        "first": "cursor" not in asked,
        "newest": _address(status=status, id=client_id),
        "providers": provider_names(request, lang),
        "call": _call(request),
    }
    return render(request, LIST, context)


@router.get("/submissions/new")
async def show_form(request: Request) -> Response:
    """Return the form for a new submission."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, ROLES)
    return _form(request, NewForm.of(request.query_params), [], lang)


@router.post("/submissions/new")
async def submit_form(request: Request) -> Response:
    """Submit what the form has and lead to the submission, or show the form again with the reason."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, ROLES)
    form = NewForm.of(await read_form(request))
    if errors := form.errors(lang):
        return _form(request, form, errors, lang, 422)
    try:
        found, _ = await take(request, user, form.body(), lang)
    except ProblemError as problem:
        if problem.errors is None:
            raise
        return _form(request, form, [one.message for one in problem.errors], lang, problem.status)
    return back(request, f"/submissions/{found.id}", "submissions.sent")


@router.get("/submissions/{submission}")
async def show_submission(request: Request, submission: Number) -> Response:
    """Return the page of one of the user's submissions."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, ROLES)
    return await _one(request, user, submission, lang)


@router.post("/submissions/{submission}/appeal")
async def appeal_submission(request: Request, submission: Number) -> Response:
    """Appeal against a rejection and lead back to the submission, or show the form again with the reason."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, ROLES)
    text = (await read_form(request)).get("text", "")
    try:
        await storage_of(request).run(lang, appeal, user, submission, text.strip())
    except ProblemError as problem:
        if problem.name not in ("conflict", "invalid-fields"):
            raise
        errors = [one.message for one in problem.errors or ()] or [problem.detail]
        return await _one(request, user, submission, lang, errors, text[:LONGEST], problem.status)
    return back(request, f"/submissions/{submission}", "submissions.appealed")


async def _one(
    request: Request,
    user: User,
    submission: int,
    lang: Lang,
    errors: list[str] | None = None,
    text: str = "",
    status: int = 200,
) -> Response:
    storage = storage_of(request)
    found = await storage.run(lang, read_status, user, submission, lang)
    steps = await storage.run(lang, history_of, user, submission)
    main = main_field(found.document)
    document = found.document or {}
    context: dict[str, Any] = {
        "one": found,
        "text": text_of(document) if found.document is not None else None,
        "signature": str(document.get("signature") or "") if main != "signature" else "",
        "topics": topics(found.verdict.reasons, main, lang) if found.verdict else [],
        "changes_matter": _changes_matter(found),
        "steps": steps,
        "appeal": appeal_course(steps),
        "may_appeal": found.status == "rejected" and not found.appeals and found.document is not None,
        "errors": errors or [],
        "appeal_text": text,
        "longest": LONGEST,
        "provider": provider_names(request, lang).get(found.provider, found.provider),
    }
    return render(request, ONE, context, status=status)


def _changes_matter(found: SubmissionStatus) -> bool:
    """Return whether the machine's reasons still count: not once somebody has approved the submission."""
    return bool(found.verdict and found.verdict.reasons) and found.status != "approved"


def _form(request: Request, form: NewForm, errors: list[str], lang: Lang, status: int = 200) -> Response:
    context: dict[str, Any] = {
        "form": form.fields,
        "token": form.token,
        "errors": errors,
        "kinds": KINDS,
        "purposes": PURPOSES,
        "providers": provider_names(request, lang),
    }
    return render(request, NEW, context, status=status)


def _call(request: Request) -> str:
    """Return the call of the API that submits a template."""
    body = {
        "id": "order-1001",
        "body": "您的订单{1}已发货，预计{2}送达。",
        "provider": "tencent",
        "purpose": "notification",
    }
    address = f"{request.url.scheme}://{request.headers.get('host', '')}/v1/submissions"
    return (
        f"curl -X POST {address} \\\n  -H 'authorization: Bearer smsvet_…' \\\n"
        f"  -H 'content-type: application/json' \\\n  -d '{json.dumps(body, ensure_ascii=False)}'"
    )


def _address(**values: str | None) -> str:
    query = urlencode({name: value for name, value in values.items() if value}, errors="replace")
    return f"/submissions?{query}" if query else "/submissions"
