"""Login by OpenID Connect: authorization code with PKCE, against one configured provider."""

from __future__ import annotations

import hmac
import secrets
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import ConfigDict, Field

from smsvet.model import Lang

from ..store.accounts.roles import Role
from ..store.accounts.subjects import log_in_subject
from ..wording import say
from .identity import settings_of, storage_of
from .logs import LOGGER
from .oidc_provider import Provider, ProviderDownError, TokenError
from .parameters import LangQuery, Language
from .problems import ProblemError
from .problems import responses as problems
from .settings import Settings
from .transport import SECURE_COOKIE, require_safe_transport, set_cookie

router = APIRouter(redirect_slashes=False, tags=["accounts"])

CALLBACK: Final = "/v1/oidc/callback"
_SECONDS: Final = 600
"""Time limit of a login at the provider."""


class CallbackQuery(LangQuery):
    """The provider's answer. Unknown parameters, such as `session_state`, are ignored."""

    model_config = ConfigDict(extra="ignore")

    code: str | None = Field(None, max_length=4096)
    state: str | None = Field(None, max_length=512)
    error: str | None = Field(None, max_length=512)


def provider_of(request: Request) -> Provider:
    """Return the provider of the application."""
    provider: Provider = request.app.state.provider
    return provider


@router.get(
    "/v1/oidc/login",
    operation_id="begin_oidc_login",
    status_code=303,
    response_class=Response,
    responses=problems(403, 422, 503),
    summary="Sign in at the OIDC provider",
)
async def begin(request: Request, query: Language) -> Response:
    """Send the browser to the provider."""
    cookie = require_safe_transport(request, settings_of(request), query.lang)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    try:
        url = await provider_of(request).login_url(_callback(request), state, nonce, verifier)
    except ProviderDownError as error:
        raise _down(error, query.lang) from error
    response = Response(status_code=303, headers={"location": url, "cache-control": "no-store"})
    # The host prefix keeps other sites from writing the cookie, so it needs no signature.
    response.set_cookie(
        _temporary(cookie),
        f"{state}.{nonce}.{verifier}.{query.lang}",
        max_age=_SECONDS,
        path="/",
        secure=cookie == SECURE_COOKIE,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(
    CALLBACK,
    operation_id="end_oidc_login",
    status_code=303,
    response_class=Response,
    responses=problems(401, 403, 422, 503),
    summary="Return from the OIDC provider",
)
async def end(request: Request, query: Annotated[CallbackQuery, Query()]) -> Response:
    """Begin the session of the user whom the provider has authenticated, and open the first page."""
    cookie = require_safe_transport(request, settings_of(request), query.lang)
    parts = request.cookies.get(_temporary(cookie), "").split(".")
    lang: Lang = "en" if parts[-1] == "en" else query.lang
    if len(parts) != 4 or not hmac.compare_digest(parts[0].encode(), (query.state or "").encode()):
        raise _failed("the state is not that of this browser", lang)
    if query.error is not None or query.code is None:
        raise _failed("the provider returned an error", lang)
    _, nonce, verifier, _ = parts
    try:
        claims = await provider_of(request).claims(_callback(request), query.code, nonce, verifier)
    except ProviderDownError as error:
        raise _down(error, lang) from error
    except TokenError as error:
        raise _failed(str(error), lang) from error
    new = await storage_of(request).run(
        lang,
        log_in_subject,
        provider_of(request).issuer,
        claims["sub"],
        [str(claims[name]) for name in ("preferred_username", "email", "name") if claims.get(name)],
        role_of(claims, settings_of(request)),
        request.headers.get("user-agent", ""),
    )
    response = Response(status_code=303, headers={"location": "/", "cache-control": "no-store"})
    set_cookie(response, cookie, new.cookie)
    response.delete_cookie(_temporary(cookie), path="/", secure=cookie == SECURE_COOKIE, httponly=True)
    return response


def role_of(claims: dict[str, Any], settings: Settings) -> Role | None:
    """Return the role to which the settings map a claim; the first entry that matches counts."""
    if settings.oidc_role_claim is None:
        return None
    found = claims.get(settings.oidc_role_claim)
    values = found if isinstance(found, list) else [found]
    return next((role for value, role in settings.oidc_roles if value in values), None)


def _temporary(cookie: str) -> str:
    return f"{cookie}-oidc"


def _callback(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}{CALLBACK}"


def _down(error: ProviderDownError, lang: Lang) -> ProblemError:
    LOGGER.error("oidc provider down", extra={"facts": {"reason": str(error)}})
    detail = say(lang, "登录服务暂不可用，请稍后重试", "The login provider is not available; try again later")
    return ProblemError("provider-down", detail, lang=lang, headers={"retry-after": "10"})


def _failed(reason: str, lang: Lang) -> ProblemError:
    LOGGER.warning("oidc login failed", extra={"facts": {"reason": reason}})
    detail = say(lang, "登录未完成，请重新登录", "The login was not completed; sign in again")
    return ProblemError("wrong-login", detail, lang=lang, headers={"www-authenticate": "Bearer"})
