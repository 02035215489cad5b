"""The bounds that SECURITY.md and docs/cli.md state are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

from smsvet.budget import MAX_READ_STEPS, MAX_RULE_STEPS
from smsvet.fields import MOST_BYTES, MOST_ENTRIES
from smsvet.findings import MAX_FINDINGS
from smsvet.patterns.growth import FACTOR
from smsvet.templates.comparison import MAX_CELLS
from smsvet.templates.parser import MOST_CORRECTED
from smsvet.templates.values import MAX_VALUES
from smsvet.text.text import SEARCHED
from smsvet_api.files import json_files, parquet, workbook_bounds
from smsvet_api.files.rows import LONGEST_LINE

ROOT = Path(__file__).parents[1]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_bounds_of_a_review() -> None:
    section = page("SECURITY.md").partition("## Bounds of one review")[2]
    stated = [
        int(number.replace(",", "")) for number in re.findall(r"(?m)^\| [^|]+ \| ([0-9,]+) \|", section)
    ]
    assert stated == [
        SEARCHED,
        MAX_VALUES,
        MOST_ENTRIES,
        MOST_BYTES,
        MAX_FINDINGS,
        MOST_CORRECTED,
        MAX_CELLS,
        MAX_READ_STEPS,
        MAX_RULE_STEPS,
        FACTOR,
    ]


def test_the_limits_of_files() -> None:
    rows = dict(re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \|$", page("docs/cli.md")))
    numbers = {name: re.findall(r"[0-9][0-9,]*", limits) for name, limits in rows.items()}
    mebibyte = 1 << 20
    assert numbers["JSONL, CSV"] == [str(LONGEST_LINE // mebibyte)]
    assert numbers["JSON"] == [str(json_files.MOST_JSON // mebibyte)]
    assert numbers["Parquet"] == [
        str(parquet.MOST_COLUMNS),
        str(parquet.MOST_ROWS // 1_000_000),
        str(parquet.MOST_VALUES // 1_000_000),
        str(parquet.MOST_GROUP // 1024 // mebibyte),
        "1",
        str(parquet.MOST_RATIO),
    ]
    assert numbers["Parquet, written out"] == [str(parquet.MOST_BATCH // mebibyte)]
    assert numbers["xlsx"] == [
        str(workbook_bounds.MOST_COLUMNS),
        f"{workbook_bounds.MOST_ROWS:,}",
        str(workbook_bounds.MOST_CELLS // 1_000_000),
        str(LONGEST_LINE // mebibyte),
        str(workbook_bounds.MOST_STRING_COUNT // 1_000_000),
    ]
