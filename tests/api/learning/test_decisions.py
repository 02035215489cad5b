"""The decisions of a table: the words of its decision column, and the errors."""

import pytest

from smsvet_api.files.rows import InputError, Row, Unreadable
from smsvet_api.learning.decisions import LEAST, read_decisions


def rows(*decisions: tuple[str, str], heading: str = "审核结果") -> list[Row | Unreadable]:
    return [
        Row(line, {"body": text}, {"模板内容": text, heading: decision})
        for line, (text, decision) in enumerate(decisions, start=2)
    ]


def enough() -> list[tuple[str, str]]:
    return [(f"订单{n}", "通过") for n in range(LEAST)] + [(f"红包{n}", "驳回") for n in range(LEAST)]


@pytest.mark.parametrize("heading", ["审核结果", "最终结论", "Final decision", "decision", "label"])
def test_headings(heading: str) -> None:
    texts, left_out = read_decisions(rows(*enough(), heading=heading), "d.csv", "zh")
    assert (len(texts), left_out) == (2 * LEAST, 0)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("通过", False), ("approved", False), ("不通过", True), ("REJECT", True), ("审核未通过", True)],
)
def test_words(word: str, expected: bool) -> None:
    texts, _ = read_decisions(rows(*enough(), ("新文本", word)), "d.csv", "zh")
    assert texts[-1].violates is expected


def test_undecided_rows_are_left_out() -> None:
    given = [*rows(*enough(), ("新文本", "待审核"), ("另一条", "")), Unreadable(9999, "wrong")]
    assert read_decisions(given, "d.csv", "zh")[1] == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([*enough(), ("新文本", "可能")], "d.csv:402: 审核结果: 不认识“可能”"),
        ([*enough(), ("订单1", "驳回")], "d.csv:402: 同一文本在第 3 行有相反的结论"),
        (enough()[:-1], "有 200 条通过、199 条拒绝"),
        ([*enough()[:-1], ("红包1", "驳回")], "有 200 条通过、199 条拒绝"),
    ],
)
def test_refused(given: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_decisions(rows(*given), "d.csv", "zh")


def test_without_a_decision_column() -> None:
    with pytest.raises(InputError, match=r"d\.csv:2: no column with the final decision"):
        read_decisions(rows(*enough(), heading="备注"), "d.csv", "en")
