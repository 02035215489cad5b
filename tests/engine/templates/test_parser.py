from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet.model import Placeholder, Problem, Span
from smsvet.sms.provider import load_providers
from smsvet.templates.parser import PROBLEMS, Parsed, TemplateParser
from smsvet.templates.shape import FILLER, WORDS, shape_of

GRAMMARS = Path(__file__).parents[3] / "grammars"
PROVIDERS = load_providers(GRAMMARS)
PARSER = TemplateParser(GRAMMARS / "body.lark", PROVIDERS)
ALPHABET = [
    *"{}｛｝$＄#＃%％@＠<>[]()（）*＊_＿xX×Ｘ01２9aeds.- \u3000\u200b\n，。/字码元",
    *(
        "{1}",
        "{2}",
        "{id}",
        "${1}",
        "${code}",
        "${TXT_20}",
        "#code#",
        "##var##",
        "@var(",
        "@date(Y)",
        "%s",
        "%d",
    ),
    *("{{1}}", "{{thing1.DATA}}", "{#var#}", "{$var}", "$(a)", "[name]", "****", "XX"),
    *("验证码", "分钟", "尊敬的"),
]
bodies = st.lists(st.sampled_from(ALPHABET), max_size=14).map("".join) | st.text(max_size=30)
provider_ids = st.sampled_from(sorted(PROVIDERS))

SYNTAXES = [
    ("tencent", "编号{1}，于{2}到", ["1", "2"]),
    ("ucloud", "编号{1}，于{2}到", ["1", "2"]),
    ("aliyun", "编号${code}，于${order_no}到", ["code", "order_no"]),
    ("ctyun", "编号${code}", ["code"]),
    ("qiniu", "编号${code}", ["code"]),
    ("baidu", "编号${code}", ["code"]),
    ("volcengine", "编号${code}", ["code"]),
    ("huawei", "编号${1}，于${2}到", ["1", "2"]),
    ("huawei", "编号${1}，电话${PHONE}，于${2}到", ["1", "PHONE", "2"]),
    ("huawei", "编号${1}，电话${PHONE}，于${3}到", ["1", "PHONE", "3"]),
    (
        "huawei",
        "编号${CHARDIGIT}，于${DATETIME}付${MONEY}，${PHONE}",
        ["CHARDIGIT", "DATETIME", "MONEY", "PHONE"],
    ),
    ("huawei", "编号${TEXT}，${NEWTEXT}", ["TEXT", "NEWTEXT"]),
    ("huawei-intl", "编号${NUM_6}，于${TXT_20}到", ["NUM_6", "TXT_20"]),
    ("huawei-intl", "${DATE} ${TIME}", ["DATE", "TIME"]),
    ("jiguang", "编号{{code}}", ["code"]),
    ("yunpian", "【云雀】编号#code#，#app#", ["code", "app"]),
    ("juhe", "编号#code#", ["code"]),
    ("submail", "【云雀】编号@var(code)，@date()、@date(Y)", ["code", "date", "date"]),
    ("netease", "编号%s，%s到", ["1", "2"]),
    ("chuanglan", "编号{$var}，{$var}到", ["1", "2"]),
    ("zhutong", "编号{valid_code}", ["valid_code"]),
    ("dlt", "Your order {#var#} for ##name## has come", ["1", "2"]),
    ("whatsapp", "Hi {{1}}, {{2}} has come", ["1", "2"]),
    ("whatsapp", "Hi {{name}}, it has come", ["name"]),
    ("twilio", "Hi [name], [order no] has come", ["name", "order no"]),
    ("wechat", "编号{{thing1.DATA}}", ["thing1"]),
]

KINDS = [
    ("huawei", "${MONEY}", "MONEY", None),
    ("huawei-intl", "${NUM_6}", "NUM", 6),
    ("huawei-intl", "${TXT_20}", "TXT", 20),
    ("huawei-intl", "${DATE}", "DATE", None),
    ("submail", "@date(Y)", "date", None),
    ("tencent", "{1}", None, None),
]

