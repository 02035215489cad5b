"""Opaque cursors of lists: the position after which a page begins."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated

from pydantic import Field

from smsvet.model import Lang

from ..wording import say
from .problems import FieldError, invalid_fields
from .routes import LangQuery

Limit = Annotated[int, Field(ge=1, le=200, description="most items of a page")]
Cursor = Annotated[str, Field(max_length=64, description="`next` of the page before")]


class PageQuery(LangQuery):
    """Selects a page of a list."""

    cursor: Cursor | None = None
    limit: Limit = 50


_POSITION = re.compile("[1-9][0-9]{0,17}")


def cursor_of(position: int | None) -> str | None:
    """Return the cursor of a position, None for no position."""
    if position is None:
        return None
    return base64.urlsafe_b64encode(f"after:{position}".encode()).decode().rstrip("=")


def position_of(cursor: str | None, lang: Lang) -> int | None:
    """Return the position of a cursor, None without one. Raises ProblemError (422) for anything `cursor_of` did not make."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        word, _, position = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        word, position = "", ""
    if word != "after" or not _POSITION.fullmatch(position):
        message = say(lang, "应为上一页的 next", "expected the next of the page before")
        raise invalid_fields([FieldError(field="cursor", message=message)], lang)
    return int(position)
