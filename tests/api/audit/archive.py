"""Small archives of templates, and audits of them inside the test process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from smsvet import Reviewer
from smsvet.model import Lang
from smsvet_api.audit.run import Outcome, Settings, Watcher, audit
from smsvet_api.audit.shards import Shard
from smsvet_api.audit.sources import Interpretation
from smsvet_api.audit.worker import Task, Worker
from smsvet_api.configuration.configuration_file import Configuration
from smsvet_api.configuration.precedence import effective
from smsvet_api.files.words import provider_names

CLEAN = "您的快递已到{1}，取件码{2}，请于{3}前领取。"
BANNED = "葡京真人荷官在线发牌，注册送彩金"
DAY = date(2026, 11, 20)
LATER = date(2026, 11, 21)


def parquet(path: Path, rows: int = 60, **columns: list[Any]) -> Path:
    """Write an archive; every fifth template is banned."""
    path.parent.mkdir(parents=True, exist_ok=True)
    bodies = [BANNED if number % 5 == 0 else CLEAN for number in range(rows)]
    table = {
        "模板ID": [f"t{number}" for number in range(rows)],
        "模板内容": bodies,
        "模板类型": ["通知"] * rows,
        "sent": list(range(rows)),
        **columns,
    }
    pq.write_table(pa.table(table), path, row_group_size=25)
    return path


class InlinePool:
    """Reviews shards in this process, with a reviewer that is built once for all tests."""

    reviewer: Reviewer
    before: Callable[[Shard], None] = staticmethod(lambda shard: None)

    def __init__(self, task: Task, jobs: int) -> None:
        self.worker = Worker(task, self.reviewer)

    def run(self, shards: Iterable[Shard], stopping: Callable[[], bool]) -> Iterator[tuple[Shard, float]]:
        for shard in shards:
            if stopping():
                return
            type(self).before(shard)
            yield shard, self.worker.write(shard, ())


def settings(
    given: Path | str, out: Path, reviewer: Reviewer, columns: tuple[str, ...] = (), **chosen: Any
) -> Settings:
    lang: Lang = "en"
    how = Interpretation(lang, provider_names(reviewer.providers), chosen.pop("provider", None), columns)
    config = effective(Configuration(), lang=lang)
    plain = Settings(str(given), out, config, None, how, None, DAY, shard_rows=10)
    return replace(plain, **chosen)


def audited(
    given: Path | str, out: Path, reviewer: Reviewer, watcher: Watcher | None = None, **chosen: Any
) -> Outcome:
    return audit(settings(given, out, reviewer, **chosen), reviewer, watcher or Watcher())


def verdicts(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the rows of the table `verdicts`, in the order of the input."""
    files = sorted((outcome.run.folder / "verdicts").glob("*.parquet"))
    return [row for path in files for row in pq.read_table(path).to_pylist()]


def findings(outcome: Outcome) -> list[dict[str, Any]]:
    files = sorted((outcome.run.folder / "findings").glob("*.parquet"))
    return [row for path in files for row in pq.read_table(path).to_pylist()]
