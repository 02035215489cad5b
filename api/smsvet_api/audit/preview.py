"""Shows what an audit would do, without writing: the fields of the columns, and the first verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from smsvet import Reviewer, Submission, Verdict
from smsvet.submission import SubmissionError

from ..files.inputs import to_submission
from ..files.rows import Row, Unreadable
from ..store.table_address import is_address, parse_address
from .inputs import InputFile, check_columns, find_inputs
from .sources import Interpretation, Note, rows_of
from .table_copy import copy_table

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """The files of an audit; of the first, the columns with their fields, and the first rows with their verdicts."""

    files: tuple[InputFile, ...]
    columns: tuple[tuple[str, str | None], ...]
    rows: tuple[tuple[Submission, Verdict] | Unreadable, ...]


def preview(given: str, how: Interpretation, as_of: date, reviewer: Reviewer, note: Note) -> Preview:
    """Return what an audit of `given` would read. Raises InputError."""
    if is_address(given):
        address = parse_address(given, how.lang)
        with TemporaryDirectory() as folder:
            file = copy_table(address, Path(folder) / f"{address.table}.parquet", how.lang, SHOWN)
            return _shown((file,), how, as_of, reviewer, note)
    return _shown(find_inputs(given, how.lang), how, as_of, reviewer, note)


def _shown(
    files: tuple[InputFile, ...], how: Interpretation, as_of: date, reviewer: Reviewer, note: Note
) -> Preview:
    columns: list[tuple[str, str | None]] = []

    def mapped(found: Sequence[tuple[str, str | None]]) -> None:
        columns.extend(found)

    check_columns(files, how.columns, how.lang)
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
