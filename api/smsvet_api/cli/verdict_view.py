"""Renders verdicts in the style of compiler errors: text, underlined match, reason and fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from smsvet import json_text
from smsvet.labels import DECISIONS, FIELDS, KINDS, RULE_DECISIONS, field_label, label
from smsvet.model import Decision, Finding, Lang, Verdict
from smsvet.rules.sources import Sources
from smsvet.submission import Submission

from ..files.rows import Unreadable
from ..wording import say
from .excerpt import Mark, cropped, excerpt, folded, readable
from .source_view import cited

BADGES: Final[Mapping[Decision, tuple[str, str]]] = {
    Decision.APPROVE: ("✓", "green"),
    Decision.MANUAL_REVIEW: ("?", "yellow"),
    Decision.REJECT: ("✗", "red"),
}
"""The sign and the colour of each decision."""

_ORDER = ("signature", "body", "text", "params", "remark")
_MARGIN = 2


def badge(decision: Decision, lang: Lang, sign: bool = True) -> Text:
    """Return a decision in its colour, with its symbol in front if `sign`."""
    mark, style = BADGES[decision]
    words = label(DECISIONS, decision.value, lang)
    return Text(f"{mark} {words}" if sign else words, f"bold {style}")


def field_text(submission: Submission, field: str) -> str | None:
    """Return the submitted text of a finding's field; other values as JSON."""
    name, _, key = field.partition(".")
    if name != "params":
        found: str | None = getattr(submission, name, None)
        return found
    params = submission.params
    if isinstance(params, list | tuple) and key.isdigit() and 0 < int(key) <= len(params):
        value = params[int(key) - 1]
    elif isinstance(params, Mapping) and key in params:
        value = params[key]
    else:
        return None
    return value if isinstance(value, str) else json_text(value)


def draw_verdict(
    submission: Submission, verdict: Verdict, provider: str, sources: Sources, lang: Lang, width: int
) -> Iterator[Text]:
    """Yield the annotated text and the findings of one verdict, at most `width` columns wide.

    `provider` is the title of the provider. Advice on facts that were not supplied is left to `draw_missing`.
    """
    head = badge(verdict.decision, lang)
    if verdict.id is not None:
        head.append("  ").append(readable(verdict.id), "bold")
    kind = label(KINDS, verdict.kind, lang)
    head.append(f"  {kind} · {provider} · {verdict.as_of}", "dim")
    yield head
    reasons = [finding for finding in verdict.findings if finding.decision is not Decision.APPROVE]
    advice = [
        finding
        for finding in verdict.findings
        if finding.decision is Decision.APPROVE and finding.missing is None
    ]
    if not reasons:
        yield Text(" " * _MARGIN).append(_gist(submission, width - _MARGIN), "dim")
    reasons.sort(key=lambda finding: _place(finding.field))
    fields = list(dict.fromkeys(finding.field for finding in reasons))
    suggested: set[str | None] = set()
    sourced: set[str] = set()
    numbers = {id(finding): str(number) for number, finding in enumerate(reasons, start=1)}
    for field in fields:
        mine = [finding for finding in reasons if finding.field == field]
        yield from _draw_field(submission, field, mine, numbers if len(reasons) > 1 else {}, lang, width)
        for finding in mine:
            number = numbers[id(finding)] if len(reasons) > 1 else ""
            new = finding.suggestion not in suggested
            suggested.add(finding.suggestion)
            yield from _draw_finding(finding, number, new, lang, width)
            if finding.source and finding.rule not in sourced:
                sourced.add(finding.rule)
                head = Text("    ").append(say(lang, "来源：", "source: "), "dim")
                words = cited(finding.source, verdict.provider, sources, lang)
                yield from _hanging(head, words, "dim", width)
    for finding in advice:
        words = f"{label(RULE_DECISIONS, 'approve', lang)} {named(finding)}{colon(lang)}{finding.message}"
        yield from _hanging(Text("  · ", "dim"), words, "dim", width)
    for fault in verdict.faults:
        words = f"{say(lang, '规则故障', 'rule failed')} {fault.rule}{colon(lang)}{fault.error}"
        yield from _hanging(Text("  ! ", "magenta"), words, "magenta", width)


def named(finding: Finding) -> str:
    """Return the rule of a finding as people read it: its title, then its id."""
    return f"{finding.title} ({finding.rule})" if finding.title else finding.rule


def missing_facts(findings: Iterable[Finding]) -> dict[str, set[str]]:
    """Return the facts that were not supplied, each with the rules that could not be checked without it."""
    missing: dict[str, set[str]] = {}
    for finding in findings:
        if finding.missing is not None:
            missing.setdefault(finding.missing, set()).add(finding.rule)
    return missing


