"""Files as people hold them: list answers of the vendors, exports of consoles, tables of offices."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from .command_line import ROOT, answers, run

pytestmark = pytest.mark.usefixtures("one_reviewer")

CASES = [
    json.loads(line)
    for line in (ROOT / "tests/cases/report-files.jsonl").read_text(encoding="utf-8").splitlines()
]
DECIDED = {"approve", "manual_review", "reject"}


def write(folder: Path, given: dict[str, Any]) -> Path:
    """Write the file of a case: JSON, encoded text, or the rows of a workbook."""
    path = folder / str(given["file"])
    if "json" in given:
        path.write_text(json.dumps(given["json"], ensure_ascii=False), encoding="utf-8")
    elif "text" in given:
        path.write_bytes(given["text"].encode(given["encoding"]))
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in given["rows"]:
            sheet.append(row)
        book.save(path)
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_a_file_is_read_as_it_is(case: dict[str, Any], tmp_path: Path) -> None:
    expected = case["expect"]
    assert expected.keys() <= {"exit_not", "error_rows", "decision", "findings_of"}
    result = run("review", str(write(tmp_path, case["submission"])), "--format", "jsonl")
    verdicts = answers(result)
    assert result.exit_code != expected.get("exit_not"), result.output
    assert sum("error" in verdict for verdict in verdicts) == expected.get("error_rows", 0)
    assert {verdict["decision"] for verdict in verdicts} <= set(expected.get("decision", DECIDED))
    rules = Counter(finding["rule"] for verdict in verdicts for finding in verdict["findings"])
    assert {rule: rules[rule] for rule in expected.get("findings_of", {})} == expected.get("findings_of", {})
