"""Serves the style sheet, the script and the icon under addresses that contain their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOREVER: Final = "public, max-age=31536000, immutable"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file with the first 12 hex digits of its SHA-256."""

    content: bytes
    digest: str
    media_type: str


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Return all files by name."""
    found = {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in _TYPES:
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:12]
            found[path.name] = StaticFile(content, digest, _TYPES[path.suffix])
    return found


def address(name: str) -> str:
    """Return the path of a file. Raises KeyError for an unknown name."""
    return f"/static/{static_files()[name].digest}/{name}"


@router.get("/static/{digest}/{name}")
async def get_static_file(digest: str, name: str) -> Response:
    """Return a file that no browser needs to ask for again."""
    file = static_files().get(name)
    if file is None or file.digest != digest:
        raise HTTPException(404)
    headers = {"cache-control": _FOREVER, "x-content-type-options": "nosniff"}
    return Response(file.content, headers=headers, media_type=file.media_type)
