"""Shows problem documents as pages to browsers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..http.problems import MEDIA_TYPE
from .preferences import preferences_of
from .rendering import FRAGMENT, render
from .viewer import look_up_viewer
from .words import entries

_LARGEST: Final = 256 * 1024
_DROPPED: Final = (
    "content-length", "content-type", "cache-control", "content-security-policy", "referrer-policy",
    "x-content-type-options", "vary",
)  # fmt: skip


class ErrorPages:
    """ASGI middleware that replaces a problem document by a page where the request accepts HTML.

    It is outermost, so that it shows the errors of other middleware too. Programs, and everything under `/v1`, get the
    document.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or not accepts_html(scope):
            await self.app(scope, receive, send)
            return
        started: Message | None = None
        body = b""

        async def replacing(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start" and _is_problem(message):
                started = message
                return
            if started is None:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body") and len(body) < _LARGEST:
                return
            first, started = started, None
            await self._answer(scope, receive, send, first, body)

        await self.app(scope, receive, replacing)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, first: Message, body: bytes) -> None:
        request = Request(scope)
        problem = _read(body)
        if target := _page_before(request, first["status"], problem):
            await RedirectResponse(target, 303)(scope, receive, send)
            return
        template = "toast.html.jinja" if FRAGMENT in request.headers else "error.html.jinja"
        await look_up_viewer(request, preferences_of(request).lang)
        page = render(request, template, problem_context(first["status"], problem), status=first["status"])
        headers = MutableHeaders(raw=list(first["headers"]))
        for name in _DROPPED:
            del headers[name]
        for name, value in page.headers.items():
            headers[name] = value
        page.raw_headers = headers.raw
        await page(scope, receive, send)


def _page_before(request: Request, status: int, problem: Mapping[str, Any]) -> str | None:
    """Return the page that a visitor needs first: to sign in, or to change a one-time password."""
    if request.method != "GET" or FRAGMENT in request.headers or request.url.path == "/try":
        return None
    if status == 401 and request.app.state.storage is not None:
        query = f"?{request.url.query}" if request.url.query else ""
        return f"/login?back={quote(request.url.path + query, safe='')}"
    return "/password" if name_of(problem) == "password-change" else None


def name_of(problem: Mapping[str, Any]) -> str:
    """Return the name of a problem document, the last part of its type."""
    return str(problem.get("type", "")).rpartition(":")[2]


def problem_context(status: int, problem: Mapping[str, Any]) -> dict[str, object]:
    """Return what the page of a problem shows: words for its name or status, and the instance for support."""
    name = name_of(problem)
    key = next(
        key for key in (f"error.{name}", f"error.{status}", "error.other") if f"{key}.title" in entries()
    )
    return {"status": status, "error": key, "instance": problem.get("instance")}


def accepts_html(scope: Scope) -> bool:
    """Return whether a page is wanted: the request names HTML in `Accept`, and is not for the API."""
    if scope["path"].startswith("/v1/"):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith(MEDIA_TYPE)


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
