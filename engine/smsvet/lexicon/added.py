"""The lexicons of the built-in content and of all folders that are added to it."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from ..files.content_files import ContentError, joined_errors
from ..files.content_folders import AddedContent, already_there
from .entries import EVERY, read_entries, read_safe


def read_all_entries(corpora: Path, added: AddedContent) -> list[str]:
    """Return the terms of `corpora/terms` and of the added folders, one line each, as `read_entries` does.

    Raises ContentError for a category that two files define.
    """
    lines = read_entries(corpora / "terms", "corpora/terms")
    places = {path.stem: f"corpora/terms/{path.name}" for path in (corpora / "terms").glob("*.tsv")}
    for folder in added.terms:
        for path in sorted(folder.glob("*.tsv")):
            if path.stem in places:
                raise already_there(
                    f"category {path.stem}", f"类别 {path.stem}", str(path), places[path.stem]
                )
            places[path.stem] = str(path)
        lines += read_entries(folder, str(folder))
    return lines


def read_all_phrases(corpora: Path, added: AddedContent) -> list[str]:
    """Return the allowlist phrases of `corpora/safe` and of the added folders, as `read_safe` does.

    Several files may have phrases for one category.
    """
    lines = read_safe(corpora / "safe", "corpora/safe")
    for folder in added.safe:
        lines += read_safe(folder, str(folder))
    return lines


def check_categories(added: AddedContent, used: Set[str]) -> None:
    """Raise ContentError for an added file whose category no rule uses: it would have no effect."""
    files = [path for folder in (*added.terms, *added.safe) for path in sorted(folder.glob("*.tsv"))]
    phrases = [path for folder in added.safe for path in folder.glob(f"{EVERY}.tsv")]
    unused = [path for path in files if path.stem not in used and path not in phrases]
    if unused:
        raise joined_errors(
            [
                ContentError(f"{path}: no rule looks at {path.stem}", f"{path}: 没有规则使用 {path.stem}")
                for path in unused
            ]
        )
