"""A verdict as the page shows it: the text in segments, the findings by rule, the fixes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from smsvet import Decision, Provider, segments_of
from smsvet.labels import field_label
from smsvet.model import Lang
from smsvet.rules.sources import Citation, Sources

from ...audit.fixes.correcting import FIELDS
from ...audit.report.texts import Piece, pieces, shortened
from ...http.trials import Corrections, Fix
from ..marks import Segment, marks_of, segments
from .form import TryForm

_SHOWN_CHANGE: Final = 16
"""Code points of a change that is shown on its button."""
_MOST_SOURCES: Final = 4
_MOST_MESSAGE: Final = 320
"""Code points of a message that are shown."""


@dataclass(frozen=True, slots=True)
class FixButton:
    """A confirmed correction: the value that its button sends, the removed part of the text and the added one."""

    value: str
    removed: str
    added: str


@dataclass(frozen=True, slots=True)
class Place:
    """Findings with one message: how many, their fix unless the one before has the same, and the field if not the main."""

    message: Sequence[Piece]
    times: int
    fix: Sequence[Piece]
    field: str | None
    button: FixButton | None
    suggestion: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule."""

    number: int
    rule: str
    title: str
    decision: str
    code: str | None
    clause: str | None
    citations: Sequence[Citation]
    source: str
    categories: Sequence[str]
    transforms: Sequence[str]
    evidence: Sequence[Mapping[str, Any]]
    findings: int
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Size:
    """Code points of a text and the charged messages that it takes."""

    characters: int
    messages: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that the page shows of one verdict."""

    decision: str
    reasons: Sequence[Group]
    advice: Sequence[Group]
    findings: int
    faults: Sequence[Mapping[str, str]]
    segments: Sequence[Segment]
    numbers: Mapping[tuple[str, str], int]
    """The number of each rule and decision."""
    together: FixButton | None
    cured: int
    after: str | None
    """The decision after all fixes."""
    as_of: str
    revision: str


def outcome(
    form: TryForm, verdict: Mapping[str, Any], corrections: Corrections, sources: Sources, lang: Lang
) -> Outcome:
    """Return the view of a verdict in the JSON of the API."""
    findings = verdict["findings"]
    reasons = [item for item in findings if item["decision"] != Decision.APPROVE]
    advice = [item for item in findings if item["decision"] == Decision.APPROVE]
    buttons = {(fix.field, fix.text): _button(form, fix) for fix in corrections.single}
    first = _groups(reasons, 1, buttons, form, sources, lang)
    then = _groups(advice, len(first) + 1, {}, form, sources, lang)
    numbers = {(group.rule, group.decision): group.number for group in (*first, *then)}
    cured = corrections.together[0].cured if corrections.together else 0
    return Outcome(
        decision=verdict["decision"],
        reasons=first,
        advice=then,
        findings=len(reasons),
        faults=verdict["faults"],
        segments=segments(form.content, marks_of(findings, numbers, form.main_field)),
        numbers=numbers,
        together=FixButton("all", "", "") if corrections.together else None,
        cured=cured,
        after=corrections.decision.value if corrections.decision else None,
        as_of=verdict["as_of"],
        revision=verdict["revision"],
    )


def digest(fix: Fix) -> str:
    """Return the value of a fix's button: it names the corrected text, so a changed form cannot get another one."""
    return hashlib.sha256(f"{fix.field}\0{fix.text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def size(form: TryForm, provider: Provider | None) -> Size:
    """Return the size of the text as it stands, with the signature where one is given. Source: T-LEN, U-GUIDE."""
    signature = form.signature.strip() if form.kind == "template" else ""
    text = f"【{signature.strip('【】')}】{form.content}" if signature else form.content
    ucs2, gsm = (70, 67), (160, 153)
    as_of = form.day
    if provider is not None and as_of is not None:
        ucs2 = _pair(provider.limit("segment", as_of, ucs2), ucs2)
        gsm = _pair(provider.limit("segment_gsm", as_of, gsm), gsm)
    found = segments_of(text, provider is not None and provider.region == "international", ucs2, gsm)
    return Size(len(form.content), found.count, found.encoding)


def _pair(value: object, default: tuple[int, int]) -> tuple[int, int]:
    return (int(value[0]), int(value[1])) if isinstance(value, tuple) else default


def _groups(
    findings: Iterable[Mapping[str, Any]],
    first: int,
    buttons: Mapping[tuple[str, str], FixButton],
    form: TryForm,
    sources: Sources,
    lang: Lang,
) -> list[Group]:
    """Return the findings by rule and decision, the strictest decisions first and then by place."""
    by_rule: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for item in findings:
        by_rule.setdefault((item["rule"], item["decision"]), []).append(item)
    ordered = sorted(by_rule.values(), key=lambda items: -Decision(items[0]["decision"]).rank)
    offered: set[str] = set()
    groups = []
    for number, items in enumerate(ordered, start=first):
        head = items[0]
        groups.append(
            Group(
                number=number,
                rule=head["rule"],
                title=head.get("title") or head["rule"],
                decision=head["decision"],
                code=head["code"],
                clause=head["clause"],
                citations=sources.cite(head["source"], lang)[:_MOST_SOURCES],
                source=head["source"],
                categories=_distinct(item["category"] for item in items if item["category"]),
                transforms=_distinct(name for item in items for name in item["transforms"]),
                evidence=head["evidence"],
                findings=len(items),
                places=_places(items, buttons, offered, form, lang),
            )
        )
    return groups


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _places(
    items: Sequence[Mapping[str, Any]],
    buttons: Mapping[tuple[str, str], FixButton],
    offered: set[str],
    form: TryForm,
    lang: Lang,
) -> list[Place]:
    """Return the findings of one rule, those with one message together."""
    by_message: dict[tuple[str, str | None], list[Mapping[str, Any]]] = {}
    for item in items:
        by_message.setdefault((item["message"], item["field"]), []).append(item)
    found: list[Place] = []
    fix = ""
    for (message, field), same in by_message.items():
        button = next((one for item in same if (one := _offer(item, buttons, offered))), None)
        found.append(
            Place(
                message=list(pieces(shortened(message, _MOST_MESSAGE))),
                times=len(same),
                fix=list(pieces(shortened(same[0]["fix"], _MOST_MESSAGE))) if same[0]["fix"] != fix else (),
                field=None if field in (None, form.main_field) else field_label(field, lang),
                button=button,
                suggestion=None if field in FIELDS else same[0]["suggestion"],
            )
        )
        fix = same[0]["fix"]
    return found


def _offer(
    item: Mapping[str, Any], buttons: Mapping[tuple[str, str], FixButton], offered: set[str]
) -> FixButton | None:
    """Return the button for a finding, once: one text may be the suggestion of several findings."""
    button = buttons.get((item["field"] or "", item["suggestion"] or ""))
    if button is None or button.value in offered:
        return None
    offered.add(button.value)
    return button


def _button(form: TryForm, fix: Fix) -> FixButton:
    before = form.content if fix.field == form.main_field else form.signature
    removed, added = changed(before, fix.text)
    if max(len(removed), len(added)) > _SHOWN_CHANGE:
        removed = added = ""
    return FixButton(digest(fix), removed, added)


def changed(before: str, after: str) -> tuple[str, str]:
    """Return the parts of two texts between their common start and their common end."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return before[start : len(before) - end], after[start : len(after) - end]
