"""A notice that the next page shows once: what an action did, where the action leads to another page."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response

from ..http.problems import encode
from .words import text

COOKIE: Final = "smsvet_notice"
_LONGEST: Final = 2000
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Undo:
    """A decision that can be withdrawn for so many seconds from now."""

    case_id: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Notice:
    """The key of its words with the values for them, and the decision that it offers to undo."""

    key: str
    values: Mapping[str, str | int]
    undo: Undo | None = None


def leave(response: Response, notice: Notice, *, secure: bool) -> None:
    """Leave a notice for the next page that this browser requests."""
    document: dict[str, Any] = {"key": notice.key, "values": dict(notice.values)}
    if notice.undo is not None:
        document["undo"] = [notice.undo.case_id, notice.undo.seconds]
    written = base64.urlsafe_b64encode(encode(document)).decode()
    response.set_cookie(COOKIE, written, _SECONDS, httponly=True, samesite="lax", secure=secure)


def left(request: Request) -> Notice | None:
    """Return the notice that was left for this request, None if there is none, or it cannot be read."""
    written = request.cookies.get(COOKIE, "")
    if not written or len(written) > _LONGEST:
        return None
    try:
        document = json.loads(base64.urlsafe_b64decode(written.encode()))
        key, values = document["key"], document["values"]
        text("zh", key, **values)  # its words take these values
        undo = document.get("undo")
        return Notice(key, values, Undo(int(undo[0]), int(undo[1])) if undo else None)
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def remove(request: Request, response: Response) -> None:
    """Remove the notice of a request once its page shows it."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE)
