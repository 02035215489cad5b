"""Analysis of signatures and registered names with the lists of names (review standards 4.1 and 4.2)."""

from __future__ import annotations

import pytest

from smsvet.files.location import CONTENT
from smsvet.sms.names import Company, Names, is_subsequence, keyboard_run, plain

LARK = "杭州云雀网络科技有限公司"


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(CONTENT / "corpora" / "names")


NEUTRAL = [
    ("测试", "test"),
    ("测试签名", "test"),
    ("test01", "test"),
    ("测试通知", "test"),
    ("aabb", "keyboard"),
    ("abc", "keyboard"),
    ("qwer", "keyboard"),
    ("zyx", "keyboard"),
    ("xxx", "keyboard"),
    ("验证码", "function"),
    ("通知", "function"),
    ("通知123", "function"),
    ("会议通知", "function"),
    ("客服通知", "function"),
    ("告警通知", "function"),
    ("系统通知", "function"),
    ("会员通知", "function"),
    ("温馨提示", "function"),
    ("最新资讯", "function"),
    ("【通知】", "function"),
    ("通知-消息", "function"),
    ("尊敬的客户", "greeting"),
    ("客户您好", "greeting"),
    ("客户服务", "noun"),
    ("会员001", "noun"),
    ("vip会员", "noun"),
    ("大众", "noun"),
    ("商城", "noun"),
    ("在线客服中心", "noun"),
    ("商城系统", "noun"),
    ("网络科技有限公司", "noun"),
    ("智慧停车", "noun"),
    ("张伟", "person"),
    ("张三", "person"),
    ("王小明", "person"),
    ("欧阳晓", "person"),
    ("李老师", "person"),
    ("王总", "person"),
    ("小王", "person"),
    ("李大夫", "person"),
]


@pytest.mark.parametrize(("signature", "kind"), NEUTRAL)
def test_a_signature_of_generic_words_is_neutral(names: Names, signature: str, kind: str) -> None:
    found = names.neutral(signature)
    assert found is not None
    assert found[0] == kind


@pytest.mark.parametrize(
    "signature",
    [
        "云雀",
        "云雀科技",
        "云雀会议通知",
        "云雀通知",
        "杭州云雀",
        "larkapp",
        "12306",
        "888888",
        "中国银行",
        "淘宝",
        "中国移动",
        "李宁",
        "qq",
        "王府井",
        "王老吉",
        "陈麻花",
        "黄山",
        "康师傅",
        "周黑鸭",
        "云南白药",
        "亲子",
        "人民网",
        "福利彩票",
        "高德",
        "hm",
    ],
)
def test_a_signature_with_a_name_is_not_neutral(names: Names, signature: str) -> None:
    assert names.neutral(signature) is None


@pytest.mark.parametrize("signature", ["", "  ", "【】", "★"])
def test_a_signature_without_words_is_left_to_other_rules(names: Names, signature: str) -> None:
    assert names.neutral(signature) is None


def test_neutral_returns_the_words_of_the_signature(names: Names) -> None:
    assert names.neutral("商城系统1") == ("noun", "商城 + 系统")


COMPANIES = [
    (LARK, "杭州", "云雀", "网络科技", "有限公司"),
    ("云雀（杭州）科技有限公司", "杭州", "云雀", "科技", "有限公司"),
    ("云雀科技(杭州)有限公司", "杭州", "云雀", "科技", "有限公司"),
    ("深圳市腾讯计算机系统有限公司", "深圳市", "腾讯", "计算机系统", "有限公司"),
    ("浙江省云雀集团有限公司", "浙江省", "云雀", "", "集团有限公司"),
    ("云雀集团股份有限公司", "", "云雀", "", "集团股份有限公司"),
    ("杭州市西湖区云雀餐饮店", "杭州市西湖区", "云雀", "", "餐饮店"),
    ("上海云雀信息科技股份有限公司杭州分公司", "上海", "云雀", "信息科技", "股份有限公司杭州分公司"),
    ("北京云雀文化传媒中心（有限合伙）", "北京", "云雀", "文化传媒", "中心有限合伙"),
    ("义乌市云雀电子商务商行", "义乌市", "云雀", "电子商务", "商行"),
    ("杭州区块链科技有限公司", "杭州", "区块链", "科技", "有限公司"),
    ("南京市政工程有限公司", "南京", "市政", "工程", "有限公司"),
    ("云雀工作室", "", "云雀", "", "工作室"),
    ("杭州超市", "", "杭州", "", "超市"),
    ("Lark Technology Co., Ltd.", "", "larktechnology", "", "coltd"),
]


