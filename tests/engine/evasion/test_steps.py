"""Every step of a disguise, from submission to finding, on every matcher and segmenter."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

import pytest

from smsvet import Finding, Reviewer, Submission, catalogue
from smsvet.evasion.disguise import STEPS_ZH, TRANSFORMS
from smsvet.text import automaton as matcher
from smsvet.text import segmenter as segment

LOAN, CASH = "无抵押贷款", "信用卡套现"

STEPS: list[tuple[str, str, str, str, list[str]]] = [
    # written text, meaning ("" if normalisation is enough), category, steps, quoted pieces
    ("无抵押贷款", "", "loan", "", ["无抵押", "贷款"]),
    ("無抵押貸款", "", "loan", "", ["無抵押", "貸款"]),
    ("无抵\u200b押\u202e贷\u2066款", "", "loan", "", ["无抵\u200b押", "贷\u2066款"]),
    ("无抵押ＤａｉＫｕａｎ", LOAN, "loan", "pinyin", ["无抵押ＤａｉＫｕａｎ"]),
    ("无抵押ⓓⓐⓘⓚⓤⓐⓝ", LOAN, "loan", "pinyin", ["无抵押ⓓⓐⓘⓚⓤⓐⓝ"]),
    ("无抵押🄳🄰🄸🄺🅄🄰🄽", LOAN, "loan", "pinyin", ["无抵押🄳🄰🄸🄺🅄🄰🄽"]),
    ("无抵押𝐝𝐚𝐢𝐤𝐮𝐚𝐧", LOAN, "loan", "pinyin", ["无抵押𝐝𝐚𝐢𝐤𝐮𝐚𝐧"]),
    ("无抵押🇩🇰", LOAN, "loan", "initials", ["无抵押🇩🇰"]),
    ("无抵押da1kuan", LOAN, "loan", "leetspeak", ["无抵押da1kuan"]),
    ("无抵押d@ikuan", LOAN, "loan", "leetspeak", ["无抵押d@ikuan"]),
    ("无抵抵押贷款", LOAN, "loan", "repeat", ["无抵抵押贷款"]),
    ("无*抵押贷款", LOAN, "loan", "separator", ["无", "抵押贷款"]),
    ("无~~~抵押贷款", LOAN, "loan", "separator", ["无", "抵押贷款"]),
    ("无 抵 押 贷 款", LOAN, "loan", "separator", ["无", "抵", "押", "贷", "款"]),
    ("无❤抵🔥押贷款", LOAN, "loan", "separator", ["无", "抵", "押贷款"]),
    ("百.家.乐", "百家乐", "gambling", "separator", ["百", "家", "乐"]),
    ("无抵压贷款", LOAN, "loan", "homophone", ["无抵压贷款"]),
    ("信用咔套现", CASH, "credit_card", "homophone", ["信用咔套现"]),
    ("无抵押贷筐", LOAN, "loan", "near-homophone", ["无抵押贷筐"]),
    ("无抵呷贷款", LOAN, "loan", "similar-glyph", ["无抵呷贷款"]),
    ("无抵押代贝款", LOAN, "loan", "split", ["无抵押代贝款"]),
    ("无抵扌甲贷款", LOAN, "loan", "split", ["无抵扌甲贷款"]),
    ("wudiya贷款", LOAN, "loan", "pinyin", ["wudiya贷款"]),
    ("百家le", "百家乐", "gambling", "pinyin", ["百家le"]),
    ("无抵押dk", LOAN, "loan", "initials", ["无抵押dk"]),
    ("xyk套现", CASH, "credit_card", "initials", ["xyk套现"]),
    ("无抵押d款", LOAN, "loan", "stand-in", ["无抵押d款"]),
    ("信用💳套现", CASH, "credit_card", "emoji", ["信用💳套现"]),
    ("代开发🎫", "代开发票", "invoice", "emoji", ["代开发🎫"]),
    ("款贷押抵无", LOAN, "loan", "reversed", ["款贷押抵无"]),
    ("乐家百", "百家乐", "gambling", "reversed", ["乐家百"]),
    ("无抵{1}押贷款", LOAN, "loan", "placeholder", ["无抵", "押贷款"]),
    ("无抵❤压贷款", LOAN, "loan", "homophone separator", ["无抵", "压贷款"]),
    ("無抵*押貸款", LOAN, "loan", "separator", ["無抵", "押貸款"]),
    ("wu di ya dai kuan", LOAN, "loan", "pinyin separator", ["wu", "di", "ya", "dai", "kuan"]),
    ("无抵*呷贷{1}款", LOAN, "loan", "similar-glyph separator placeholder", ["无抵", "呷贷", "款"]),
    ("加威❤信", "加微信", "social_contact", "homophone separator", ["加威", "信"]),
    ("加V❤信", "加v信", "social_contact", "separator", ["加V", "信"]),
    ("十v信", "加v信", "social_contact", "stand-in", ["十v信"]),
]

LISTED = ["V信：abc12345", "加V abc12345", "加扣扣12345678", "➕微信abc12345", "企鹅号12345678"]
"""Spellings of a contact that are so usual that the lexicon or the contact patterns include them."""

ORDINARY = [
    "谢谢您的支持，天天好心情，爸爸妈妈都满意",
    "常常看看，试试就好，宝宝睡着了",
    "已为您开通，款项明日退回",
    "无 需 抵 达，押金已退",
    "评分：☆☆☆☆☆ 感谢反馈",
    "请于9:00-18:00到店，带好证件",
]

JOINED: list[tuple[str, Any, str, str, str, str]] = [
    # a body, its values, the field, the category, the quoted text, the steps
    ("无抵押{1}款", ["贷"], "params.1", "loan", "贷", "joined"),
    ("葡{1}娱乐城", ["京"], "params.1", "gambling", "京", "joined"),
    ("无抵押{1}款", ["袋"], "params.1", "loan", "袋", "joined homophone"),
    ("无抵{1}贷款", ["*压"], "params.1", "loan", "压", "joined homophone separator"),
    ("无抵押{1}", ["代贝款"], "params.1", "loan", "代贝款", "joined split"),
]


@pytest.fixture(
    scope="module",
    params=list(product(matcher.installed(), segment.installed())),
    ids="-".join,
)
def backed(request: pytest.FixtureRequest) -> Reviewer:
    """Return a reviewer for each matcher and segmenter."""
    found_by, cut_by = request.param
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "Segmenter", partial(segment.Segmenter, backend=cut_by))
        return Reviewer(backend=found_by)


def findings(reviewer: Reviewer, body: str, params: Any = None) -> list[Finding]:
    verdict = reviewer.review(Submission(body=body, params=params, purpose="notification"))
    assert verdict.faults == ()
    return list(verdict.findings)


def pieces(body: str, finding: Finding) -> list[str]:
    assert finding.start is not None
    assert finding.end is not None
    return [body[start:end] for start, end in finding.spans or ((finding.start, finding.end),)]


def said(written: str, meant: str, steps: tuple[str, ...]) -> str:
    """Return the quoted text of a message."""
    how = "、".join(STEPS_ZH[step] for step in steps)
    return f"“{written}”读作“{meant}”（{how}）" if meant else f"“{written}”涉及"


@pytest.mark.parametrize(("written", "meant", "category", "steps", "quoted"), STEPS)
def test_a_step_shows_in_the_finding(
    backed: Reviewer, written: str, meant: str, category: str, steps: str, quoted: list[str]
) -> None:
    body = f"急用钱？{written}。"
    names = tuple(steps.split())
    found = [item for item in findings(backed, body) if item.category == category]
    [finding] = [item for item in found if item.transforms == names and pieces(body, item) == quoted]
    assert finding.text == written
    assert finding.message.startswith(said(written, meant, names))


def test_every_step_is_in_the_table() -> None:
    assert {step for *_, steps, _ in STEPS for step in steps.split()} == set(TRANSFORMS) - {
        "look-alike",
        "numeral",
    }


@pytest.mark.parametrize(
    ("written", "same"), [("无抵押dаikuаn", "无抵押daikuan"), ("无抵押dαikuαn", "无抵押daikuan")]
)
def test_letters_of_other_scripts_are_read_as_latin(backed: Reviewer, written: str, same: str) -> None:
    one, other = (
        {(item.category, item.text) for item in findings(backed, body) if item.category}
        for body in (written, same)
    )
    assert one == {(category, written) for category, _ in other} != set()


@pytest.mark.parametrize("signs", range(1, 6))
def test_a_gap_has_at_most_three_different_signs(backed: Reviewer, signs: int) -> None:
    found = [
        item for item in findings(backed, f"无抵{'~*#^|'[:signs]}押贷款") if "separator" in item.transforms
    ]
    assert bool(found) is (signs <= 3)


@pytest.mark.parametrize("sign", "~。\n…")
@pytest.mark.parametrize(("times", "seen"), [(1, True), (5, True), (8, True), (30, False)])
def test_a_repeated_sign_counts_once(backed: Reviewer, sign: str, times: int, seen: bool) -> None:
    body = (sign * times).join("无抵押贷款")
    assert bool([item for item in findings(backed, body) if "separator" in item.transforms]) is seen


@pytest.mark.parametrize(
    "body", ["代。开。发。票", "百\n家\n乐在线", "代开发1票", "代a开b发c票", "代开！发！票"]
)
def test_sentence_ends_letters_and_digits_part_a_word(backed: Reviewer, body: str) -> None:
    assert [item for item in findings(backed, body) if "separator" in item.transforms]


@pytest.mark.parametrize(
    "body",
    [
        "请到前台代开。发票将邮寄给您",
        "收到。好。谢谢配合",
        "您有3份代收快递，请在5日内领取",
        "百1家乐器行",
        "请在A座3楼B区办理",
    ],
)
def test_sentences_and_numbers_stay_apart(backed: Reviewer, body: str) -> None:
    assert not [item for item in findings(backed, body) if "separator" in item.transforms]


@pytest.mark.parametrize(
    "body",
    [
        "Your free trial ends tomorrow. Feel free to contact us.",
        "Our toll-free hotline is open. The cake is gluten free.",
        "Can you change the menu for me? Model vx and QQ.",
        "नमस्ते, आपका ऑर्डर पैक हो गया है। धन्यवाद।",
        "สวัสดี คำสั่งซื้อของคุณพร้อมแล้ว ขอบคุณค่ะ",
        "Здравствуйте! Ваш заказ готов, заберите его до вечера.",
        "Καλημέρα, η παραγγελία σας είναι έτοιμη.",
        "Your bill is paid 🎁 Thank you 🔥",
        "您的订单已发货。Feel free to call us about hongbao designs.",
    ],
)
def test_other_languages_are_no_disguise(backed: Reviewer, body: str) -> None:
    assert not [item for item in findings(backed, body) if item.transforms]


@pytest.mark.parametrize("body", ["🆓领红包", "wu di ya dai kuan", "jiaweixin ling hongbao", "加wei信领红包"])
def test_chinese_in_letters_and_signs_is_a_disguise(backed: Reviewer, body: str) -> None:
    assert [item for item in findings(backed, body) if item.transforms]


@pytest.mark.parametrize("body", LISTED)
def test_usual_stand_ins_for_a_contact(backed: Reviewer, body: str) -> None:
    assert {"social_contact", "contact"} & {
        item.category for item in findings(backed, body) if item.decision == "reject"
    }


@pytest.mark.parametrize("body", ORDINARY)
def test_ordinary_text_needs_no_transform(backed: Reviewer, body: str) -> None:
    assert [item.message for item in findings(backed, body) if item.transforms] == []


@pytest.mark.parametrize(("body", "params", "field", "category", "quoted", "steps"), JOINED)
def test_a_value_completes_a_word(
    backed: Reviewer, body: str, params: list[str], field: str, category: str, quoted: str, steps: str
) -> None:
    names = tuple(steps.split())
    found = [item for item in findings(backed, body, params) if item.category == category]
    [finding] = [item for item in found if item.transforms == names]
    assert (finding.field, finding.text) == (field, quoted)
    assert finding.message.find(STEPS_ZH["joined"]) > 0


def test_both_ends_of_a_long_value_complete_words(reviewer: Reviewer) -> None:
    value = "款" + "您好，" * 900 + "无抵押"
    found = findings(reviewer, "无抵押贷{1}贷款", [value])
    joined = {(item.start, item.end) for item in found if "joined" in item.transforms}
    assert joined == {(0, 1), (len(value) - 3, len(value))}


@pytest.mark.parametrize(
    ("body", "params"), [("您的{1}已到账，无抵押贷款", ["工资"]), ("贷{1}款", ["于本月底还"])]
)
def test_a_value_that_completes_no_word(reviewer: Reviewer, body: str, params: list[str]) -> None:
    assert [item for item in findings(reviewer, body, params) if "joined" in item.transforms] == []
