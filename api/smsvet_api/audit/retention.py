"""Removes old runs from an output folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

from .plan import LATEST, MANIFEST

_REMOVED: Final = ".removed"


def remove_old_runs(out: Path, keep: int) -> list[Path]:
    """Remove all finished runs but the `keep` newest, and return their folders. Raises OSError.

    Neither the run that `latest` names nor an unfinished one is ever removed.
    """
    for path in out.glob(f".run=*{_REMOVED}"):
        shutil.rmtree(path)  # left by a crash
    latest = (out / LATEST).read_text(encoding="utf-8").strip()
    finished = sorted(
        ((_finished(path), path.parent) for path in out.glob(f"run=*/{MANIFEST}")), reverse=True
    )
    old = [folder for _, folder in finished if folder.name != latest][max(keep - 1, 0) :]
    for folder in old:
        removed = out / f".{folder.name}{_REMOVED}"
        folder.replace(removed)  # first: half a run would count as an unfinished one
        shutil.rmtree(removed)
    return old


def _finished(manifest: Path) -> str:
    """Return when a run was finished; an unreadable manifest counts as the oldest."""
    try:
        return str(json.loads(manifest.read_text(encoding="utf-8"))["finished"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