MALFORMED = [
    # provider, body, [(problem, text, expected)], corrected
    (
        "tencent",
        "您的验证码为｛1｝，点击{2}查看",
        [("full-width", "｛1｝", "{1}")],
        "您的验证码为{1}，点击{2}查看",
    ),
    ("tencent", "码{１}", [("full-width", "{１}", "{1}")], "码{1}"),
    ("tencent", "码｛ 1 ｝", [("full-width", "｛ 1 ｝", "{1}")], "码{1}"),
    ("tencent", "码{ 1 }", [("blank-inside", "{ 1 }", "{1}")], "码{1}"),
    ("tencent", "码{1 }", [("blank-inside", "{1 }", "{1}")], "码{1}"),
    ("tencent", "码{1\u200b}", [("blank-inside", "{1\u200b}", "{1}")], "码{1}"),
    ("tencent", "码{1\u3000}", [("blank-inside", "{1\u3000}", "{1}")], "码{1}"),
    ("tencent", "码{0}", [("zero", "{0}", "{1}")], "码{1}"),
    ("tencent", "码{0}，于{1}到", [("zero", "{0}", "{1}")], "码{1}，于{2}到"),
    ("tencent", "码{01}", [("leading-zero", "{01}", "{1}")], "码{1}"),
    ("tencent", "码{1}，于{3}到", [("gap", "{3}", "{2}")], "码{1}，于{2}到"),
    ("tencent", "码{2}，于{3}到", [("gap", "{2}", "{1}")], "码{1}，于{2}到"),
    ("tencent", "码{2}，于{1}到", [("order", "{2}", "{1}")], "码{1}，于{2}到"),
    ("tencent", "码{100}", [("bad-name", "{100}", "{1}")], "码{1}"),
    ("tencent", "码{}", [("empty", "{}", "{1}")], "码{1}"),
    ("tencent", "码{{1}}", [("nested", "{{1}}", "{1}")], "码{1}"),
    ("tencent", "码{ {1} }", [("nested", "{ {1} }", "{1}")], "码{1}"),
    ("tencent", "码{1，于{2}到", [("unbalanced", "{1", "{1}")], "码{1}，于{2}到"),
    ("tencent", "码1}，于{2}到", [("unbalanced", "1}", "{1}")], "码{1}，于{2}到"),
    ("tencent", "码{，于{1}到", [("unbalanced", "{", None)], "码，于{1}到"),
    ("tencent", "码{1}}到", [("unbalanced", "}", None)], "码{1}到"),
    ("tencent", "码{验证码}", [("non-ascii-name", "{验证码}", "{1}")], "码{1}"),
    (
        "tencent",
        "码XXXX，于____到",
        [("stand-in", "XXXX", "{1}"), ("stand-in", "____", "{2}")],
        "码{1}，于{2}到",
    ),
    ("tencent", "码****，××到", [("stand-in", "****", "{1}"), ("stand-in", "××", "{2}")], "码{1}，{2}到"),
    ("tencent", "xx您好，{1}到", [("stand-in", "xx", "{1}")], "{1}您好，{2}到"),
    ("tencent", "$****到", [("stand-in", "****", "{1}")], "$ {1} 到"),
    ("aliyun", "您的${验证码}", [("non-ascii-name", "${验证码}", "${code}")], "您的${code}"),
    ("aliyun", "码${1code}", [("name-starts-with-digit", "${1code}", "${code1}")], "码${code1}"),
    ("aliyun", "码${}", [("empty", "${}", "${v1}")], "码${v1}"),
    ("aliyun", "码${order-no}", [("bad-name", "${order-no}", "${order_no}")], "码${order_no}"),
    ("aliyun", "码${id}", [("bad-name", "${id}", "${id2}")], "码${id2}"),
    (
        "aliyun",
        f"码${{{'a' * 26}}}",
        [("bad-name", f"${{{'a' * 26}}}", f"${{{'a' * 22}}}")],
        f"码${{{'a' * 22}}}",
    ),
    ("aliyun", "${name}已到${name}", [("repeat", "${name}", "${name2}")], "${name}已到${name2}"),
    ("aliyun", "码${code，到", [("unbalanced", "${code", "${code}")], "码${code}，到"),
    ("aliyun", "码${{code}}", [("nested", "${{code}}", "${code}")], "码${code}"),
    ("aliyun", "码$｛ code ｝", [("full-width", "$｛ code ｝", "${code}")], "码${code}"),
    ("yunpian", "码#code，到", [("unbalanced", "#code", "#code#")], "码#code#，到"),
    ("yunpian", "码code#，到", [("unbalanced", "code#", "#code#")], "码#code#，到"),
    ("yunpian", "码# code #到", [("blank-inside", "# code #", "#code#")], "码#code#到"),
    ("yunpian", "码＃code＃到", [("full-width", "＃code＃", "#code#")], "码#code#到"),
    ("yunpian", "#验证码#到", [("non-ascii-name", "#验证码#", "#code#")], "#code#到"),
    ("submail", "码@var（code）到", [("full-width", "@var（code）", "@var(code)")], "码@var(code)到"),
    ("whatsapp", "A {{1}} b {{name}} c", [("mixed", "{{name}}", "{{2}}")], "A {{1}} b {{2}} c"),
    ("whatsapp", "A {{1}} b {{3}} c", [("gap", "{{3}}", "{{2}}")], "A {{1}} b {{2}} c"),
    (
        "whatsapp",
        "A {{name}} b {{ 订单 }} c",
        [("non-ascii-name", "{{ 订单 }}", "{{order_no}}")],
        "A {{name}} b {{order_no}} c",
    ),
    ("whatsapp", "Dear [name], on {{1}} b", [("foreign", "[name]", "{{1}}")], "Dear {{1}}, on {{2}} b"),
    ("twilio", "Hi [ name ]", [("blank-inside", "[ name ]", "[name]")], "Hi [name]"),
]

