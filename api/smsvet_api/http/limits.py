"""Limits the size of a request body and the time until it has arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smsvet.model import Lang

from ..wording import say
from .problems import ProblemError

DRAIN = 16 * 1024 * 1024
"""Maximum bytes of a body above the limit that are read and dropped. Many clients read the response only once they have
sent the whole body, and see a reset connection if the server closes it before."""
DRAIN_SILENCE = 1.0
"""Seconds without a byte after which the rest of such a body is not waited for."""


class BodyLimit:
    """ASGI middleware that rejects a request whose body is longer than its path allows, or arrives too slowly.

    It counts the bytes received and does not trust Content-Length. It keeps no byte of a body whose Content-Length is too
    large. Sizes are in bytes; `timeout` is in seconds, for the whole body.
    """

    def __init__(self, app: ASGIApp, by_path: Mapping[str, int], default: int, timeout: float) -> None:
        self.app = app
        self.by_path = by_path
        self.default = default
        self.timeout = timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body limited."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.by_path.get(scope["path"].removeprefix(scope.get("root_path", "")), self.default)
        await self.app(scope, _Body(scope, receive, limit, self.timeout).receive, send)


class _Body:
    """The body of one request while it is received."""

    def __init__(self, scope: Scope, receive: Receive, limit: int, timeout: float) -> None:
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"")
        self.scope = scope
        self.source = receive
        self.limit = limit
        self.timeout = timeout
        self.until: float | None = None
        self.declared = int(declared) if declared.isdigit() else 0
        # A client that waits for "100 Continue" sends nothing after a refusal.
        self.drains = self.declared <= limit + DRAIN and b"expect" not in headers
        self.received = 0
        self.more = True

    async def receive(self) -> Message:
        """Return the next message of the request. Raises ProblemError if the body is too large or too slow."""
        if not self.more:
            return await self.source()
        if self.until is None:
            self.until = asyncio.get_running_loop().time() + self.timeout
        try:
            async with asyncio.timeout_at(self.until):
                if self.declared <= self.limit:
                    message = await self._next()
                    if self.received <= self.limit:
                        return message
                if self.drains:
                    await self._drain()
        except TimeoutError:
            if max(self.declared, self.received) <= self.limit:
                raise too_slow(self.scope) from None
        raise too_large(self.limit, self.scope)

    async def _next(self) -> Message:
        message = await self.source()
        self.received += len(message.get("body", b""))
        self.more = bool(message.get("more_body"))
        return message

    async def _drain(self) -> None:
        while self.more and self.received <= self.limit + DRAIN:
            async with asyncio.timeout(DRAIN_SILENCE):
                await self._next()


def too_large(limit: int, scope: Scope) -> ProblemError:
    """Return the 413 problem. It closes the connection, because the rest of the body may be unread."""
    lang = lang_in(scope)
    detail = say(lang, f"正文不得超过 {limit} 字节", f"The body may have {limit} bytes at most")
    return ProblemError("too-large", detail, lang=lang, headers={"connection": "close"})


def too_slow(scope: Scope) -> ProblemError:
    """Return the 408 problem for a body that does not arrive in time. It closes the connection."""
    lang = lang_in(scope)
    detail = say(lang, "正文未在时限内收完", "The body did not arrive in time")
    return ProblemError("timeout", detail, lang=lang, headers={"connection": "close"})


def lang_in(scope: Scope) -> Lang:
    """Return the requested language: `en` if the query is `lang=en`, else `zh`."""
    return "en" if parse_qs(scope["query_string"]).get(b"lang") == [b"en"] else "zh"
