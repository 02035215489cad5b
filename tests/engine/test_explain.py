"""Explanations: why a text was flagged, or the first gate that it failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smsvet import Reviewer, Submission
from smsvet.explain import explain_all, explain_rule, explain_term

RULE = """\
title: {zh: 发货, en: Shipped}
decision: reject
message: {zh: "“{match}”", en: "“{match}”"}
why: {zh: 试, en: try}
fix: {zh: 改, en: change}
source: ours
providers: [tencent, aliyun]
since: "2021-01-01"
until: "2026-11-01"
region: mainland
kinds: [template, message]
purposes: [notification]
needs: [account, placeholders]
decisions: [{decision: "off", accounts: [individual]}]
check: {kind: pattern, pattern: "已发货"}
unless: [{kind: pattern, pattern: "内部"}, {kind: pattern, pattern: "演练"}]
examples:
  flag: [{body: "您的订单{1}已发货"}]
  pass: [{body: "您好"}]
"""
FLAGGED: dict[str, Any] = {
    "body": "您的订单{1}已发货",
    "purpose": "notification",
    "as_of": "2025-06-17",
    "account": {"type": "enterprise"},
}
RULE_GATES = (
    "switched on", "provider", "date and era", "region", "kind and purpose", "facts needed", "exceptions", "check hits",
    "decision",
)  # fmt: skip
TERM_GATES = (
    "in a lexicon", "in the text", "whole words, not exempt", "combination complete", "heeded by a rule", "rule fires",
)  # fmt: skip


@pytest.fixture(scope="module")
def ruled(small_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Reviewer:
    """Return a reviewer with a rule that has every gate, and a disabled rule."""
    folder = tmp_path_factory.mktemp("explain")
    (folder / "own/order").mkdir(parents=True)
    (folder / "own/order/shipped.yaml").write_text(RULE, encoding="utf-8")
    (folder / "own/order/refused.yaml").write_text(RULE, encoding="utf-8")
    (folder / "policy.yaml").write_text('rules: {order/refused: "off"}\n', encoding="utf-8")
    return Reviewer([folder / "own"], folder / "policy.yaml", small_content)


STOPPED = [
    # changes to the flagged submission, the rule, the failed gate, and part of its detail
    ({}, "order/refused", "switched on", "off"),
    ({"provider": "ucloud"}, "order/shipped", "provider", "ucloud ∈ tencent, aliyun"),
    ({"as_of": "2018-10-09"}, "order/shipped", "date and era", "2018-10-09"),
    ({"as_of": "2026-11-22"}, "order/shipped", "date and era", "2026-11-22"),
    ({"region": "international"}, "order/shipped", "region", "international ∈ mainland"),
    ({"purpose": "marketing"}, "order/shipped", "kind and purpose", "marketing ∈ notification"),
    (
        {"body": None, "signature": "已发货"},
        "order/shipped",
        "kind and purpose",
        "signature ∈ template, message",
    ),
    ({"account": None}, "order/shipped", "facts needed", "account"),
    ({"body": "您的订单已发货"}, "order/shipped", "facts needed", "placeholders"),
    ({"body": "内部订单{1}已发货"}, "order/shipped", "exceptions", "unless 1"),
    ({"body": "演练：订单{1}已发货"}, "order/shipped", "exceptions", "unless 2"),
    ({"body": "您的订单{1}已签收"}, "order/shipped", "check hits", "0"),
    ({"account": {"type": "individual"}}, "order/shipped", "decision", "off"),
    ({}, "order/shipped", None, "reject"),
]


@pytest.mark.parametrize(("other", "rule", "gate", "detail"), STOPPED)
def test_the_first_gate_that_stops_a_rule(
    other: dict[str, Any], rule: str, gate: str | None, detail: str, ruled: Reviewer
) -> None:
    submission = Submission(**{**FLAGGED, **other})
    told = explain_rule(ruled, submission, rule, "en")
    names = [reached.name for reached in told.gates]
    assert names == list(RULE_GATES[: len(names)])
    assert [reached.passed for reached in told.gates[:-1]] == [True] * (len(names) - 1)
    assert (told.gates[-1].name, told.gates[-1].passed) == (gate or RULE_GATES[-1], gate is None)
    assert detail in told.gates[-1].detail
    # it agrees with the review
    assert told.flagged is (gate is None)
    assert told.flagged is any(finding.rule == rule for finding in ruled.review(submission).findings)
    chinese = explain_rule(ruled, submission, rule)
    assert [reached.passed for reached in chinese.gates] == [reached.passed for reached in told.gates]
    assert chinese.title == f"{rule}: 发货"


def test_every_gate_is_tried() -> None:
    assert {gate for *_, gate, _ in STOPPED if gate} == set(RULE_GATES)


def test_an_unknown_rule(ruled: Reviewer) -> None:
    with pytest.raises(KeyError, match="order/none"):
        explain_rule(ruled, Submission(body="您好"), "order/none")


WORDS = [
    # a notice, a word, the failed gate, and part of its detail
    ("请尽快登录", "云雀", "in a lexicon", "云雀"),
    ("请尽快登录", "下注", "in the text", "下注"),
    ("以下注意事项请知悉", "下注", "whole words, not exempt", "part-of-words"),
    ("以下注册说明请知悉", "下注", "whole words, not exempt", "safe-phrase:以下注册说明"),
    ("手机已经发货", "手机", "combination complete", "手机 & 挖矿"),
    ("手机也能挖矿", "手机", None, ""),
    ("赌博平台", "赌博", None, ""),
    ("手机也能挖矿", "挖礦", None, ""),  # the word is normalised like the text
    ("注册送彩金", "彩金", "rule fires", "彩金 (weak)"),
]


@pytest.mark.parametrize(("body", "word", "gate", "detail"), WORDS)
def test_the_first_gate_that_stops_a_word(
    body: str, word: str, gate: str | None, detail: str, ruled: Reviewer
) -> None:
    told = explain_term(ruled, Submission(body=body, purpose="notification"), word, "en")
    names = [reached.name for reached in told.gates]
    assert names == list(TERM_GATES[: len(names)])
    assert (told.gates[-1].name, told.gates[-1].passed) == (gate or TERM_GATES[-1], gate is None)
    assert detail in told.gates[-1].detail
    assert (told.title, told.flagged) == (word, gate is None)


def test_a_lexicon_that_no_rule_heeds(content: Path) -> None:
    (content / "corpora/terms/idle.tsv").write_text("云雀币\tstrong\tanywhere\t\n", encoding="utf-8")
    told = explain_term(Reviewer(content=content), Submission(body="云雀币已到账"), "云雀币", "en")
    assert (told.gates[-1].name, told.flagged) == ("heeded by a rule", False)
    assert "corpora/terms/idle.tsv:1" in told.gates[0].detail


def test_words_in_the_shipped_lexicons(reviewer: Reviewer) -> None:
    trap = Submission(body="以下注意事项请知悉：{1}号楼停水", purpose="notification")
    told = explain_term(reviewer, trap, "下注")
    assert (told.flagged, told.gates[-1].name) == (False, "整词且未豁免")
    meant = Submission(body="葡京真人荷官在线发牌，赌场下注返水", purpose="notification")
    assert explain_term(reviewer, meant, "赌场").flagged


def test_everything_that_was_flagged(reviewer: Reviewer) -> None:
    submission = Submission(body="您的验证码为｛1｝，点击{2}查看", purpose="verification")
    told = explain_all(reviewer, submission)
    verdict = reviewer.review(submission)
    assert (told.title, told.flagged) == ("reject", True)
    assert [gate.name for gate in told.gates] == [finding.rule for finding in verdict.findings]
    assert {"template/full-width-braces", "template/link-in-variable"} <= {gate.name for gate in told.gates}
    nothing = explain_all(reviewer, Submission(signature="杭州云雀网络科技", source="company",
                          account={"name": "杭州云雀网络科技有限公司"}))  # type: ignore[arg-type] # fmt: skip
    assert nothing.title == "approve"
