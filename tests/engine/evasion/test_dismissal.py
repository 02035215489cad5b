"""Explanations of disguised words: how they are read, or which check a candidate failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsvet import Reviewer, Submission
from smsvet.evasion.dismissal import GATES
from smsvet.explain import explain_term

READ = [
    ("加威❤信", "加微信", "“加威❤信”读作“加微信”（同音字、符号插入）"),
    ("无抵*压贷款，当天放款", "无抵押贷款", "“无抵*压贷款”读作“无抵押贷款”（同音字、符号插入）"),
    ("款贷押抵无", "无抵押贷款", "“款贷押抵无”读作“无抵押贷款”（倒写）"),
    ("信用💳套现", "信用卡套现", "“信用💳套现”读作“信用卡套现”（表情代字）"),
]

REFUSED = [
    # a text, a word that it does not stand for, the failed check, and the explanation
    ("您订购的菠菜已发货", "博彩", "ordinary-word", "“菠菜”不读作“博彩”（同音字）"),
    ("公司在业内威信很高", "微信", "ordinary-word", "“威信”不读作“微信”（同音字）"),
    ("本店提供贷，款式新颖", "贷款", "cuts-a-word", "“贷，款”不读作“贷款”（符号插入）"),
    ("无抵*~#^押贷款", "无抵押贷款", "far-apart", "“无抵*~#^押贷款”不读作“无抵押贷款”（符号插入）"),
    (
        "佰*家{1}le",
        "百家乐",
        "too-many-steps",
        "“佰*家{1}le”不读作“百家乐”（同音字、拼音、符号插入、变量隔断）",
    ),
    ("已办理信用卡，套现", "信用卡套现", "between-words", "“信用卡，套现”不读作“信用卡套现”（符号插入）"),
    ("找jwx", "微信", "part-of-a-source", "“jwx”不读作“微信”（拼音首字母）"),
    ("混合指数C基金", "指数基金", "part-of-words", "“指数C基金”不读作“指数基金”（符号插入）"),
    ("利率为年化3.08%", "年化30", "part-of-words", "“年化3.0”不读作“年化30”（符号插入）"),
    ("百1家乐", "百家乐", "part-of-words", "“百1家乐”不读作“百家乐”（符号插入）"),
    ("Nice hongbao designs", "红包", "not-chinese", "“hongbao”不读作“红包”（拼音）"),
    ("欢迎加盟，微信扫码", "加微信", None, ""),
    ("今天渡波上市", "赌博", "chance", "“渡波”不读作“赌博”（同音字）"),
    ("我袋款", "贷款", "alone", "“袋款”不读作“贷款”（同音字）"),
    ("edu", "额度", "letters-run-on", "“edu”不读作“额度”（拼音）"),
    ("您的订单已发货", "无抵押贷款", None, ""),
]


@pytest.mark.parametrize(("body", "word", "said"), READ)
def test_a_reading_is_explained(reviewer: Reviewer, body: str, word: str, said: str) -> None:
    told = explain_term(reviewer, Submission(body=body, purpose="notification"), word)
    assert told.flagged
    [shown] = [gate.sentence for gate in told.gates if gate.name == "present"]
    assert said in shown.removeprefix("文本中有它的变形写法：").split("；")


@pytest.mark.parametrize(("body", "word", "gate", "said"), REFUSED)
def test_a_rejected_reading_is_explained(
    reviewer: Reviewer, body: str, word: str, gate: str | None, said: str
) -> None:
    submission = Submission(body=body, purpose="notification")
    chinese, english = (explain_term(reviewer, submission, word, lang) for lang in ("zh", "en"))
    assert not chinese.flagged
    assert not english.flagged
    if gate is None:
        assert not any("不读作" in detail for detail in chinese.gates[-1].details)
    else:
        assert chinese.gates[-1].name == "present"
        assert f"{said}：{GATES[gate][0]}" in "\n".join(chinese.gates[-1].details)
        assert GATES[gate][1] in "\n".join(english.gates[-1].details)


def test_every_check_has_an_example() -> None:
    assert {gate for _, _, gate, _ in REFUSED if gate} == set(GATES) - {"off"}


def test_a_switched_off_disguise_is_explained(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("disguises: {separator: off}\n", encoding="utf-8")
    ruled = Reviewer(policy=policy)
    told = explain_term(ruled, Submission(body="无抵*押贷款"), "无抵押贷款")
    assert GATES["off"][0] in told.gates[-1].details[0]
    nothing = explain_term(ruled, Submission(body="您好"), "无抵押贷款", "en")
    assert nothing.gates[-1].details[0] == "Disguises switched off: separator"
