"""The tables that an audit adds on request: clusters, fixes, and the state of a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from ..files.rows import Row, Unreadable
from ..files.whole_file import replacing
from ..skeletons import Skeletons
from .baseline.applying import Application, Tally
from .baseline.entries import Baseline
from .baseline.states_table import write_states
from .durable import remove_leftovers
from .fixes.fixes_table import FIXES, fix_columns, fixes_of
from .output_tables import Tables
from .plan import WORK
from .reviewing import Review
from .similar.cluster_tables import ITEMS, item_columns, items_of, write_clusters

TALLY: Final = "baseline"
"""Key of a shard's metadata: what the shard has of the baseline."""


@dataclass(frozen=True, slots=True)
class Additions:
    """The user's choice of additions."""

    clusters: bool = False
    fixes: bool = False
    baseline: Baseline | None = None

    def request(self) -> dict[str, Any]:
        """Return what identifies the additions in a plan."""
        digest = None if self.baseline is None else self.baseline.digest
        return {"baseline": digest, "clusters": self.clusters, "write_fixes": self.fixes}

    def prepare(self, run: Path) -> None:
        """Make the folders that the workers write to. Raises OSError."""
        for wanted, folder in ((self.fixes, FIXES), (self.clusters, f"{WORK}/{ITEMS}")):
            if wanted:
                (run / folder).mkdir(parents=True, exist_ok=True)
                remove_leftovers(run / folder)

    def finish(self, run: Path, tally: Tally, day: date, rules: frozenset[str]) -> dict[str, Any]:
        """Write the tables that need the whole run, and return their facts for the manifest. Raises OSError."""
        facts: dict[str, Any] = {}
        if self.baseline is not None:
            facts["decisions_baseline"] = dict(tally.decisions)
            facts["baseline"] = write_states(run, self.baseline, tally.met, day, rules)
        if self.clusters:
            facts["clusters"] = write_clusters(run, run / WORK / ITEMS)
        return facts


NOTHING: Final = Additions()
"""No additions."""


class Addition:
    """Makes the additions of shards in a worker process."""

    def __init__(self, additions: Additions, review: Review) -> None:
        self.additions = additions
        self.review = review
        self.skeletons = Skeletons(review.reviewer)
        self.application = (
            None
            if additions.baseline is None
            else Application(additions.baseline, review.as_of, review.reviewer, review.provider)
        )

    def shard(self) -> ShardAddition:
        """Return an empty addition for the next shard."""
        return ShardAddition(self)


@dataclass(slots=True)
class ShardAddition:
    """The additions of one shard."""

    addition: Addition
    tally: Tally = field(default_factory=Tally)
    items: list[dict[str, Any]] = field(default_factory=list)
    fixes: list[dict[str, Any]] = field(default_factory=list)

    def extended(self, name: str, rows: Sequence[Row | Unreadable], given: Tables) -> Tables:
        """Return the tables of some rows of the file `name` with a baseline applied; note the other additions."""
        wanted, application = self.addition.additions, self.addition.application
        if wanted.clusters:
            self.items += items_of(rows, given.verdicts, self.addition.skeletons)
        if wanted.fixes:
            self.fixes += fixes_of(name, rows, given.findings, self.addition.review)
        return given if application is None else application.applied(rows, given, self.tally)

    def record(self) -> dict[str, Any]:
        """Return what the metadata of the shard has of the additions."""
        return {} if self.addition.application is None else {TALLY: self.tally.record()}

    def write(self, run: Path, name: str) -> None:
        """Write the files of the shard. Raises OSError."""
        import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it
        import pyarrow.parquet as pq  # noqa: PLC0415

        wanted = self.addition.additions
        for is_wanted, folder, rows, columns in (
            (wanted.clusters, f"{WORK}/{ITEMS}", self.items, item_columns),
            (wanted.fixes, FIXES, self.fixes, fix_columns),
        ):
            if is_wanted:
                with replacing(run / folder / name) as temporary:
                    pq.write_table(pa.Table.from_pylist(rows, columns()), temporary, compression="zstd")
