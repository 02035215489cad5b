"""Draws a comparison in the terminal: the matrix, the rules, the groups, the review load and the dates of a series."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from smsvet.labels import DECISIONS, PURPOSES, label
from smsvet.model import Lang

from ..audit.comparison.comparison import Comparison
from ..audit.comparison.transitions import NAMES, Matrix
from ..wording import say

_RULES: Final = 15
_GROUPS: Final = 5
_BAR: Final = 16
_DIM: Final = "dim"


def draw_comparison(found: Comparison, lang: Lang) -> Iterator[Text | Table]:
    """Yield the parts of a comparison."""
    yield _headline(found, lang)
    yield _accounting(found, lang)
    yield Text()
    yield _matrix(found.tally.overall, found, lang)
    if found.tally.rules or found.tally.shared:
        yield Text()
        yield _rules(found, lang)
    for name in ("provider", "purpose", "account"):
        groups = found.tally.groups[name].top(_GROUPS)
        if len(groups) > 1:
            yield Text()
            yield _groups(name, groups, lang)
    if found.steps:
        yield Text()
        yield _series(found, lang)
    if found.human and found.tally.flagged:
        yield Text()
        yield _agreement(found, lang)
    if not found.human:
        yield Text()
        yield Text(load_line(found, lang))


def _headline(found: Comparison, lang: Lang) -> Text:
    overall = found.tally.overall
    text = Text(f"{found.old.label} → {found.new.label}", "bold")
    share = overall.moved / overall.total if overall.total else 0
    if found.human:
        return text.append(
            say(
                lang,
                f"  {overall.total:,} 条有人工结论，一致 {1 - share:.1%}",
                f"  {overall.total:,} items with a human decision, {1 - share:.1%} agree",
            ),
            "not bold",
        )
    return text.append(
        say(
            lang,
            f"  {overall.total:,} 条，变化 {overall.moved:,} 条（{share:.1%}）：更严 {overall.stricter:,}，放宽 {overall.milder:,}",
            f"  {overall.total:,} items, {overall.moved:,} moved ({share:.1%}): {overall.stricter:,} stricter, {overall.milder:,} milder",
        ),
        "not bold",
    )


def _accounting(found: Comparison, lang: Lang) -> Text:
    """Return the line that accounts for every row: moved wordings, rows of one side only, errors."""
    tally = found.tally
    about = "" if tally.wordings.exact else "≈"
    names = {
        "only_old": ("仅旧方有", "only in OLD"),
        "only_new": ("仅新方有", "only in NEW"),
        "unidentified": ("没有 id", "without an id"),
        "repeated": ("id 重复", "with a repeated id"),
        "undecided": ("没有人工结论", "without a human decision"),
        "unknown": ("人工结论无法识别", "with an unknown human decision"),
    }
    parts = [
        say(
            lang,
            f"变化的不同文本 {about}{tally.wordings.count:,} 种",
            f"{about}{tally.wordings.count:,} different wordings moved",
        )
    ]
    counts = {names[key]: items for key, items in found.unpaired.items()}
    counts |= {
        ("出错的行", "rows with an error"): tally.errors,
        ("已豁免", "grandfathered"): tally.grandfathered,
    }
    parts += [
        say(lang, f"{words[0]} {items:,}", f"{items:,} {words[1]}")
        for words, items in counts.items()
        if items
    ]
    return Text(say(lang, "；", "; ").join(parts), _DIM)


def _matrix(matrix: Matrix, found: Comparison, lang: Lang) -> Table:
    corner = say(lang, "旧＼新", "old \\ new")
    if found.human:
        corner = say(lang, "人工＼引擎", "human \\ engine")
    table = _table(corner, *(_decision(name, lang) for name in NAMES), say(lang, "合计", "total"))
    for old, row in enumerate(matrix.rows()):
        cells = [
            Text(f"{items:,}", _DIM if old == new or not items else "red" if new > old else "green")
            for new, items in enumerate(row)
        ]
        table.add_row(_decision(NAMES[old], lang), *cells, f"{sum(row):,}")
    news = [f"{matrix.news(new):,}" for new in range(len(NAMES))]
    table.add_row(say(lang, "合计", "total"), *news, f"{matrix.total:,}")
    return table


def _rules(found: Comparison, lang: Lang) -> Table:
    table = _table(
        say(lang, "规则", "rule"), say(lang, "负责", "responsible"), say(lang, "独因", "alone"),
        say(lang, "涉及", "involved"), say(lang, "文本", "wordings"), "",
    )  # fmt: skip
    rules = found.tally.by_items()
    most = max([one.responsible for _, one in rules] + [1])
    for rule, one in rules[:_RULES]:
        bar = Text("▇" * round(_BAR * one.responsible / most), "red", overflow="crop")
        table.add_row(
            rule,
            f"{one.responsible:,}",
            f"{one.alone:,}",
            f"{one.involved:,}",
            f"{one.wordings.count:,}",
            bar,
        )
    if len(rules) > _RULES:
        rest = sum(one.responsible for _, one in rules[_RULES:])
        left = len(rules) - _RULES
        table.add_row(say(lang, f"其余 {left} 条规则", f"{left} more rules"), f"{rest:,}", "", "", "", "")
    if found.tally.shared:
        table.add_row(
            say(lang, "多条规则共同负责", "several rules together"), f"{found.tally.shared:,}", "", "", "", ""
        )
    if found.tally.unexplained:
        words = say(lang, "没有规则能解释", "no rule explains it")
        table.add_row(words, f"{found.tally.unexplained:,}", "", "", "", "")
    return table


def _groups(name: str, groups: list[tuple[str, Matrix]], lang: Lang) -> Table:
    titles = {
        "provider": ("服务商", "provider"),
        "purpose": ("短信类型", "purpose"),
        "account": ("账号", "account"),
    }
    table = _table(
        say(lang, *titles[name]), say(lang, "条数", "items"), say(lang, "变化", "moved"), say(lang, "更严", "stricter"),
        say(lang, "放宽", "milder"),
    )  # fmt: skip
    for value, matrix in groups:
        words = label(PURPOSES, value, lang) if name == "purpose" else value
        table.add_row(
            Text(words or say(lang, "（未填）", "(none)"), overflow="ellipsis"), f"{matrix.total:,}",
            f"{matrix.moved:,}", f"{matrix.stricter:,}", f"{matrix.milder:,}",
        )  # fmt: skip
    return table


def _series(found: Comparison, lang: Lang) -> Table:
    table = _table(
        say(lang, "日期", "date"), *(_decision(name, lang) for name in NAMES), say(lang, "更严", "stricter"),
        say(lang, "放宽", "milder"), say(lang, "主要规则", "main rule"),
    )  # fmt: skip
    for step in found.steps:
        main = step.rules.most_common(1)
        table.add_row(
            step.day.isoformat(), *(f"{step.decisions[number]:,}" for number in range(len(NAMES))),
            f"{step.moves.stricter:,}", f"{step.moves.milder:,}",
            f"{main[0][0]} ({main[0][1]:,})" if main else "",
        )  # fmt: skip
    return table


def _agreement(found: Comparison, lang: Lang) -> Table:
    human = [say(lang, f"人工{_decision(name, lang)}", f"human: {_decision(name, lang)}") for name in NAMES]
    table = _table(say(lang, "规则", "rule"), say(lang, "命中", "flagged"), *human)
    rules = sorted(found.tally.flagged.items(), key=lambda one: (-one[1].total, one[0]))
    for rule, matrix in rules[:_RULES]:
        table.add_row(rule, f"{matrix.total:,}", *(f"{matrix.olds(old):,}" for old in range(len(NAMES))))
    return table


def load_line(found: Comparison, lang: Lang) -> str:
    """Return the review load as one line."""
    load = found.load
    cases, minutes = load.cases, load.minutes
    zh = f"新增人工复核 {cases[0]:,.1f} 件 [{cases[1]:,.1f}, {cases[2]:,.1f}]，{minutes[0]:,.0f} 分钟 [{minutes[1]:,.0f}, {minutes[2]:,.0f}]"
    en = f"{cases[0]:,.1f} new cases for manual review [{cases[1]:,.1f}, {cases[2]:,.1f}], {minutes[0]:,.0f} minutes [{minutes[1]:,.0f}, {minutes[2]:,.0f}]"
    if load.given:
        return say(lang, f"每天 {load.per_day:,} 条：{zh}", f"A day with {load.per_day:,} items: {en}")
    return say(lang, f"每 {load.per_day:,} 条提交：{zh}", f"Per {load.per_day:,} items submitted: {en}")


def _decision(name: str, lang: Lang) -> str:
    return label(DECISIONS, name, lang)


def _table(first: str, *rest: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(first, no_wrap=True, overflow="ellipsis", min_width=12)
    for heading in rest:
        width = cell_len(heading)
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True, min_width=width)
    return table
