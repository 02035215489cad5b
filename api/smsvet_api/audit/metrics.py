"""Writes the figures of a finished run for the textfile collector of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from .durable import write_text


def write_metrics(path: Path, manifest: Mapping[str, Any], seconds: float | None) -> None:
    """Write the metrics of a run as a whole file. Raises OSError. `seconds` is None if nothing was reviewed anew."""
    write_text(path, "".join(f"{line}\n" for line in _lines(manifest, seconds)))


def _lines(manifest: Mapping[str, Any], seconds: float | None) -> Iterator[str]:
    yield from _gauge("rows", "Rows by decision; error for rows without a verdict.")
    for decision in ("approve", "manual_review", "reject", "error"):
        yield f'smsvet_audit_rows{{decision="{decision}"}} {manifest["decisions"].get(decision, 0)}'
    yield from _gauge("findings", "Findings, advice included.")
    yield f"smsvet_audit_findings {manifest['findings']}"
    yield from _gauge("rule_items", "Items that a rule flagged.")
    for rule, count in sorted(manifest["rules"].items()):
        yield f'smsvet_audit_rule_items{{rule="{_escaped(rule)}"}} {count}'
    yield from _gauge("finished_timestamp_seconds", "When the run was finished.")
    yield f"smsvet_audit_finished_timestamp_seconds {datetime.fromisoformat(manifest['finished']).timestamp():.0f}"
    if seconds is not None:
        yield from _gauge("duration_seconds", "Duration of the last attempt.")
        yield f"smsvet_audit_duration_seconds {seconds:.3f}"
    yield from _gauge("info", "Run and revision of the content.")
    labels = ",".join(f'{name}="{_escaped(str(manifest[name]))}"' for name in ("run", "revision", "smsvet"))
    yield f"smsvet_audit_info{{{labels}}} 1"


def _gauge(name: str, text: str) -> Iterator[str]:
    yield f"# HELP smsvet_audit_{name} {text}"
    yield f"# TYPE smsvet_audit_{name} gauge"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
