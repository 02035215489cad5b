"""The options of `audit` for baselines, clusters and fixes, and their part of status and summary."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from smsvet import Reviewer
from smsvet_api import dates
from smsvet_api.audit import run as audit_run

from ..audit.archive import InlinePool, parquet
from .command_line import run

pytestmark = pytest.mark.usefixtures("one_reviewer", "inline")

TODAY = dates.today()
UNTIL = TODAY + timedelta(days=100)
ADD = ("--baseline-add", "--until", UNTIL, "--reason", "整改中", "--owner", "compliance")


@pytest.fixture
def inline(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_run, "Pool", type("Pool", (InlinePool,), {"reviewer": reviewer}))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return parquet(tmp_path / "a.parquet", 20)


def audit(*arguments: Any, lang: str = "en") -> Any:
    return run("audit", *map(str, arguments), "--lang", lang)


def test_a_baseline_from_its_first_entry_to_its_end(archive: Path, tmp_path: Path) -> None:
    out, baseline = tmp_path / "out", tmp_path / "baseline.jsonl"
    given = (archive, out, "--baseline", baseline, "--fail-on", "reject>0")
    added = audit(*given, *ADD)
    assert added.exit_code == 1, added.stderr
    assert "2 added, 0 renewed, 0 removed, 2 in all" in added.stdout
    lines = baseline.read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["until"] for line in lines} == {UNTIL.isoformat()}
    assert {json.loads(line)["added"] for line in lines} == {TODAY.isoformat()}

    accepted = audit(*given)
    assert accepted.exit_code == 0
    assert "With the baseline: approved 20 (100.0%)" in accepted.stdout
    assert "        2  active" in accepted.stdout

    expired = audit(*given[:4], "--as-of", UNTIL + timedelta(days=1), lang="zh")
    assert expired.exit_code == 2
    assert "        2  已过期" in expired.stdout
    assert audit(*given, "--as-of", UNTIL + timedelta(days=1)).exit_code == 1

    cured = parquet(tmp_path / "b.parquet", 20, 模板内容=["葡京真人荷官在线发牌，注册送彩金"] * 20)
    renewed = audit(
        cured, out, "--baseline", baseline, "--as-of", UNTIL + timedelta(days=1), *ADD[:2],
        UNTIL + timedelta(days=50), *ADD[3:],
    )  # fmt: skip
    assert renewed.exit_code == 0, renewed.stdout + renewed.stderr
    assert "0 added, 2 renewed, 0 removed, 2 in all" in renewed.stdout


def test_pruning(archive: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.jsonl"
    audit(archive, tmp_path / "out", "--baseline", baseline, *ADD)
    line = json.loads(baseline.read_text(encoding="utf-8").splitlines()[0])
    gone = line | {"rule": "content/no-such-rule"}
    with baseline.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(gone) + "\n")
    result = audit(archive, tmp_path / "out", "--baseline", baseline, "--baseline-prune", "--json")
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert summary["baseline_change"] == {"added": 0, "renewed": 0, "removed": 1}
    assert summary["baseline"] | {"active": 2, "rule_gone": 1} == summary["baseline"]
    assert summary["decisions_baseline"] == {"approve": 20}
    assert len(baseline.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("options", "zh", "en"),
    [
        (["--baseline-add"], "--baseline-add 需要 --baseline FILE", "--baseline-add needs --baseline FILE"),
        (["--owner", "a"], "--owner 需要 --baseline FILE", "--owner needs --baseline FILE"),
        (["--baseline", "b.jsonl"], "没有这个文件；用 --baseline-add 建立基线", "no such file; --baseline-add creates"),
        (["--baseline", "b.jsonl", "--reason", "a"], "--reason 需要 --baseline-add", "--reason needs --baseline-add"),
        (["--baseline", "b.jsonl", "--baseline-add"], "还需要 --until, --reason, --owner", "also needs --until, --reason, --owner"),
        (["--baseline", "b.jsonl", "--baseline-add", "--baseline-prune"], "只能用一个", "only one of"),
        (["--baseline", "b.jsonl", *ADD[:1], "--until", "soon", *ADD[3:]], "--until soon：应为", "--until soon: not an ISO date"),
        (["--baseline", "b.jsonl", *ADD[:1], "--until", "2001-01-01", *ADD[3:]], "已经过去", "is in the past"),
        (["--baseline", "b.jsonl", *ADD[:1], "--until", TODAY + timedelta(735), *ADD[3:]], "超过两年", "more than two years"),
        (["--write-fixes", "fixes.txt"], "未知的扩展名；可用：.csv .parquet", "unknown extension; known: .csv .parquet"),
    ],
)  # fmt: skip
def test_wrong_options(options: list[object], zh: str, en: str, archive: Path, tmp_path: Path) -> None:
    for lang, message in (("zh", zh), ("en", en)):
        result = audit(archive, tmp_path / "out", *options, lang=lang)
        assert result.exit_code == 3
        assert message in result.stderr
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["--write-fixes", "--baseline"])
@pytest.mark.parametrize("source", ["data", "data/a.parquet", "data/*.parquet"])
def test_no_output_in_the_input(option: str, source: str, tmp_path: Path) -> None:
    archive = parquet(tmp_path / "data/a.parquet", 5)
    before = archive.read_bytes()
    result = audit(tmp_path / source, tmp_path / "out", option, archive, *(ADD if "base" in option else ()))
    assert result.exit_code == 3
    assert f"{option} {archive}: must be apart from the input" in result.stderr
    assert archive.read_bytes() == before


def test_clusters_and_fixes(tmp_path: Path) -> None:
    bodies = [
        "葡京真人荷官在线发牌，注册送彩金\x1b[31m",
        "葡京真人荷官在线发牌 注册送彩金哦\x1b[31m",
        "您的訂單{1}已發貨",
        "您的订单{1}已发货",
    ]
    archive = parquet(tmp_path / "a.parquet", 12, 模板内容=bodies * 3)
    given = (archive, tmp_path / "out", "--clusters", "--write-fixes", tmp_path / "fixes.csv")
    result = audit(*given)
    assert result.exit_code == 0, result.stderr
    assert "9 items not approved, in 2 clusters; the biggest:" in result.stdout
    assert "        6  rejected  葡京真人荷官在线发牌" in result.stdout
    assert "\x1b" not in result.stdout
    assert "corrected texts" in result.stdout
    assert (tmp_path / "fixes.csv").exists()
    again = audit(*given, "--json", lang="zh")
    summary = json.loads(again.stdout)
    assert summary["clusters"] == {"clusters": 2, "items": 9}
    assert summary["fixes"]["clean"] == 3
    assert audit("verify", tmp_path / "out").exit_code == 0


def test_without_the_extra(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsvet.extras.find_spec", lambda package: None if package == "rensa" else package)
    result = audit(archive, tmp_path / "out", "--clusters")
    assert result.exit_code == 3
    assert "Clustering needs rensa, which is not installed: pip install 'smsvet[audit]'" in result.stderr
