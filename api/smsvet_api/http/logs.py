"""Structured logging (JSON Lines) without submitted text."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import time
import traceback
from collections import Counter
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Metrics
from .problems import ProblemError, internal_error, lang_of, stopping

LOGGER = logging.getLogger("smsvet_api")

_NUMBER = re.compile(r"(?<![0-9])(\+[0-9]{1,3}|86|0086)?([0-9]{3})[0-9]{4,8}([0-9]{4})(?![0-9])")
_FRAMES = 6


def mask(text: str) -> str:
    """Return the text with the middle digits of possible telephone numbers masked."""
    return _NUMBER.sub(r"\1\2****\3", text)


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object.

    It writes only the type and the stack frames of an exception, because its text may quote a message.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": mask(record.getMessage()),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
            line["at"] = places(record.exc_info[1])
        return json.dumps(line)


def places(error: BaseException) -> list[str]:
    """Return the innermost stack frames of an exception as `folder/file.py:line function`."""
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    return [
        f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in frames[-_FRAMES:]
    ]


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - a log that cannot be written must not end a request
            self.handleError(record)


def configure(level: str) -> None:
    """Send the logs of the service and of uvicorn to standard error as JSON Lines.

    uvicorn's access log is off, because it contains the query string, which is the caller's text.
    """
    for name in ("smsvet_api", "uvicorn"):
        handler = _Lines()
        handler.setFormatter(JsonLines())
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level.upper())
        logger.propagate = False
    logging.getLogger("uvicorn.access").disabled = True


class Observer:
    """ASGI middleware that times, counts and logs each request, and returns 500 for an unhandled exception.

    Handlers add to the tally in `scope["smsvet.tally"]`; the log line contains its decisions.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        tally: Counter[tuple[str, ...]] = Counter()
        scope["smsvet.tally"] = tally
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except ClientDisconnect:
            status = 499
        except asyncio.CancelledError:  # the time limit of the stop
            scope["smsvet.problem"] = problem = stopping(lang_of(Request(scope)))
            if status == 0:
                await problem.response()(scope, receive, noting)
        except Exception as error:  # its text may quote a message, so it stays out of the response
            problem = internal_error(lang_of(Request(scope)))
            scope["smsvet.problem"] = problem
            LOGGER.error("failed", exc_info=error, extra={"facts": {"instance": problem.instance}})
            if status == 0:
                await problem.response()(scope, receive, noting)
        seconds = time.perf_counter() - started
        route: str = getattr(scope.get("route"), "path_format", "unmatched")
        self.metrics.request(scope["method"], route, status, seconds)
        self.metrics.reviews(tally)
        LOGGER.info("request", extra={"facts": facts(scope, route, status, seconds, tally)})


def facts(
    scope: Scope, route: str, status: int, seconds: float, tally: Counter[tuple[str, ...]]
) -> dict[str, Any]:
    """Return the fields of a request's log line: the route pattern, not the path; counts, not text."""
    counts: dict[str, Counter[str]] = {"review": Counter(), "fault": Counter(), "unreviewed": Counter()}
    for (what, label, *_), number in tally.items():
        if what in counts:
            counts[what][label] += number
    written: dict[str, Any] = {
        "method": scope["method"],
        "route": route,
        "status": status,
        "milliseconds": round(seconds * 1000, 3),
        "decisions": dict(counts["review"]),
        "faults": counts["fault"].total(),
        "unreviewed": counts["unreviewed"].total(),
        "revision": scope.get("smsvet.revision"),
    }
    problem = scope.get("smsvet.problem")
    if isinstance(problem, ProblemError):
        written |= {"problem": problem.name, "instance": problem.instance}
    return written