def draw_missing(missing: Mapping[str, set[str]], lang: Lang, width: int) -> Iterator[Text]:
    """Return one sentence on the facts that were not supplied; nothing if all were."""
    if not missing:
        return
    count = len(set().union(*missing.values()))
    facts = [_fact(fact, lang) for fact in sorted(missing)]
    words = say(
        lang,
        f"未提供：{'、'.join(facts)}；提交后可多核对 {count} 条规则",
        f"Not supplied: {', '.join(facts)}; with this, {count} more {'rule' if count == 1 else 'rules'} can be checked",
    )
    yield from _hanging(Text("· ", "dim"), words, "dim", width)


def _fact(fact: str, lang: Lang) -> str:
    name = label(FIELDS, fact, lang)
    return name if name == fact else f"{name}{say(lang, f'（{fact}）', f' ({fact})')}"


def colon(lang: Lang) -> str:
    """Return the colon between a heading and what follows."""
    return say(lang, "：", ": ")


def _place(field: str | None) -> int:
    name = (field or "").partition(".")[0]
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _gist(submission: Submission, width: int) -> str:
    text = submission.text if submission.text is not None else submission.body
    if text is None:
        return cropped(f"【{submission.signature}】", width)
    signed = (
        f"【{submission.signature}】" if submission.signature is not None and submission.text is None else ""
    )
    values = "" if submission.params is None else f" ← {json_text(submission.params)}"
    return cropped(signed + text + values, width)


def _draw_field(
    submission: Submission,
    field: str | None,
    findings: Sequence[Finding],
    numbers: Mapping[int, str],
    lang: Lang,
    width: int,
) -> Iterator[Text]:
    text = field_text(submission, field) if field else None
    places: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        if finding.start is None or finding.end is None:
            continue
        for span in finding.spans or ((finding.start, finding.end),):
            places.setdefault(span, []).append(finding)
    if text is None or field is None or not places:
        return
    marks = []
    for (start, end), found in places.items():
        number = ",".join(dict.fromkeys(numbers.get(id(finding), "") for finding in found))
        marks.append(Mark(start, end, number, BADGES[max(finding.decision for finding in found)][1]))
    gutter = f"  {readable(field_label(field, lang))} │ "
    margin = cell_len(gutter)
    for row, line in enumerate(excerpt(text, marks, width - margin)):
        yield Text(gutter if row == 0 else " " * (margin - 2) + "│ ", "dim").append_text(_undimmed(line))


def _undimmed(line: Text) -> Text:
    shown = Text(line.plain, "not dim")
    for span in line.spans:
        shown.stylize(span.style, span.start, span.end)
    return shown


def _draw_finding(finding: Finding, number: str, suggest: bool, lang: Lang, width: int) -> Iterator[Text]:
    head = Text("  ")
    if number:
        head.append(f"{number} ", "bold")
    style = BADGES[finding.decision][1]
    yield from _hanging(
        head.append_text(badge(finding.decision, lang, sign=False)).append(" "), named(finding), style, width
    )
    indent = "    "
    yield from _hanging(Text(indent), finding.message, "", width)
    yield from _hanging(Text(indent).append(say(lang, "修改：", "fix: "), "cyan"), finding.fix, "", width)
    if finding.suggestion is not None and suggest:
        head = Text(indent).append(say(lang, "改后：", "corrected: "), "green")
        yield from _hanging(head, cropped(finding.suggestion, 4 * width), "green", width)
    code = f"{say(lang, '错误码', 'error code')} {finding.code}" if finding.code else None
    basis = " · ".join(part for part in (finding.clause, code) if part)
    if basis:
        yield from _hanging(Text(indent).append(say(lang, "依据：", "basis: "), "dim"), basis, "dim", width)


def _hanging(head: Text, words: str, style: str, width: int) -> Iterator[Text]:
    indent = head.cell_len
    for number, line in enumerate(folded(words, max(width - indent, 10))):
        yield (head.copy() if number == 0 else Text(" " * indent)).append(line, style)


def draw_unreadable(row: Unreadable, source: str, lang: Lang, width: int) -> Iterator[Text]:
    """Yield the lines that report a row that is not a submission, with the reason."""
    head = Text(f"! {say(lang, '无法读取', 'unreadable')}", "bold magenta")
    if row.id is not None:
        head.append(f"  {readable(str(row.id))}", "bold")
    yield head.append(f"  {source}:{row.line}", "dim")
    yield from _hanging(Text("    "), row.error, "", width)
