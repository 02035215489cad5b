"""Opens cases for moved rows: chooses those without a case, judges them with the active revision, and stores them."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from smsvet.model import Lang

from ...audit.comparison.comparison import MOVED
from ...audit.comparison.moved_pages import MovedFilter, selected
from ...audit.comparison.stored_run import StoredRun
from ...files.cells import CellError
from ...files.rows import InputError
from ...files.words import provider_names
from ...http.problems import ProblemError
from ...http.service import Service
from ...http.storage import Storage
from ...store.accounts.users import User
from ...store.submissions.reporting import ReportRow, open_rows, opened_ids
from ...wording import say
from .folder import Report

MOST: Final = 200
"""Cases that one click opens."""
SLICE: Final = 25
"""Rows that are judged, and then stored in one transaction."""
_PLACE: Final = ["file", "row"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows that would be opened, and the number of those passed over because they have a case."""

    places: tuple[tuple[str, int], ...]
    skipped: int


def report_id(report: Report) -> str:
    """Return the id by which the store knows a comparison: equal for equal results, whatever its folder."""
    return report.found.folder.name.removeprefix("comparison=")[:64]


def client_id(report: str, place: tuple[str, int]) -> str:
    """Return the id of the submission for a row of a report."""
    file = hashlib.sha256(place[0].encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{report}-{file}-{place[1]}"


def plan(report: Report, chosen: MovedFilter, opened: frozenset[str]) -> Plan:
    """Return which rows would be opened. Raises ArrowException and OSError."""
    name, skipped = report_id(report), 0
    places: list[tuple[str, int]] = []
    for _, row in selected(report.found.folder / MOVED, chosen, columns=_PLACE):
        place = (row["file"], row["row"])
        if client_id(name, place) in opened:
            skipped += 1
            continue
        places.append(place)
        if len(places) == MOST:
            break
    return Plan(tuple(places), skipped)


def run_of(report: Report, service: Service, lang: Lang) -> StoredRun:
    """Return the new run of a comparison, which is beside it. Raises InputError if it is gone or damaged."""
    assert report.comparison is not None  # noqa: S101 - only comparisons have moved rows
    name = f"run={report.comparison.new.run}"
    folder = report.found.folder.parent / name
    if not report.comparison.new.run or "/" in name or not folder.is_dir():
        raise InputError(
            say(
                lang,
                f"审计 {name} 不在对比旁边，无法读取原始行",
                f"the audit {name} is not beside the comparison, so its rows cannot be read",
            )
        )
    return StoredRun(folder, provider_names(service.ready(lang).providers), lang)


async def open_cases(
    storage: Storage, service: Service, user: User, report: Report, chosen: MovedFilter, lang: Lang
) -> tuple[int, int]:
    """Open cases for at most MOST rows without one, and return how many were opened and how many cannot be read.

    Each slice is one transaction, so an interrupted opening is continued by the next one. Raises ProblemError,
    InputError, ArrowException and OSError.
    """
    name = report_id(report)
    opened = await storage.run(lang, opened_ids, name)
    run = run_of(report, service, lang)
    rows = iter((await asyncio.to_thread(plan, report, chosen, opened)).places)
    done = unreadable = 0
    while some := list(islice(rows, SLICE)):
        judged = []
        for place, data in await asyncio.to_thread(submissions_at, run, some):
            one = await _judged(service, name, place, data, lang)
            if one is not None:
                judged.append(one)
        unreadable += len(some) - len(judged)
        done += await storage.run(lang, open_rows, user, name, judged)
    return done, unreadable


def submissions_at(
    run: StoredRun, places: Sequence[tuple[str, int]]
) -> list[tuple[tuple[str, int], dict[str, Any]]]:
    """Return the submissions in some rows of an audit; rows that cannot be read are left out. Raises InputError."""
    return list(_submissions_at(run, places))


def _submissions_at(
    run: StoredRun, places: Sequence[tuple[str, int]]
) -> Iterator[tuple[tuple[str, int], dict[str, Any]]]:
    if run.columns is None:
        return
    wanted = set(places)
    for file, number, row in run.rows_at(places):
        if (file, number) not in wanted:
            continue
        try:
            data = run.columns.record([row[name] for name in run.input_columns])
        except CellError:
            continue
        # The row is judged by the rules of now, for the vendor of the audit.
        data = {name: value for name, value in data.items() if name not in ("id", "as_of")}
        if row["smsvet_provider"]:
            data["provider"] = row["smsvet_provider"]
        yield (file, number), data


async def _judged(
    service: Service, report: str, place: tuple[str, int], data: dict[str, Any], lang: Lang
) -> ReportRow | None:
    """Return a row with the verdict of now, None if the submission in it is not valid."""
    name = client_id(report, place)
    body = json.dumps({**data, "id": name}, ensure_ascii=True, default=str).encode()
    try:
        draft = await service.read_draft(body, lang)
    except ProblemError as problem:
        if problem.name in ("invalid-fields", "invalid-json"):
            return None
        raise
    judged = await service.judge(dict(draft.document), draft.kind, draft.provider, lang)
    return ReportRow(name, draft, judged.verdict, judged.cluster)
