"""Finds the file of a rule."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from smsvet.files.content_folders import rules_folder
from smsvet.files.location import CONTENT

from ...http.revision import Revision

SHIPPED: Final = CONTENT / "rules"
LARGEST: Final = 256 * 1024


def is_own(rule: str) -> bool:
    """Return whether a rule is the operator's, not one that smsvet brings."""
    return not (SHIPPED / f"{rule}.yaml").is_file()


def rule_text(revision: Revision, rule: str) -> str | None:
    """Return the YAML of a rule that a revision has loaded; None if it is not there any more, or larger than 256 KiB."""
    settings = revision.content.unpacked(revision.settings)
    folders = (SHIPPED, *map(rules_folder, (*settings.rules, *settings.found.folders)))
    for folder in folders:
        found = _read(folder / f"{rule}.yaml")
        if found is not None:
            return found
    return None


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size <= LARGEST else None
    except (OSError, UnicodeDecodeError):
        return None
