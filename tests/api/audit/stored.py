"""Writes finished runs without a review, to measure comparisons of many rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from smsvet_api.audit.manifest import write_manifest
from smsvet_api.audit.output_tables import finding_columns, own_columns

DECISIONS = ("approve", "manual_review", "reject")
TEXT = "您的订单{1}已发货，快递单号{2}，请于{3}前到驿站领取，编号"


def write_run(folder: Path, rows: int, flagged: int, shard: int = 5_000) -> Path:
    """Write a run where one row of `flagged` is not approved."""
    for name in ("verdicts", "findings"):
        (folder / name).mkdir(parents=True)
    counts: dict[str, int] = dict.fromkeys(DECISIONS, 0)
    for number, first in enumerate(range(1, rows + 1, shard)):
        places = range(first, min(first + shard, rows + 1))
        decisions = [DECISIONS[1 + row % 2] if row % flagged == 0 else DECISIONS[0] for row in places]
        for one in decisions:
            counts[one] += 1
        pq.write_table(verdicts(places, decisions), folder / f"verdicts/shard-{number:05}.parquet")
        pq.write_table(findings(places, decisions), folder / f"findings/shard-{number:05}.parquet")
    request: dict[str, Any] = {
        "run": folder.name.removeprefix("run="), "as_of": "2026-11-20", "revision": "r" * 64, "rows": rows, "decisions": counts,
        "inputs": [{"name": "a.parquet", "size": rows, "modified": 0, "digest": "d"}],
        "options": {"provider": None, "column": [], "lang": "zh"},
    }  # fmt: skip
    write_manifest(folder, request)
    return folder


def verdicts(places: range, decisions: list[str]) -> Any:
    count = len(decisions)
    columns = {
        "smsvet_file": ["a.parquet"] * count,
        "smsvet_row": list(places),
        "smsvet_id": [str(row) for row in places],
        "smsvet_kind": ["template"] * count,
        "smsvet_decision": decisions,
        "smsvet_provider": ["tencent"] * count,
        "smsvet_rules": [[] if one == "approve" else ["content/loan"] for one in decisions],
        "smsvet_faults": [[] for _ in decisions],
    }
    own = [pa.array(columns.get(field.name, [None] * count), field.type) for field in own_columns()]
    table = pa.table(own, schema=own_columns())
    table = table.add_column(0, "body", [[f"{TEXT}{row}" for row in places]])
    return table.add_column(1, "customer", [[f"account-{row % 5000}" for row in places]])


def findings(places: range, decisions: list[str]) -> Any:
    rows = [
        {"file": "a.parquet", "row": row, "rule": "content/loan", "decision": one, "field": "body", "start": 2, "end": 4,
         "text": TEXT[2:4], "message": "订单", "fix": "改"}
        for row, one in zip(places, decisions, strict=True)
        if one != "approve"
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, finding_columns())


MEASURED = """
import sys, time
from pathlib import Path
from smsvet_api.audit.comparison.comparison import Choices, Sources, compare
from smsvet_api.audit.comparison.stored_run import StoredRun
from smsvet_api.audit.report.page import write_report
folder = Path(sys.argv[1])
begin = time.perf_counter()
old, new = (StoredRun(folder / name, {}, "zh") for name in ("run=old", "run=new"))
found = compare(Sources(new, "new", old, "old"), folder, Choices())
size = write_report(found, "zh").stat().st_size
status = Path("/proc/self/status").read_text()
peak = status.split("VmHWM:")[1].split()[0]
print(found.tally.overall.total, found.tally.overall.moved, peak, size, round(time.perf_counter() - begin, 1))
"""
"""Compares two runs; prints items, moved items, peak memory in KiB, bytes of the report, and seconds."""
