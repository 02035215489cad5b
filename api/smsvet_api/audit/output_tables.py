"""The two output tables of a shard: one row per item, and one row per finding."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

SCHEMA: Final = 1
"""Version of the output's columns; new ones are added at the end."""
PREFIX: Final = "smsvet_"
ERROR: Final = "error"

_COPIED: Final = ("id", "kind", "decision", "provider", "as_of", "revision", "error")
_FLAT: Final = (
    "rule", "decision", "field", "start", "end", "text", "message", "fix", "suggestion", "category", "code",
    "source", "clause", "title",
)  # fmt: skip
_AS_JSON: Final = ("transforms", "spans", "evidence")
_OF_BASELINE: Final = ("smsvet_fingerprint", "smsvet_decision_baseline", "smsvet_grandfathered")
"""Columns that only an audit with a baseline fills."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Verdicts and findings of some rows."""

    verdicts: Any
    findings: Any


def own_columns() -> Any:
    """Return the columns that follow those of the input in the table `verdicts`."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

    return pa.schema(
        [
            ("smsvet_file", pa.string()),
            ("smsvet_row", pa.int64()),
            *((f"{PREFIX}{name}", pa.string()) for name in _COPIED),
            ("smsvet_findings", pa.int32()),
            ("smsvet_rules", pa.list_(pa.string())),
            ("smsvet_faults", pa.list_(pa.string())),
            *((name, pa.string()) for name in _OF_BASELINE),
        ]
    )


def finding_columns() -> Any:
    """Return the columns of the table `findings`. `transforms`, `spans` and `evidence` are JSON."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    numbers = {"start", "end"}
    return pa.schema(
        [
            ("file", pa.string()),
            ("row", pa.int64()),
            ("id", pa.string()),
            ("provider", pa.string()),
            *((name, pa.int32() if name in numbers else pa.string()) for name in _FLAT),
            *((name, pa.string()) for name in _AS_JSON),
            ("grandfathered", pa.string()),
        ]
    )


def tables(name: str, cells: Any, numbers: Sequence[int], verdicts: Any) -> Tables:
    """Return both tables for rows of the file `name`; `verdicts` has the columns of `smsvet.arrow.VERDICTS`."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute  # noqa: PLC0415

    pc: Any = pyarrow.compute  # its functions are made when it is imported

    verdicts = verdicts.combine_chunks()
    count = verdicts.num_rows
    found = pc.list_flatten(verdicts["findings"])
    parents = pc.list_parent_indices(verdicts["findings"])
    part = {name: pc.struct_field(found, name) for name in (*_FLAT, *_AS_JSON)}
    rules: list[dict[str, None]] = [{} for _ in range(count)]
    decided = zip(parents.to_pylist(), part["rule"].to_pylist(), part["decision"].to_pylist(), strict=True)
    for place, rule, decision in decided:
        if decision != "approve":
            rules[place][rule] = None
    faults = [
        [f"{fault['rule']}: {fault['error']}" for fault in faults or ()]
        for faults in verdicts["faults"].to_pylist()
    ]
    own = {
        "smsvet_file": pa.array([name] * count, pa.string()),
        "smsvet_row": pa.array(numbers, pa.int64()),
        **{f"{PREFIX}{column}": verdicts[column] for column in _COPIED},
        "smsvet_findings": pc.cast(pc.fill_null(pc.list_value_length(verdicts["findings"]), 0), pa.int32()),
        "smsvet_rules": pa.array([list(one) for one in rules], pa.list_(pa.string())),
        "smsvet_faults": pa.array(faults, pa.list_(pa.string())),
        **{column: pa.nulls(count, pa.string()) for column in _OF_BASELINE},
    }
    schema = own_columns()
    for column in schema.names:
        cells = cells.append_column(schema.field(column), own[column])
    rows = pa.array(numbers, pa.int64()).take(parents)
    findings = {
        "file": pa.array([name] * len(parents), pa.string()),
        "row": rows,
        "id": verdicts["id"].take(parents),
        "provider": verdicts["provider"].take(parents),
        **{column: part[column] for column in _FLAT},
        **{column: _json(part[column]) for column in _AS_JSON},
        "grandfathered": pa.nulls(len(parents), pa.string()),
    }
    return Tables(cells, pa.table(findings, schema=finding_columns()))


def _json(column: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - as above

    values = [None if not one else json.dumps(one, ensure_ascii=False) for one in column.to_pylist()]
    return pa.array(values, pa.string())


def counted(table: Any) -> tuple[Counter[str], Counter[str]]:
    """Return how many verdicts of a table have each decision, and how many items each rule flagged."""
    decisions = Counter(one or ERROR for one in table["smsvet_decision"].to_pylist())
    rules = Counter(rule for found in table["smsvet_rules"].to_pylist() for rule in found)
    return decisions, rules
