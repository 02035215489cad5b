"""Disguised hosts, numbers and ids: spelled out, split up, in words, or completed by a value."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smsvet import Reviewer, Submission, Text
from smsvet.evasion.contacts import NUMERALS, find_hidden_contacts

NUMBER = "13800138000"

NUMBERS = [
    # written text, kind, quoted text (the whole if empty), value, steps
    ("一三八零零一三八零零零", "mobile", "", NUMBER, "numeral"),
    ("壹叁捌零零壹叁捌零零零", "mobile", "", NUMBER, "numeral"),
    ("幺三八洞洞幺三八洞洞洞", "mobile", "", NUMBER, "numeral"),
    ("138零零138零零零", "mobile", "", NUMBER, "numeral"),
    ("㈠㈢㈧00㈠㈢㈧000", "mobile", "", NUMBER, "numeral"),
    ("l38OO138OOO", "mobile", "", NUMBER, "numeral"),
    ("①③⑧⓪⓪①③⑧⓪⓪⓪", "mobile", "", NUMBER, ""),
    ("❶❸❽⓿⓿❶❸❽⓿⓿⓿", "mobile", "", NUMBER, ""),
    ("１３８００１３８０００", "mobile", "", NUMBER, ""),
    ("𝟭𝟯𝟴𝟬𝟬𝟭𝟯𝟴𝟬𝟬𝟬", "mobile", "", NUMBER, ""),
    ("138\u200b0013\u200b8000", "mobile", "", NUMBER, ""),
    ("138-0013 8000", "mobile", "", NUMBER, ""),
    ("1 3 8 0 0 1 3 8 0 0 0", "mobile", "", NUMBER, "separator"),
    ("138❤0013❤8000", "mobile", "", NUMBER, "separator"),
    ("138.0013.8000", "mobile", "", NUMBER, "separator"),
    ("一三八 零零一三 八零零零", "mobile", "", NUMBER, "numeral separator"),
    ("加q一二三四五六七八", "qq", "q一二三四五六七八", "12345678", "numeral stand-in"),
    ("QQ一二三四五六七八", "qq", "", "12345678", "numeral"),
    ("扣扣：壹贰叁肆伍陆柒", "qq", "", "1234567", "numeral stand-in"),
    ("口口12345678", "qq", "", "12345678", "stand-in"),
    ("扣2785 3494", "qq", "", "27853494", "separator stand-in"),
    ("扣扣 51 23 61", "qq", "", "512361", "separator stand-in"),
    ("加企-鹅24-681-35-79", "qq", "企-鹅24-681-35-79", "246813579", "separator stand-in"),
    ("加V abc12345", "wechat", "", "abc12345", ""),
    ("十V abc12345", "wechat", "", "abc12345", "stand-in"),
    ("➕V：abc12345", "wechat", "", "abc12345", "stand-in"),
    ("加薇信abc12345", "wechat", "", "abc12345", ""),
    ("佳喂:ab246810", "wechat", "", "ab246810", "homophone"),
    ("加威❤abc12345", "wechat", "", "abc12345", "homophone stand-in"),
    ("加威❤信abc12345", "wechat", "", "abc12345", "homophone separator"),
    ("微❤信abc12345", "wechat", "", "abc12345", "separator"),
]

HOSTS = [
    # written text, the host and path it stands for; each is a disguised link
    ("t点cn/abc", "t.cn", "/abc"),
    ("t。cn/Ab3", "t.cn", "/Ab3"),
    ("ｔ。ｃｎ／Ａｂ３", "t.cn", "/Ab3"),
    ("t丶cn/abc", "t.cn", "/abc"),
    ("t、cn/abc", "t.cn", "/abc"),
    ("t店cn/abc", "t.cn", "/abc"),
    ("t . c n / abc", "t.cn", "/abc"),
    ("h t t p : / / t . c n / abc", "t.cn", "/abc"),
    ("w w w . a b c . c o m", "www.abc.com", ""),
    ("t 点 c n / a b c", "t.cn", "/abc"),
    ("t.c*n/abc", "t.cn", "/abc"),
    ("t*.cn/abc", "t.cn", "/abc"),
    ("t❤.❤cn/abc", "t.cn", "/abc"),
    ("abc.co*m/x", "abc.com", "/x"),
    ("www点abc点com", "www.abc.com", ""),
    ("www。abc。com", "www.abc.com", ""),
    ("www·abc·com", "www.abc.com", ""),
    ("abc dot com", "abc.com", ""),
    ("abc[.]com", "abc.com", ""),
    ("abc點com", "abc.com", ""),
    ("abc.c0m", "abc.com", ""),
    ("abc点c0m", "abc.com", ""),
    ("ⓐⓑⓒ.com", "abc.com", ""),
    ("аbс.com", "аbс.com", ""),  # a and c are Cyrillic: not the host abc.com
]

NO_CONTACT = [
    "订单号1 3 8 5 6 7 8 9 0 1 2已发货",
    "会议时间二零二六年一月十五日",
    "全市人口12345678口人",
    "比分1 - 3，8 : 0",
    "购买家用v8 version12",
    "第一三八期，共零零一三册",
    "积分抵扣 512.36 元，实付 88.00 元",
    "将于 2026-03-12 扣费 99.00",
    "代扣 10234 元已完成",
    "已扣 10000 积分",
    "本次划扣 2026.03.12",
    "折扣 12800",
]

NO_HOST = [
    "A B C D 四个选项",
    "验证码 1 2 3 . 4 5",
    "W e l c o m e . I t is late",
    "苹果、香蕉、cn码、com口",
    "酒店cc楼、商店vip室",
    "您好。cn代表中国",
    "评分4*.5",
]

SPLIT = [
    # body, values, and the contacts that they complete
    ("点击 t.{1}", ["cn/abc"], "link", "t.cn"),
    ("点击 {1}.{2}", ["t", "cn/abc"], "link", "t.cn"),
    ("点击 t{1}cn/abc", ["点"], "link", "t.cn"),
    ("联系{1}8000", ["1380013"], "mobile", NUMBER),
    ("联系{1}0013{2}", ["138", "8000"], "mobile", NUMBER),
    ("联系一三八{1}", ["零零一三八零零零"], "mobile", NUMBER),
    ("加微信{1}", ["abc12345"], "wechat", "abc12345"),
    ("QQ：{1}", ["12345678"], "qq", "12345678"),
]


def body_of(reviewer: Reviewer, body: str) -> Text:
    return reviewer.read(Submission(body=body)).texts["body"]


@pytest.mark.parametrize(("written", "kind", "quoted", "value", "steps"), NUMBERS)
def test_a_contact_in_disguise(
    reviewer: Reviewer, written: str, kind: str, quoted: str, value: str, steps: str
) -> None:
    body = f"您好，{written}。"
    [contact] = body_of(reviewer, body).contacts
    assert (contact.kind, contact.value, contact.transforms) == (kind, value, tuple(steps.split()))
    assert contact.text == body[contact.span.start : contact.span.end] == (quoted or written)
    findings = reviewer.review(Submission(body=body, purpose="notification")).findings
    assert any(item.start == contact.span.start and item.decision == "reject" for item in findings)
    said = [item for item in findings if item.rule == "template/variant-characters"]
    disguised = [item for item in said if item.text == contact.text]
    assert bool(disguised) is bool(steps)
    assert all(f"“{contact.text}”读作“{value}”（" in item.message for item in disguised)


@pytest.mark.parametrize("body", NO_CONTACT)
def test_numbers_that_are_not_contacts(reviewer: Reviewer, body: str) -> None:
    assert body_of(reviewer, body).contacts == ()


@pytest.mark.parametrize(("written", "host", "path"), HOSTS)
def test_a_host_in_disguise(reviewer: Reviewer, written: str, host: str, path: str) -> None:
    body = f"查看 {written} 领取"
    [link] = body_of(reviewer, body).links
    assert (link.kind, link.host, link.path) == ("disguised", host, path)
    assert link.text == body[link.span.start : link.span.end] == written
    findings = reviewer.review(Submission(body=body, purpose="notification")).findings
    [finding] = [item for item in findings if item.rule == "link/disguised"]
    assert (finding.text, finding.decision) == (written, "reject")
    assert f"“{written}”是网址 {host} 的变形写法" in finding.message


@pytest.mark.parametrize("body", NO_HOST)
def test_prose_contains_no_disguised_host(reviewer: Reviewer, body: str) -> None:
    assert body_of(reviewer, body).links == ()


def test_a_sign_separates_two_hosts(reviewer: Reviewer) -> None:
    found = body_of(reviewer, "a.com|b.com").links
    assert [(link.kind, link.text) for link in found] == [("domain", "a.com"), ("domain", "b.com")]


@pytest.mark.parametrize(("body", "params", "kind", "value"), SPLIT)
def test_a_value_completes_a_contact(
    reviewer: Reviewer, body: str, params: list[str], kind: str, value: str
) -> None:
    submission = Submission(body=body, params=params, purpose="notification")
    texts = reviewer.read(submission).texts
    for number, sent in enumerate(params, start=1):
        text = texts[f"params.{number}"]
        found = (
            [(link.host, link.span) for link in text.links]
            if kind == "link"
            else [(contact.value, contact.span) for contact in text.contacts if contact.kind == kind]
        )
        assert [(value, (0, len(sent)))] == [(name, (span.start, span.end)) for name, span in found]
    findings = reviewer.review(submission).findings
    assert any(item.field == "params.1" and item.decision != "approve" for item in findings)


@pytest.mark.parametrize(
    ("body", "params"),
    [
        ("详见 www.abc.com/{1}", ["Ab3"]),
        ("尾号{1}消费{2}.{3}元", ["1380", "013", "80"]),
        ("您的{1}.请到店", ["包裹"]),
        ("电话010-{1}", ["12345678"]),
        ("客服{1}，单号{2}", ["小王", "1380013"]),
    ],
)
def test_a_value_that_does_not_complete_a_contact(reviewer: Reviewer, body: str, params: list[str]) -> None:
    texts = reviewer.read(Submission(body=body, params=params)).texts
    assert [texts[f"params.{number}"].links for number in range(1, len(params) + 1)] == [()] * len(params)
    assert [texts[f"params.{number}"].contacts for number in range(1, len(params) + 1)] == [()] * len(params)


def test_a_table_equals_single_reviews(reviewer: Reviewer) -> None:
    """None of these texts may be approved by the batch prefilter."""
    bodies = [f"查看 {row[0]} 领取" for row in [*NUMBERS, *HOSTS]] + NO_CONTACT + NO_HOST
    table = pa.table({"body": bodies, "purpose": ["notification"] * len(bodies)})
    alone = [reviewer.review(Submission(body=body, purpose="notification")).decision.value for body in bodies]
    assert reviewer.review_table(table).column("decision").to_pylist() == alone


WRITTEN = {digit: [sign for sign, value in NUMERALS.items() if value == digit] for digit in "0123456789"}


@settings(max_examples=60)
@given(data=st.data(), before=st.text("您的好，\u200b①Ａ", max_size=8))
def test_numerals_are_decoded_with_exact_spans(reviewer: Reviewer, data: st.DataObject, before: str) -> None:
    """The value is the plain number and the quote is the submitted text, for any mix of digits."""
    digits = [data.draw(st.sampled_from([digit, *WRITTEN[digit]]), label=digit) for digit in NUMBER]
    # At least one Chinese numeral, and few letters: otherwise they form words.
    digits[3:8] = ["零", "〇", "一", "叁", "八"]
    body = f"{before}。{''.join(digits)}。"
    found = [item for item in body_of(reviewer, body).contacts if item.kind == "mobile"]
    assert [(item.value, item.text, item.span.start) for item in found] == [
        (NUMBER, "".join(digits), len(before) + 1)
    ]


@settings(max_examples=300)
@given(text=st.text("口加秋球企鹅🐧扣抠出业q微信v12358零一二三八 -*，号", max_size=24))
@example("12345口")
@example("加口12345")
@example("球球一二三四五")
@example("企 鹅12345")
@example("出口一三八零零一三八零零零")
def test_a_cue_elsewhere_reveals_no_other_contact(text: str) -> None:
    """The search is skipped only where it finds nothing, and a cue in another sentence starts it."""
    alone, beside = (
        find_hidden_contacts(Text("body", body, body), ()) for body in (f"{text}。", f"{text}。q。123。")
    )
    assert alone == beside


@settings(max_examples=60)
@given(
    gaps=st.lists(st.sampled_from(["", "*", "❤", "~"]), min_size=7, max_size=7),
    before=st.text("您好，①\u200b", max_size=6),
)
def test_removing_the_signs_of_a_host_gives_the_same_host(
    reviewer: Reviewer, gaps: list[str], before: str
) -> None:
    written = "".join(char + gap for char, gap in zip("abc.com", [*gaps[:6], ""], strict=True))
    body = f"{before} {written} 领取"
    plain = [link.host for link in body_of(reviewer, body.replace(written, "abc.com")).links]
    found = body_of(reviewer, body).links
    assert [link.host for link in found] == plain == ["abc.com"]
    assert [link.text for link in found] == [written]
