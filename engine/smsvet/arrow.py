"""Review submissions in Arrow tables, with columns named as in the public contract."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, cast, get_args

import pyarrow as pa

from .batch.batch import AHEAD, Batch
from .batch.sieve import Setting
from .model import Decision, Lang, Purpose, Region, Verdict
from .schema import SubmissionIn, read_submission, write_verdict
from .submission import Submission, SubmissionError

NESTED = {"params", "documents", "variables", "samples", "account", "recipients", "history"}
"""Columns that also accept JSON text."""

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
        ("title", pa.string()),
        (
            "evidence",
            pa.list_(
                pa.struct(
                    [("name", pa.string()), ("points", pa.float64()), ("ngrams", pa.list_(pa.string()))]
                )
            ),
        ),
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
"""Columns of the result, one row per submission. A row with an `error` has no verdict."""


def review(batch: Batch, table: pa.Table, lang: Lang) -> pa.Table:
    """Return one verdict per row of a table of submissions, with the columns of VERDICTS.

    Raises SubmissionError for an unknown column.
    """
    unknown = sorted(set(table.column_names) - set(SubmissionIn.model_fields))
    if unknown:
        raise SubmissionError(f"{', '.join(unknown)}: unknown column", f"{', '.join(unknown)}: 未知列", lang)
    batches = [answers(batch, rows, lang) for rows in table.to_batches(max_chunksize=AHEAD)]
    return pa.Table.from_batches(batches, schema=VERDICTS)


def answers(batch: Batch, rows: pa.RecordBatch, lang: Lang) -> pa.RecordBatch:
    """Return the verdicts on a batch of rows."""
    columns = {name: rows.column(name).to_pylist() for name in rows.schema.names}
    bodies = columns.get("body", [None] * rows.num_rows)
    settings = batch.cleared(bodies, settings_in(batch, columns, rows.num_rows))
    found = {
        place: answer(batch, columns, place, lang)
        for place, setting in enumerate(settings)
        if setting is None
    }
    return verdict_rows(settings, found, columns.get("id"), batch.catalogue.revision)


def answer(
    batch: Batch, columns: Mapping[str, list[Any]], number: int, lang: Lang
) -> Verdict | SubmissionError:
    """Return the verdict on a row, or the error if the row is not a valid submission."""
    try:
        return batch.review(row(columns, number, lang), lang)
    except SubmissionError as error:
        return error


def settings_in(batch: Batch, columns: Mapping[str, list[Any]], count: int) -> list[Setting | None]:
    """Return the setting of each row with only a body and a purpose; None if a rule may read another column."""
    beside = [cells for name, cells in columns.items() if name not in _BODY and any_given(cells)]
    others_empty = [all(cell is None for cell in cells) for cells in zip(*beside, strict=True)] or [
        True
    ] * count
    nothing = [None] * count
    known = lru_cache(maxsize=None)(partial(setting_of, batch))
    return [
        known(purpose, provider, region, as_of)
        if only
        and isinstance(text, str)
        and (name is None or isinstance(name, str))
        and (as_of is None or type(as_of) is date)
        and isinstance(purpose, str)
        and isinstance(provider, str | None)
        and isinstance(region, str | None)
        else None
        for only, text, purpose, provider, region, as_of, name in zip(
            others_empty, *(columns.get(column, nothing) for column in _BODY), strict=True
        )
    ]


def any_given(cells: Sequence[object]) -> bool:
    """Return whether a column has any value."""
    return any(cell is not None for cell in cells)


def setting_of(
    batch: Batch, purpose: str, provider: str | None, region: str | None, as_of: date | None
) -> Setting | None:
    """Return the setting for these cells of a row; None if one is invalid."""
    provider = "tencent" if provider is None else provider
    if purpose not in _PURPOSES or region not in _REGIONS:
        return None
    return batch.setting(provider, as_of, cast("Region | None", region), cast("Purpose", purpose))


def row(columns: Mapping[str, list[Any]], number: int, lang: Lang) -> Submission:
    """Return the submission in a row; raises SubmissionError if it is invalid."""
    cells = {name: cells[number] for name, cells in columns.items() if cells[number] is not None}
    return read_submission({name: decoded(name, cell) for name, cell in cells.items()}, lang)


def decoded(name: str, value: Any) -> Any:
    """Return a cell as its JSON equivalent; raises SubmissionError for invalid JSON text."""
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


def verdict_rows(
    settings: Sequence[Setting | None],
    found: Mapping[int, Verdict | SubmissionError],
    names: Sequence[str | None] | None,
    revision: str,
) -> pa.RecordBatch:
    """Return rows of verdicts: `found` where there is one, else a verdict without findings."""
    count = len(settings)
    columns: dict[str, list[Any]] = {
        "id": list(names) if names else [None] * count,
        "kind": ["template"] * count,
        "decision": [Decision.APPROVE.value] * count,
        "provider": [setting and setting.provider for setting in settings],
        "as_of": dates_of(settings),
        "findings": [()] * count,
        "faults": [()] * count,
        "revision": [revision] * count,
        "error": [None] * count,
    }
    for place, one in found.items():
        cells_of = dict.fromkeys(columns) | (
            {"error": str(one)} if isinstance(one, SubmissionError) else write_verdict(one)
        )
        for name, cells in columns.items():
            cells[place] = cells_of[name]
    arrays = [pa.array(cells, kind) for cells, kind in zip(columns.values(), VERDICTS.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=VERDICTS)


def dates_of(settings: Sequence[Setting | None]) -> list[str | None]:
    """Return the dates of settings in ISO format."""
    written = {setting.as_of: setting.as_of.isoformat() for setting in set(settings) if setting is not None}
    return [setting and written[setting.as_of] for setting in settings]
