"""The command `audit`: its statuses, its summary, the dry run and `audit verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smsvet import Reviewer
from smsvet_api.audit import run as audit_run

from ..audit.archive import InlinePool, parquet
from .command_line import BANNED, CLEAN, run

pytestmark = pytest.mark.usefixtures("one_reviewer", "inline")


@pytest.fixture
def inline(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_run, "Pool", type("Pool", (InlinePool,), {"reviewer": reviewer}))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return parquet(tmp_path / "a.parquet")


def audit(*arguments: Any) -> Any:
    return run("audit", *map(str, arguments), "--lang", "en", "--as-of", "2026-11-20")


def test_the_summary_counts_decisions_and_rules(archive: Path, tmp_path: Path) -> None:
    result = audit(archive, tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    assert "60 rows in " in result.stdout
    assert "rejected 12 (20.0%)  approved 48 (80.0%)" in result.stdout
    assert "       12  content/gambling" in result.stdout
    assert "模板内容 → body" in result.stderr
    assert "sent → kept, not reviewed" in result.stderr
    assert "finished before" in audit(archive, tmp_path / "out").stdout


def test_the_summary_in_chinese(archive: Path, tmp_path: Path) -> None:
    result = run("audit", str(archive), str(tmp_path / "out"))
    assert "驳回 12 (20.0%)  通过 48 (80.0%)" in result.stdout


def test_json_is_one_line(archive: Path, tmp_path: Path) -> None:
    result = audit(archive, tmp_path / "out", "--json", "--limit", 10)
    (line,) = result.stdout.splitlines()
    summary = json.loads(line)
    assert summary["decisions"] == {"approve": 8, "reject": 2}
    assert (summary["rows"], summary["resumed"], summary["fail_on"]) == (10, 0, [])


@pytest.mark.parametrize(
    ("threshold", "status"),
    [("reject>19.9%", 1), ("reject>20%", 0), ("reject>=20%", 1), ("error>0", 0), ("approve>47", 1)],
)
def test_fail_on(archive: Path, tmp_path: Path, threshold: str, status: int) -> None:
    result = audit(archive, tmp_path / "out", "--fail-on", threshold)
    assert result.exit_code == status
    assert (f"--fail-on {threshold} is met" in result.stdout) is bool(status)


def test_verify(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    audit(archive, out)
    result = run("audit", "verify", str(out), "--lang", "en")
    assert (result.exit_code, "60 rows agree with the manifest" in result.stdout) == (0, True)
    next(out.glob("run=*/findings/*")).unlink()
    result = run("audit", "verify", str(out), "--lang", "en")
    assert (result.exit_code, ": missing" in result.stdout) == (3, True)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"编号,备用,内容\n1,甲,{CLEAN}\n2,乙,{BANNED}\n3,丙,\n", encoding="utf-8")
    result = audit(file, tmp_path / "out", "--dry-run")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "1 files; columns:"
    assert [line.split("  ")[0] for line in lines[-3:]] == ["approved", "rejected", "error"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--where", "vendor = 'x'"], "--where: no column vendor"),
        (["--where", "sent > 1000"], "no row to review"),
        (["--sample", "200%"], "--sample 200%: should be a share"),
        (["--fail-on", "bad>1"], "--fail-on bad>1: should be DECISION>NUMBER"),
        (["--column", "body=none"], "--column body=none: no such column"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_wrong_options_are_named(archive: Path, tmp_path: Path, more: list[str], said: str) -> None:
    result = audit(archive, tmp_path / "out", *more)
    assert result.exit_code == 3
    assert said in result.stderr


def test_the_output_folder_is_required(archive: Path) -> None:
    result = audit(archive)
    assert (result.exit_code, "missing the output folder OUT" in result.stderr) == (3, True)