FOREIGN = [
    # provider, body, expected, a vendor with this syntax (None: no vendor has it), corrected
    ("tencent", "码{code}", "{1}", "zhutong", "码{1}"),
    ("tencent", "码${1}", "{1}", "huawei", "码{1}"),
    ("tencent", "码${code}", "{1}", "aliyun", "码{1}"),
    ("tencent", "码${NUM_6}", "{1}", "huawei-intl", "码{1}"),
    ("tencent", "码{{code}}", "{1}", "jiguang", "码{1}"),
    ("tencent", "码{{thing1.DATA}}", "{1}", "wechat", "码{1}"),
    ("tencent", "码#code#", "{1}", "yunpian", "码{1}"),
    ("tencent", "码@var(code)", "{1}", "submail", "码{1}"),
    ("tencent", "码@date(Y)", "{1}", "submail", "码{1}"),
    ("tencent", "码%s", "{1}", "netease", "码{1}"),
    ("tencent", "码{$var}", "{1}", "chuanglan", "码{1}"),
    ("tencent", "码{#var#}", "{1}", "dlt", "码{1}"),
    ("tencent", "码##var##", "{1}", "dlt", "码{1}"),
    ("tencent", "码$(code)", "{1}", None, "码{1}"),
    ("tencent", "码$code", "{1}", None, "码{1}"),
    ("tencent", "码%code%", "{1}", None, "码{1}"),
    ("tencent", "码<code>", "{1}", None, "码{1}"),
    ("aliyun", "验证码{1}", "${code}", "tencent", "验证码${code}"),
    ("aliyun", "码${1}", "${v1}", "huawei", "码${v1}"),
    ("aliyun", "码#pin#", "${pin}", "yunpian", "码${pin}"),
    ("huawei", "码${code}", "${1}", "aliyun", "码${1}"),
    ("huawei-intl", "码{1}", "${TXT_20}", "tencent", "码${TXT_20}"),
    ("netease", "码{1}", "%s", "tencent", "码%s"),
    ("chuanglan", "码%s", "{$var}", "netease", "码{$var}"),
    ("dlt", "Code {{1}}", "{#alphanumeric#}", "whatsapp", "Code {#alphanumeric#}"),
    ("whatsapp", "Code {1} is", "{{1}}", "tencent", "Code {{1}} is"),
    ("twilio", "Hi {{name}}", "[name]", "whatsapp", "Hi [name]"),
    ("submail", "码${code}", "@var(code)", "aliyun", "码@var(code)"),
]

