"""The findings of one review: without repetitions, bounded per rule and field, in order."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from functools import lru_cache

from .lexicon.combinations import MAX_REPEATS
from .model import Decision, Finding, Hit, Lang, Span
from .templates.parser import MAX_PROBLEMS
from .text.text import Text

MAX_FINDINGS = 100
"""Findings of one rule in one field; `params.*` is one field."""

_MORE = {"zh": "同一规则在此还有 {count} 处", "en": "{count} more findings of this rule here"}
_AT_LEAST = {
    "zh": "同一规则在此至少还有 {count} 处",
    "en": "At least {count} more findings of this rule here",
}
_FIX = {"zh": "先修改已列出的各处，再重新提交", "en": "Fix the listed places, then submit again"}

Group = tuple[str, str]
"""A rule and the first part of a field."""


class FindingList:
    """Collects findings, up to MAX_FINDINGS for each rule and field. Used for one review."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self._findings: dict[Finding, None] = {}
        self._groups: dict[Group, int] = {}
        self._last: dict[Group, Finding] = {}
        self._more: dict[Group, dict[Span | None, Decision]] = {}

    def is_full(self, rule: str, hit: Hit) -> bool:
        """Return whether the rule has its greatest number of findings in the field of a hit."""
        return self._groups.get((rule, root(hit.span.field if hit.span else None)), 0) >= MAX_FINDINGS

    def add(self, finding: Finding) -> None:
        """Add a finding, once."""
        if finding in self._findings:
            return
        self._findings[finding] = None
        group = finding.rule, root(finding.field)
        self._groups[group] = self._groups.get(group, 0) + 1
        self._last[group] = finding

    def count(self, rule: str, hit: Hit, decision: Decision | None) -> None:
        """Count a hit whose finding is not listed; None is the decision of a rule that is switched off."""
        if decision is not None:
            more = self._more.setdefault((rule, root(hit.span.field if hit.span else None)), {})
            other = more.get(hit.span)
            if other is None or decision > other:
                more[hit.span] = decision

    @property
    def is_complete(self) -> bool:
        """Return whether every hit so far has a finding of its own."""
        return not self._more

    def ordered(self, crowded: Container[str] = ()) -> tuple[Finding, ...]:
        """Return the findings by field, place and rule; hits beyond the bound are one finding without a place.

        `crowded` has the fields, by `root`, that may have more terms or problems than were returned.
        """
        if not self._findings:
            return ()
        rest = (self._rest(group, group[1] in crowded) for group in self._more)
        return tuple(sorted((*self._findings, *rest), key=place))

    def _rest(self, group: Group, crowded: bool) -> Finding:
        """Return the finding for the hits of a group beyond the bound, with the strictest of their decisions."""
        decisions = self._more[group]
        message = (_AT_LEAST if crowded else _MORE)[self._lang]
        return replace(
            self._last[group],
            decision=max(set(decisions.values())),
            field=group[1] or None,
            start=None,
            end=None,
            text=None,
            message=message.format(count=len(decisions)),
            fix=_FIX[self._lang],
            suggestion=None,
            transforms=(),
            spans=(),
        )


def crowded_fields(texts: Mapping[str, Text]) -> set[str]:
    """Return the fields, by `root`, with so many terms or problems that others may have been left out."""
    return {
        root(name)
        for name, text in texts.items()
        if len(text.terms) >= MAX_REPEATS or len(text.problems) >= MAX_PROBLEMS
    }


@lru_cache(maxsize=1024)
def root(field: str | None) -> str:
    """Return the first part of a field's name: `params` for `params.code`, nothing for None."""
    return field.partition(".")[0] if field else ""


def place(finding: Finding) -> tuple[str, int, int, str]:
    """Return the sort key for listing findings: by field, place, then rule."""
    return finding.field or "", finding.start or 0, finding.end or 0, finding.rule
