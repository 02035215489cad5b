"""Applies a baseline to the rows of a shard: which findings are accepted, and the decision without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from smsvet import Decision, Reviewer

from ...files.rows import Row, Unreadable
from ...skeletons import Skeletons
from ..output_tables import ERROR, Tables
from .entries import Baseline, Key, Met
from .fingerprints import Fingerprints


@dataclass(slots=True)
class Tally:
    """The part of a baseline that a run has met so far, and the items by decision without the accepted findings."""

    met: Met = field(default_factory=lambda: Met(set(), {}))
    decisions: Counter[str] = field(default_factory=Counter)

    def record(self) -> dict[str, Any]:
        """Return the tally as JSON data."""
        found = [[fp, rule, decision.value] for (fp, rule), decision in sorted(self.met.found.items())]
        return {
            "seen": sorted(self.met.seen),
            "found": found,
            "decisions": dict(sorted(self.decisions.items())),
        }

    def add(self, record: Mapping[str, Any]) -> None:
        """Add the record of a shard."""
        self.met.seen.update(record["seen"])
        for fp, rule, decision in record["found"]:
            self.note((fp, rule), Decision(decision))
        self.decisions.update(record["decisions"])

    def note(self, key: Key, decision: Decision) -> None:
        """Note the decision of a finding that has an entry."""
        self.met.found[key] = max(self.met.found.get(key, decision), decision)


class Application:
    """A baseline on the date of a run."""

    def __init__(self, baseline: Baseline, day: date, reviewer: Reviewer, provider: str | None) -> None:
        self.baseline = baseline
        self.day = day
        self.fingerprints = Fingerprints(Skeletons(reviewer), provider)
        self.known = baseline.fingerprints

    def applied(self, rows: Sequence[Row | Unreadable], given: Tables, tally: Tally) -> Tables:
        """Return both tables of some rows with the columns of a baseline filled; count them in `tally`."""
        verdicts, findings = given.verdicts, given.findings
        fps: list[str | None] = []
        decisions: list[str | None] = []
        until: list[str | None] = []
        earliest: list[str | None] = []
        flagged = zip(findings["rule"].to_pylist(), findings["decision"].to_pylist(), strict=True)
        columns = ("smsvet_decision", "smsvet_findings", "smsvet_faults")
        cells = zip(*(verdicts[name].to_pylist() for name in columns), strict=True)
        for row, (decision, count, faults) in zip(rows, cells, strict=True):
            fp = self.fingerprint(row) if decision is not None else None
            least = Decision.MANUAL_REVIEW if faults else Decision.APPROVE
            dates: list[str] = []
            for _ in range(count):
                rule, one = next(flagged)
                accepted = None if fp is None else self.accepted((fp, rule), Decision(one), tally)
                until.append(accepted)
                if accepted is not None:
                    dates.append(accepted)
                else:
                    least = max(least, Decision(one))
            fps.append(fp)
            earliest.append(min(dates, default=None))
            decisions.append(None if decision is None else least.value)
            tally.decisions[decisions[-1] or ERROR] += 1
            if fp in self.known:
                tally.met.seen.add(str(fp))
        columns_of_baseline = {
            "smsvet_fingerprint": fps,
            "smsvet_decision_baseline": decisions,
            "smsvet_grandfathered": earliest,
        }
        return replace(
            given,
            verdicts=_filled(verdicts, columns_of_baseline),
            findings=_filled(findings, {"grandfathered": until}),
        )

    def fingerprint(self, row: Row | Unreadable) -> str | None:
        """Return the fingerprint of a row, None for one that is not a submission."""
        data = row.data if isinstance(row, Row) else None
        return self.fingerprints.of(data) if isinstance(data, Mapping) else None

    def accepted(self, key: Key, decision: Decision, tally: Tally) -> str | None:
        """Return the date until which a finding is accepted, None if it is not; advice needs no acceptance."""
        entry = self.baseline.entries.get(key)
        if entry is None or decision is Decision.APPROVE:
            return None
        tally.note(key, decision)
        return entry.until.isoformat() if entry.covers(decision, self.day) else None


def _filled(table: Any, columns: Mapping[str, Sequence[str | None]]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

    for name, values in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), pa.array(values, pa.string()))
    return table
