"""Sessions: login, logout, and what users do with their own account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ..store.accounts.login import change_password, log_in
from ..store.accounts.roles import Role, Scope
from ..store.accounts.sessions import (
    NewSession,
    Session,
    end_other_sessions,
    end_session,
    list_sessions,
)
from ..store.accounts.users import User
from .csrf import check_login_origin
from .identity import caller, session_in, settings_of, storage_of
from .json_bodies import JsonBody, answer, body_of, takes
from .parameters import Language, RowId
from .problems import responses as problems
from .problems import user_body_responses, user_responses
from .transport import address_of, cookie_name, delete_cookie, require_safe_transport, set_cookie

router = APIRouter(redirect_slashes=False, tags=["accounts"])


class LoginIn(JsonBody):
    """A login."""

    name: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


class PasswordIn(JsonBody):
    """The change of a password."""

    old: str = Field(min_length=1, max_length=256)
    new: str = Field(min_length=1, max_length=256, description="12 to 256 characters, without the user name")


class MeOut(BaseModel):
    """Who sends the request."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    role: Role
    scopes: list[Scope] = Field(description="what this session or key may do")
    key: str | None = Field(None, description="the shown part of the API key")
    must_change: bool = Field(False, description="the password was given once and has to be changed")
    csrf: str | None = Field(None, description="of a session: send it as X-CSRF with unsafe methods")
    expires_at: datetime | None = Field(None, description="of a session: its end at the latest")


class SessionOut(BaseModel):
    """A session of the user."""

    id: int
    current: bool = Field(description="the session that sends the request")
    agent: str = Field(description="the browser's name for itself")
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class SessionList(BaseModel):
    """The user's sessions, the latest first."""

    sessions: list[SessionOut]


class Ended(BaseModel):
    """The number of sessions that were ended."""

    ended: int


@router.post(
    "/v1/session",
    operation_id="log_in",
    openapi_extra=takes(LoginIn),
    response_model=MeOut,
    responses=problems(400, 401, 403, 408, 413, 415, 422, 429, 503),
    summary="Sign in",
)
async def create(request: Request, query: Language) -> Response:
    """Begin a session: the response sets its cookie, and has its CSRF token.

    An unknown name and a wrong password get the same answer. After 5 failures of a name, and 20 of an address, the next
    login waits: 1 s, then twice as long each time.
    """
    lang = query.lang
    cookie = require_safe_transport(request, settings_of(request), lang)
    check_login_origin(request, lang)
    given = await body_of(request, LoginIn, lang)
    agent = request.headers.get("user-agent", "")
    new = await storage_of(request).run_hashing(
        lang, log_in, given.name, given.password, address_of(request), agent
    )
    return with_session(new, cookie)


@router.delete(
    "/v1/session",
    operation_id="log_out",
    status_code=204,
    response_class=Response,
    responses=user_responses(),
    summary="Sign out",
)
async def delete(request: Request, query: Language) -> Response:
    """End the session of the request, and let the browser forget its cookie."""
    session = await session_in(request, query.lang)
    await storage_of(request).run(query.lang, end_session, session.id, session.user)
    response = Response(status_code=204)
    delete_cookie(response, cookie_name(request, settings_of(request)) or "")
    return response


@router.get(
    "/v1/me",
    operation_id="me",
    response_model=MeOut,
    responses=problems(401, 422, 429, 503),
    summary="Who am I?",
)
async def me(request: Request, query: Language) -> Response:
    """Return the user of the key or session, and what it may do."""
    if "authorization" in request.headers:
        return answer(_me(await caller(request, query.lang)))
    session = await session_in(request, query.lang)
    return answer(_me(session.user, session))


@router.post(
    "/v1/me/password",
    operation_id="change_password",
    openapi_extra=takes(PasswordIn),
    response_model=MeOut,
    responses=user_body_responses(),
    summary="Change the password",
)
async def password(request: Request, query: Language) -> Response:
    """Change the password. All sessions of the user end; the response sets the cookie of a new one."""
    lang = query.lang
    cookie = require_safe_transport(request, settings_of(request), lang)
    session = await session_in(request, lang)
    given = await body_of(request, PasswordIn, lang)
    new = await storage_of(request).run_hashing(lang, change_password, session, given.old, given.new)
    return with_session(new, cookie)


@router.get(
    "/v1/me/sessions",
    operation_id="list_sessions",
    response_model=SessionList,
    responses=user_responses(),
    summary="List the user's sessions",
)
async def sessions(request: Request, query: Language) -> Response:
    """Return the sessions of the user that are in force."""
    session = await session_in(request, query.lang)
    found = await storage_of(request).run(query.lang, list_sessions, session.user.id)
    return answer({"sessions": [_session(one, session) for one in found]})


@router.delete(
    "/v1/me/sessions",
    operation_id="end_other_sessions",
    response_model=Ended,
    responses=user_responses(),
    summary="Sign out everywhere else",
)
async def delete_others(request: Request, query: Language) -> Response:
    """End all sessions of the user except the one that sends the request."""
    session = await session_in(request, query.lang)
    return answer({"ended": await storage_of(request).run(query.lang, end_other_sessions, session)})


@router.delete(
    "/v1/me/sessions/{id}",
    operation_id="end_session",
    status_code=204,
    response_class=Response,
    responses=user_responses(404),
    summary="End one of the user's sessions",
)
async def delete_one(request: Request, session_id: RowId, query: Language) -> Response:
    """End a session of the user."""
    session = await session_in(request, query.lang)
    await storage_of(request).run(query.lang, end_session, session_id, session.user)
    return Response(status_code=204)


def with_session(new: NewSession, cookie: str) -> Response:
    """Return the response that begins a session in the browser."""
    response = answer(_me(new.session.user, new.session))
    set_cookie(response, cookie, new.cookie)
    return response


def _me(user: User, session: Session | None = None) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "scopes": sorted(user.scopes),
        "key": user.key_prefix,
        "must_change": session.must_change if session else False,
        "csrf": session.csrf if session else None,
        "expires_at": session.expires_at if session else None,
    }


def _session(one: Session, current: Session) -> dict[str, Any]:
    return {
        "id": one.id,
        "current": one.id == current.id,
        "agent": one.agent,
        "created_at": one.created_at,
        "seen_at": one.seen_at,
        "expires_at": one.expires_at,
    }