NAMED = [
    ("您的验证码为{1}，{2}分钟内有效", "您的验证码为${code}，${minutes}分钟内有效"),
    ("{1}为您的验证码", "${code}为您的验证码"),
    ("尊敬的{1}，订单{2}已付{3}元", "尊敬的${name}，订单${order_no}已付${amount}元"),
    ("{1}先生，请于{2}到", "${name}先生，请于${v1}到"),
    ("取件码{1}，地址：{2}，电话：{3}", "取件码${pickup_code}，地址：${address}，电话：${phone}"),
    ("时间{1}，时间{2}", "时间${time}，时间${time2}"),
    ("订单{order}到，{order}", "订单${order}到，${order2}"),
]

ORDINARY = [
    "全场100%正品，8%返利，5%discount",
    "请到3#楼和4#楼领取",
    "C#课程，邮箱a@b.cn，价格$5，1<2",
    "尺码XXL，MAXX，x1，2×3",
    "[云雀]会员您好[请勿回复]",
    "号码138****1234，138 **** 1234，138XXXX1234",
    "网址www.xxx.com，xx@163.com",
    "#双11#狂欢",
    "验证码123456",
    "",
]


@given(bodies, provider_ids)
@settings(max_examples=200, deadline=None)
def test_the_placeholders_alone_are_those_of_the_body(body: str, provider: str) -> None:
    assert PARSER.placeholders(body, provider, "text") == PARSER.read(body, provider, "text").placeholders


@pytest.mark.parametrize(
    ("body", "corrected"),
    [
        ("${a}${a}${a}", "${a}${a2}${a3}"),
        ("${2}${2}金额${2}元", "${v1}${amount}金额${amount2}元"),
        ("${1}" * 500, "".join(f"${{v{number}}}" for number in range(1, 501))),
    ],
)
def test_names_are_numbered_on(body: str, corrected: str) -> None:
    assert PARSER.read(body, "aliyun").corrected == corrected


@pytest.mark.parametrize(("provider", "body", "names"), SYNTAXES)
def test_every_provider_parses_its_own_syntax(provider: str, body: str, names: list[str]) -> None:
    parsed = PARSER.read(body, provider)

    assert [placeholder.name for placeholder in parsed.placeholders] == names
    assert parsed.problems == ()
    assert parsed.corrected is None
    assert all(body[item.span.start : item.span.end] == item.text for item in parsed.placeholders)


@pytest.mark.parametrize(("provider", "body", "kind", "longest"), KINDS)
def test_kind_and_greatest_length(provider: str, body: str, kind: str | None, longest: int | None) -> None:
    (placeholder,) = PARSER.read(body, provider).placeholders

    assert (placeholder.kind, placeholder.max) == (kind, longest)


@pytest.mark.parametrize(("provider", "body", "problems", "corrected"), MALFORMED)
def test_malformed(
    provider: str, body: str, problems: list[tuple[str, str, str | None]], corrected: str
) -> None:
    parsed = PARSER.read(body, provider)

    assert [(item.name, item.text, item.expected) for item in parsed.problems] == problems
    assert parsed.corrected == corrected


@pytest.mark.parametrize(("provider", "body", "expected", "vendor", "corrected"), FOREIGN)
def test_foreign(provider: str, body: str, expected: str, vendor: str | None, corrected: str) -> None:
    parsed = PARSER.read(body, provider)

    (problem,) = parsed.problems
    assert (problem.name, problem.expected, parsed.corrected) == ("foreign", expected, corrected)
    assert provider not in problem.vendors
    assert problem.vendors == () if vendor is None else vendor in problem.vendors
    assert [placeholder.name for placeholder in parsed.placeholders] == [None]


@pytest.mark.parametrize(("body", "corrected"), NAMED)
def test_a_name_is_inferred_from_the_words_around_a_placeholder(body: str, corrected: str) -> None:
    assert PARSER.read(body, "aliyun").corrected == corrected


@pytest.mark.parametrize("body", ORDINARY)
def test_ordinary_signs_are_text(body: str) -> None:
    assert PARSER.read(body, "tencent") == Parsed()


@pytest.mark.parametrize(
    ("provider", "body"), [("yunpian", "请到3#楼和4#楼，C#课程"), ("twilio", "a]b"), ("netease", "100%sure")]
)
def test_ordinary_signs_are_text_for_providers_that_use_them(provider: str, body: str) -> None:
    assert PARSER.read(body, provider) == Parsed()


