"""Counts what an audit has done, and estimates the time that is left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from time import monotonic

from .baseline.applying import Tally
from .shard_files import Written


@dataclass(slots=True)
class Progress:
    """The rows, verdicts and costs of an audit so far; `resumed` are the rows of earlier attempts."""

    total: int
    jobs: int
    rows: int = 0
    resumed: int = 0
    findings: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    baseline: Tally = field(default_factory=Tally)
    begin: float = field(default_factory=monotonic)
    spent: float = 0.0
    """Seconds that workers took for the rows of this attempt, all workers together."""

    def add(self, written: Written, seconds: float | None) -> None:
        """Count a shard; `seconds` is None for one of an earlier attempt."""
        self.rows += written.rows
        self.findings += written.findings
        self.decisions += written.decisions
        self.rules += written.rules
        if written.tally is not None:
            self.baseline.add(written.tally)
        if seconds is None:
            self.resumed += written.rows
        else:
            self.spent += seconds

    @property
    def left_share(self) -> float:
        """Return the share of the rows that are not done."""
        return 1 - self.rows / self.total

    @property
    def elapsed(self) -> float:
        """Return the seconds since the attempt began."""
        return monotonic() - self.begin

    @property
    def rate(self) -> float:
        """Return the rows reviewed per second in this attempt."""
        return (self.rows - self.resumed) / self.elapsed if self.elapsed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Return the seconds that the remaining rows take; None before the first shard is done.

        A flagged row costs several times a clean one. The shards run in random order, so the mix of verdicts so
        far, and with it the cost of a row, holds for the rest. The start of the workers is not extrapolated.
        """
        reviewed = self.rows - self.resumed
        if not reviewed:
            return None
        return (self.total - self.rows) * self.spent / reviewed / self.jobs
