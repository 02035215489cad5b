"""The three review methods with verdicts as the same JSON, and a comparison of their verdicts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Literal

import pyarrow as pa

from smsvet import Reviewer, Submission
from smsvet.schema import write_verdict

NESTED = ("params", "documents", "variables", "samples", "account", "recipients", "history")
"""Columns passed as JSON text, because all cells of a column have one type."""

Lang = Literal["zh", "en"]
Answer = dict[str, Any]
"""A verdict as JSON."""
Way = Callable[[Reviewer, Sequence[Submission], Lang], list[Answer]]


def by_review(reviewer: Reviewer, batch: Sequence[Submission], lang: Lang) -> list[Answer]:
    """Return the verdicts of `review`, called once per submission."""
    return [write_verdict(reviewer.review(item, lang)) for item in batch]


def by_review_many(reviewer: Reviewer, batch: Sequence[Submission], lang: Lang) -> list[Answer]:
    """Return the verdicts of `review_many`, called once for the batch."""
    return [write_verdict(verdict) for verdict in reviewer.review_many(batch, lang)]


def by_review_table(reviewer: Reviewer, batch: Sequence[Submission], lang: Lang) -> list[Answer]:
    """Return the verdicts of `review_table` on the batch as an Arrow table, without the nulls of missing values.

    A row that is not a submission keeps its `error`.
    """
    rows: list[Answer] = reviewer.review_table(table_of(batch), lang).to_pylist()
    for row in rows:
        if row["error"] is None:
            del row["error"]
        for finding in row["findings"] or ():
            if finding["spans"] is None:
                del finding["spans"]
    return rows


WAYS: Mapping[str, Way] = {
    "review": by_review,
    "review_many": by_review_many,
    "review_table": by_review_table,
}


def answers_of(stack: str, reviewer: Reviewer, batch: Sequence[Submission]) -> dict[str, list[Answer]]:
    """Return method -> verdicts; `stack` is the name of the reviewer's library stack."""
    return {f"{name}, {stack}": way(reviewer, batch, "zh") for name, way in WAYS.items()}


def differences(answers: Mapping[str, Sequence[Answer]], batch: Sequence[Submission]) -> list[str]:
    """Return one line for each submission whose verdicts differ between methods."""
    (first, expected), *others = answers.items()
    lines = []
    for place, item in enumerate(batch):
        for way, given in others:
            if given[place] != expected[place]:
                lines.append(
                    f"{item.id}: {way} is not {first}: {difference(expected[place], given[place])} {item}"
                )
                break
    return lines


def difference(one: Answer, other: Answer) -> str:
    """Return the difference between two verdicts as text."""
    parts = []
    for key in sorted(set(one) | set(other)):
        if one.get(key) == other.get(key):
            continue
        if key == "findings":
            parts += [f"-{item}" for item in one.get(key, ()) if item not in other.get(key, ())]
            parts += [f"+{item}" for item in other.get(key) or () if item not in one.get(key, ())]
        else:
            parts.append(f"{key}: {one.get(key)!r} {other.get(key)!r}")
    return "; ".join(parts)


def table_of(batch: Sequence[Submission]) -> pa.Table:
    """Return submissions as a table with the public columns that have a value."""
    columns: dict[str, list[str | None]] = {}
    for name in (field.name for field in fields(Submission)):
        cells = [cell(name, getattr(item, name)) for item in batch]
        if any(value is not None for value in cells):
            columns[name] = cells
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def cell(name: str, value: Any) -> str | None:
    """Return a submission's field as the text of a cell."""
    if value is None:
        return None
    return json.dumps(value, default=jsonable) if name in NESTED else str(value)


def jsonable(value: Any) -> Any:
    """Return a record as a JSON object without empty fields, and a date as ISO text."""
    if isinstance(value, Mapping):  # params are read-only
        return dict(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    known = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: item for name, item in known.items() if item not in (None, ())}
