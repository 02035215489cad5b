"""Users, as admins manage them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from ..store.accounts import users as accounts
from ..store.accounts.roles import Role
from ..store.accounts.users import Account
from ..store.cursors import cursor_of_id
from .identity import caller, settings_of, storage_of
from .json_bodies import JsonBody, Text, answer, body_of, takes
from .parameters import Language, Page, RowId
from .problems import user_body_responses, user_responses

router = APIRouter(redirect_slashes=False, tags=["accounts"])


class UserIn(JsonBody):
    """A new user."""

    name: Text = Field(min_length=1, max_length=64, description="letters, digits and . _ @ -")
    role: Role
    oidc_subject: Text | None = Field(
        None,
        min_length=1,
        max_length=255,
        description="`sub` at the OIDC provider; the user gets no password",
    )


class UserChange(JsonBody):
    """Changes of a user; a field that is left out stays as it is."""

    role: Role | None = None
    disabled: bool | None = None


class UserOut(BaseModel):
    """A user."""

    id: int
    name: str
    role: Role
    must_change: bool = Field(description="the password was given once and has to be changed")
    has_password: bool
    oidc_subject: str | None
    oidc_issuer: str | None = Field(description="null until the first login of a user added without it")
    created_at: datetime
    disabled_at: datetime | None
    seen_at: datetime | None


class NewUserOut(UserOut):
    """A new user."""

    password: str | None = Field(description="one-time password, shown only here; null for a user of OIDC")


class UserList(BaseModel):
    """A page of users."""

    users: list[UserOut]
    next: str | None = Field(description="cursor of the next page; null after the last one")


class PasswordOut(BaseModel):
    """A one-time password. It is shown only here."""

    password: str


@router.get(
    "/v1/users",
    operation_id="list_users",
    response_model=UserList,
    responses=user_responses(),
    summary="List the users",
)
async def list_users(request: Request, query: Page) -> Response:
    """Return users by id."""
    await caller(request, query.lang, "admin")
    after = query.last_id() or 0
    found = await storage_of(request).run(query.lang, accounts.list_users, after, query.limit + 1)
    page = found[: query.limit]
    following = page[-1].id if len(found) > query.limit else None
    return answer({"users": page, "next": cursor_of_id(following)})


@router.post(
    "/v1/users",
    operation_id="add_user",
    openapi_extra=takes(UserIn),
    status_code=201,
    response_model=NewUserOut,
    responses=user_body_responses(409),
    summary="Add a user",
)
async def add_user(request: Request, query: Language) -> Response:
    """Add a user and return the one-time password."""
    lang = query.lang
    admin = await caller(request, lang, "admin")
    given = await body_of(request, UserIn, lang)
    account, password = await storage_of(request).run_hashing(
        lang,
        accounts.add_user,
        given.name,
        given.role,
        admin.actor,
        given.oidc_subject,
        issuer_of(request) if given.oidc_subject else None,
    )
    return answer({**written(account), "password": password}, 201)


@router.get(
    "/v1/users/{id}",
    operation_id="get_user",
    response_model=UserOut,
    responses=user_responses(404),
    summary="Read a user",
)
async def get_user(request: Request, user_id: RowId, query: Language) -> Response:
    """Return a user."""
    await caller(request, query.lang, "admin")
    return answer(await storage_of(request).run(query.lang, accounts.get_user, user_id))


@router.patch(
    "/v1/users/{id}",
    operation_id="change_user",
    openapi_extra=takes(UserChange),
    response_model=UserOut,
    responses=user_body_responses(404, 409),
    summary="Change a user",
)
async def change_user(request: Request, user_id: RowId, query: Language) -> Response:
    """Change role or state. A disabled user's sessions end and keys stop working; the last admin has to remain."""
    lang = query.lang
    admin = await caller(request, lang, "admin")
    given = await body_of(request, UserChange, lang)
    return answer(
        await storage_of(request).run(
            lang, accounts.change_user, user_id, admin.actor, role=given.role, disabled=given.disabled
        )
    )


@router.post(
    "/v1/users/{id}/password",
    operation_id="issue_password",
    response_model=PasswordOut,
    responses=user_responses(404),
    summary="Give a user a new one-time password",
)
async def issue_password(request: Request, user_id: RowId, query: Language) -> Response:
    """Return a new one-time password. The user's sessions end."""
    admin = await caller(request, query.lang, "admin")
    password = await storage_of(request).run_hashing(
        query.lang, accounts.issue_password, user_id, admin.actor
    )
    return answer({"password": password})


def written(account: Account) -> dict[str, Any]:
    """Return a user as JSON."""
    return {name: getattr(account, name) for name in UserOut.model_fields}


def issuer_of(request: Request) -> str | None:
    """Return the configured provider of logins, as accounts have it; None without one."""
    configured = settings_of(request).oidc_issuer
    return configured.rstrip("/") if configured else None
