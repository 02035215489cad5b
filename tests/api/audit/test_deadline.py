"""Reviews that never end: an alarm interrupts them, or the parent ends their worker."""

from __future__ import annotations

import re
import signal
import sys
import time
from pathlib import Path
from typing import Any, cast

import pytest

from smsvet import Reviewer
from smsvet_api.audit.deadline import LateError, alarm
from smsvet_api.audit.shards import cut
from smsvet_api.files.rows import InputError

from .archive import audited, parquet, verdicts
from .hanging import IdlePool, Rows

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs alarms")


def loop() -> None:
    while True:
        pass


def backtrack() -> None:
    re.search("(x+x+)+y", "x" * 60)


def sleep() -> None:
    time.sleep(1000)


def swallow() -> None:
    try:
        loop()
    except Exception:  # noqa: BLE001 - as a rule may do
        loop()


@pytest.mark.parametrize("work", [loop, backtrack, sleep, swallow])
def test_an_alarm_interrupts(work: Any) -> None:
    with pytest.raises(LateError), alarm(0.05):
        work()


def test_an_alarm_is_off_after_the_block() -> None:
    with alarm(0.05):
        pass
    time.sleep(0.1)


def holding(monkeypatch: pytest.MonkeyPatch, held: set[str]) -> None:
    """Let the review of the rows with these ids never end."""
    review_table = Reviewer.review_table

    def review(self: Reviewer, table: Any, lang: Any = "zh") -> Any:
        if held.intersection(table["id"].to_pylist()):
            loop()
        return review_table(self, table, lang)

    monkeypatch.setattr(Reviewer, "review_table", review)


def test_a_row_that_takes_too_long_costs_only_that_row(
    tmp_path: Path, reviewer: Reviewer, inline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = parquet(tmp_path / "a.parquet", 20)
    audited(archive, tmp_path / "warm", reviewer)
    holding(monkeypatch, {"t17"})
    outcome = audited(archive, tmp_path / "out", reviewer, row_seconds=2)
    assert outcome.manifest["decisions"] == {"approve": 15, "reject": 4, "error": 1}
    (row,) = [row for row in verdicts(outcome) if row["smsvet_error"]]
    assert (row["smsvet_row"], row["smsvet_id"]) == (18, "t17")
    assert row["smsvet_error"] == "the review took longer than 2 s; the row was skipped"


def test_a_rule_that_hangs_on_every_row_stops_the_run(
    tmp_path: Path, reviewer: Reviewer, inline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = parquet(tmp_path / "a.parquet", 30)
    holding(monkeypatch, {f"t{number}" for number in range(30)})
    with pytest.raises(
        InputError, match=r"the review of 21 rows took longer than 0\.05 s each, .* the id t[0-9]+"
    ):
        audited(archive, tmp_path / "out", reviewer, row_seconds=0.05)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="blocks signals")
def test_a_worker_that_hangs_is_ended_and_its_row_found(tmp_path: Path) -> None:
    shards = cut([[4, 4]], 4)
    pool = IdlePool(cast("Any", Rows(tmp_path, hanging={6})), 2)
    done = [shard.number for shard, _ in pool.run(shards, lambda: False)]
    assert sorted(done) == [0, 1]
    assert [(tmp_path / shard.name).read_text(encoding="utf-8") for shard in shards] == ["[]", "[6]"]
