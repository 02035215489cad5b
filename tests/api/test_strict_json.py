"""Strict JSON: the errors with their places, in both languages, and the values that pass."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet_api.strict_json import MAX_DEPTH, JsonError, decode_utf8, depth, lone_surrogate, parse_json


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("", "第 1 行第 1 列：此处应为一个值", "line 1, column 1: Expecting value"),
        ('{"a":\n 1,}', "第 2 行第 4 列：", "line 2, column 4: "),
        ('{"a": "x\ny"}', "字符串中有未转义的控制字符", "Invalid control character"),
        ('{"a": 1} 2', "值已结束，后面还有内容", "Extra data"),
        ("{'a': 1}", '第 2 列：键名应写在英文双引号内：JSON 只用英文双引号 "', "straight double quotes"),
        ("{“a”: 1}", "JSON 只用英文双引号", "straight double quotes"),
        ('{"a": {"b": 1, "c": 2, "b": 1}}', "字段 b 重复", "the field b is given twice"),
        ("[NaN]", "NaN 不是标准 JSON", "NaN is not standard JSON"),
        ("[Infinity]", "Infinity 不是标准 JSON", "Infinity is not standard JSON"),
        ("[-Infinity]", "-Infinity 不是标准 JSON", "-Infinity is not standard JSON"),
        ("[1e999]", "有数字超出范围", "a number is out of range"),
        ("[-1e999]", "有数字超出范围", "a number is out of range"),
        ("9" * 5000, "数字的位数过多", "a number has too many digits"),
        ("[" * 65 + "]" * 65, "嵌套不得超过 64 层", "nested deeper than 64 levels"),
        ('{"a":' * 65 + "1" + "}" * 65, "嵌套不得超过 64 层", "nested deeper than 64 levels"),
        ("[" * 200_000, "嵌套不得超过 64 层", "nested deeper than 64 levels"),
    ],
)
def test_refused(text: str, chinese: str, english: str) -> None:
    with pytest.raises(JsonError, match=r"^不是合法的 JSON：") as caught:
        parse_json(text, "zh")
    assert chinese in str(caught.value)
    with pytest.raises(JsonError, match=r"^not valid JSON: ") as caught:
        parse_json(text, "en")
    assert english in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e308", 1e308),
        ("1e-999", 0.0),
        ("-0.5", -0.5),
        (' {"a": [], "A": null} ', {"a": [], "A": None}),
        ('"[[[{{{"', "[[[{{{"),
        (json.dumps("[" * 100), "[" * 100),
        (json.dumps([[]] * 100), [[]] * 100),
    ],
)
def test_accepted(text: str, value: object) -> None:
    assert parse_json(text, "zh") == value


def test_the_deepest_value_that_is_accepted() -> None:
    assert depth(parse_json("[" * MAX_DEPTH + "]" * MAX_DEPTH, "zh")) == MAX_DEPTH


def test_the_line_can_be_left_out_of_a_text_of_one_line() -> None:
    with pytest.raises(JsonError, match="不是合法的 JSON：第 7 列：缺少英文逗号"):
        parse_json('{"a":1', "zh", show_line=False)
    with pytest.raises(JsonError, match="第 2 行第 1 列"):
        parse_json('{"a":1\n', "zh", show_line=False)


@pytest.mark.parametrize(
    ("data", "show_line", "message"),
    [
        (b"ab\xff", True, "not UTF-8: line 1, byte 3 (0xFF) cannot be decoded"),
        (b"ab\n\xe6\xb5c", True, "not UTF-8: line 2, byte 1 (0xE6) cannot be decoded"),
        (b"ab\xff", False, "not UTF-8: byte 3 (0xFF) cannot be decoded"),
    ],
)
def test_bytes_that_are_not_utf8(data: bytes, show_line: bool, message: str) -> None:
    with pytest.raises(JsonError) as caught:
        decode_utf8(data, "en", show_line=show_line)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"body": "\ud800"}, ("body", "U+D800")),
        ({"params": ["a", "b\udfff"]}, ("params.1", "U+DFFF")),
        ({"account": {"\udabc": 1}}, ("account", "U+DABC")),
        ("\ud800", ("", "U+D800")),
        ({"body": "😀", "params": [1, None, True]}, None),
    ],
)
def test_lone_surrogates_are_found_by_field(value: object, found: tuple[str, str] | None) -> None:
    assert lone_surrogate(value) == found


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_every_json_value_comes_back(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert parse_json(text, "zh") == value
    assert lone_surrogate(parse_json(text, "zh")) is None
    assert parse_json(decode_utf8(text.encode(), "zh"), "zh") == value
