"""A run is complete or absent: resumption, refusals, the manifest, and rows that fail."""

from __future__ import annotations

import errno
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from smsvet import Reviewer
from smsvet_api.audit import worker
from smsvet_api.audit.lock import locked
from smsvet_api.audit.manifest import verify
from smsvet_api.audit.run import InterruptedAuditError, Watcher
from smsvet_api.audit.shards import Shard
from smsvet_api.files.rows import InputError

from .archive import BANNED, DAY, LATER, InlinePool, audited, findings, parquet, verdicts


class Killed(BaseException):
    """Stands for the end of the process."""


def after(shards: int, error: BaseException) -> Callable[[Shard], None]:
    """Return a function that raises when the shard after so many begins."""
    left = iter(range(shards))

    def begin(shard: Shard) -> None:
        if next(left, None) is None:
            raise error

    return begin


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return parquet(tmp_path / "a.parquet")


def test_the_two_tables_agree(archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any) -> None:
    outcome = audited(archive, tmp_path / "out", reviewer)
    rows, found = verdicts(outcome), findings(outcome)
    assert sum(row["smsvet_findings"] for row in rows) == len(found) == outcome.manifest["findings"]
    by_row: dict[int, dict[str, None]] = {}
    for one in found:
        if one["decision"] != "approve":
            by_row.setdefault(one["row"], {})[one["rule"]] = None
    assert {row["smsvet_row"]: row["smsvet_rules"] for row in rows if row["smsvet_rules"]} == {
        row: list(rules) for row, rules in by_row.items()
    }
    first = next(one for one in found if one["text"])
    assert BANNED[first["start"] : first["end"]] == first["text"]


@pytest.mark.parametrize("done", [0, 1, 4, 6])
def test_a_killed_run_continues_and_ends_with_the_same_digest(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool], done: int
) -> None:
    undisturbed = audited(archive, tmp_path / "one", reviewer)
    inline.before = staticmethod(after(done, Killed()))
    with pytest.raises(Killed):
        audited(archive, tmp_path / "two", reviewer)
    assert not list(tmp_path.glob("two/run=*/manifest.json"))
    inline.before = staticmethod(lambda shard: None)
    outcome = audited(archive, tmp_path / "two", reviewer)
    assert outcome.progress is not None
    assert (outcome.progress.rows, outcome.progress.resumed > 0) == (60, done > 0)
    assert outcome.manifest["digest"] == undisturbed.manifest["digest"]
    assert verdicts(outcome) == verdicts(undisturbed)
    assert not list((tmp_path / "two").glob("run=*/*/.*.tmp"))


def test_a_finished_run_is_not_repeated(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any
) -> None:
    first = audited(archive, tmp_path / "out", reviewer)
    (tmp_path / "out/latest").unlink()  # killed between the manifest and the pointer
    inline.before = staticmethod(after(0, Killed()))
    second = audited(archive, tmp_path / "out", reviewer)
    assert second.progress is None
    assert second.manifest == first.manifest
    assert (tmp_path / "out/latest").read_text(encoding="utf-8") == f"{first.run.folder.name}\n"


