"""Thresholds of `--fail-on`, such as `reject>0.5%`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say

COUNTED = ("approve", "manual_review", "reject", "error")
_WRITTEN = re.compile(r"\s*(\w+)\s*(>=|>)\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A decision, and the number or share of items from which the audit fails."""

    written: str
    decision: str
    inclusive: bool
    bound: float
    percent: bool

    def met(self, counts: Mapping[str, int]) -> bool:
        """Return whether the counts of a run reach the threshold."""
        total = sum(counts.values())
        found = float(counts.get(self.decision, 0))
        if self.percent:
            found = 100 * found / total if total else 0
        return found >= self.bound if self.inclusive else found > self.bound


def parse_threshold(text: str, lang: Lang) -> Threshold:
    """Return the threshold that an option names. Raises InputError."""
    found = _WRITTEN.fullmatch(text)
    if found is None or found[1] not in COUNTED:
        raise InputError(
            say(
                lang,
                f"--fail-on {text}: 应写成 结论>数量 或 结论>比例%，如 reject>0.5%；结论：{'、'.join(COUNTED)}",
                f"--fail-on {text}: should be DECISION>NUMBER or DECISION>SHARE%, such as reject>0.5%; "
                f"decisions: {', '.join(COUNTED)}",
            )
        )
    return Threshold(text.strip(), found[1], found[2] == ">=", float(found[3]), bool(found[4]))


def parse_share(text: str, lang: Lang) -> float:
    """Return the share that `--sample` names, above 0 and at most 1. Raises InputError."""
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*", text)
    share = float(found[1]) / 100 if found else 0.0
    if not 0 < share <= 1:
        raise InputError(
            say(lang, f"--sample {text}: 应为比例，如 1%", f"--sample {text}: should be a share, such as 1%")
        )
    return share