def test_a_rejected_placeholder_and_its_problem_have_the_same_span() -> None:
    parsed = PARSER.read("码{code}到", "tencent", "text")

    span = Span("text", 1, 7)
    assert parsed.placeholders == (Placeholder(span, "{code}", None),)
    assert parsed.problems == (Problem("foreign", span, "{code}", "{1}", ("zhutong",)),)


def test_a_number_may_repeat_unless_the_provider_forbids_it() -> None:
    parsed = PARSER.read("码{1}，于{2}到，码{1}", "tencent")

    assert [placeholder.name for placeholder in parsed.placeholders] == ["1", "2", "1"]
    assert parsed.problems == ()


def test_a_repeated_number_keeps_one_value_after_renumbering() -> None:
    assert PARSER.read("码{3}，于{5}到，码{3}", "tencent").corrected == "码{1}，于{2}到，码{1}"


def test_more_placeholders_than_the_provider_accepts() -> None:
    most = PROVIDERS["huawei"].limit("placeholder_count", date(2026, 11, 22))
    assert isinstance(most, int)
    body = "，".join(["码${TEXT}"] * (most + 1))
    parsed = PARSER.read(body, "huawei")

    assert [(item.name, item.span.end) for item in parsed.problems] == [("too-many", len(body))]
    assert parsed.corrected == body.removesuffix("${TEXT}")


def test_an_unknown_provider_is_an_error() -> None:
    with pytest.raises(KeyError):
        PARSER.read("码{1}", "nobody")


def test_bodies_of_one_shape_are_parsed_once() -> None:
    parser = TemplateParser(GRAMMARS / "body.lark", PROVIDERS)
    for text in ("验证码", "您的取件编号，请看：", "用a b，c。"):
        assert parser.read(f"{text}码{{1}}，于{{2}}到。", "tencent").problems == ()

    assert parser.places.cache_info().misses == 1


def own_words(parser: TemplateParser, body: str, provider: str) -> Iterator[str]:
    """Yield the characters outside placeholders, without delimiters and parts of names."""
    vendor = parser.vendors[provider]
    for piece in parser.grammar.pieces(body, vendor.bracketed):
        if not vendor.concerns(piece):
            yield from (
                sign for sign in piece.text if sign.isalpha() and not sign.isascii() and sign not in "×Ｘｘ"
            )


@given(bodies, st.booleans())
def test_the_pieces_of_any_text_contain_all_of_it(body: str, bracketed: bool) -> None:
    pieces = PARSER.grammar.pieces(body, bracketed)

    assert "".join(piece.text for piece in pieces) == body
    assert all(body[piece.start : piece.end] == piece.text for piece in pieces)


@given(bodies)
def test_a_cached_shape_has_every_part(body: str) -> None:
    shape = shape_of(body)

    assert "".join(shape.parts) == body
    assert shape.text.count(FILLER) == len(shape.parts) // 2


@settings(max_examples=400)
@given(bodies, provider_ids)
def test_a_cached_shape_gives_the_same_result(body: str, provider: str) -> None:
    assert PARSER.read(body, provider) == PARSER.read_plainly(body, provider)


@settings(max_examples=400)
@given(bodies, provider_ids)
def test_a_corrected_body_has_no_problems(body: str, provider: str) -> None:
    parsed = PARSER.read(body, provider)

    assert {problem.name for problem in parsed.problems} <= set(PROBLEMS)
    assert (parsed.corrected is None) is (parsed.problems == ())
    if parsed.corrected is not None:
        again = PARSER.read(parsed.corrected, provider)
        assert again.problems == ()
        assert again.corrected is None


@settings(max_examples=400)
@given(bodies, provider_ids)
def test_a_corrected_body_keeps_the_text_outside_placeholders(body: str, provider: str) -> None:
    corrected = PARSER.read(body, provider).corrected

    if corrected is not None:
        assert "".join(own_words(PARSER, body, provider)) == "".join(own_words(PARSER, corrected, provider))


@given(bodies, provider_ids)
def test_every_placeholder_has_a_name_or_a_problem(body: str, provider: str) -> None:
    parsed = PARSER.read(body, provider)
    wrong = {problem.span for problem in parsed.problems}

    assert all(item.name is not None or item.span in wrong for item in parsed.placeholders)
    assert all(body[item.span.start : item.span.end] == item.text for item in parsed.problems)
    assert WORDS.isdisjoint(problem.name for problem in parsed.problems)
