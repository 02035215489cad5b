"""Limits the size of a request body while it is received."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smsvet.model import Lang

from ..wording import say
from .problems import ProblemError


class BodyLimit:
    """ASGI middleware that rejects a request whose body is longer than its path allows.

    It counts the bytes received and does not trust Content-Length. If Content-Length itself is too large, it
    rejects the request before it reads the body. Sizes are in bytes.
    """

    def __init__(self, app: ASGIApp, by_path: Mapping[str, int], default: int) -> None:
        self.app = app
        self.by_path = by_path
        self.default = default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body limited."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.by_path.get(scope["path"].removeprefix(scope.get("root_path", "")), self.default)
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        received = int(declared) if declared.isdigit() and int(declared) > limit else 0

        async def limited() -> Message:
            nonlocal received
            if received > limit:
                raise too_large(limit, scope)
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise too_large(limit, scope)
            return message

        await self.app(scope, limited, send)


def too_large(limit: int, scope: Scope) -> ProblemError:
    """Return the 413 problem. It closes the connection, because the rest of the body is not read."""
    lang: Lang = "en" if parse_qs(scope["query_string"]).get(b"lang") == [b"en"] else "zh"
    detail = say(lang, f"正文不得超过 {limit} 字节", f"The body may have {limit} bytes at most")
    return ProblemError("too-large", detail, lang=lang, headers={"connection": "close"})
