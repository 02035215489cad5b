"""Messages of the samples in both languages: an audit stores one, so a few items are reviewed again in the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from smsvet import Reviewer
from smsvet.model import Lang

from ...files.cells import CellError
from ...files.rows import Row
from ..reviewing import Review
from .stored_run import StoredRun

Place = tuple[str, int]
Key = tuple[str, int, str, str | None, int | None, int | None]
"""File, row, rule, field, start and end of a finding."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The message and the fix of a finding."""

    message: str
    fix: str


def other_messages(
    run: StoredRun, places: Sequence[Place], reviewers: Mapping[str, Reviewer]
) -> dict[Key, Wording]:
    """Return message and fix, in the language that the run does not have, of each finding on some items.

    `reviewers` are the loaded ones by revision. It is empty if none has the content of the run, or if the columns
    of its input are not recognised.
    """
    reviewer = reviewers.get(run.manifest["revision"])
    if reviewer is None or run.columns is None or not places:
        return {}
    other: Lang = "en" if run.lang_of_messages == "zh" else "zh"
    review = Review(reviewer, run.how.provider, date.fromisoformat(run.manifest["as_of"]), other)
    found: dict[Key, Wording] = {}
    for file, row, cells in run.rows_at(places):
        try:
            data = run.columns.record([cells[name] for name in run.input_columns])
        except CellError:
            continue
        verdict = review.verdicts([Row(row, data)]).to_pylist()[0]
        found |= {
            (file, row, one["rule"], one["field"], one["start"], one["end"]): _wording(one)
            for one in verdict["findings"] or ()
        }
    return found


def _wording(finding: Mapping[str, Any]) -> Wording:
    return Wording(finding["message"] or "", finding["fix"] or "")
