"""Explanations: why a text was flagged, or the first condition that it failed."""

from __future__ import annotations

import re
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
    "enabled", "provider", "date", "region", "kind", "purpose", "facts", "exceptions", "check", "decision",
)  # fmt: skip
TERM_GATES = ("listed", "present", "whole", "combination", "used", "fires")


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
    # what is other than in the flagged submission, the rule, the condition that fails, and its sentence in two languages
    ({}, "order/refused", "enabled", "规则已被策略文件停用", "The rule is switched off by the policy"),
    (
        {"provider": "ucloud"},
        "order/shipped",
        "provider",
        "规则只适用于腾讯云、阿里云，不适用于优刻得",
        "The rule applies only to Tencent Cloud, Alibaba Cloud, not to UCloud USMS",
    ),
    (
        {"as_of": "2018-10-09"},
        "order/shipped",
        "date",
        "规则只适用于2021-01-01 起、2026-11-01 之前，不适用于 2018-10-09（腾讯云 2021 年以前的规范）",
        "The rule applies only to from 2021-01-01 and before 2026-11-01, not to 2018-10-09 (Tencent Cloud's standards before 2021)",
    ),
    ({"as_of": "2026-11-22"}, "order/shipped", "date", "不适用于 2026-11-22", "not to 2026-11-22"),
    (
        {"region": "international"},
        "order/shipped",
        "region",
        "规则只适用于国内，不适用于国际",
        "The rule applies only to mainland, not to international",
    ),
    (
        {"purpose": "marketing"},
        "order/shipped",
        "purpose",
        "规则只适用于通知，不适用于营销短信",
        "The rule applies only to notification, not to marketing messages",
    ),
    (
        {"body": None, "signature": "已发货"},
        "order/shipped",
        "kind",
        "规则只适用于模板、短信，不适用于签名",
        "The rule applies only to template, message, not to a signature",
    ),
    (
        {"account": None},
        "order/shipped",
        "facts",
        "规则需要账号信息，此提交没有",
        "The rule needs account; the submission has none",
    ),
    (
        {"body": "您的订单已发货"},
        "order/shipped",
        "facts",
        "规则需要变量，此提交没有",
        "The rule needs placeholders; the submission has none",
    ),
    (
        {"body": "内部订单{1}已发货"},
        "order/shipped",
        "exceptions",
        "属于规则的例外：“内部”",
        "An exception of the rule applies: “内部”",
    ),
    ({"body": "演练：订单{1}已发货"}, "order/shipped", "exceptions", "“演练”", "“演练”"),
    (
        {"body": "您的订单{1}已签收"},
        "order/shipped",
        "check",
        "文本与规则的模式不匹配",
        "The text does not match the rule's pattern",
    ),
    (
        {"account": {"type": "individual"}},
        "order/shipped",
        "decision",
        "规则在这种情况下停用",
        "The rule is off in this case",
    ),
    ({}, "order/shipped", None, "规则的决定：驳回", "The rule decides: reject"),
]


@pytest.mark.parametrize(("other", "rule", "gate", "chinese", "english"), STOPPED)
def test_the_first_condition_that_a_rule_fails(
    other: dict[str, Any], rule: str, gate: str | None, chinese: str, english: str, ruled: Reviewer
) -> None:
    submission = Submission(**{**FLAGGED, **other})
    for lang, said, title in (("en", english, "Shipped"), ("zh", chinese, "发货")):
        told = explain_rule(ruled, submission, rule, "en" if lang == "en" else "zh")
        names = [reached.name for reached in told.gates]
        assert names == list(RULE_GATES[: len(names)])
        assert [reached.passed for reached in told.gates[:-1]] == [True] * (len(names) - 1)
        assert (told.gates[-1].name, told.gates[-1].passed) == (gate or RULE_GATES[-1], gate is None)
        assert said in told.gates[-1].sentence
        assert told.title == f"{title} ({rule})"
        # it agrees with the review
        assert told.flagged is (gate is None)
        assert told.flagged is any(finding.rule == rule for finding in ruled.review(submission).findings)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_formula_is_left(lang: Any, reviewer: Reviewer) -> None:
    submission = Submission(body="您的订单{1}已发货，请注意查收", purpose="notification")
    for rule in reviewer.rules:
        told = explain_rule(reviewer, submission, rule.id, lang)
        for gate in told.gates:
            assert not re.search("∈|\\(strong|, anywhere\\)|safe-phrase:", gate.sentence), gate
            if lang == "en":
                plain = re.sub("“[^”]*”|The longest.*", "", gate.sentence)
                assert not re.search("[\u4e00-\u9fff]", plain), gate