@pytest.mark.parametrize(("name", "region", "trade", "industry", "form"), COMPANIES)
def test_a_registered_name_is_split_into_parts(
    names: Names, name: str, region: str, trade: str, industry: str, form: str
) -> None:
    assert names.company(name) == Company(plain(name), region, trade, industry, form)


FITS = [
    ("杭州云雀网络科技有限公司", "full"),
    ("杭州云雀网络科技", "part"),
    ("云雀网络科技", "part"),
    ("云雀网络", "part"),
    ("杭州云雀", "part"),
    ("云雀", "short"),
    ("云雀网", "short"),
    ("网络科技有限公司", "generic"),
    ("有限公司", "generic"),
    ("杭州", "generic"),
    ("云雀科技", "skipped"),
    ("云雀公司", "skipped"),
    ("杭州网络", "skipped"),
    ("杭州云雀公司", "skipped"),
    ("雀云科技", "reordered"),
    ("雀云网络", "reordered"),
    ("鲲鹏商城", "different"),
    ("云雀商城", "different"),
]


@pytest.mark.parametrize(("signature", "fit"), FITS)
def test_how_a_signature_fits_a_registered_name(names: Names, signature: str, fit: str) -> None:
    assert names.fit(signature, LARK) == fit


@pytest.mark.parametrize(
    "signature", ["云雀（杭州）科技有限公司", "云雀(杭州)科技有限公司", "云雀杭州科技有限公司"]
)
def test_brackets_do_not_change_a_name(names: Names, signature: str) -> None:
    assert names.fit(signature, "云雀（杭州）科技有限公司") == "full"


ABBREVIATIONS = [
    (
        LARK,
        12,
        ["杭州云雀网络科技有限公司", "杭州云雀网络科技", "云雀网络科技有限公司", "云雀网络科技", "杭州云雀"],
    ),
    (LARK, 8, ["杭州云雀网络科技", "云雀网络科技", "杭州云雀"]),
    ("云雀科技（杭州）有限公司", 12, ["云雀科技杭州有限公司", "云雀科技杭州", "云雀科技"]),
    ("上海云雀信息科技股份有限公司杭州分公司", 12, ["上海云雀信息科技", "云雀信息科技", "上海云雀"]),
    ("云雀", 12, []),
]


@pytest.mark.parametrize(("name", "most", "expected"), ABBREVIATIONS)
def test_acceptable_abbreviations(names: Names, name: str, most: int, expected: list[str]) -> None:
    assert names.abbreviations(name, most) == expected


@pytest.mark.parametrize("name", [row[0] for row in COMPANIES])
def test_every_abbreviation_is_a_substring_of_its_name(names: Names, name: str) -> None:
    for text in names.abbreviations(name, 12):
        assert names.fit(text, name) in ("full", "part")
        assert 4 <= len(text) <= 12


def test_a_protected_name_has_an_owner(names: Names) -> None:
    assert names.protected["工商银行"].owner == "工商银行"
    assert names.protected["微信"].owner == "腾讯"
    assert names.protected["12306"].kind == "state"


def test_every_protected_name_has_an_owner_and_a_known_kind(names: Names) -> None:
    for name, protected in names.protected.items():
        assert protected.owner, name
        assert protected.kind in {
            "carrier",
            "bank",
            "insurer",
            "payment",
            "platform",
            "parcel",
            "state",
            "utility",
            "brand",
        }


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [("云科", "云雀科技", True), ("科云", "云雀科技", False), ("", "云雀", True), ("云云", "云雀", False)],
)
def test_is_subsequence(part: str, whole: str, expected: bool) -> None:
    assert is_subsequence(part, whole) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aabb", True),
        ("abcd", True),
        ("poiu", True),
        ("mmm", True),
        ("a" * 60, True),
        ("a" * 60 + "b", False),
        ("ab", False),
        ("lark", False),
        ("a1", False),
        ("云云", False),
    ],
)
def test_keyboard_run(text: str, expected: bool) -> None:
    assert keyboard_run(text) is expected
