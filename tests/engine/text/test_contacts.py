from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest

from smsvet.model import Link, Span
from smsvet.text.contacts import find_contacts
from smsvet.text.text import HOLE, Text


def reading(body: str) -> Text:
    folded = unicodedata.normalize("NFKC", body).lower()
    return Text("body", body, re.sub(r"\{\w+\}", lambda match: HOLE * len(match.group()), folded))


CONTACTS = [
    ("如有疑问请联系13800000000", "mobile", "13800000000", "13800000000"),
    ("１３８ 0000 0000", "mobile", "１３８ 0000 0000", "13800000000"),
    ("电话:+86 138-0000-0000", "mobile", "+86 138-0000-0000", "13800000000"),
    ("0086 13800000001", "mobile", "0086 13800000001", "13800000001"),
    ("tel13800000000", "mobile", "13800000000", "13800000000"),
    ("咨询010-88888888转802", "landline", "010-88888888转802", "01088888888-802"),
    ("010-88888888-802", "landline", "010-88888888-802", "01088888888-802"),
    ("(0571)88888888", "landline", "(0571)88888888", "057188888888"),
    ("0571 8888 8888", "landline", "0571 8888 8888", "057188888888"),
    ("电话02188888888", "landline", "02188888888", "02188888888"),
    ("电话:88888888", "landline", "88888888", "88888888"),
    ("请致电400-000-0000", "400", "400-000-0000", "4000000000"),
    ("4000000000", "400", "4000000000", "4000000000"),
    ("400-0000-000转1", "400", "400-0000-000转1", "4000000000-1"),
    ("800 810 8888", "400", "800 810 8888", "8008108888"),
    ("客服热线95588", "service", "95588", "95588"),
    ("10086提醒您", "service", "10086", "10086"),
    ("致电10000号", "service", "10000", "10000"),
    ("请拨打12345", "service", "12345", "12345"),
    ("拨打96166", "service", "96166", "96166"),
    ("QQ:123456789", "qq", "QQ:123456789", "123456789"),
    ("加扣扣12345678", "qq", "扣扣12345678", "12345678"),
    ("加Q1234567", "qq", "Q1234567", "1234567"),
    ("企鹅号12345678", "qq", "企鹅号12345678", "12345678"),
    ("qq群:12345678", "group", "qq群:12345678", "12345678"),
    ("加群 123456", "group", "加群 123456", "123456"),
    ("群号是123456", "group", "群号是123456", "123456"),
    ("加微信yunque123", "wechat", "加微信yunque123", "yunque123"),
    ("微信:yunque_01", "wechat", "微信:yunque_01", "yunque_01"),
    ("微信号:13800000000", "wechat", "微信号:13800000000", "13800000000"),
    ("VX: abcdefg", "wechat", "VX: abcdefg", "abcdefg"),
    ("wx13800000000", "wechat", "wx13800000000", "13800000000"),
    ("加V:13800000000", "wechat", "加V:13800000000", "13800000000"),
    ("威信abc12345", "wechat", "威信abc12345", "abc12345"),
    ("威 信 abc123 领红包", "wechat", "威 信 abc123", "abc123"),
    ("邮箱 kefu@example.com", "email", "kefu@example.com", "kefu@example.com"),
    ("12345@qq.com", "email", "12345@qq.com", "12345@qq.com"),
]


@pytest.mark.parametrize(("body", "kind", "text", "value"), CONTACTS)
def test_finds_the_contact(body: str, kind: str, text: str, value: str) -> None:
    assert [(one.kind, one.text, one.value) for one in find_contacts(reading(body))] == [(kind, text, value)]


@pytest.mark.parametrize(
    "body",
    [
        "您的验证码是 95512",
        "验证码:138000",
        "95512为您的登录验证码",
        "订单号13800000000已发货",
        "订单20241122103012345",
        "订单号010-88888888",
        "快递单号 1380000000000",
        "单号SF13812345678",
        "尾号1234，余额13800000000元",
        "¥13800000000",
        "13800000000.00元",
        "02188888888",
        "10000元，10000积分，流量10086MB",
        "编号12345",
        "人群10000人，加群人数10000人",
        "Q1234567",
        "微信支付 welcome",
        "微信 welcome to",
        "微信公众号 yunque123",
        "www.weixin.com/abcdef12",
        "http://u.10010.cn/x",
        "请到12306网站购票",
        "【12306】您的订单",
        "2024-11-22 10:30，1442.00元",
        "138****0000",
        "身份证110101199001011234",
        "客服电话186{1}1234",
        "电话{1}，400-{2}-0000，QQ:12345{3}",
        "{1}@qq.com",
    ],
)
def test_other_numbers_are_not_contacts(body: str) -> None:
    assert find_contacts(reading(body)) == ()


def test_contacts_come_in_order() -> None:
    body = "QQ123456789，电话021-88888888、13800000000，邮箱a@b.com"
    kinds = [(one.kind, one.span.start) for one in find_contacts(reading(body))]
    assert kinds == [("qq", 0), ("landline", 14), ("mobile", 27), ("email", 41)]


def test_digits_inside_a_link_are_not_a_contact() -> None:
    text = reading("看a.cn/13800000000")
    link = Link(Span("body", 1, 17), "a.cn/13800000000", "domain", "a.cn")
    assert len(find_contacts(text)) == 1
    assert find_contacts(replace(text, links=(link,))) == ()