def test_what_a_pattern_matches_and_lacks_and_the_normalised_text(ruled: Reviewer) -> None:
    submission = Submission(**{**FLAGGED, "body": "您的訂單{1}已发出"})
    check = explain_rule(ruled, submission, "order/shipped").gates[-1]
    assert check.details == (
        "模式：已发货",
        "匹配到的最长部分：已发，即正文中的“已发”",
        "文本中没有：“已发货”",
        "规范化后的正文：您的订单{…}已发出",
    )
    check = explain_rule(ruled, submission, "order/shipped", "en").gates[-1]
    assert check.details == (
        "Pattern: 已发货",
        "The longest part that matches: 已发, “已发” in the body",
        "The text does not contain “已发货”",
        "The body, normalised: 您的订单{…}已发出",
    )
    (check,) = [
        gate
        for gate in explain_rule(ruled, Submission(**FLAGGED), "order/shipped").gates
        if gate.name == "check"
    ]
    assert (check.sentence, check.details) == (
        "命中“已发货”",
        ("模式：已发货", "规范化后的正文：您的订单{…}已发货"),
    )


def test_every_gate_is_tried() -> None:
    assert {gate for _, _, gate, _, _ in STOPPED if gate} == set(RULE_GATES)


def test_an_unknown_rule(ruled: Reviewer) -> None:
    with pytest.raises(KeyError, match="order/none"):
        explain_rule(ruled, Submission(body="您好"), "order/none")


WORDS = [
    # a notice, a word, the condition that fails, and its sentence in two languages
    ("请尽快登录", "云雀", "listed", "“云雀”不在任何词库中", "“云雀” is in no lexicon"),
    ("请尽快登录", "下注", "present", "文本中没有“下注”", "“下注” is not in the text"),
    (
        "以下注意事项请知悉",
        "下注",
        "whole",
        "文本里有“下注”，但它跨在其他词之间，不是完整的词，因此不算命中",
        "“下注” is only a part of other words, so it does not count",
    ),
    (
        "以下注册说明请知悉",
        "下注",
        "whole",
        "文本里有“下注”，但它属于安全短语“以下注册说明”，因此不算命中",
        "“下注” is part of the allowlist phrase “以下注册说明”, so it does not count",
    ),
    (
        "手机已经发货",
        "手机",
        "combination",
        "词条“手机 & 挖矿”要求其余部分也在附近出现，文本中没有",
        "The entry “手机 & 挖矿” needs its other parts near by, and the text lacks them",
    ),
    ("手机也能挖矿", "手机", None, "规则命中：", "The rule flags it: "),
    ("赌博平台", "赌博", None, "规则命中：", "The rule flags it: "),
    (
        "手机也能挖矿",
        "挖礦",
        None,
        "规则命中：",
        "The rule flags it: ",
    ),  # the word is normalised like the text
    (
        "注册送彩金",
        "彩金",
        "fires",
        "规则没有命中，只有这些词还不够：“彩金”（弱词）",
        "The rules do not flag it; this is not enough: “彩金” (weak)",
    ),
]


@pytest.mark.parametrize(("body", "word", "gate", "chinese", "english"), WORDS)
def test_the_first_condition_that_a_word_fails(
    body: str, word: str, gate: str | None, chinese: str, english: str, ruled: Reviewer
) -> None:
    submission = Submission(body=body, purpose="notification")
    for told, said in (
        (explain_term(ruled, submission, word, "en"), english),
        (explain_term(ruled, submission, word), chinese),
    ):
        names = [reached.name for reached in told.gates]
        assert names == list(TERM_GATES[: len(names)])
        assert (told.gates[-1].name, told.gates[-1].passed) == (gate or TERM_GATES[-1], gate is None)
        assert said in told.gates[-1].sentence
        assert (told.title, told.flagged) == (word, gate is None)


def test_the_entries_of_a_word_are_in_plain_words(ruled: Reviewer) -> None:
    listed = explain_term(ruled, Submission(body="下注"), "下注").gates[0]
    assert listed.details == ("“下注”，gambling 类强词，须为完整的词（corpora/terms/gambling.tsv:3）",)
    listed = explain_term(ruled, Submission(body="赌博"), "赌博", "en").gates[0]
    assert listed.details == (
        "“赌博”, strong term of the category gambling, anywhere in the text (corpora/terms/gambling.tsv:1)",
    )


def test_a_lexicon_that_no_rule_uses(content: Path) -> None:
    (content / "corpora/terms/idle.tsv").write_text("云雀币\tstrong\tanywhere\t\n", encoding="utf-8")
    told = explain_term(Reviewer(content=content), Submission(body="云雀币已到账"), "云雀币", "en")
    assert (told.gates[-1].name, told.flagged) == ("used", False)
    assert "corpora/terms/idle.tsv:1" in told.gates[0].details[0]


def test_words_in_the_shipped_lexicons(reviewer: Reviewer) -> None:
    trap = Submission(body="以下注意事项请知悉：{1}号楼停水", purpose="notification")
    told = explain_term(reviewer, trap, "下注")
    assert (told.flagged, told.gates[-1].name) == (False, "whole")
    assert told.gates[-1].sentence == "文本里有“下注”，但它属于安全短语“以下注意”，因此不算命中"
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
