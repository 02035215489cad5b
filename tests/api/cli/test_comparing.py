"""The command `compare`, and `audit` with another side or a series of dates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsvet import Reviewer
from smsvet_api.audit import run as audit_run

from ..audit.archive import InlinePool
from .command_line import BANNED, CLEAN, run

OFFER = "尊敬的会员，新品上市，全场8折。回T退订"

pytestmark = pytest.mark.usefixtures("one_reviewer", "inline")


@pytest.fixture
def inline(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_run, "Pool", type("Pool", (InlinePool,), {"reviewer": reviewer}))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.parquet"
    bodies = [CLEAN, OFFER, BANNED]
    table = {
        "id": [str(number) for number in range(30)],
        "body": [bodies[number % 3] for number in range(30)],
        "purpose": [["notification", "marketing", "notification"][number % 3] for number in range(30)],
        "结论": [["通过", "通过", "驳回"][number % 3] for number in range(30)],
    }
    pq.write_table(pa.table(table), path)
    return path


def english(*arguments: Any) -> Any:
    return run(*map(str, arguments), "--lang", "en", "--no-config")


def test_audit_against_another_date(archive: Path, tmp_path: Path) -> None:
    result = english(
        "audit", archive, tmp_path / "out", "--as-of", "2026-11-20", "--against", "date:2021-06-01"
    )
    assert result.exit_code == 0, result.stderr
    assert "date:2021-06-01 → date:2026-11-20  30 items, 10 moved (33.3%): 10 stricter, 0 milder" in " ".join(
        result.stdout.split("\n")
    )
    assert "marketing/optout-wording" in result.stdout
    assert "Per 1,000 items submitted: 0.0 new cases for manual review" in result.stdout
    assert "old side: date:2021-06-01" in result.stderr
    (moved,) = (tmp_path / "out").glob("comparison=*/moved.parquet")
    assert pq.read_metadata(moved).num_rows == 10


def test_audit_against_another_date_in_chinese(archive: Path, tmp_path: Path) -> None:
    result = run(
        "audit", str(archive), str(tmp_path / "out"), "--as-of", "2026-11-20", "--against", "date:2021-06-01",
        "--per-day", "300", "--no-config",
    )  # fmt: skip
    for words in ("旧＼新", "负责", "短信类型", "每天 300 条：新增人工复核 0.0 件"):
        assert words in result.stdout


def test_the_comparison_is_part_of_the_line_of_json(archive: Path, tmp_path: Path) -> None:
    given = ("--as-of", "2026-11-20", "--against", "date:2021-06-01", "--json")
    (line,) = english("audit", archive, tmp_path / "out", *given).stdout.splitlines()
    found = json.loads(line)
    assert found["decisions"] == {"approve": 10, "reject": 20}
    assert found["comparison"]["matrix"]["approve"] == {"approve": 10, "manual_review": 0, "reject": 10}
    assert found["comparison"]["rules"]["marketing/optout-wording"]["alone"] == 10


@pytest.mark.parametrize("option", ["--as-of-series", "--as-of"])
def test_a_series(archive: Path, tmp_path: Path, option: str) -> None:
    result = english("audit", archive, tmp_path / "out", option, "2021-06-01,2025-01-01,2026-11-20", "--json")
    assert result.exit_code == 0, result.stderr
    steps = json.loads(result.stdout)["comparison"]["series"]
    assert [(step["as_of"], step["stricter"]) for step in steps] == [
        ("2021-06-01", 0), ("2025-01-01", 10), ("2026-11-20", 0),
    ]  # fmt: skip


def test_compare_two_stored_runs(archive: Path, tmp_path: Path) -> None:
    for name, day in (("old", "2021-06-01"), ("new", "2026-11-20")):
        english("audit", archive, tmp_path / name, "--as-of", day)
    result = english("compare", tmp_path / "old", tmp_path / "new", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["items"]["moved"] == 10
    assert Path(found["folder"]).parent == tmp_path / "new"
    back = json.loads(english("compare", tmp_path / "new", tmp_path / "old", "--json").stdout)
    assert (back["items"]["milder"], back["items"]["stricter"]) == (10, 0)


def test_compare_audits_the_sides_that_are_not_stored(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for old, new, moved in (("2021-06-01", "2026-11-20", 10), ("date:2025-01-01", "date:2026-11-20", 0)):
        result = english("compare", old, new, archive, "--out", out, "--json")
        assert result.exit_code == 0, result.stderr
        assert json.loads(result.stdout)["items"]["moved"] == moved


def test_agreement_with_a_column(archive: Path, tmp_path: Path) -> None:
    english("audit", archive, tmp_path / "out", "--as-of", "2026-11-20")
    result = english("compare", "column:结论", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    assert "30 items with a human decision, 66.7% agree" in " ".join(result.stdout.split("\n"))
    assert "human \\ engine" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "date:2021-06-01", "date:2026-11-20"], "needs the input IN and the output folder --out"),
        (["compare", "nothing", "date:2026-11-20"], "OLD nothing: should be run:ID"),
        (["compare", "date:2021-06-01", "column:x", "a", "--out", "b"], "only OLD can be a column"),
        (["audit", "a", "b", "--against", "date:x"], "not an ISO date"),
        (
            ["audit", "a", "b", "--against", "rules:none", "--as-of-series", "2021-06-01,2026-01-01"],
            "give either",
        ),
        (["audit", "a", "b", "--as-of-series", "2021-06-01"], "should be 2 to 60 dates, not 1"),
    ],
)
def test_wrong_sides_are_named(arguments: list[str], said: str) -> None:
    result = english(*arguments)
    assert result.exit_code == 3
    assert said in result.stderr
