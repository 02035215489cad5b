"""Adds entries to a baseline, or removes useless ones; neither does the other's work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from smsvet import Decision

from .entries import USELESS, Baseline, Entry, Key, State

BY: Final = "audit --baseline-add"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The common part of all added entries."""

    until: date
    reason: str
    owner: str
    added: date


@dataclass(frozen=True, slots=True)
class Change:
    """The entries of a changed baseline, and how many were added, renewed and removed."""

    entries: tuple[Entry, ...]
    added: int = 0
    renewed: int = 0
    removed: int = 0


def with_added(baseline: Baseline, open_findings: Mapping[Key, Entry]) -> Change:
    """Return a baseline with entries for findings that it does not accept.

    An entry that has expired, or whose findings have become stricter, is renewed. No entry is removed.
    """
    renewed = sum(key in baseline.entries for key in open_findings)
    merged = {**baseline.entries, **open_findings}
    return Change(tuple(merged.values()), len(open_findings) - renewed, renewed)


def pruned(baseline: Baseline, states: Mapping[Key, State]) -> Change:
    """Return a baseline without the entries whose item was reviewed without the finding, or whose rule is gone."""
    kept = tuple(one for key, one in baseline.entries.items() if states.get(key) not in USELESS)
    return Change(kept, removed=len(baseline.entries) - len(kept))


def open_findings(run: Path, acceptance: Acceptance) -> dict[Key, Entry]:
    """Return an entry for each item and rule of a run with findings that are not accepted."""
    found: dict[Key, Entry] = {}
    for fp, item, rule, decision in _unaccepted(run):
        entry = Entry(
            fp,
            rule,
            acceptance.until,
            acceptance.reason,
            acceptance.owner,
            decision,
            item,
            acceptance.added,
            BY,
        )
        known = found.get(entry.key)
        if known is None or (known.decision is not None and known.decision < decision):
            found[entry.key] = entry
    return found


def _unaccepted(run: Path) -> Iterator[tuple[str, str | None, str, Decision]]:
    """Yield fingerprint, id, rule and decision of each finding that counts and is not accepted."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - loads slowly, and only an audit needs it

    for path in sorted((run / "verdicts").glob("*.parquet")):
        verdicts = pq.read_table(path, columns=["smsvet_fingerprint", "smsvet_id", "smsvet_findings"])
        findings = pq.read_table(run / "findings" / path.name, columns=["rule", "decision", "grandfathered"])
        listed = zip(*(findings[name].to_pylist() for name in findings.column_names), strict=True)
        for fp, item, count in zip(*(column.to_pylist() for column in verdicts.columns), strict=True):
            for _ in range(count):
                rule, decision, accepted = next(listed)
                if fp is not None and accepted is None and decision != "approve":
                    yield fp, item, rule, Decision(decision)
