"""An operator's own decisions, read from a table: texts with their final decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from smsvet.model import Lang

from ..files.rows import InputError, Row, Unreadable
from ..files.words import plain
from ..wording import say
from .shipped_texts import LabelledText, text_of

LEAST: Final = 200
"""Decisions of each side without which nothing is learned."""

COLUMNS: Final = (
    "final decision", "decision", "human decision", "label",
    "最终结论", "人工结论", "审核结论", "审核结果", "最终结果", "结论", "判定",
)  # fmt: skip
"""Headings of the column with the final decision, the surest first."""

_WORDS: Final = {
    False: ("approve", "approved", "pass", "ok", "benign", "通过", "审核通过", "已通过", "合格", "正常"),
    True: (
        "reject", "rejected", "fail", "violating", "spam",
        "驳回", "已驳回", "拒绝", "不通过", "未通过", "审核不通过", "审核未通过", "违规", "不合格",
    ),
    None: ("manual review", "pending", "hold", "转人工", "待审核", "审核中", "待定", "人工复核", ""),
}  # fmt: skip
MEANING: Final = {plain(word): violates for violates, words in _WORDS.items() for word in words}
"""Normalised word of a decision -> whether it is a rejection; None if it is undecided."""
_HEADINGS: Final = tuple(plain(name) for name in COLUMNS)


def read_decisions(
    rows: Iterable[Row | Unreadable], source: str, lang: Lang
) -> tuple[list[LabelledText], int]:
    """Return the decided texts, each once, and the number of rows left out: undecided or without a text.

    Raises InputError for a row without a decision column, an unknown decision, or two different decisions on one
    text. Raises it too if a side has fewer than LEAST texts.
    """
    decided: dict[str, tuple[bool, int]] = {}
    left_out = 0
    for row in rows:
        place = f"{source}:{row.line}"
        if isinstance(row, Unreadable):
            left_out += 1
            continue
        heading, word = decision_cell(row, place, lang)
        if plain(word) not in MEANING:
            listed = "、".join(each for words in _WORDS.values() for each in words if each)
            raise InputError(
                say(
                    lang,
                    f"{place}: {heading}: 不认识“{word}”；可用：{listed}",
                    f"{place}: {heading}: unknown word '{word}'; known: {listed}",
                )
            )
        violates = MEANING[plain(word)]
        text = text_of(row.data) if isinstance(row.data, dict) else None
        if violates is None or text is None:
            left_out += 1
            continue
        before, line = decided.setdefault(text, (violates, row.line))
        if before is not violates:
            raise InputError(
                say(
                    lang,
                    f"{place}: 同一文本在第 {line} 行有相反的结论",
                    f"{place}: line {line} has the opposite decision on the same text",
                )
            )
    texts = [LabelledText(text, violates) for text, (violates, _) in decided.items()]
    check_counts(texts, source, lang)
    return texts, left_out


def decision_cell(row: Row, place: str, lang: Lang) -> tuple[str, str]:
    """Return the heading and the word of a row's decision; raises InputError without such a column."""
    cells = dict(row.cells) or (dict(row.data) if isinstance(row.data, dict) else {})
    headings = {plain(str(heading)): str(heading) for heading in cells}
    for name in _HEADINGS:
        if name in headings:
            value = cells[headings[name]]
            return headings[name], "" if value is None else str(value)
    raise InputError(
        say(
            lang,
            f"{place}: 没有最终结论一列；可用的列名：{'、'.join(COLUMNS)}",
            f"{place}: no column with the final decision; known headings: {', '.join(COLUMNS)}",
        )
    )


def check_counts(texts: Iterable[LabelledText], source: str, lang: Lang) -> None:
    """Raise InputError if a side has fewer than LEAST texts."""
    violations = [text.violates for text in texts]
    rejected = sum(violations)
    approved = len(violations) - rejected
    if min(approved, rejected) < LEAST:
        raise InputError(
            say(
                lang,
                f"{source}: 不同文本中有 {approved} 条通过、{rejected} 条拒绝；两边各需至少 {LEAST} 条",
                f"{source}: {approved} different texts approved and {rejected} rejected;"
                f" at least {LEAST} of each are needed",
            )
        )
