"""Submissions and verdicts as Arrow tables, columns named as in the public contract."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import pyarrow as pa

from .batch import AHEAD, clean, judged
from .model import Lang, Purpose, Region, Submission, SubmissionError, Verdict
from .schema import SubmissionIn, read_submission, write_finding
from .sieve import Body

if TYPE_CHECKING:
    from .review import Reviewer

NESTED = {"params", "documents", "variables", "samples", "account", "recipients", "history"}
"""Columns that may also be given as JSON text."""

_BODY = ("body", "purpose", "provider", "region", "as_of", "id")
_PURPOSES = frozenset(get_args(Purpose))
_REGIONS = frozenset((None, *get_args(Region)))

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


def review(reviewer: Reviewer, table: pa.Table, lang: Lang) -> pa.Table:
    """Return the verdicts on a table of submissions, row for row, with the columns of VERDICTS.

    Raises SubmissionError for a column that no submission has.
    """
    unknown = sorted(set(table.column_names) - set(SubmissionIn.model_fields))
    if unknown:
        raise SubmissionError(f"{', '.join(unknown)}: unknown column")
    batches = [answers(reviewer, batch, lang) for batch in table.to_batches(max_chunksize=AHEAD)]
    return pa.Table.from_batches(batches, schema=VERDICTS)


def answers(reviewer: Reviewer, batch: pa.RecordBatch, lang: Lang) -> pa.RecordBatch:
    """Return the verdicts on some rows."""
    columns = {name: batch.column(name).to_pylist() for name in batch.schema.names}
    bodies = bodies_in(reviewer, columns, batch.num_rows)
    texts = iter(reviewer.sieve.read([body for body in bodies if body is not None]))
    names = columns.get("id") or [None] * batch.num_rows
    found: list[Verdict | SubmissionError] = []
    for number, body in enumerate(bodies):
        text = next(texts) if body is not None else None
        if body is not None and text is None:
            found.append(clean(reviewer, names[number], body))
            continue
        try:
            submission = row(columns, number)
            found.append(
                reviewer.review(submission, lang)
                if body is None or text is None
                else judged(reviewer, submission, body, text, lang)
            )
        except SubmissionError as error:
            found.append(error)
    return verdict_rows(found)


def bodies_in(reviewer: Reviewer, columns: Mapping[str, list[Any]], count: int) -> list[Body | None]:
    """Return the body of each row that has a purpose and nothing else that a rule could read; else None."""
    beside = [cells for name, cells in columns.items() if name not in _BODY]
    alone = [all(cell is None for cell in cells) for cells in zip(*beside, strict=True)] or [True] * count
    nothing = [None] * count
    day = reviewer.catalogue.released
    bodies: list[Body | None] = []
    for only, text, purpose, provider, region, as_of, name in zip(
        alone, *(columns.get(column, nothing) for column in _BODY), strict=True
    ):
        provider = "tencent" if provider is None else provider
        usual = (
            only
            and isinstance(text, str)
            and purpose in _PURPOSES
            and provider in reviewer.providers
            and region in _REGIONS
            and (as_of is None or type(as_of) is date)
            and (name is None or isinstance(name, str))
        )
        bodies.append(Body(text, provider, as_of or day, region or "mainland", purpose) if usual else None)
    return bodies


def row(columns: Mapping[str, list[Any]], number: int) -> Submission:
    """Return the submission of a row; raises SubmissionError where it is none."""
    cells = {name: cells[number] for name, cells in columns.items() if cells[number] is not None}
    return read_submission({name: decoded(name, cell) for name, cell in cells.items()})


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


def verdict_rows(found: Sequence[Verdict | SubmissionError]) -> pa.RecordBatch:
    """Return verdicts, and errors in place of some, as rows."""
    verdicts = [None if isinstance(one, SubmissionError) else one for one in found]
    columns = [
        [one and one.id for one in verdicts],
        [one and one.kind for one in verdicts],
        [one and one.decision.value for one in verdicts],
        [one and one.provider for one in verdicts],
        [one and one.as_of.isoformat() for one in verdicts],
        [one and [write_finding(finding) for finding in one.findings] for one in verdicts],
        [one and [{"rule": fault.rule, "error": fault.error} for fault in one.faults] for one in verdicts],
        [one and one.revision for one in verdicts],
        [str(one) if isinstance(one, SubmissionError) else None for one in found],
    ]
    arrays = [pa.array(cells, kind) for cells, kind in zip(columns, VERDICTS.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=VERDICTS)
