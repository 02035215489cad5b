"""Security headers, on every response."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""A response that has one of these headers keeps its own, such as the policy of a page."""
STRICT_TRANSPORT: Final = "max-age=31536000"
"""The value of Strict-Transport-Security, in seconds: a year. It is sent under TLS only."""

_ENCODED: Final = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_TRANSPORT: Final = (b"strict-transport-security", STRICT_TRANSPORT.encode())
_NO_STORE: Final = (b"cache-control", b"no-store")
_CREDENTIALS: Final = {b"authorization", b"cookie"}


class SecurityHeaders:
    """ASGI middleware that adds the headers. Responses to requests with credentials are kept by no cache."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                present = {name.lower() for name, _ in headers}
                headers += [header for header in wanted(scope) if header[0] not in present]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, with_headers)


def wanted(scope: Scope) -> Iterable[tuple[bytes, bytes]]:
    """Yield the headers for the response to a request."""
    yield from _ENCODED
    if scope.get("scheme") == "https":
        yield _TRANSPORT
    if any(name in _CREDENTIALS for name, _ in scope["headers"]):
        yield _NO_STORE
