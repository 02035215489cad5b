"""The transport of a request: who sends it, and whether a cookie is safe on it."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response

from smsvet.model import Lang

from ..wording import say
from .problems import ProblemError
from .settings import Settings

SECURE_COOKIE: Final = "__Host-smsvet"
"""Browsers accept this name only with Secure, for the whole host and not for its subdomains."""
PLAIN_COOKIE: Final = "smsvet"
"""The cookie over plain HTTP, which the prefix does not allow."""
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via")


def address_of(request: Request) -> str:
    """Return the client's address: behind a proxy of the settings the forwarded one, as uvicorn sets it."""
    return request.client.host if request.client else ""


def is_loopback(request: Request) -> bool:
    """Return whether a request comes from this machine itself, and not from a proxy on it."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return _is_loopback(address_of(request)) and (named == "localhost" or _is_loopback(named))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def cookie_name(request: Request, settings: Settings) -> str | None:
    """Return the name of the session's cookie on a request, None where a session may not be used.

    Browsers treat loopback like TLS. Otherwise a session needs TLS, or `plain_http` in the settings.
    """
    if request.url.scheme == "https":
        return SECURE_COOKIE
    if settings.plain_http:
        return PLAIN_COOKIE
    return SECURE_COOKIE if is_loopback(request) else None


def require_safe_transport(request: Request, settings: Settings, lang: Lang) -> str:
    """Return the name of the session's cookie. Raises ProblemError (403) where a login would be readable on the way."""
    name = cookie_name(request, settings)
    if name is None:
        detail = say(
            lang,
            "未加密的连接上不能登录：请用 HTTPS（反向代理的地址写入 SMSVET_PROXIES），或在可信网络中设 SMSVET_PLAIN_HTTP=1",
            "No login over an unencrypted connection: use HTTPS (SMSVET_PROXIES lists the reverse proxy), or set"
            " SMSVET_PLAIN_HTTP=1 in a trusted network",
        )
        raise ProblemError("plain-http", detail, lang=lang)
    return name


def set_cookie(response: Response, name: str, value: str) -> None:
    """Give a response the session's cookie. The browser forgets it when it is closed; the session ends on the server."""
    response.set_cookie(name, value, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax")


def delete_cookie(response: Response, name: str) -> None:
    """Let the browser forget the session's cookie."""
    response.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax")
