"""Finds the reports below a folder: the folders `comparison=ID` and `run=ID` that audits and comparisons write."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from ...audit.comparison.comparison import MOVED, SUMMARY
from ...audit.plan import MANIFEST
from ...audit.report.page import REPORT
from .stored import Audit, Comparison, DamagedReportError, read_stored

Kind = Literal["comparison", "audit"]
_KINDS: Final[tuple[tuple[str, Kind, str], ...]] = (
    ("comparison=", "comparison", SUMMARY),
    ("run=", "audit", MANIFEST),
)
_HIDDEN: Final = "against"
"""The folder where a comparison keeps the audit of its other side."""
MOST: Final = 5_000
"""Folders that are looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """A report in the folder. `id` is a digest of its place, so that no address has a path."""

    id: str
    kind: Kind
    folder: Path
    name: str
    """Its place below the folder of reports."""
    at: datetime
    """When its summary was written; for an unfinished one, when its folder changed."""
    finished: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A report with its summary or manifest. `damage` names a file that cannot be read."""

    found: Found
    comparison: Comparison | None = None
    audit: Audit | None = None
    damage: str | None = None


def find_reports(root: Path) -> list[Found]:
    """Return the reports in the folder and in the folders of it, the newest first. Links out of the folder are left out.

    Raises OSError for a folder that cannot be read.
    """
    home = root.resolve()
    places = [home, *(one for one in _folders(home) if _kind(one.name) is None and one.name != _HIDDEN)]
    found = [report for place in places for report in _reports(home, place)]
    return sorted(found, key=lambda one: (one.at, one.name), reverse=True)


def find_report(root: Path, report_id: str) -> Found | None:
    """Return the report of an id, None if there is none. Raises OSError."""
    return next((one for one in find_reports(root) if one.id == report_id), None)


def read_report(found: Found) -> Report:
    """Return a report with its summary, or with its damage."""
    try:
        if found.kind == "comparison":
            return Report(found, comparison=read_stored(found.folder / SUMMARY, Comparison))
        return Report(found, audit=read_stored(found.folder / MANIFEST, Audit))
    except DamagedReportError as error:
        return Report(found, damage=str(error))


def downloads(report: Report) -> dict[str, Path]:
    """Return the files of a report that may be downloaded, by name: its own ones, and those that its manifest lists."""
    names = [REPORT, SUMMARY, MOVED] if report.found.kind == "comparison" else [MANIFEST]
    if report.audit is not None:
        names += [one.name for one in (*report.audit.exports, *report.audit.files)]
    folder = report.found.folder
    paths = {name: folder / name for name in names}
    return {name: path for name, path in paths.items() if _is_inside(path, folder) and path.is_file()}


def _reports(home: Path, place: Path) -> Iterator[Found]:
    for folder in _folders(place):
        known = _kind(folder.name)
        if known is None or not _is_inside(folder, home):
            continue
        kind, summary = known
        name = folder.relative_to(home).as_posix()
        try:
            finished = (folder / summary).is_file()
            changed = (folder / summary if finished else folder).stat().st_mtime
        except OSError:
            continue
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        yield Found(digest, kind, folder, name, datetime.fromtimestamp(changed, UTC), finished)


def _folders(place: Path) -> list[Path]:
    try:
        with os.scandir(place) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir())
    except OSError:
        return []
    return [place / name for name in names[:MOST]]


def _kind(name: str) -> tuple[Kind, str] | None:
    return next(((kind, summary) for prefix, kind, summary in _KINDS if name.startswith(prefix)), None)


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False
