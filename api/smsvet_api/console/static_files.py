"""Serves the style sheet, the scripts and the icon under addresses that contain their digest.

The style sheet is `console.css`, made of the parts in `styles/`. Scripts are modules: `import ... from "./console.js"` is
served with the address of the imported file in place of its name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

FOLDER: Final = Path(__file__).parent / "static"
STYLES: Final = Path(__file__).parent / "styles"
_ORDER: Final = {"frame": 0, "parts": 1, "media": 3}
"""The parts of the style sheet whose place matters; those of single pages come between."""
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_IMPORT: Final = re.compile(r'(?<=from ")\./([a-z-]+\.js)(?=";)')
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
    contents = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES}
    contents["console.css"] = b"\n".join(path.read_bytes() for path in style_parts())
    made: dict[str, StaticFile] = {}

    def make(name: str) -> StaticFile:
        if name not in made:
            content = contents[name]
            if name.endswith(".js"):  # imported files first, since their digest is part of this file
                code = content.decode("utf-8")
                content = _IMPORT.sub(lambda found: _address(found[1], make(found[1])), code).encode()
            made[name] = StaticFile(
                content, hashlib.sha256(content).hexdigest()[:12], _TYPES[Path(name).suffix]
            )
        return made[name]

    return {name: make(name) for name in contents}


def style_parts() -> list[Path]:
    """Return the parts of the style sheet in their order."""
    return sorted(STYLES.glob("*.css"), key=lambda path: (_ORDER.get(path.stem, 2), path.stem))


def address(name: str) -> str:
    """Return the path of a file. Raises KeyError for an unknown name."""
    return _address(name, static_files()[name])


def _address(name: str, file: StaticFile) -> str:
    return f"/static/{file.digest}/{name}"


@router.get("/static/{digest}/{name}")
async def get_static_file(digest: str, name: str) -> Response:
    """Return a file that no browser needs to ask for again."""
    file = static_files().get(name)
    if file is None or file.digest != digest:
        raise HTTPException(404)
    headers = {"cache-control": _FOREVER, "x-content-type-options": "nosniff"}
    return Response(file.content, headers=headers, media_type=file.media_type)
