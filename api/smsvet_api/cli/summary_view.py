"""Renders what ends the review of a file: rules by decision, and the counts of the decisions."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from smsvet.labels import RULE_DECISIONS, label
from smsvet.model import Lang

from ..wording import say
from .excerpt import folded, readable
from .tally import COLUMNS, UNREADABLE, Tally
from .verdict_view import BADGES, badge

MOST_RULES = 20
"""Number of rules in the table unless all are wanted."""
_GAP = 2


def draw_rules(tally: Tally, every: bool, lang: Lang, width: int) -> Iterator[Text]:
    """Yield a table of the rules: how many submissions each rejected, left to a person, or gave advice on.

    It has MOST_RULES rules unless `every` is set; a last line counts the others.
    """
    ranked = tally.ranked()
    if not ranked:
        return
    heads = [label(RULE_DECISIONS, decision.value, lang) for decision in COLUMNS]
    widths = [max(cell_len(head), len(str(tally.total))) + _GAP for head in heads]
    line = Text()
    for head, size in zip(heads, widths, strict=True):
        line.append(" " * (size - cell_len(head)) + head, "dim")
    yield line.append(" " * _GAP + say(lang, "规则", "rule"), "dim")
    for rule in ranked if every else ranked[:MOST_RULES]:
        line = Text()
        for decision, size in zip(COLUMNS, widths, strict=True):
            count = tally.rules[rule][decision]
            line.append(f"{count or '-':>{size}}", BADGES[decision][1] if count else "dim")
        yield from _named(line, f"{tally.titles[rule]} ({rule})", width)
    if not every and len(ranked) > MOST_RULES:
        more = len(ranked) - MOST_RULES
        yield Text(
            say(lang, f"  另有 {more} 条规则：--stats 全部列出", f"  {more} more rules: --stats lists all"),
            "dim",
        )


def _named(line: Text, name: str, width: int) -> Iterator[Text]:
    margin = line.cell_len + _GAP
    for number, part in enumerate(folded(readable(name), max(width - margin, 10))):
        yield (line.append(" " * _GAP) if number == 0 else Text(" " * margin)).append(part)


def draw_summary(tally: Tally, revision: str, lang: Lang, width: int) -> Iterator[Text]:
    """Yield the counts of the decisions and of unreadable rows, and the revision."""
    line = Text(say(lang, f"共 {tally.total} 条", f"{tally.total} submissions"), "bold")
    for decision in BADGES:
        line.append("  ").append_text(badge(decision, lang)).append(
            f" {tally.decisions[decision.value]}", "bold"
        )
    if count := tally.decisions[UNREADABLE]:
        line.append(f"  ! {say(lang, '无法读取', 'unreadable')} {count}", "bold magenta")
    yield Text("─" * min(width, 72), "dim")
    yield line.append(f"  {say(lang, '规则版本', 'revision')} {revision}", "dim")
