"""The pages of users: add one, change role and state, and give a new one-time password."""

from __future__ import annotations

from typing import Any, Final, cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from smsvet.model import Lang

from ...http.identity import settings_of, storage_of
from ...http.parameters import RowId
from ...http.problems import ProblemError
from ...http.users import issuer_of
from ...store.accounts import users as accounts
from ...store.accounts.keys import list_keys
from ...store.accounts.roles import ROLES, SCOPES_OF, Role
from ..acting import acting_user, back, number_in, plain_form, sentences
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer

USERS: Final = "admin-users.html.jinja"
USER: Final = "admin-user.html.jinja"
ADMINS: Final[tuple[Role, ...]] = ("admin",)
PAGE: Final = 50

router = APIRouter()


@router.get("/admin")
async def first_page(request: Request) -> Response:
    """Lead to the users."""
    await require_viewer(request, preferences_of(request).lang, ADMINS)
    return RedirectResponse("/admin/users", 303)


@router.get("/admin/users")
async def show_users(request: Request) -> Response:
    """Return a page of users with the form to add one."""
    await require_viewer(request, preferences_of(request).lang, ADMINS)
    return await _users(request)


@router.post("/admin/users")
async def add_user(request: Request) -> Response:
    """Add a user, and show the one-time password in this answer only."""
    lang = preferences_of(request).lang
    admin = await acting_user(request, lang, ADMINS)
    sent = await plain_form(request)
    subject = sent.get("subject", "").strip()[:255] or None
    try:
        account, password = await storage_of(request).run_hashing(
            lang,
            accounts.add_user,
            sent.get("name", "")[:64],
            _role(sent.get("role", "")),
            admin.actor,
            subject,
            issuer_of(request) if subject else None,
        )
    except ProblemError as problem:
        return await _users(request, sent=sent, problem=problem)
    return await _users(request, added=account, password=password)


@router.get("/admin/users/{id}")
async def show_user(request: Request, user_id: RowId) -> Response:
    """Return the page of one user."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, ADMINS)
    return await _user(request, user_id, lang)


@router.post("/admin/users/{id}/role")
async def change_role(request: Request, user_id: RowId) -> Response:
    """Give a user another role."""
    lang = preferences_of(request).lang
    admin = await acting_user(request, lang, ADMINS)
    role = _role((await plain_form(request)).get("role", ""))
    try:
        await storage_of(request).run(lang, accounts.change_user, user_id, admin.actor, role=role)
    except ProblemError as problem:
        return await _user(request, user_id, lang, problem=problem)
    return back(request, f"/admin/users/{user_id}", "admin.users.done.role")


@router.post("/admin/users/{id}/state")
async def change_state(request: Request, user_id: RowId) -> Response:
    """Disable or enable a user."""
    lang = preferences_of(request).lang
    admin = await acting_user(request, lang, ADMINS)
    disabled = (await plain_form(request)).get("disabled") == "1"
    try:
        await storage_of(request).run(lang, accounts.change_user, user_id, admin.actor, disabled=disabled)
    except ProblemError as problem:
        return await _user(request, user_id, lang, problem=problem)
    return back(
        request, f"/admin/users/{user_id}", f"admin.users.done.{'disabled' if disabled else 'enabled'}"
    )


@router.post("/admin/users/{id}/password")
async def issue_password(request: Request, user_id: RowId) -> Response:
    """Give a user a new one-time password, and show it in this answer only."""
    lang = preferences_of(request).lang
    admin = await acting_user(request, lang, ADMINS)
    try:
        password = await storage_of(request).run_hashing(lang, accounts.issue_password, user_id, admin.actor)
    except ProblemError as problem:
        return await _user(request, user_id, lang, problem=problem)
    return await _user(request, user_id, lang, password=password)


async def _users(
    request: Request,
    *,
    sent: dict[str, str] | None = None,
    problem: ProblemError | None = None,
    added: accounts.Account | None = None,
    password: str | None = None,
) -> Response:
    lang = preferences_of(request).lang
    after = number_in(request.query_params.get("after")) or 0
    wrong = None if problem is None else sentences(problem)
    found = await storage_of(request).run(lang, accounts.list_users, after, PAGE + 1)
    context: dict[str, Any] = {
        "users": found[:PAGE],
        "after": after,
        "following": found[PAGE - 1].id if len(found) > PAGE else None,
        "roles": ROLES,
        "sent": {"name": "", "role": "submitter", "subject": ""} | (sent or {}),
        "problem": wrong,
        "added": added,
        "password": password,
        "oidc": settings_of(request).oidc_issuer is not None,
    }
    return render(request, USERS, context, status=200 if problem is None else problem.status)


async def _user(
    request: Request,
    user_id: int,
    lang: Lang,
    *,
    problem: ProblemError | None = None,
    password: str | None = None,
) -> Response:
    wrong = None if problem is None else sentences(problem)
    account = await storage_of(request).run(lang, accounts.get_user, user_id)
    keys = await storage_of(request).run(lang, list_keys, 0, PAGE, user_id)
    context: dict[str, Any] = {
        "account": account,
        "keys": keys,
        "roles": ROLES,
        "scopes": sorted(SCOPES_OF[account.role]),
        "problem": wrong,
        "password": password,
    }
    return render(request, USER, context, status=200 if problem is None else problem.status)


def _role(name: str) -> Role:
    """Return the role in a form. The store refuses an unknown one."""
    return cast("Role", name)
