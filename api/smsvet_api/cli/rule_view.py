"""Renders rules, explanations and failed examples for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from smsvet.explain import Explanation
from smsvet.model import Decision, Lang
from smsvet.rules.rule import Rule

from ..wording import say
from .checking import Failure
from .excerpt import cropped, folded, readable
from .verdict_view import BADGES, badge


def asked(decision: str, lang: Lang) -> Text:
    """Return a rule's decision as coloured text; `approve` is shown as advice."""
    if decision == "off":
        return Text(say(lang, "停用", "off"), "dim")
    if decision == "approve":
        return Text(say(lang, "提示", "advice"), "cyan")
    return badge(Decision(decision), lang, sign=False)


def scope(rule: Rule) -> str:
    """Return the providers, eras, dates and region where a rule applies; `*` for all."""
    file = rule.file
    parts = [*file.providers, *file.profiles]
    if file.region:
        parts.append(file.region)
    if file.since or file.until:
        parts.append(f"{file.since or ''}..{file.until or ''}")
    return ", ".join(parts) or "*"


def rule_table(rules: Sequence[Rule], lang: Lang) -> Table:
    """Return a table of rules: id, title, decision, scope and source."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(say(lang, "规则", "rule"), no_wrap=True)
    table.add_column(say(lang, "标题", "title"), no_wrap=True)
    table.add_column(say(lang, "决定", "decision"), no_wrap=True)
    table.add_column(say(lang, "适用", "scope"), no_wrap=True, style="dim")
    table.add_column(say(lang, "来源", "source"), no_wrap=True, style="dim")
    for rule in rules:
        decision = asked(rule.switched or rule.file.decision, lang)
        title = Text(rule.file.title.say(lang))
        table.add_row(Text(rule.id), title, decision, Text(scope(rule)), Text(rule.file.source))
    return table


def draw_rule(rule: Rule, lang: Lang, width: int) -> Iterator[Text]:
    """Yield the lines that show one rule in full, with its examples."""
    file = rule.file
    yield Text(rule.id, "bold").append(f"  {file.title.say(lang)}")
    decision = asked(rule.switched or file.decision, lang)
    for case in file.decisions:
        kept = case.model_dump(mode="json", exclude_defaults=True, exclude={"decision"})
        words = "; ".join(
            f"{key} {', '.join(item) if isinstance(item, list) else item}" for key, item in kept.items()
        )
        decision.append(" · ").append_text(asked(case.decision, lang)).append(f" ({words})", "dim")
    yield Text(f"  {say(lang, '决定', 'decision')}: ").append_text(decision)
    codes = [
        f"{provider} {code if isinstance(code, str) else ' / '.join(item.code for item in code)}"
        for provider, code in file.codes.items()
    ]
    rows = (
        (say(lang, "适用", "scope"), scope(rule)),
        (say(lang, "说法", "message"), file.message.say(lang)),
        (say(lang, "原因", "why"), file.why.say(lang)),
        (say(lang, "修改", "fix"), file.fix.say(lang)),
        (say(lang, "条款", "clause"), file.clause or ""),
        (say(lang, "错误码", "codes"), ", ".join(codes)),
        (say(lang, "来源", "source"), file.source),
    )
    for label, words in rows:
        if words:
            lines = folded(f"{label}: {words}", max(width - 2, 20))
            yield from (
                Text(f"  {line}" if number == 0 else f"    {line}") for number, line in enumerate(lines)
            )
    for heading, examples, decided in (
        (say(lang, "应命中", "flags"), file.examples.flag, Decision.REJECT),
        (say(lang, "应放行", "passes"), file.examples.passes, Decision.APPROVE),
    ):
        sign, style = BADGES[decided][0], BADGES[decided][3]
        yield Text(f"  {heading}:")
        for example in examples:
            written = json.dumps(example, ensure_ascii=False, default=str)
            yield Text("    ").append(sign, style).append(f" {cropped(written, max(width - 6, 20))}")


def draw_explanation(explanation: Explanation, lang: Lang, width: int) -> Iterator[Text]:
    """Yield one line for each step with ✓ or ✗, and the conclusion."""
    yield Text(readable(explanation.title), "bold")
    for gate in explanation.gates:
        sign, style = ("✓", "green") if gate.passed else ("✗", "red")
        head = Text("  ").append(sign, style).append(f" {readable(gate.name)}  ")
        indent = head.cell_len
        lines = folded(gate.detail, max(width - indent, 24))
        yield head.append(lines[0], "dim" if gate.passed else "")
        yield from (Text(" " * indent + line, "dim") for line in lines[1:])
    if explanation.flagged:
        yield Text(say(lang, "结论：命中", "so: flagged"), "bold red")
    elif explanation.gates and not explanation.gates[-1].passed:
        last = readable(explanation.gates[-1].name)
        yield Text(
            say(lang, f"结论：未命中，止于“{last}”", f"so: not flagged, stopped at “{last}”"), "bold green"
        )
    else:
        yield Text(say(lang, "结论：未命中", "so: not flagged"), "bold green")


def draw_failure(failure: Failure, width: int) -> Iterator[Text]:
    """Yield the lines that show an example with a wrong result."""
    yield Text("✗ ", "bold red").append(failure.place)
    if failure.example:
        yield from (Text(f"    {line}", "dim") for line in folded(failure.example, max(width - 4, 20)))
    yield from (Text(f"    {line}") for line in folded(failure.error, max(width - 4, 20)))
