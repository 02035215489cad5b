"""Reads forms."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.datastructures import UploadFile

MOST_FIELDS: Final = 200
MOST_REPEATED: Final = 500
"""Fields of a form with tick boxes."""


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form, the last of each name, with line ends as `\\n`.

    Raises HTTPException (400) for a form that cannot be read or has too many fields.
    """
    sent = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {
        name: value.replace("\r\n", "\n").replace("\r", "\n")
        for name, value in sent.multi_items()
        if not isinstance(value, UploadFile)
    }


async def read_many(request: Request) -> dict[str, list[str]]:
    """Return the fields of a form whose names may repeat, as `read_form` does otherwise."""
    sent = await request.form(max_files=0, max_fields=MOST_REPEATED)
    found: dict[str, list[str]] = {}
    for name, value in sent.multi_items():
        if not isinstance(value, UploadFile):
            found.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\r", "\n"))
    return found


def local_path(path: str) -> str:
    """Return a path of this site; `/` for anything else, such as the address of another site."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if plain and path.isascii() and path.isprintable() else "/"
