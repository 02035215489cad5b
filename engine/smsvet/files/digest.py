"""Digests of content files: the revision of a verdict, and the key of a cache file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from .content_files import read_bytes
from .location import CONTENT

FOLDERS = ("rules", "grammars", "corpora")
"""The folders of content."""

_READ = (".yaml", ".tsv", ".txt", ".lark", ".py")


def digest(places: Iterable[Path], switched: Iterable[str] = ()) -> str:
    """Return a SHA-256 in hexadecimal over the names and bytes of content files and the switched disguises.

    Raises ContentError for a file that cannot be read.
    """
    total = hashlib.sha256("\0".join(switched).encode())
    for place in places:
        for name in ["."] if place.is_file() else files_below(place):
            total.update(name.encode() + b"\0")
            path = place / name
            total.update(hashlib.sha256(read_bytes(path, str(path))).digest())
    return total.hexdigest()


def content_revision(content: Path = CONTENT) -> str:
    """Return the revision of the content in a folder, without compiling it: that of a reviewer without a policy."""
    return digest(content / name for name in FOLDERS)[:16]


def files_below(folder: Path) -> list[str]:
    """Return the content files below a folder, as relative paths in sorted order."""
    found: list[tuple[str, ...]] = []
    for place, _, names in os.walk(folder):
        above = Path(place).relative_to(folder).parts
        found += [(*above, name) for name in names if name.endswith(_READ)]
    return ["/".join(parts) for parts in sorted(found)]


def installed_beside(*modules: str) -> list[str]:
    """Return the names and versions of every package installed next to these modules, from the folder names.

    `importlib.metadata` returns the same, but its import takes longer than reading the folder.
    """
    specs = [spec for spec in map(find_spec, modules) if spec is not None]
    folders = {Path(place).parent for spec in specs for place in spec.submodule_search_locations or ()}
    return sorted(
        path.name
        for folder in folders
        for path in folder.iterdir()
        if path.suffix in (".dist-info", ".egg-info")
    )
