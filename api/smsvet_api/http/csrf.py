"""Refuses requests that another site makes a browser send with the session's cookie.

An unsafe method has to pass two checks. The browser states that a page of this host sent it, by `Sec-Fetch-Site` or, where
that is absent, by `Origin`. The request has the session's token, which other sites cannot read.
"""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import parse_qs

from fastapi import Request

from smsvet.model import Lang

from ..wording import say
from .problems import ProblemError

HEADER: Final = "x-csrf"
FIELD: Final = "csrf"
"""The hidden field of a form."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM: Final = "application/x-www-form-urlencoded"


def is_safe(request: Request) -> bool:
    """Return whether the method of a request changes nothing."""
    return request.method in _SAFE


def is_from_here(request: Request) -> bool | None:
    """Return whether a page of this host sent a request, according to the browser; None if no header says."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is not None:
        return origin == f"{request.url.scheme}://{request.headers.get('host', '')}"
    return None


async def check_csrf(request: Request, token: str, lang: Lang) -> None:
    """Raise ProblemError (403) unless a request of a session is safe, or sent from here with the session's token."""
    if is_safe(request):
        return
    if not is_from_here(request):
        raise _refused(lang)
    if not hmac.compare_digest((await _sent_token(request)).encode("utf-8", "surrogatepass"), token.encode()):
        raise _refused(lang)


def check_login_origin(request: Request, lang: Lang) -> None:
    """Raise ProblemError (403) if another site sends a login: its visitor would go on under another one's name.

    Programs that are not browsers send neither header, and have no session yet that could be abused.
    """
    if is_from_here(request) is False:
        raise _refused(lang)


async def _sent_token(request: Request) -> str:
    sent = request.headers.get(HEADER)
    if sent is not None:
        return sent
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return ""
    fields = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=1000)
    return fields.get(FIELD, [""])[0]


def _refused(lang: Lang) -> ProblemError:
    detail = say(
        lang,
        "请求不是从本站页面发出，或缺少会话的 X-CSRF 令牌；请重新载入页面",
        "The request was not sent from a page of this site, or lacks the session's X-CSRF token; load the page again",
    )
    return ProblemError("csrf", detail, lang=lang)
