"""The last steps of an audit: the file of fixes, changes of the baseline, and their part of the summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from smsvet.model import Lang

from ..audit.additions import Additions
from ..audit.baseline.baseline_file import write_baseline
from ..audit.baseline.entries import Baseline, State
from ..audit.baseline.maintenance import Acceptance, open_findings, pruned, with_added
from ..audit.baseline.states_table import read_states
from ..audit.fixes.fixes_table import write_fixes
from ..audit.run import Outcome
from ..audit.similar.cluster_tables import biggest
from ..files.rows import InputError
from ..wording import say
from .addition_options import Chosen
from .audit_view import decision_name, decisions_line
from .excerpt import readable

SHOWN_CLUSTERS: Final = 5

_SHOWN_TEXT: Final = 60
_STATES: Final[Mapping[State, tuple[str, str]]] = {
    State.EXPIRED: ("已过期", "expired"),
    State.WORSE: ("结论变严", "decision became stricter"),
    State.EXPIRING: ("30 天内到期", "expiring within 30 days"),
    State.ACTIVE: ("有效", "active"),
    State.UNMATCHED: ("已无此问题，可清理", "finding gone, can be pruned"),
    State.RULE_GONE: ("规则已不存在，可清理", "rule gone, can be pruned"),
}
"""The states that are reported: entries of items that were not reviewed are not."""


@dataclass(slots=True)
class Report:
    """Lines for the summary, data for its JSON, and the number of entries that have expired."""

    lines: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    expired: int = 0


def follow_up(
    outcome: Outcome, chosen: Chosen, additions: Additions, acceptance: Acceptance | None, lang: Lang
) -> Report:
    """Write the file of fixes and the changed baseline, and return their report. Raises InputError."""
    report = Report()
    run = outcome.run.folder
    try:
        if additions.clusters:
            _report_clusters(report, run, outcome.manifest["clusters"], lang)
        if chosen.write_fixes is not None:
            total, clean = write_fixes(run, chosen.write_fixes, lang)
            report.data["fixes"] = {"texts": total, "clean": clean}
            report.lines.append(
                say(
                    lang,
                    f"改后文本 {total:,} 条，其中 {clean:,} 条复审通过：{chosen.write_fixes}",
                    f"{total:,} corrected texts, {clean:,} of them approved on review: {chosen.write_fixes}",
                )
            )
        if chosen.baseline is not None and additions.baseline is not None:
            _report_baseline(report, outcome.manifest, lang)
            if acceptance is not None or chosen.baseline_prune:
                _change(report, chosen.baseline, additions.baseline, run, acceptance, lang)
    except OSError as error:
        raise InputError(f"{error.filename or run}: {error.strerror or error}") from error
    return report


def counted_decisions(manifest: Mapping[str, Any]) -> Mapping[str, int]:
    """Return the items by decision that `--fail-on` compares: without accepted findings, if there is a baseline."""
    counts: Mapping[str, int] = manifest.get("decisions_baseline") or manifest["decisions"]
    return counts


def _report_clusters(report: Report, run: Path, counts: Mapping[str, int], lang: Lang) -> None:
    report.data["clusters"] = dict(counts)
    number, items = counts["clusters"], counts["items"]
    report.lines.append(
        say(
            lang,
            f"{items:,} 条未通过，归为 {number:,} 类；最大的：",
            f"{items:,} items not approved, in {number:,} clusters; the biggest:",
        )
    )
    for one in biggest(run, SHOWN_CLUSTERS):
        text, rules = readable(one["representative"][:_SHOWN_TEXT]), ", ".join(one["rules"])
        report.lines.append(f"  {one['items']:>9,}  {decision_name(one['decision'], lang)}  {text}  {rules}")


def _report_baseline(report: Report, manifest: Mapping[str, Any], lang: Lang) -> None:
    states = manifest["baseline"]
    report.data |= {"baseline": dict(states), "decisions_baseline": dict(manifest["decisions_baseline"])}
    report.expired = states[State.EXPIRED]
    verdicts = decisions_line(manifest["decisions_baseline"], lang)
    report.lines.append(say(lang, f"计入基线后：{verdicts}", f"With the baseline: {verdicts}"))
    for state, (zh, en) in _STATES.items():
        if states[state]:
            report.lines.append(f"  {states[state]:>9,}  {say(lang, zh, en)}")


def _change(
    report: Report,
    path: Path,
    baseline: Baseline,
    run: Path,
    acceptance: Acceptance | None,
    lang: Lang,
) -> None:
    if acceptance is None:
        change = pruned(baseline, read_states(run))
    else:
        change = with_added(baseline, open_findings(run, acceptance))
        report.expired = 0  # each of them was renewed
    write_baseline(path, change.entries, baseline, lang)
    report.data["baseline_change"] = {
        "added": change.added,
        "renewed": change.renewed,
        "removed": change.removed,
    }
    report.lines.append(
        say(
            lang,
            f"{path}：新增 {change.added:,} 条，更新 {change.renewed:,} 条，删除 {change.removed:,} 条，共 {len(change.entries):,} 条",
            f"{path}: {change.added:,} added, {change.renewed:,} renewed, {change.removed:,} removed, "
            f"{len(change.entries):,} in all",
        )
    )
