"""The columns that a review adds to a row: the decision, and the rules with their titles, reasons and fixes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from smsvet.labels import DECISIONS, Label, field_label, label
from smsvet.model import Decision, Finding, Lang, Verdict

from ...wording import say
from ..rows import Unreadable

HEADINGS: Final[Mapping[str, Label]] = {
    "decision": ("审核结果", "decision"),
    "rules": ("规则", "rules"),
    "titles": ("规则名称", "titles"),
    "reasons": ("原因", "reasons"),
    "fixes": ("修改建议", "fixes"),
    "suggestion": ("改后文本", "corrected text"),
}
"""The added columns. Parquet and JSON Lines use the keys; CSV and xlsx use the names in the requested language."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The added columns of one row.

    `rules`, `titles`, `reasons` and `fixes` have one entry for each finding that rejects or needs manual review,
    the stricter first. `decision` is None for a row that cannot be read; its error is then the only reason.
    """

    decision: str | None
    rules: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    fixes: list[str] = field(default_factory=list)
    suggestion: str | None = None

    def texts(self, lang: Lang) -> list[str]:
        """Return the columns as cells for people: one line for each finding, empty where there is nothing."""
        if self.decision is None:
            decision = say(lang, "无法读取", "unreadable")
        else:
            decision = label(DECISIONS, self.decision, lang)
        lists = (self.rules, self.titles, self.reasons, self.fixes)
        lines = ("\n".join(" ".join(entry.split("\n")) for entry in entries) for entries in lists)
        return [decision, *lines, self.suggestion or ""]


def outcome_of(answer: Verdict | Unreadable, lang: Lang) -> Outcome:
    """Return the added columns of a row. Advice is left out: it decides nothing."""
    if isinstance(answer, Unreadable):
        return Outcome(None, reasons=[answer.error])
    findings = [finding for finding in answer.findings if finding.decision is not Decision.APPROVE]
    findings.sort(key=lambda finding: finding.decision.rank, reverse=True)
    entries = list(dict.fromkeys((one.rule, one.title or one.rule, one.message, one.fix) for one in findings))
    failed = say(lang, "规则故障", "rule failed")
    entries += [(fault.rule, failed, fault.error, "") for fault in answer.faults]
    return Outcome(
        answer.decision.value,
        [entry[0] for entry in entries],
        [entry[1] for entry in entries],
        [entry[2] for entry in entries],
        [entry[3] for entry in entries],
        _suggestion(findings, lang),
    )


def _suggestion(findings: list[Finding], lang: Lang) -> str | None:
    """Return the corrected text of the first finding that has one; of each field if several have one."""
    suggested: dict[str | None, str] = {}
    for finding in findings:
        if finding.suggestion is not None:
            suggested.setdefault(finding.field, finding.suggestion)
    if len(suggested) <= 1:
        return next(iter(suggested.values()), None)
    colon = say(lang, "：", ": ")
    return "\n".join(f"{field_label(name or '', lang)}{colon}{text}" for name, text in suggested.items())
