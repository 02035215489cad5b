"""Draws an audit: the fields of the columns, live progress, and the summary."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from smsvet.labels import DECISIONS
from smsvet.model import Lang

from ..audit.manifest import Verified
from ..audit.plan import Run
from ..audit.progress import Progress
from ..audit.run import Outcome
from ..wording import say
from .terminal import err

_SHOWN_RULES: Final = 10
_ORDER: Final = ("reject", "manual_review", "approve", "error")


class LiveProgress:
    """A line on standard error: rows, rows per second, time left, and the verdicts so far."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self.bar = Bar(
            BarColumn(bar_width=20), TextColumn("{task.description}"), console=err(), auto_refresh=False
        )
        self.task = TaskID(0)

    def begin(self, run: Run, progress: Progress) -> None:
        """Show the progress of a run that begins or continues."""
        self.task = self.bar.add_task("", total=progress.total)
        self.bar.start()
        self.advance(progress)

    def advance(self, progress: Progress) -> None:
        """Show the current state."""
        text = progress_line(progress, self.lang)
        self.bar.update(self.task, completed=progress.rows, description=text, refresh=True)

    def end(self) -> None:
        """Leave the last state on the terminal."""
        self.bar.stop()


def progress_line(progress: Progress, lang: Lang) -> str:
    """Return the progress as one line."""
    left = progress.left
    eta = "…" if left is None else duration(left, lang)
    verdicts = decisions_line(progress.decisions, lang)
    return say(
        lang,
        f"{progress.rows:,}/{progress.total:,} 行  {progress.rate:,.0f} 行/秒  剩余 {eta}  {verdicts}",
        f"{progress.rows:,}/{progress.total:,} rows  {progress.rate:,.0f} rows/s  {eta} left  {verdicts}",
    )


def duration(seconds: float, lang: Lang) -> str:
    """Return a duration in the largest units that matter."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return say(lang, f"{hours} 时 {minutes} 分", f"{hours} h {minutes} min")
    if minutes:
        return say(lang, f"{minutes} 分 {rest} 秒", f"{minutes} min {rest} s")
    return say(lang, f"{rest} 秒", f"{rest} s")


def decisions_line(counts: Mapping[str, int], lang: Lang) -> str:
    """Return the number of items of each decision, with its share."""
    total = sum(counts.values()) or 1
    parts = [
        f"{decision_name(name, lang)} {counts[name]:,} ({counts[name] / total:.1%})"
        for name in _ORDER
        if counts.get(name)
    ]
    return "  ".join(parts)


def decision_name(name: str, lang: Lang) -> str:
    """Return the name of a decision, or of a row without one."""
    if name == "error":
        return say(lang, "错误", "error")
    zh, en = DECISIONS[name]
    return say(lang, zh, en)


def mapping_lines(columns: Sequence[tuple[str, str | None]], lang: Lang) -> list[str]:
    """Return one line for each column: its heading and the field it holds."""
    kept = say(lang, "原样保留", "kept, not reviewed")
    return [f"  {heading} → {field or kept}" for heading, field in columns]


def summary_lines(outcome: Outcome, lang: Lang) -> list[str]:
    """Return the summary of a finished run."""
    manifest, progress = outcome.manifest, outcome.progress
    lines = []
    if progress is None:
        lines.append(say(lang, "此前已完成，未重复审核", "finished before; nothing was reviewed again"))
    elif progress.resumed:
        lines.append(
            say(
                lang,
                f"继续了未完成的运行：{progress.resumed:,} 行此前已完成",
                f"continued an unfinished run: {progress.resumed:,} rows had been done",
            )
        )
    took = ""
    if progress is not None:
        spent, rate = duration(progress.elapsed, lang), f"{progress.rate:,.0f}"
        took = say(lang, f"，用时 {spent}（{rate} 行/秒）", f" in {spent} ({rate} rows/s)")
    lines.append(
        say(
            lang,
            f"{manifest['rows']:,} 行{took}，日期 {manifest['as_of']}，{manifest['findings']:,} 处发现",
            f"{manifest['rows']:,} rows{took} as of {manifest['as_of']}, {manifest['findings']:,} findings",
        )
    )
    lines.append(decisions_line(manifest["decisions"], lang))
    rules = sorted(manifest["rules"].items(), key=lambda pair: (-pair[1], pair[0]))
    if rules:
        lines.append(say(lang, "命中最多的规则：", "Rules with most items:"))
        lines += [f"  {count:>9,}  {rule}" for rule, count in rules[:_SHOWN_RULES]]
    lines.append(f"{outcome.run.folder}")
    lines.append(f"sha256 {manifest['digest']}")
    return lines


def summary_json(outcome: Outcome, met: Sequence[str], more: Mapping[str, Any] | None = None) -> str:
    """Return the summary of a finished run, and `more` keys, as one line of JSON."""
    manifest, progress = outcome.manifest, outcome.progress
    data: dict[str, Any] = {
        name: manifest[name]
        for name in ("run", "as_of", "revision", "rows", "findings", "decisions", "rules", "digest")
    }
    data |= {
        "folder": str(outcome.run.folder),
        "resumed": None if progress is None else progress.resumed,
        "seconds": None if progress is None else round(progress.elapsed, 3),
        "fail_on": list(met),
        **(more or {}),
    }
    return json.dumps(data, ensure_ascii=False)


def verified_lines(found: Verified, lang: Lang) -> list[str]:
    """Return the result of `audit verify`."""
    if found.wrong:
        return [f"{found.folder}: {line}" for line in found.wrong]
    return [
        say(
            lang,
            f"{found.folder}：{found.files} 个文件、{found.rows:,} 行与清单一致",
            f"{found.folder}: {found.files} files and {found.rows:,} rows agree with the manifest",
        ),
        f"sha256 {found.digest}",
    ]
