"""The reasons of a rejection, and what the submitter reads about each. It never names a word list or how a word was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from smsvet.model import Lang

from ...store.submissions.status import reason_of
from ...wording import say
from ..words import text

HOUSE: Final = ("content", "documents", "name", "purpose", "incomplete", "duplicate")
"""The reasons of the house, for faults that no rule finds."""
_MOST: Final = 1500
"""Characters of a message that is made of reasons; the submitter's texts hold 2,000."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason to tick. `message` is its line for the submitter."""

    id: str
    title: str
    decision: str | None
    """That of the rule's findings; None for a reason of the house."""
    message: str
    ticked: bool


def reasons_of(
    findings: Iterable[Mapping[str, Any]], ticked: Collection[str] | None, lang: Lang
) -> tuple[list[Reason], list[Reason]]:
    """Return the rules with findings, the strictest first, and the reasons of the house.

    `ticked` are the ids that a form had; None for a new form, which ticks the only rule that rejects.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for one in findings:
        kept = found.get(one["rule"])
        if one["decision"] != "approve" and (kept is None or kept["decision"] != "reject"):
            found[one["rule"]] = one
    ordered = sorted(found.values(), key=lambda one: one["decision"] != "reject")
    rejects = [one["rule"] for one in ordered if one["decision"] == "reject"]
    if ticked is None:
        ticked = rejects if len(rejects) == 1 else ()
    rules = [_of_rule(one, one["rule"] in ticked, lang) for one in ordered]
    return rules, [_of_house(name, f"house/{name}" in ticked, lang) for name in HOUSE]


def message_of(reasons: Iterable[Reason]) -> str:
    """Return the text for the submitter: a line for each ticked reason."""
    return "\n".join(one.message for one in reasons if one.ticked)[:_MOST]


def _of_rule(finding: Mapping[str, Any], ticked: bool, lang: Lang) -> Reason:
    shown = reason_of(finding, lang)
    line = (
        say(lang, f"{shown.title}：{shown.fix}", f"{shown.title}: {shown.fix}") if shown.fix else shown.title
    )
    if shown.clause:
        line += text(lang, "case.line_clause", clause=shown.clause)
    return Reason(shown.rule, shown.title, shown.decision, line, ticked)


def _of_house(name: str, ticked: bool, lang: Lang) -> Reason:
    title = text(lang, f"case.house.{name}")
    return Reason(f"house/{name}", title, None, text(lang, f"case.house_line.{name}"), ticked)
