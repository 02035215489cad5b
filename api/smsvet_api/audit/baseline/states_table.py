"""The table `baseline` of a run: each entry with its state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from ...files.whole_file import replacing
from .entries import STATES, Baseline, Key, Met, State, in_order

BASELINE: Final = "baseline"
"""The folder of the table."""
FILE: Final = "entries.parquet"


def write_states(run: Path, baseline: Baseline, met: Met, day: date, rules: frozenset[str]) -> dict[str, int]:
    """Write the table and return the number of entries by state. Raises OSError."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows: list[dict[str, Any]] = []
    counts: Counter[State] = Counter()
    for one in in_order(baseline.entries.values()):
        state = met.state(one, day, rules)
        counts[state] += 1
        found = met.found.get(one.key)
        rows.append(
            {
                "fp": one.fp,
                "rule": one.rule,
                "item": one.item,
                "state": state.value,
                "found": found and found.value,
                "decision": one.decision and one.decision.value,
                "until": one.until.isoformat(),
                "reason": one.reason,
                "owner": one.owner,
                "added": one.added and one.added.isoformat(),
                "by": one.by,
            }
        )
    names = (
        "fp", "rule", "item", "state", "found", "decision", "until", "reason", "owner", "added", "by",
    )  # fmt: skip
    (run / BASELINE).mkdir(exist_ok=True)
    with replacing(run / BASELINE / FILE) as temporary:
        pq.write_table(
            pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in names])), temporary
        )
    return {state.value: counts[state] for state in STATES}


def read_states(run: Path) -> Mapping[Key, State]:
    """Return the state of each entry in a finished run. Raises OSError and ArrowException."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    table = pq.read_table(run / BASELINE / FILE, columns=["fp", "rule", "state"])
    return {(one["fp"], one["rule"]): State(one["state"]) for one in table.to_pylist()}
