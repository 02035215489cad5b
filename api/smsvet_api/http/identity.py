"""Who sends a request: the user of an API key or of a session."""

from __future__ import annotations

from fastapi import Request

from smsvet.model import Lang

from ..store.accounts.keys import prefix_of, user_of_key
from ..store.accounts.roles import Scope
from ..store.accounts.sessions import Session, session_of
from ..store.accounts.users import User
from ..wording import say
from .csrf import check_csrf
from .problems import ProblemError
from .rates import Rates
from .settings import Settings
from .storage import Storage
from .transport import address_of, cookie_name


def storage_of(request: Request) -> Storage:
    """Return the store of the application, which has one wherever its routes are included."""
    storage: Storage = request.app.state.storage
    return storage


def settings_of(request: Request) -> Settings:
    """Return the settings of the application."""
    settings: Settings = request.app.state.service.settings
    return settings


def rates_of(request: Request) -> Rates:
    """Return the limits of requests of this process."""
    rates: Rates = request.app.state.rates
    return rates


async def caller(request: Request, lang: Lang, *scopes: Scope) -> User:
    """Return who sends a request: the user of its API key, or of its session.

    The user has one of the scopes; without scopes, any user may. Raises ProblemError: 401 for nobody known, 403 without
    a scope, for a one-time password that was not changed and for a forged request, 429 for too many requests.
    """
    if "authorization" in request.headers:
        user = await _key_user(request, lang)
    else:
        session = await session_in(request, lang)
        if session.must_change:
            detail = say(
                lang,
                "请先更改一次性密码（POST /v1/me/password）",
                "Change the one-time password first (POST /v1/me/password)",
            )
            raise ProblemError("password-change", detail, lang=lang)
        user = session.user
    if scopes and not any(map(user.may, scopes)):
        needed = " / ".join(scopes)
        detail = (
            say(lang, f"此密钥没有 {needed} 权限", f"This key lacks the scope {needed}")
            if user.key_prefix
            else say(
                lang, f"角色 {user.role} 没有 {needed} 权限", f"The role {user.role} lacks the scope {needed}"
            )
        )
        raise ProblemError("forbidden", detail, lang=lang)
    return user


async def current_session(request: Request, lang: Lang) -> Session | None:
    """Return the session of a request's cookie, None without one that is in force. The request may be forged.

    Raises ProblemError (503) if the database is down.
    """
    cookie = _cookie(request)
    return await storage_of(request).run(lang, session_of, cookie) if cookie else None


async def session_in(request: Request, lang: Lang) -> Session:
    """Return the session of a request's cookie, whose password may still have to be changed.

    Raises ProblemError: 401 without a session that is in force, 403 for a forged request, 429 for too many requests.
    """
    session = await current_session(request, lang)
    if session is None:
        raise _unauthorized(request, lang, counted=_cookie(request) is not None)
    rates_of(request).count(f"user:{session.user.id}", lang)
    await check_csrf(request, session.csrf, lang)
    return session


def _cookie(request: Request) -> str | None:
    name = cookie_name(request, settings_of(request))
    return request.cookies.get(name) if name else None


async def _key_user(request: Request, lang: Lang) -> User:
    scheme, _, key = request.headers["authorization"].partition(" ")
    key = key.strip()
    user = None
    if scheme.lower() == "bearer" and prefix_of(key):
        user = await storage_of(request).run(lang, user_of_key, key)
    if user is None:
        raise _unauthorized(request, lang, counted=True)
    rates_of(request).count(f"key:{user.key_prefix}", lang)
    return user


def _unauthorized(request: Request, lang: Lang, *, counted: bool) -> ProblemError:
    """Return the 401 problem, or the 429 problem for an address that sends many wrong keys or cookies."""
    if counted:
        rates_of(request).count_refused(address_of(request), lang)
    detail = say(
        lang,
        "请登录，或在 Authorization 请求头中发送 Bearer 密钥",
        "Sign in, or send a key as Authorization: Bearer",
    )
    return ProblemError("unauthorized", detail, lang=lang, headers={"www-authenticate": "Bearer"})
