"""The tables of a run as CSV, JSON Lines and xlsx; old runs, metrics, and the estimate of space."""

from __future__ import annotations

import csv
import json
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from smsvet import Reviewer
from smsvet_api.audit import exports, space
from smsvet_api.audit.manifest import verify
from smsvet_api.audit.metrics import write_metrics
from smsvet_api.audit.run import Watcher
from smsvet_api.files.rows import InputError

from .archive import DAY, InlinePool, audited, findings, parquet, verdicts
from .test_audit_runs import Killed, after

pytestmark = pytest.mark.usefixtures("inline")
FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "＝1", "\t=1", "-5"]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    remarks = [FORMULAS[number % len(FORMULAS)] for number in range(60)]
    return parquet(tmp_path / "a.parquet", memo=remarks, tags=[["a", "b"]] * 60)


def workbook(path: Path) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows()]


def test_the_tables_in_other_formats_have_the_same_rows(
    archive: Path, tmp_path: Path, reviewer: Reviewer
) -> None:
    outcome = audited(archive, tmp_path / "out", reviewer, formats=("csv", "jsonl", "xlsx"))
    folder, rows, found = outcome.run.folder, verdicts(outcome), findings(outcome)
    with (folder / "verdicts.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = list(csv.DictReader(stream))
    assert [(one["模板ID"], one["smsvet_decision"]) for one in cells] == [
        (row["模板ID"], row["smsvet_decision"]) for row in rows
    ]
    assert [one["memo"] for one in cells[:7]] == ["'=1+1", "+1", "'-1+2", "'@SUM(A1)", "'＝1", "'\t=1", "-5"]
    lines = (folder / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == rows
    lines = (folder / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == found
    heading, *sheet = workbook(folder / "verdicts.xlsx")
    assert heading == list(rows[0])
    assert [row[heading.index("sent")] for row in sheet] == list(range(60))
    assert [row[heading.index("memo")] for row in sheet[:4]] == FORMULAS[:4]
    assert len(workbook(folder / "findings.xlsx")) == len(found) + 1
    assert [(one["name"], one["rows"]) for one in outcome.manifest["exports"]] == [
        (f"{table}.{one}", count)
        for table, count in (("findings", len(found)), ("verdicts", 60))
        for one in ("csv", "jsonl", "xlsx")
    ]
    assert verify(tmp_path / "out", "en").wrong == ()
    plain = audited(archive, tmp_path / "plain", reviewer)
    assert plain.manifest["digest"] == outcome.manifest["digest"]


def test_a_finished_run_is_exported_without_a_review(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    first = audited(archive, tmp_path / "out", reviewer)
    inline.before = staticmethod(after(0, Killed()))
    second = audited(archive, tmp_path / "out", reviewer, formats=("csv",))
    assert (second.progress, second.manifest["digest"]) == (None, first.manifest["digest"])
    assert [one["name"] for one in second.manifest["exports"]] == ["findings.csv", "verdicts.csv"]
    third = audited(archive, tmp_path / "out", reviewer, formats=("csv", "jsonl"))
    assert len(third.manifest["exports"]) == 4
    assert verify(tmp_path / "out", "en").files == 14 + 4


def test_more_rows_than_a_sheet_fill_several_workbooks(
    archive: Path, tmp_path: Path, reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 26)
    folder = audited(archive, tmp_path / "out", reviewer, formats=("xlsx",)).run.folder
    parts = [workbook(folder / name) for name in ("verdicts.xlsx", "verdicts-2.xlsx", "verdicts-3.xlsx")]
    assert [len(one) for one in parts] == [26, 26, 11]
    place = parts[0][0].index("sent")
    assert [row[place] for part in parts for row in part[1:]] == list(range(60))
    assert not (folder / "verdicts-4.xlsx").exists()


def test_a_table_without_rows_is_exported(tmp_path: Path, reviewer: Reviewer) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("{broken\n", encoding="utf-8")
    folder = audited(file, tmp_path / "out", reviewer, formats=("csv", "jsonl", "xlsx")).run.folder
    assert len(workbook(folder / "findings.xlsx")) == 1
    assert (folder / "findings.jsonl").read_bytes() == b""


def test_verify_compares_the_exports(archive: Path, tmp_path: Path, reviewer: Reviewer) -> None:
    folder = audited(archive, tmp_path / "out", reviewer, formats=("csv", "jsonl")).run.folder
    (folder / "verdicts.csv").write_text("x", encoding="utf-8")
    (folder / "findings.csv").unlink()
    (folder / "verdicts-2.xlsx").touch()
    assert verify(tmp_path / "out", "en").wrong == (
        "verdicts-2.xlsx: not in the manifest",
        "findings.csv: missing",
        "verdicts.csv: differs from the manifest",
    )


def test_an_unknown_format_is_refused() -> None:
    assert exports.parse_formats(["xlsx", "parquet", "csv"], "en") == ("csv", "xlsx")
    with pytest.raises(InputError, match="--format ods: unknown; known: parquet, csv, jsonl, xlsx"):
        exports.parse_formats(["csv", "ods"], "en")


def test_old_runs_are_removed_but_never_the_latest_or_an_unfinished_one(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    out = tmp_path / "out"
    days = [DAY + timedelta(days=number) for number in range(4)]
    runs = [audited(archive, out, reviewer, as_of=day).run.folder for day in days]
    stamps = ["2026-01-04", "2026-01-02", "2026-01-03", "2026-01-01"]
    for folder, stamp in zip(runs, stamps, strict=True):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        text = json.dumps(manifest | {"finished": f"{stamp}T00:00:00+00:00"})
        (folder / "manifest.json").write_text(text, encoding="utf-8")
    shutil.copytree(
        runs[0], out / "run=unfinished", ignore=shutil.ignore_patterns("manifest.json", "plan.json")
    )
    (out / ".run=x.removed").mkdir()  # a crash during an earlier removal
    audited(archive, out, reviewer, as_of=days[3], keep=3)
    assert not list(out.glob(".run=*"))
    assert sorted(out.glob("run=*")) == sorted([runs[0], runs[2], runs[3], out / "run=unfinished"])
    audited(archive, out, reviewer, as_of=days[2], keep=1)
    assert sorted(out.glob("run=*")) == sorted([runs[2], out / "run=unfinished"])


def test_the_estimate_of_space_is_said_before_the_run(
    archive: Path, tmp_path: Path, reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**6, 10**6, 4_200))
    notes: list[str] = []
    audited(archive, tmp_path / "out", reviewer, Watcher(note=notes.append))
    (said,) = [one for one in notes if "space" in one]
    assert said.endswith("4.2 kB free")
    assert [space.readable(one) for one in (5, 1_500, 2_500_000, 3e15)] == [
        "5 B",
        "1.5 kB",
        "2.5 MB",
        "3000.0 TB",
    ]
    assert space.shortage(tmp_path, 10, 0, "en") is None


def test_metrics_for_prometheus(archive: Path, tmp_path: Path, reviewer: Reviewer) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    outcome = audited(archive, tmp_path / "out", reviewer)
    assert outcome.progress is not None
    rules = outcome.manifest["rules"] | {'own/"quoted\\': 3}
    write_metrics(tmp_path / "a.prom", outcome.manifest | {"rules": rules}, 1.5)
    text = (tmp_path / "a.prom").read_text(encoding="utf-8")
    samples = {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }
    assert samples["smsvet_audit_rows", "reject"] == 12
    assert samples["smsvet_audit_rows", "error"] == 0
    assert samples["smsvet_audit_rule_items", 'own/"quoted\\'] == 3
    assert samples[("smsvet_audit_duration_seconds",)] == 1.5
    assert samples[("smsvet_audit_finished_timestamp_seconds",)] > 1.7e9


def test_the_plan_names_version_revision_and_digests(
    archive: Path, tmp_path: Path, reviewer: Reviewer
) -> None:
    import smsvet

    folder = audited(archive, tmp_path / "out", reviewer).run.folder
    request = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["request"]
    assert (request["smsvet"], request["revision"]) == (smsvet.__version__, reviewer.revision)
    assert [len(one["digest"]) for one in request["inputs"]] == [64]
    assert (folder / "_SUCCESS").exists()
