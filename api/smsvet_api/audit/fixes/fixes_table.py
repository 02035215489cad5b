"""The table `fixes` of a run: one row for each corrected text; and its copy as a file for people."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from smsvet import Decision
from smsvet.model import Lang

from ...files.inputs import to_submission
from ...files.results.cells import csv_cell
from ...files.rows import InputError, Row, Unreadable
from ...files.whole_file import replacing
from ...wording import say
from ..reviewing import Review
from .correcting import FIELDS, corrected

FIXES: Final = "fixes"
"""The folder of the table."""
FORMATS: Final = (".csv", ".parquet")


def fix_columns() -> Any:
    """Return the columns of the table."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

    rules = pa.list_(pa.string())
    return pa.schema(
        [
            ("file", pa.string()),
            ("row", pa.int64()),
            ("id", pa.string()),
            ("provider", pa.string()),
            ("field", pa.string()),
            ("before", pa.string()),
            ("after", pa.string()),
            ("decision", pa.string()),
            ("cured", rules),
            ("remaining_decision", pa.string()),
            ("remaining", rules),
        ]
    )


def fixes_of(
    name: str, rows: Sequence[Row | Unreadable], findings: Any, review: Review
) -> Iterator[dict[str, Any]]:
    """Yield the fixes of rows of the file `name`; `findings` is their table of findings."""
    parts = zip(*(findings[column].to_pylist() for column in _SUGGESTING), strict=True)
    suggesting = {
        row
        for row, decision, field, suggestion in parts
        if suggestion and field in FIELDS and decision != Decision.APPROVE
    }
    for row in rows:
        if isinstance(row, Unreadable) or row.line not in suggesting:
            continue
        submission = to_submission(row, review.provider, review.as_of, review.lang)
        if isinstance(submission, Unreadable):
            continue
        found = corrected(submission, review.reviewer, review.lang)
        if found is None:
            continue
        for field in found.fields:
            yield {
                "file": name,
                "row": row.line,
                "id": found.verdict.id,
                "provider": found.verdict.provider,
                "field": field,
                "before": getattr(found.before, field),
                "after": getattr(found.after, field),
                "decision": found.verdict.decision.value,
                "cured": list(found.cured),
                "remaining_decision": found.again.decision.value,
                "remaining": list(found.remaining),
            }


_SUGGESTING: Final = ("row", "decision", "field", "suggestion")


def check_format(path: Path, lang: Lang) -> None:
    """Raise InputError for a file of fixes whose extension is unknown."""
    if path.suffix.lower() not in FORMATS:
        known = " ".join(FORMATS)
        raise InputError(
            say(
                lang,
                f"--write-fixes {path}：未知的扩展名；可用：{known}",
                f"--write-fixes {path}: unknown extension; known: {known}",
            )
        )


def write_fixes(run: Path, target: Path, lang: Lang) -> tuple[int, int]:
    """Copy the fixes of a finished run to a file; return their number, and the number of those that are approved.

    Raises InputError if the file cannot be written.
    """
    check_format(target, lang)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as temporary:
            if target.suffix.lower() == ".csv":
                return _write_csv(run, temporary)
            return _write_parquet(run, temporary)
    except OSError as error:
        raise InputError(f"{target}: {error.strerror or error}") from error


def _tables(run: Path) -> Iterator[Any]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    for path in sorted((run / FIXES).glob("*.parquet")):
        yield pq.read_table(path)


def _write_csv(run: Path, path: Path) -> tuple[int, int]:
    total = clean = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(fix_columns().names)
        for table in _tables(run):
            for one in table.to_pylist():
                cells = (" ".join(cell) if isinstance(cell, list) else cell for cell in one.values())
                writer.writerow([csv_cell(cell) for cell in cells])
                total += 1
                clean += one["remaining_decision"] == Decision.APPROVE
    return total, clean


def _write_parquet(run: Path, path: Path) -> tuple[int, int]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    total = clean = 0
    with pq.ParquetWriter(path, fix_columns(), compression="zstd") as writer:
        for table in _tables(run):
            table = table.replace_schema_metadata(None)
            writer.write_table(table)
            total += table.num_rows
            clean += table["remaining_decision"].to_pylist().count(Decision.APPROVE.value)
    return total, clean
