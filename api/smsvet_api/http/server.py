"""uvicorn's HTTP protocol with a time limit for slow clients, a stop that answers, and problem documents."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from .headers import SECURITY_HEADERS
from .problems import ProblemError

_STOP_IDLE = 0.5
"""Seconds for which an idle connection may still send a request during the stop."""


if TYPE_CHECKING:
    # uvicorn chooses between two protocols at import, and types neither's attributes.
    Protocol = Any
else:
    Protocol = AutoHTTPProtocol


class HttpProtocol(Protocol):  # type: ignore[misc] # a subclass of Any
    """The HTTP protocol of `smsvet serve`.

    uvicorn's own waits for ever for the head of a request, closes connections with unread requests when it stops, and
    refuses requests in plain text. The lifespan state of the application has the time limit, `header_timeout`, in seconds.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._seconds = float(self.app_state["header_timeout"])
        self._deadline: asyncio.TimerHandle | None = None
        self._stopping = False
        self._received = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request, and stop the clock once its head is complete."""
        self._received = True
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request; uvicorn limits this wait by its keep-alive timeout."""
        self._received = False
        super().on_response_complete()
        if self._stopping and self._idle():
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._unwatch()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Answer the requests in work. Another may be on its way even on a connection that looks idle."""
        self._stopping = True
        if self._idle():
            self.loop.call_later(_STOP_IDLE, self._close_idle)
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that the parser refuses, with a problem document instead of uvicorn's plain text."""
        self._refuse(ProblemError("bad-request", msg, lang="en"))

    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _watch(self) -> None:
        if not self._idle():
            self._unwatch()
            if self._stopping:
                self.cycle.keep_alive = False
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(self._seconds, self._late)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        if self.transport.is_closing() or not self._idle():
            return
        if self._received:
            self._refuse(ProblemError("timeout", "The head of the request did not arrive in time", lang="en"))
        else:
            self.transport.close()

    def _close_idle(self) -> None:
        if self._idle() and not self.transport.is_closing():
            self.transport.close()

    def _refuse(self, problem: ProblemError) -> None:
        response = problem.response()
        response.headers.update(SECURITY_HEADERS)
        reason = {400: b"Bad Request", 408: b"Request Timeout"}[problem.status]
        head = [b"HTTP/1.1 %d %s" % (problem.status, reason), b"connection: close"]
        head += [name + b": " + value for name, value in response.raw_headers]
        self.transport.write(b"\r\n".join([*head, b"", bytes(response.body)]))
        self.transport.close()
