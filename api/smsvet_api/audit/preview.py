"""Shows what an audit would do, without writing: the fields of the columns, and the first verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from smsvet import Reviewer, Submission, Verdict
from smsvet.submission import SubmissionError

from ..files.inputs import to_submission
from ..files.rows import Row, Unreadable
from .inputs import InputFile, find_inputs
from .sources import Interpretation, Note, rows_of

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """The files of an audit; of the first, the columns with their fields, and the first rows with their verdicts."""

    files: tuple[InputFile, ...]
    columns: tuple[tuple[str, str | None], ...]
    rows: tuple[tuple[Submission, Verdict] | Unreadable, ...]


def preview(given: str, how: Interpretation, as_of: date, reviewer: Reviewer, note: Note) -> Preview:
    """Return what an audit of `given` would read. Raises InputError."""
    files = find_inputs(given, how.lang)
    columns: list[tuple[str, str | None]] = []

    def mapped(found: Sequence[tuple[str, str | None]]) -> None:
        columns.extend(found)

    rows = islice(rows_of(files[0], how, note, mapped), SHOWN)
    answers = tuple(_answer(row, how, as_of, reviewer) for row in rows)
    return Preview(files, tuple(columns), answers)


def _answer(
    row: Row | Unreadable, how: Interpretation, as_of: date, reviewer: Reviewer
) -> tuple[Submission, Verdict] | Unreadable:
    submission = row if isinstance(row, Unreadable) else to_submission(row, how.provider, as_of, how.lang)
    if isinstance(submission, Unreadable):
        return submission
    try:
        return submission, reviewer.review(submission, how.lang)
    except SubmissionError as error:
        return Unreadable(row.line, error.say(how.lang), submission.id)
