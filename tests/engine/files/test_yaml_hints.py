"""Mistakes that people make in rule and policy files: the right line and key, and a hint, in two languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smsvet import ContentError, Reviewer
from smsvet.files.yaml_hints import known_keys
from smsvet.rules.policy import Policy
from smsvet.rules.rule import RuleFile

Write = Callable[[str, str], Path]
RULE = """\
title:
  zh: 发货
  en: Shipped
decision: reject
message:
  zh: "“{match}”不宜出现"
  en: "“{match}” should not be there"
why: {zh: 试, en: try}
fix: {zh: "改{{1}}", en: "change {{1}}"}
source: ours
check:
  kind: pattern
  pattern: "已发货"
  in: [body]
examples:
  flag: [{body: "您的订单{1}已发货"}]
  pass: [{body: "您好"}]
"""
SLIPS = [
    # a line of the rule, how it is written instead, its number, and what is said in English and in Chinese
    (
        "decision: reject",
        "decision：reject",
        4,
        "full-width colon “：”: write “decision: ” with a half-width colon and a space",
        "用了全角冒号“：”，应写半角冒号加空格：“decision: ”",
    ),
    (  # the parser notices it only behind comments, which may have braces
        "decision: reject",
        "decision：人工复核\n\n# {match} 是命中的文字",
        4,
        "write “decision: ”",
        "应写半角冒号加空格：“decision: ”",
    ),
    (
        "  zh: 发货",
        "  zh：发货",
        2,
        "full-width colon “：”: write “zh: ”",
        "用了全角冒号“：”，应写半角冒号加空格：“zh: ”",
    ),
    (
        "why: {zh: 试, en: try}",
        "why: {zh：试, en: try}",
        8,
        "why.zh：试: full-width colon “：”: write “zh: ”",
        "why.zh：试: 用了全角冒号“：”",
    ),
    (
        "source: ours",
        "source：ours",
        10,
        "full-width colon “：”: write “source: ”",
        "用了全角冒号“：”",
    ),
    (
        "decision: reject",
        "decision:reject",
        4,
        "no space after the colon: write “decision: ”",
        "冒号后缺少空格，应写作“decision: ”",
    ),
    (
        "  en: Shipped",
        "\ten: Shipped",
        3,
        "a tab in the indentation: use spaces",
        "缩进用了制表符，应使用空格",
    ),
    (
        'flag: [{body: "您的订单{1}已发货"}]',
        "flag: [{body: 您的订单{1}已发货}]",
        16,
        '{1} is not in quotes: put the whole text in quotes, such as "… {1} …"',
        '含 {1} 的文字没有加引号：整段文字要放在引号中，如 "…{1}…"',
    ),
    (
        '  zh: "“{match}”不宜出现"',
        "  zh: {match}不宜出现",
        6,
        "{match} is not in quotes",
        "含 {match} 的文字没有加引号",
    ),
    (
        '  zh: "“{match}”不宜出现"',
        "  zh: {match}",
        6,
        "message.zh: Input should be a valid string; {match} is not in quotes",
        "message.zh: 应为字符串；含 {match} 的文字没有加引号",
    ),
    (
        "source: ours",
        "source: ours: second",
        10,
        "not YAML: mapping values are not allowed in this context",
        "不是 YAML：这里不能再有“键: 值”；含冒号的文字要加引号",
    ),
    (
        "decision: reject",
        "decision: 人工复核",
        4,
        "decision: Input should be 'approve', 'manual_review', 'reject' or 'off'; did you mean manual_review?",
        "decision: 应为 approve、manual_review、reject、off 之一；是否应为 manual_review？",
    ),
    (
        "decision: reject",
        "decision: 驳回",
        4,
        "did you mean reject?",
        "是否应为 reject？",
    ),
    (
        "  in: [body]",
        "  in: [body，text]",
        14,
        "check.in.0: Input should be 'signature', 'body', 'text', 'params' or 'remark'; full-width comma “，”",
        "check.in.0: 应为 signature、body、text、params、remark 之一；用了全角逗号“，”，应写半角逗号“, ”",
    ),
    (
        "  in: [body]",
        "  in: [正文]",
        14,
        "did you mean body?",
        "是否应为 body？",
    ),
    (
        "  kind: pattern",
        "  kind: regex",
        11,
        "did you mean pattern?",
        "是否为 pattern？",
    ),
    (
        '  en: "“{match}” should not be there"',
        '  en: "“{mach}” should not be there"',
        7,
        "message.en: no word {mach} comes from this check; known: match; did you mean match?",
        "message.en: 这个检查没有提供 {mach}；可用：match；是否为 match？",
    ),
    (
        "source: ours",
        "source: ours\nneeds: [acount]",
        11,
        "did you mean account?",
        "是否为 account？",
    ),
    (
        "decision: reject",
        "decison: reject",
        4,
        "decison: unknown key; did you mean decision, decisions?",
        "decison: 未知的键；是否为 decision、decisions？",
    ),
    (
        "  in: [body]",
        "  felds: [body]",
        14,
        "check.felds: unknown key; known: kind, pattern, read, in",
        "check.felds: 未知的键；可用：kind、pattern、read、in",
    ),
    (
        '  pattern: "已发货"',
        '  pattern: "已(发货"',
        13,
        "check.pattern: not a regular expression: missing )",
        "check.pattern: 不是正则表达式：missing )",
    ),
    (
        "source: ours",
        "source: ours\nproviders: [腾讯云]",
        11,
        "providers.0: unknown provider 腾讯云; did you mean tencent?",
        "providers.0: 未知服务商 腾讯云；是否为 tencent？",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "english", "chinese"), SLIPS)
def test_a_slip_in_a_rule_gets_its_line_and_a_hint(
    old: str, new: str, line: int, english: str, chinese: str, write: Write, small_content: Path
) -> None:
    assert RULE.count(f"{old}\n") == 1
    folder = write("own/order/shipped.yaml", RULE.replace(f"{old}\n", f"{new}\n")).parents[1]
    with pytest.raises(ContentError) as error:
        Reviewer([folder], content=small_content)
    place = f"{folder}/order/shipped.yaml:{line}: "
    for lang, said in (("en", english), ("zh", chinese)):
        lines = error.value.say(lang).split("\n")
        assert any(one.startswith(place) and said in one for one in lines), error.value.say(lang)


def test_the_rule_without_a_slip_loads(write: Write, small_content: Path) -> None:
    Reviewer([write("own/order/shipped.yaml", RULE).parents[1]], content=small_content)


POLICY = [
    # a policy, the line, and what is said in English and in Chinese
    (
        "rules:\n  content/gambling：off\n",
        2,
        "full-width colon “：”: write “content/gambling: ”",
        "用了全角冒号“：”，应写半角冒号加空格：“content/gambling: ”",
    ),
    (
        "rules:\n  content/gambling: 停用\n",
        2,
        "did you mean off?",
        "是否应为 off？",
    ),
    (
        "rules:\n  content/gamblin: off\n",
        2,
        "rules.content/gamblin: no such rule; did you mean content/gambling",
        "rules.content/gamblin: 没有这条规则；是否为 content/gambling",
    ),
    (
        "disguises:\n  pinyn: off\n",
        2,
        "did you mean pinyin?",
        "是否为 pinyin？",
    ),
    (
        "terms:\n  - {term: 云雀币, category: 赌博}\n",
        2,
        "terms.0.category: '赌博' is not a category: lower-case letters, digits and underscores, such as gambling; did you",
        "terms.0.category: “赌博”不能作类别：应为小写字母、数字和下划线，如 gambling；是否为 gambling？",
    ),
    (
        "terms:\n  - {term: 云雀币, category: cripto}\n",
        2,
        "terms.0.category: no rule looks at cripto; did you mean crypto?",
        "terms.0.category: 没有规则使用 cripto；是否为 crypto？",
    ),
    (
        "terms:\n  - {term: 云雀币, category: zzz}\n",
        2,
        "no rule looks at zzz; known: crypto, gambling",
        "没有规则使用 zzz；可用：crypto、gambling",
    ),
    (
        "terms:\n  - {term: 云雀币, category: crypto, strength: 强}\n",
        2,
        "did you mean strong?",
        "是否应为 strong？",
    ),
    (
        "limits:\n  tencet: {body_length: 20}\n",
        2,
        "limits.tencet: no such provider; did you mean tencent?",
        "limits.tencet: 没有这个服务商；是否为 tencent？",
    ),
    (
        "limits:\n  tencent: {body_lenght: 20}\n",
        2,
        "limits.tencent.body_lenght: no such limit; did you mean body_length?",
        "limits.tencent.body_lenght: 没有这个限制；是否为 body_length？",
    ),
]


@pytest.mark.parametrize(("text", "line", "english", "chinese"), POLICY)
def test_a_slip_in_a_policy_gets_its_line_and_a_hint(
    text: str, line: int, english: str, chinese: str, write: Write, small_content: Path
) -> None:
    path = write("policy.yaml", text)
    with pytest.raises(ContentError) as error:
        Reviewer(policy=path, content=small_content)
    for lang, said in (("en", english), ("zh", chinese)):
        lines = error.value.say(lang).split("\n")
        assert any(one.startswith(f"{path}:{line}: ") and said in one for one in lines), error.value.say(lang)


def test_the_title_of_a_rule_suggests_its_id(write: Write) -> None:
    path = write("policy.yaml", "rules:\n  全角花括号: off\n")
    with pytest.raises(ContentError) as error:
        Reviewer(policy=path)
    assert "没有这条规则；是否为 template/full-width-braces？" in error.value.say("zh")


@pytest.mark.parametrize(
    ("model", "location", "key"),
    [
        (RuleFile, ("decison",), "decision"),
        (RuleFile, ("title", "cn"), "zh"),
        (RuleFile, ("check", "pattern", "inn"), "in"),
        (RuleFile, ("check", "any", "of", 0, "terms", "categry"), "category"),
        (RuleFile, ("check", "score", "signals", 1, "wieght"), "weight"),
        (RuleFile, ("unless", 0, "link", "typs"), "types"),
        (RuleFile, ("decisions", 0, "purpose"), "purposes"),
        (RuleFile, ("codes", "tencent", 0, "untl"), "until"),
        (Policy, ("rulez",), "rules"),
        (Policy, ("terms", 0, "word"), "term"),
    ],
)
def test_the_keys_that_a_place_can_have(
    model: type[RuleFile | Policy], location: tuple[str | int, ...], key: str
) -> None:
    assert key in known_keys(model, location)