def test_a_damaged_shard_is_written_again(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    undisturbed = audited(archive, tmp_path / "one", reviewer)
    inline.before = staticmethod(after(5, Killed()))
    with pytest.raises(Killed):
        audited(archive, tmp_path / "two", reviewer)
    shard = next((tmp_path / "two").glob("run=*/verdicts/*.parquet"))
    shard.write_bytes(shard.read_bytes()[:100])
    inline.before = staticmethod(lambda shard: None)
    assert audited(archive, tmp_path / "two", reviewer).manifest["digest"] == undisturbed.manifest["digest"]


def test_a_run_keeps_its_date_past_midnight(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    inline.before = staticmethod(after(3, Killed()))
    with pytest.raises(Killed):
        audited(archive, tmp_path / "out", reviewer)
    inline.before = staticmethod(lambda shard: None)
    outcome = audited(archive, tmp_path / "out", reviewer, today=LATER)
    assert {row["smsvet_as_of"] for row in verdicts(outcome)} == {DAY.isoformat()}
    next_day = audited(archive, tmp_path / "out", reviewer, today=LATER)
    assert {row["smsvet_as_of"] for row in verdicts(next_day)} == {LATER.isoformat()}
    assert len(list((tmp_path / "out").glob("run=*"))) == 2


def test_another_input_does_not_continue_a_run(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    inline.before = staticmethod(after(3, Killed()))
    with pytest.raises(Killed):
        audited(archive, tmp_path / "out", reviewer)
    inline.before = staticmethod(lambda shard: None)
    parquet(archive, 61)
    with pytest.raises(InputError, match=r"the input changed since: file a\.parquet"):
        audited(archive, tmp_path / "out", reviewer)
    with pytest.raises(InputError, match="--limit: None -> 5"):
        audited(archive, tmp_path / "out", reviewer, limit=5)
    outcome = audited(archive, tmp_path / "out", reviewer, new_run=True)
    assert outcome.manifest["rows"] == 61
    assert len(list((tmp_path / "out").glob("run=*"))) == 1


def test_an_input_that_changes_during_the_run_stops_it(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    def touch(shard: Shard) -> None:
        status = archive.stat()
        os.utime(archive, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))

    inline.before = staticmethod(touch)
    with pytest.raises(InputError, match="the input changed during the run"):
        audited(archive, tmp_path / "out", reviewer)


def test_a_full_disk_stops_the_run_and_keeps_the_shards(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    inline.before = staticmethod(after(3, OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(InputError, match=r"out of space .*; 3 shards are done and kept"):
        audited(archive, tmp_path / "out", reviewer)
    inline.before = staticmethod(lambda shard: None)
    outcome = audited(archive, tmp_path / "out", reviewer)
    assert outcome.progress is not None
    assert outcome.progress.resumed > 0


def test_an_interrupted_run_starts_no_more_shards(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any
) -> None:
    done: list[int] = []
    watcher = Watcher(advanced=lambda progress: done.append(progress.rows), stopping=lambda: len(done) == 2)
    with pytest.raises(InterruptedAuditError):
        audited(archive, tmp_path / "out", reviewer, watcher)
    assert len(done) == 2


def test_two_audits_cannot_write_to_one_folder(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with (
        locked(out, "en"),
        pytest.raises(InputError, match=f"another audit is writing here .process {os.getpid()} on "),
    ):
        audited(archive, out, reviewer)
    audited(archive, out, reviewer)


def test_a_row_that_fails_costs_only_that_row(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    review_table = Reviewer.review_table

    def failing(self: Reviewer, table: Any, lang: Any = "zh") -> Any:
        if "t17" in table["id"].to_pylist():
            raise RuntimeError("poison")
        return review_table(self, table, lang)

    monkeypatch.setattr(Reviewer, "review_table", failing)
    outcome = audited(archive, tmp_path / "out", reviewer)
    assert outcome.manifest["decisions"] == {"approve": 47, "reject": 12, "error": 1}
    (row,) = [row for row in verdicts(outcome) if row["smsvet_error"]]
    assert (row["smsvet_row"], row["smsvet_id"], row["smsvet_decision"]) == (18, "t17", None)
    assert row["smsvet_error"] == "internal error: RuntimeError: poison"


def clean_first(path: Path, rows: int) -> Path:
    """Return an archive whose last fifth is rejected."""
    bodies = [f"您的快递已到{{1}}，取件码{{2}}，编号{number}。" for number in range(rows * 4 // 5)]
    bodies += [f"{BANNED}{number}" for number in range(len(bodies), rows)]
    identities = [str(number) for number in range(rows)]
    return parquet(path, rows, 模板ID=identities, 模板内容=bodies, 模板类型=["通知"] * rows)


def test_the_estimate_holds_for_an_archive_sorted_by_verdict(
    tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    archive = clean_first(tmp_path / "a.parquet", 1000)
    rows: list[tuple[int, int]] = []

    def advanced(progress: Any) -> None:
        rows.append((progress.rows, progress.decisions["reject"]))

    audited(archive, tmp_path / "out", reviewer, Watcher(advanced=advanced))
    done, rejected = next(one for one in rows if one[0] >= 200)
    assert rejected / done == pytest.approx(0.2, abs=0.12)  # a round may have just begun


@pytest.mark.slow
def test_the_time_left_is_known_after_a_fifth_of_an_archive_sorted_by_verdict(
    tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processor time stands for the clock, so that other load on the machine does not matter."""
    archive = clean_first(tmp_path / "a.parquet", 2000)
    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=time.process_time))
    ratios = []
    for name in ("warm", "a", "b", "c"):
        states: list[tuple[int, float, float]] = []

        def advanced(progress: Any, states: list[tuple[int, float, float]] = states) -> None:
            states.append((progress.rows, progress.spent, progress.left))

        audited(archive, tmp_path / name, reviewer, Watcher(advanced=advanced), shard_rows=20)
        _, spent, left = next(one for one in states if one[0] >= 400)
        ratios.append(left / (states[-1][1] - spent))
    assert statistics.median(ratios[1:]) == pytest.approx(1, rel=0.3)


def test_verify_names_every_difference(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any
) -> None:
    out = tmp_path / "out"
    folder = audited(archive, out, reviewer).run.folder
    assert verify(out, "en").wrong == ()
    assert verify(folder, "en").rows == 60
    files = sorted((folder / "verdicts").glob("*.parquet"))
    files[0].write_bytes(files[0].read_bytes() + b"x")
    files[1].unlink()
    (folder / "verdicts/shard-00099.parquet").write_bytes(b"x")
    assert verify(out, "en").wrong == (
        "verdicts/shard-00099.parquet: not in the manifest",
        "verdicts/shard-00000.parquet: differs from the manifest",
        "verdicts/shard-00001.parquet: missing",
    )
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(
        json.dumps(manifest | {"rows": 61, "digest": "0"}), encoding="utf-8"
    )
    assert [line for line in verify(out, "en").wrong if line.startswith("manifest.json")] == [
        "manifest.json: digest and list of files differ",
        "manifest.json: 61 rows, but 60 in files",
    ]


def test_verify_refuses_an_unfinished_run(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    with pytest.raises(InputError, match="no finished audit"):
        verify(tmp_path, "en")
    inline.before = staticmethod(after(2, Killed()))
    with pytest.raises(Killed):
        audited(archive, tmp_path / "out", reviewer)
    with pytest.raises(InputError, match="unfinished: run=2026-11-20-"):
        verify(tmp_path / "out", "en")
    with pytest.raises(InputError, match="the run is unfinished"):
        verify(next((tmp_path / "out").glob("run=*")), "en")


def test_the_manifest_names_no_path_of_this_machine(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any
) -> None:
    folder = audited(archive, tmp_path / "out", reviewer).run.folder
    for name in ("manifest.json", "plan.json"):
        assert str(tmp_path) not in (folder / name).read_text(encoding="utf-8")
