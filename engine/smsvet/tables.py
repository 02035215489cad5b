"""Submissions and verdicts as Arrow tables, columns named as in the public contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from .model import Submission, SubmissionError, Verdict
from .schema import SubmissionIn, read_submission, write_verdict

NESTED = {"params", "documents", "variables", "samples", "account", "recipients", "history"}
"""Columns that may also be given as JSON text."""

_FINDING = pa.struct(
    [
        ("rule", pa.string()),
        ("decision", pa.string()),
        ("field", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("text", pa.string()),
        ("message", pa.string()),
        ("fix", pa.string()),
        ("suggestion", pa.string()),
        ("category", pa.string()),
        ("transforms", pa.list_(pa.string())),
        ("code", pa.string()),
        ("source", pa.string()),
        ("clause", pa.string()),
        ("spans", pa.list_(pa.list_(pa.int32()))),
    ]
)

VERDICTS = pa.schema(
    [
        ("id", pa.string()),
        ("kind", pa.string()),
        ("decision", pa.string()),
        ("provider", pa.string()),
        ("as_of", pa.string()),
        ("findings", pa.list_(_FINDING)),
        ("faults", pa.list_(pa.struct([("rule", pa.string()), ("error", pa.string())]))),
        ("revision", pa.string()),
        ("error", pa.string()),
    ]
)
"""A verdict a row, in the order of the submissions; `error` says why a row is not one and has none."""


def submissions_in(table: pa.Table) -> Iterator[Submission | SubmissionError]:
    """Return the submission of each row, or what is wrong with it.

    Raises SubmissionError for a column that no submission has.
    """
    unknown = sorted(set(table.column_names) - set(SubmissionIn.model_fields))
    if unknown:
        raise SubmissionError(f"{', '.join(unknown)}: unknown column")
    for batch in table.to_batches():
        for row in batch.to_pylist():
            try:
                yield read_submission(
                    {name: decoded(name, value) for name, value in row.items() if value is not None}
                )
            except SubmissionError as error:
                yield error


def decoded(name: str, value: Any) -> Any:
    """Return a cell as it would stand in JSON; raises SubmissionError for broken JSON text."""
    if name in NESTED and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError as error:
            raise SubmissionError(f"{name}: {error}") from error
    if isinstance(value, Mapping):
        return {key: item for key, item in value.items() if item is not None}
    if isinstance(value, list):
        pairs = value and all(isinstance(item, tuple) for item in value)
        return dict(value) if pairs else [decoded("", item) for item in value]
    return value


def verdict_table(answers: Iterator[Verdict | SubmissionError]) -> pa.Table:
    """Return the verdicts as a table with the columns of VERDICTS."""
    rows = [
        {"error": str(answer)} if isinstance(answer, SubmissionError) else write_verdict(answer)
        for answer in answers
    ]
    return pa.Table.from_pylist(rows, schema=VERDICTS)
