from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from smsvet.model import Placeholder, Span
from smsvet.text.domains import Suffixes
from smsvet.text.links import find_links
from smsvet.text.short_links import Hosts, looks_short
from smsvet.text.text import HOLE, Text

SUFFIXES = Suffixes()
HOSTS = Hosts.load(Path(__file__).parents[3] / "corpora" / "domains")


def reading(body: str, offset: int = 0) -> Text:
    """Return a text normalised code point by code point, with `{name}` as placeholders."""
    holds = tuple(
        Placeholder(Span("body", match.start() + offset, match.end() + offset), match.group(), match.group(1))
        for match in re.finditer(r"\{(\w+)\}", body)
    )
    inside = {index - offset for hold in holds for index in range(hold.span.start, hold.span.end)}
    folded: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(body):
        for letter in HOLE if index in inside else unicodedata.normalize("NFKC", character).lower():
            if letter != "\u200b":
                folded.append(letter)
                origins.append(index)
    return Text("body", body, "".join(folded), [*origins, len(body)], offset, holds)


def found(body: str) -> list[tuple[str, str]]:
    return [(link.kind, link.text) for link in find_links(reading(body), SUFFIXES)]


LINKS = [
    ("点击 https://www.example.com 完成登录", "url", "https://www.example.com"),
    ("请登录http://a.com.cn/Ab3?x=1，回TD退订", "url", "http://a.com.cn/Ab3?x=1"),
    ("http:/ /a.cn/x 看", "url", "http:/ /a.cn/x"),
    ("hxxps://evil.top/a", "url", "hxxps://evil.top/a"),
    ("qxuehttps://t.me/abc", "url", "https://t.me/abc"),
    ("看ｈｔｔｐ：／／ａ．ｃｎ／Ｘｙ，快", "url", "ｈｔｔｐ：／／ａ．ｃｎ／Ｘｙ"),
    ("(https://a.cn/x)。", "url", "https://a.cn/x"),
    ("https://a.cn/x？有问题", "url", "https://a.cn/x"),
    ("详见http://t.cn。TD退订", "url", "http://t.cn"),
    ("http://localhost:8080/x", "url", "http://localhost:8080/x"),
    ("http://例子.中国/a", "url", "http://例子.中国/a"),
    ("http://a.com.请", "url", "http://a.com"),
    ("www.example.cn查看", "domain", "www.example.cn"),
    ("请登录www.云雀.com领取", "domain", "www.云雀.com"),
    ("看a-b.example.com.cn/path?x=1吧", "domain", "a-b.example.com.cn/path?x=1"),
    ("ｗｗｗ．ａ．ｃｎ", "domain", "ｗｗｗ．ａ．ｃｎ"),
    ("点 t．cn/Ab3", "domain", "t．cn/Ab3"),
    ("a\u200b.c\u200bn/x", "domain", "a\u200b.c\u200bn/x"),
    ("打开3.cn领取", "domain", "3.cn"),
    ("xn--fiqs8s.xn--fiqs8s", "domain", "xn--fiqs8s.xn--fiqs8s"),
    ("请访问例子.中国查看", "domain", "例子.中国"),
    ("请您点击云雀.com领取", "domain", "云雀.com"),
    ("suo.im/abc", "domain", "suo.im/abc"),
    ("readme.md/x", "domain", "readme.md/x"),
    ("下载abc.app", "domain", "abc.app"),
    ("a.cn/b.com/c.cn", "domain", "a.cn/b.com/c.cn"),
    ("http://1.2.3.4:8080/x", "ip", "http://1.2.3.4:8080/x"),
    ("点击121.40.3.9/a", "ip", "121.40.3.9/a"),
    ("请访问10.0.0.8。", "ip", "10.0.0.8"),
    ("t点cn", "disguised", "t点cn"),
    ("看www点abc点com", "disguised", "www点abc点com"),
    ("abc。cn", "disguised", "abc。cn"),
    ("http://abc。cn/x", "disguised", "http://abc。cn/x"),
    ("t . cn/Ab3", "disguised", "t . cn/Ab3"),
    ("abc dot com", "disguised", "abc dot com"),
    ("abc(dot)com/x", "disguised", "abc(dot)com/x"),
    ("abc[.]com", "disguised", "abc[.]com"),
    ("qq·com", "disguised", "qq·com"),
    ("请看http://{1}", "variable", "http://{1}"),
    ("https://{1}/path", "variable", "https://{1}/path"),
    ("https://a.cn{1}", "variable", "https://a.cn{1}"),
    ("请登录 www.{1}.com 查看", "variable", "www.{1}.com"),
    ("www点{1}点com", "variable", "www点{1}点com"),
    ("{1}.com", "variable", "{1}.com"),
    ("点击{1}/abc查看", "variable", "{1}/abc"),
]


@pytest.mark.parametrize(("body", "kind", "text"), LINKS)
def test_finds_the_link(body: str, kind: str, text: str) -> None:
    assert found(body) == [(kind, text)]


