"""A submission as its submitter sees it: the necessary changes by rule, and the course of an appeal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from smsvet.labels import field_label
from smsvet.model import Decision, Lang

from ...audit.report.texts import shortened
from ...store.submissions.history import Step
from ...store.submissions.status import Reason

MAIN: Final = ("body", "text", "signature")
"""The fields that can be a submission's text, the one that represents it first."""
_LONGEST: Final = 320
"""Code points of a message that are shown."""
_TEXT: Final = 400
"""Code points of a corrected text that are shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """A necessary change: what is wrong, how often, how to change it, and the corrected text if there is one."""

    field: str | None
    """Its label, None for the text itself."""
    message: str
    times: int
    fix: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Topic:
    """The changes that one clause asks for."""

    title: str
    decision: str
    clause: str | None
    code: str | None
    changes: Sequence[Change]


def topics(reasons: Iterable[Reason], main: str, lang: Lang) -> list[Topic]:
    """Return the necessary changes, the strictest first. `main` is the field whose text the page shows."""
    grouped: dict[tuple[str, str], list[Reason]] = {}
    for one in reasons:
        grouped.setdefault((one.rule, one.decision), []).append(one)
    ordered = sorted(grouped.values(), key=lambda some: -Decision(some[0].decision).rank)
    return [
        Topic(some[0].title, some[0].decision, some[0].clause, some[0].code, _changes(some, main, lang))
        for some in ordered
    ]


def _changes(reasons: Sequence[Reason], main: str, lang: Lang) -> list[Change]:
    same: dict[tuple[str | None, str], list[Reason]] = {}
    for one in reasons:
        same.setdefault((one.field, one.message), []).append(one)
    found: list[Change] = []
    fix = suggestion = ""
    for (field, message), some in same.items():
        head = some[0]
        found.append(
            Change(
                field=None if field in (None, main) else field_label(field, lang),
                message=shortened(message, _LONGEST),
                times=len(some),
                fix=shortened(head.fix, _LONGEST) if head.fix != fix else "",
                suggestion=shortened(head.suggestion or "", _TEXT) if head.suggestion != suggestion else "",
            )
        )
        fix, suggestion = head.fix, head.suggestion or ""
    return found


def main_field(document: Mapping[str, Any] | None) -> str:
    """Return the field of a submission's text."""
    return next((name for name in MAIN if (document or {}).get(name) is not None), MAIN[0])


@dataclass(frozen=True, slots=True)
class AppealCourse:
    """An appeal and its outcome, None while it is under review."""

    appeal: Step
    outcome: Step | None


def appeal_course(steps: Sequence[Step]) -> AppealCourse | None:
    """Return the appeal among the steps of a submission with the latest decision after it; None without an appeal."""
    place = next((at for at, one in enumerate(steps) if one.state == "appealed"), None)
    if place is None:
        return None
    last = next((one for one in reversed(steps[place + 1 :]) if one.by == "person"), None)
    return AppealCourse(steps[place], None if last is None or last.state == "reopened" else last)
