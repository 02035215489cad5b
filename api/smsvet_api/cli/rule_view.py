"""Renders rules, explanations and failed examples for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from smsvet import Reviewer
from smsvet.explain import Explanation
from smsvet.files.suggestions import did_you_mean, suggestions
from smsvet.labels import KINDS, PROFILES, PURPOSES, REGIONS, RULE_DECISIONS, label, labels
from smsvet.model import Decision, Lang
from smsvet.rules.rule import Rule
from smsvet.rules.sources import Sources
from smsvet.sms.provider import Provider

from ..files.rows import InputError
from ..wording import say
from .checking import Failure
from .excerpt import cropped, folded, readable
from .source_view import draw_sources
from .verdict_view import BADGES, colon


def asked(decision: str, lang: Lang) -> Text:
    """Return a rule's decision as coloured text; `approve` is shown as advice."""
    words = label(RULE_DECISIONS, decision, lang)
    if decision == "off":
        return Text(words, "dim")
    return Text(words, "cyan" if decision == "approve" else f"bold {BADGES[Decision(decision)][1]}")


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
    """Return a table of rules: id, decision and title. Ids are never cut; titles wrap."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(say(lang, "规则", "rule"), no_wrap=True, min_width=max(map(_width, rules), default=0))
    decisions = [label(RULE_DECISIONS, name, lang) for name in RULE_DECISIONS]
    table.add_column(say(lang, "决定", "decision"), no_wrap=True, min_width=max(map(cell_len, decisions)))
    table.add_column(say(lang, "标题", "title"), overflow="fold")
    for rule in rules:
        decision = asked(rule.switched or rule.file.decision, lang)
        table.add_row(Text(rule.id), decision, Text(rule.file.title.say(lang)))
    return table


def _width(rule: Rule) -> int:
    return len(rule.id)


def draw_rule(
    rule: Rule, providers: Mapping[str, Provider], sources: Sources, lang: Lang, width: int
) -> Iterator[Text]:
    """Yield the lines that show one rule in full, with its examples."""
    file = rule.file
    yield Text(file.title.say(lang), "bold").append(f" ({rule.id})", "not bold")
    decision = asked(rule.switched or file.decision, lang)
    for case in file.decisions:
        kept = case.model_dump(mode="json", exclude_defaults=True, exclude={"decision"})
        words = "; ".join(
            f"{key} {', '.join(item) if isinstance(item, list) else item}" for key, item in kept.items()
        )
        decision.append(" · ").append_text(asked(case.decision, lang)).append(f" ({words})", "dim")
    yield Text(f"  {say(lang, '决定', 'decision')}{colon(lang)}").append_text(decision)
    codes = [
        f"{_service(key, providers, lang)} {' / '.join(dict.fromkeys(item.code for item in items))}"
        for key, provider in providers.items()
        if (items := rule.codes(provider))
    ]
    rows = (
        (say(lang, "适用", "scope"), scope_in_words(rule, providers, lang)),
        (say(lang, "说法", "message"), file.message.say(lang)),
        (say(lang, "原因", "why"), file.why.say(lang)),
        (say(lang, "修改", "fix"), file.fix.say(lang)),
        (say(lang, "条款", "clause"), file.clause or ""),
        (say(lang, "错误码", "codes"), ", ".join(codes)),
    )
    for heading, words in rows:
        if words:
            lines = folded(f"{heading}{colon(lang)}{words}", max(width - 2, 20))
            yield from (
                Text(f"  {line}" if number == 0 else f"    {line}") for number, line in enumerate(lines)
            )
    yield from draw_sources(file.source, sources, lang, width)
    for heading, examples, decided in (
        (say(lang, "应命中", "flags"), file.examples.flag, Decision.REJECT),
        (say(lang, "应放行", "passes"), file.examples.passes, Decision.APPROVE),
    ):
        sign, style = BADGES[decided]
        yield Text(f"  {heading}{colon(lang).rstrip()}")
        for example in examples:
            written = json.dumps(example, ensure_ascii=False, default=str)
            yield Text("    ").append(sign, style).append(f" {cropped(written, max(width - 6, 20))}")


def scope_in_words(rule: Rule, providers: Mapping[str, Provider], lang: Lang) -> str:
    """Return for which providers, eras, region, dates, kinds and purposes a rule holds, for people."""
    file, between = rule.file, say(lang, "、", ", ")
    since = say(lang, f"{file.since} 起", f"from {file.since}") if file.since else ""
    until = say(lang, f"{file.until} 之前", f"before {file.until}") if file.until else ""
    parts = (
        between.join(_service(provider, providers, lang) for provider in file.providers),
        labels(PROFILES, file.profiles, lang),
        label(REGIONS, file.region, lang) if file.region else "",
        since,
        until,
        labels(KINDS, file.kinds, lang),
        labels(PURPOSES, file.purposes, lang),
    )
    return say(lang, "；", "; ").join(filter(None, parts)) or say(lang, "不限", "everywhere")


def _service(key: str, providers: Mapping[str, Provider], lang: Lang) -> str:
    return providers[key].title.short(lang) if key in providers else key


def draw_explanation(explanation: Explanation, lang: Lang, width: int) -> Iterator[Text]:
    """Yield one sentence for each condition with ✓ or ✗, and the conclusion."""
    yield Text(readable(explanation.title), "bold")
    for gate in explanation.gates:
        sign, style = ("✓", "green") if gate.passed else ("✗", "red")
        lines = folded(gate.sentence, max(width - 4, 24))
        yield Text("  ").append(sign, style).append(f" {lines[0]}", "dim" if gate.passed else "")
        yield from (Text(f"    {line}", "dim" if gate.passed else "") for line in lines[1:])
        for detail in gate.details:
            lines = folded(detail, max(width - 6, 24))
            yield from (
                Text(f"{'    · ' if at == 0 else '      '}{line}", "dim") for at, line in enumerate(lines)
            )
    if explanation.flagged:
        yield Text(say(lang, "结论：命中", "Conclusion: flagged"), "bold red")
    else:
        why = explanation.gates[-1].sentence if explanation.gates else ""
        words = say(lang, f"结论：未命中。{why}。", f"Conclusion: not flagged. {why}.")
        yield from (Text(line, "bold green") for line in folded(words, width))


def draw_failure(failure: Failure, width: int) -> Iterator[Text]:
    """Yield the lines that show an example with a wrong result."""
    yield Text("✗ ", "bold red").append(failure.place)
    if failure.example:
        yield from (Text(f"    {line}", "dim") for line in folded(failure.example, max(width - 4, 20)))
    yield from (Text(f"    {line}") for line in folded(failure.error, max(width - 4, 20)))


def known_rule(reviewer: Reviewer, rule_id: str, lang: Lang) -> str:
    """Return the rule id. Raises InputError with similar ids if there is no such rule."""
    ids = [rule.id for rule in reviewer.rules]
    if rule_id in ids:
        return rule_id
    titles = {title: rule.id for rule in reviewer.rules for title in (rule.file.title.zh, rule.file.title.en)}
    english, chinese = did_you_mean(suggestions(rule_id, ids, titles))
    if not english:
        english, chinese = "; smsvet rules lists all", "；全部规则见 smsvet rules"
    raise InputError(say(lang, f"没有规则 {rule_id}{chinese}", f"no rule {rule_id}{english}"))
