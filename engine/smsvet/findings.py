"""The findings of one review: without repetitions, bounded per rule and field, in order."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from .lexicon.combinations import MAX_REPEATS
from .model import Decision, Finding, Hit, Lang, Span
from .templates.parser import MAX_PROBLEMS
from .text.text import Text

MAX_FINDINGS = 50
"""Findings of one rule in one field; `params.*` is one field."""

_MORE = {"zh": "同一规则在此还有 {count} 处", "en": "{count} more findings of this rule here"}
_AT_LEAST = {
    "zh": "同一规则在此至少还有 {count} 处",
    "en": "At least {count} more findings of this rule here",
}
_FIX = {"zh": "先修改已列出的各处，再重新提交", "en": "Fix the listed places, then submit again"}


@dataclass(slots=True)
class Group:
    """The findings of a rule in one field, by the first part of the field's name."""

    rule: str
    where: str
    findings: dict[Span | None, list[Finding]] = field(default_factory=dict)
    """Those that are listed, by place."""
    count: int = 0
    """The number of those that are listed."""
    last: Finding | None = None
    more: dict[Span | None, Decision] = field(default_factory=dict)
    """The places of the hits that are not listed, each with its strictest decision."""

    def add(self, hit: Hit, finding: Finding) -> None:
        """Add the finding for a hit, once."""
        same = self.findings.setdefault(hit.span, [])
        if finding not in same:
            same.append(finding)
            self.last = finding
            self.count += 1

    def count_only(self, hit: Hit, decision: Decision | None) -> None:
        """Count a hit whose finding is not listed; None is the decision of a rule that is switched off."""
        if decision is not None:
            other = self.more.get(hit.span)
            if other is not decision and (other is None or decision > other):
                self.more[hit.span] = decision


class FindingList:
    """Collects findings, up to MAX_FINDINGS for each rule and field. Used for one review."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self._groups: dict[tuple[str, str], Group] = {}

    def group(self, rule: str, field: str | None) -> Group:
        """Return the group of a rule in a field; `params.*` is one field."""
        key = rule, root(field)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(*key)
        return group

    @property
    def is_complete(self) -> bool:
        """Return whether every hit so far has a finding of its own."""
        return not any(group.more for group in self._groups.values())

    def ordered(self, crowded: Container[str] = ()) -> tuple[Finding, ...]:
        """Return the findings by field, place and rule; hits beyond the bound are one finding without a place.

        `crowded` has the fields, by `root`, that may have more terms or problems than were returned.
        """
        found: list[Finding] = []
        for group in self._groups.values():
            found += chain.from_iterable(group.findings.values())
            if group.more and group.last is not None:
                found.append(self._rest(group, group.last, group.where in crowded))
        return tuple(sorted(found, key=place))

    def _rest(self, group: Group, last: Finding, crowded: bool) -> Finding:
        """Return the finding for the hits of a group beyond the bound, with the strictest of their decisions."""
        decisions = group.more
        message = (_AT_LEAST if crowded else _MORE)[self._lang]
        return replace(
            last,
            decision=max(set(decisions.values())),
            field=group.where or None,
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
