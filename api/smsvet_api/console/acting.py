"""Reads who sends a form, and returns the refusals that its page shows and the notice of an action."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from smsvet.model import Lang

from ..http.identity import session_in
from ..http.problems import ProblemError
from ..store.accounts.roles import Role
from ..store.accounts.users import User
from .forms import read_form
from .notices import Notice, Undo, leave
from .viewer import require_viewer

_EXPECTED: Final = {
    "invalid-fields",
    "conflict",
    "not-found",
    "content-refused",
    "revision-gone",
    "busy",
    "id-reused",
}
"""Problems that the page with the form shows; others get the page of the error."""
_NUMBER: Final = re.compile("[0-9]{1,9}")


async def acting_user(request: Request, lang: Lang, roles: Collection[Role]) -> User:
    """Return the user who sends a form, and note the session for the frame.

    Raises ProblemError: as `require_viewer` does, and 403 for a form that another site sent.
    """
    await session_in(request, lang)
    return await require_viewer(request, lang, roles)


async def plain_form(request: Request) -> dict[str, str]:
    """Return the fields of a form without the character 0, which PostgreSQL refuses."""
    return {name: value.replace("\0", "") for name, value in (await read_form(request)).items()}


def sentences(problem: ProblemError) -> list[str]:
    """Return what the page with the form says about a refusal, line by line. Raises the problem if it is another one."""
    if problem.name not in _EXPECTED:
        raise problem
    return [error.message for error in problem.errors or ()] or (problem.detail or "").split("\n")


def back(request: Request, path: str, done: str, undo: Undo | None = None, **values: str | int) -> Response:
    """Lead to a page that shows once a notice of the action: the words of a key with their values."""
    response = RedirectResponse(path, 303)
    leave(response, Notice(done, values, undo), secure=request.url.scheme == "https")
    return response


def number_in(value: str | None) -> int | None:
    """Return the number in a query parameter, None for anything else."""
    return int(value) if value is not None and _NUMBER.fullmatch(value) else None