@pytest.mark.parametrize(
    "body",
    [
        "您的订单{1}已发货。请留意。",
        "时间8:50，金额1442.00元，利率1.80%。",
        "2018.10.09 10.30",
        "版本1.2.3.4，升级到v1.2.3.4",
        "v1.2.3",
        "登录IP:121.3.4.5",
        "3.4.5.6号开放",
        "readme.md a.py main.rs a.zip",
        "e.g. i.e. a.m. p.m. U.S.",
        "a@b.com abc.d@qq.com.cn",
        "{1}@qq.com",
        "Hello.This ok.is it",
        "go.to school, tell.me",
        "Yunque Co.,Ltd. Co.Ltd",
        "http://请点击",
        "以http://开头",
        "以.com结尾，使用.net，asp.net",
        "优惠100.TD退订",
        "晚上8点TV节目，8点VIP专场",
        "我爱你.中国人",
        "我们去了美国.公司也去",
        "您的验证码是{1}.请勿泄露",
        "金额{1}.{2}元，{1}/{2}",
        "No.{1} 号",
        "验证码是1234。OK",
    ],
)
def test_prose_has_no_link(body: str) -> None:
    assert found(body) == []


def test_the_parts_of_a_link() -> None:
    (link,) = find_links(reading("看https://A.Example.com.cn:8443/Ab3?x={1}，谢谢", offset=5), SUFFIXES)
    assert (link.scheme, link.host, link.domain, link.path) == (
        "https",
        "a.example.com.cn",
        "example.com.cn",
        "/Ab3?x={1}",
    )
    assert link.span == Span("body", 6, 6 + len("https://A.Example.com.cn:8443/Ab3?x={1}"))
    assert [hold.name for hold in link.holds] == ["1"]
    assert link.kind == "url"


@pytest.mark.parametrize(
    ("body", "host", "names"),
    [
        ("http://{1}", "", ["1"]),
        ("http://{1}{2}/{3}", "", ["1", "2", "3"]),
        ("www.{1}.com", "www.{1}.com", ["1"]),
        ("t.cn/{1}{2}", "t.cn", ["1", "2"]),
        ("{1}https://a.cn/x,{2}元", "a.cn", []),
    ],
)
def test_placeholders_of_a_link(body: str, host: str, names: list[str]) -> None:
    (link,) = find_links(reading(body), SUFFIXES)
    assert (link.host, [hold.name for hold in link.holds]) == (host, names)


def test_a_host_is_judged_by_its_surroundings_wherever_it_is() -> None:
    body = "登录 ab.it and not ab.it and not ab.it，登录 ab.it and not ab.it"
    assert [link.span.start for link in find_links(reading(body), SUFFIXES)] == [3, 40]


def test_a_repeated_host_is_found_in_each_place() -> None:
    for unit in ("看t.cn/Ab，", "1.2.3.4:80，", "www.{1}.com，"):
        links = find_links(reading(unit * 30), SUFFIXES)
        assert [link.span.start % len(unit) for link in links] == [links[0].span.start] * 30


def test_links_come_in_order_and_do_not_overlap() -> None:
    body = "a.cn/x 和http://b.com?u=http://c.com，t点cn"
    assert [text for _, text in found(body)] == ["a.cn/x", "http://b.com?u=http://c.com", "t点cn"]


@pytest.mark.parametrize(
    ("host", "short"),
    [("t.cn", True), ("x.t.cn", True), ("m.tb.cn", True), ("at.cn", False), ("cn", False), ("", False)],
)
def test_shared_short_hosts(host: str, short: bool) -> None:
    assert HOSTS.is_short(host) is short


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("u.jd.com", "京东"),
        ("x.u.jd.com/abc", "京东"),
        ("jd.com", None),
        ("mp.weixin.qq.com", None),
        ("mp.weixin.qq.com/s/abc", "微信公众平台"),
        ("mp.weixin.qq.com/s?x=1", "微信公众平台"),
        ("mp.weixin.qq.com/small", None),
    ],
)
def test_brand_short_hosts(host: str, owner: str | None) -> None:
    assert HOSTS.is_brand_short(host) == owner


@pytest.mark.parametrize("row", ["t.cn", "T.cn\tnote", "t.cn\t", " t.cn\tnote"])
def test_a_wrong_row_is_an_error_with_its_line(tmp_path: Path, row: str) -> None:
    (tmp_path / "short.tsv").write_text(f"# comment\n{row}\n", encoding="utf-8")
    (tmp_path / "brand.tsv").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match=r"short\.tsv, line 2"):
        Hosts.load(tmp_path)


@pytest.mark.parametrize(
    ("body", "short"),
    [
        ("x9.cn/a1", True),
        ("https://e.example.com/aB3xZ", True),
        ("https://e.example.com/about", False),
        ("https://e.example.com/About", False),
        ("https://e.example.com/aB3/xZ", False),
        ("https://e.example.com/aB3xZaB3xZ", False),
        ("a.cn", False),
    ],
)
def test_the_shape_of_a_short_link(body: str, short: bool) -> None:
    (link,) = find_links(reading(body), SUFFIXES)
    assert looks_short(link) is short
    assert HOSTS.looks_short(link) is short


def test_a_brand_link_is_recognised_by_host_and_path() -> None:
    inside, outside = find_links(reading("https://mp.weixin.qq.com/s/Abc mp.weixin.qq.com/x"), SUFFIXES)
    assert (HOSTS.is_brand_short(inside), HOSTS.is_brand_short(outside)) == ("微信公众平台", None)
