"""One submission takes bounded work and gives a bounded answer, and nothing beyond a bound is approved."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smsvet import Decision, Reviewer, Submission, Variable, budget, reader
from smsvet.findings import MAX_FINDINGS
from smsvet.lexicon import combinations
from smsvet.lexicon.combinations import MAX_REPEATS
from smsvet.schema import write_verdict
from smsvet.templates.parser import MAX_PROBLEMS
from smsvet.templates.values import MAX_VALUES

BODY = "您的订单{1}已发货"


def review(reviewer: Reviewer, lang: Any = "zh", **fields: Any) -> Any:
    given: dict[str, Any] = {"body": BODY, "purpose": "notification"} | fields
    return reviewer.review(Submission(**given), lang)


@pytest.mark.parametrize("count", [MAX_VALUES + 1, 200_000])
@pytest.mark.parametrize("value", ["1", 1, "t.cn/Ab3"])
def test_values_beyond_the_limit_are_rejected_without_being_read(
    reviewer: Reviewer, count: int, value: object
) -> None:
    verdict = review(reviewer, params=[value] * count)
    found = [one for one in verdict.findings if one.rule == "params/too-many"]
    assert [one.decision for one in found] == [Decision.REJECT]
    assert f"{count} 个" in found[0].message
    assert len(verdict.findings) < 3 * MAX_FINDINGS


@pytest.mark.parametrize("lengths", [[3001, 3002], [4000, 5000], [3000] * 100])
@pytest.mark.parametrize(
    ("provider", "as_of", "rules"),
    [
        ("tencent", date(2023, 6, 1), {"params/length", "params/attribute"}),
        ("huawei", date(2026, 11, 28), {"params/length", "params/attribute", "params/sentence"}),
    ],
)
def test_a_finding_in_a_long_value_quotes_the_text_at_its_place(
    reviewer: Reviewer, provider: str, as_of: date, rules: set[str], lengths: list[int]
) -> None:
    sentence = "明天停水，请提前储水，给您带来不便敬请谅解。"
    values = [(sentence * (length // len(sentence) + 1))[:length] for length in lengths]
    write = reviewer.providers[provider].placeholder
    body = "".join(f"第{number}项{write(str(number))}" for number in range(1, len(values) + 1))
    submission = Submission(
        provider=provider,
        body=body,
        params=values,
        purpose="notification",
        variables={"1": Variable("phone")},
        as_of=as_of,
    )
    placed = [
        finding
        for finding in reviewer.review(submission).findings
        if finding.field and finding.field.startswith("params.") and finding.start is not None
    ]
    assert {finding.rule for finding in placed} >= rules
    for finding in placed:
        number = int(str(finding.field).removeprefix("params."))
        assert finding.text == values[number - 1][finding.start : finding.end]


def test_as_many_values_as_are_read_are_not_too_many(reviewer: Reviewer) -> None:
    rules = {one.rule for one in review(reviewer, params=["1"] * MAX_VALUES).findings}
    assert "params/too-many" not in rules
    assert "params/count" in rules


@pytest.mark.parametrize(("lang", "words"), [("zh", "还有 {} 处"), ("en", "{} more findings")])
def test_findings_of_one_rule_in_one_field_are_bounded(reviewer: Reviewer, lang: str, words: str) -> None:
    verdict = review(reviewer, lang, params=["t.cn/Ab3"] * MAX_VALUES)
    links = [one for one in verdict.findings if one.rule == "params/link"]
    assert len(links) == MAX_FINDINGS + 1
    rest = [one for one in links if one.start is None]
    assert len(rest) == 1
    assert words.format(MAX_VALUES - MAX_FINDINGS) in rest[0].message
    assert (rest[0].field, rest[0].text, rest[0].suggestion) == ("params", None, None)
    assert rest[0].decision is Decision.REJECT


def test_findings_on_recipients_are_bounded(reviewer: Reviewer) -> None:
    verdict = review(reviewer, params=["1"], recipients=[str(number) for number in range(5000)])
    wrong = [one for one in verdict.findings if one.rule == "sending/phone-format"]
    assert 0 < len(wrong) <= MAX_FINDINGS + 1


@pytest.mark.parametrize("value", ["1", 1, "t.cn/Ab3"])
def test_the_verdict_on_many_values_is_short(reviewer: Reviewer, value: object) -> None:
    written = write_verdict(review(reviewer, params=[value] * 200_000))
    assert len(json.dumps(written, ensure_ascii=False)) < 500_000


def test_a_body_alone_is_within_the_budget(reviewer: Reviewer) -> None:
    text = "您的订单已发货，请注意查收。" * 300
    verdict = review(reviewer, body=text, text=text, remark=text, signature=text)
    assert verdict.faults == ()


def test_past_the_budget_the_verdict_asks_for_a_person_and_names_the_fault(reviewer: Reviewer) -> None:
    values = ["一" * 2900] * 40
    verdict = review(reviewer, params=values)
    assert [fault.rule for fault in verdict.faults] == [budget.FAULT]
    assert verdict.decision >= Decision.MANUAL_REVIEW


def test_the_budget_of_rules_ends_a_review_with_a_fault(
    reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MAX_RULE_STEPS", 10)
    verdict = review(reviewer, body="加微信领取内部资料，点击 t.cn/Ab3")
    assert [fault.rule for fault in verdict.faults] == [budget.FAULT]
    assert verdict.decision >= Decision.MANUAL_REVIEW


@pytest.mark.parametrize(("length", "suggested"), [(2900, True), (3000, False)])
def test_no_suggestion_is_longer_than_what_is_searched(
    reviewer: Reviewer, length: int, suggested: bool
) -> None:
    verdict = review(reviewer, body="新品上市。".ljust(length, "好"), purpose="marketing")
    (missing,) = [one for one in verdict.findings if one.rule == "marketing/optout-missing"]
    assert (missing.suggestion is not None) is suggested


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "至少还有 {} 处"), ("en", "At least {} more findings of this rule")]
)
def test_a_term_beyond_its_repetitions_is_counted_at_least(reviewer: Reviewer, lang: str, words: str) -> None:
    verdict = review(reviewer, lang, body="代开发票。" * 600, purpose="marketing")
    (rest,) = [one for one in verdict.findings if one.rule == "content/invoice" and one.start is None]
    assert words.format(MAX_REPEATS - MAX_FINDINGS) in rest.message
    assert (rest.field, rest.decision) == ("body", Decision.REJECT)


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "至少还有 {} 处"), ("en", "At least {} more findings of this rule")]
)
@pytest.mark.parametrize("unit", ["}", "{a{"])
def test_problems_of_placeholders_beyond_the_bound_are_counted_at_least(
    reviewer: Reviewer, lang: str, words: str, unit: str
) -> None:
    verdict = review(reviewer, lang, body=unit * 600)
    found = [one for one in verdict.findings if one.rule == "template/malformed-variable"]
    (rest,) = [one for one in found if one.start is None]
    assert len(found) == MAX_FINDINGS + 1
    assert words.format(MAX_PROBLEMS - MAX_FINDINGS) in rest.message
    assert (rest.field, rest.decision) == ("body", Decision.REJECT)


def test_a_term_is_reported_as_often_as_a_template_may_have_it(reviewer: Reviewer) -> None:
    verdict = review(reviewer, body="代开发票。" * MAX_FINDINGS, purpose="marketing")
    assert len([one for one in verdict.findings if one.rule == "content/invoice"]) == MAX_FINDINGS


REPEATED = [
    "代开发票", "加微信", "威❤信", "立减", "全场五折", "博彩", "菠菜下注", "澳门葡京", "赌", "贷 款", "无抵押贷款", "无抵押dk", "名师授课",
    "最好", "第一", "您的订单已发货", "退订回T", "t.cn/Ab3", "13912345678", "{1}", "，", "。", "\n",
]  # fmt: skip


@st.composite
def repetitions(draw: st.DrawFn) -> str:
    """Return a text where a few words occur often, in any order, and others once."""
    words = st.sampled_from(REPEATED)
    units = draw(st.lists(st.lists(words, min_size=1, max_size=3).map("".join), min_size=1, max_size=3))
    text = "".join(unit * draw(st.integers(1, 40)) for unit in units)
    return draw(words) + text + draw(words)


@given(repetitions(), st.sampled_from(["body", "text", "signature", "params", "remark"]))
@example("代开发票" + "您的订单已发货名师授课" * 6 + "名师授课", "params")
@settings(max_examples=120, deadline=None)
def test_leaving_out_repetitions_changes_no_decision(reviewer: Reviewer, text: str, field: str) -> None:
    others: dict[str, dict[str, Any]] = {
        "signature": {"signature": text, "body": None, "purpose": None},
        "params": {"params": [text]},
        "remark": {"remark": text, "signature": "云雀科技", "body": None, "purpose": None},
    }
    given_fields = others.get(field, {field: text})
    decided = []
    for most in (6, sys.maxsize):
        with pytest.MonkeyPatch.context() as patch:
            # A warning exempts nothing in a text with half of MAX_REPEATS terms, so it plays no part here.
            patch.setattr(reader, "CROWDED", 0)
            patch.setattr(combinations, "MAX_REPEATS", most)
            verdict = review(reviewer, **given_fields)
        decided.append((verdict.decision, verdict.faults))
    assert decided[0] == decided[1]
