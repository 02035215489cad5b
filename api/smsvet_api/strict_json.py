"""Parses JSON strictly, with errors in Chinese or English."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from smsvet.model import Lang

from .wording import say

MAX_DEPTH = 64
"""Maximum number of arrays and objects nested in each other."""

_QUOTES = "'‘’“”＇＂`"
_REASONS_ZH = {
    "Expecting value": "此处应为一个值",
    "Expecting property name enclosed in double quotes": "键名应写在英文双引号内",
    "Expecting ',' delimiter": "缺少英文逗号",
    "Expecting ':' delimiter": "缺少英文冒号",
    "Extra data": "值已结束，后面还有内容",
    "Unterminated string starting at": "字符串没有结束",
    "Invalid control character at": "字符串中有未转义的控制字符",
    "Invalid \\escape": "无效的转义",
    "Invalid \\uXXXX escape": "无效的 \\uXXXX 转义",
    "Illegal trailing comma before end of object": "对象末尾有多余的逗号",
    "Illegal trailing comma before end of array": "数组末尾有多余的逗号",
}


class JsonError(ValueError):
    """Text that is not acceptable JSON; the message gives the place and the reason."""


def decode_utf8(data: bytes, lang: Lang, *, show_line: bool = True) -> str:
    """Return UTF-8 bytes as text.

    Raises JsonError for the first byte that is not UTF-8, with its value, its number in the line and, if
    `show_line`, the line, both from 1.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line, number = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        place = say(lang, f"第 {number} 个字节", f"byte {number}")
        if show_line:
            place = say(lang, f"第 {line} 行{place}", f"line {line}, {place}")
        value = f"0x{data[error.start]:02X}"
        raise JsonError(
            say(
                lang,
                f"不是 UTF-8：{place} {value} 无法解码",
                f"not UTF-8: {place} ({value}) cannot be decoded",
            )
        ) from error


def parse_json(text: str, lang: Lang, *, show_line: bool = True) -> Any:
    """Return the value of a JSON text.

    Raises JsonError for a syntax error, with column and, if `show_line`, line, both from 1. It also raises
    JsonError for a duplicate key, for NaN and Infinity, for numbers out of range such as `1e999`, and for
    values nested deeper than MAX_DEPTH. Lone surrogates pass; `lone_surrogate` finds them.
    """
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)
    except json.JSONDecodeError as error:
        reason = _syntax_error(error, lang, show_line)
    except _RefusedError as error:
        reason = say(lang, *error.args)
    except RecursionError:
        reason = _too_deep(lang)
    except ValueError:  # Python limits the digits of an integer
        reason = say(lang, "数字的位数过多", "a number has too many digits")
    else:
        if text.count("[") + text.count("{") <= MAX_DEPTH or depth(value) <= MAX_DEPTH:
            return value
        reason = _too_deep(lang)
    raise JsonError(say(lang, f"不是合法的 JSON：{reason}", f"not valid JSON: {reason}"))


def depth(value: object) -> int:
    """Return how many arrays and objects of decoded JSON are nested in each other; 0 for a plain value."""
    level, deepest = [value], -1
    while level:
        deepest += 1
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in ((item.values() if isinstance(item, dict) else item) or (None,))
        ]
    return deepest


def lone_surrogate(value: object) -> tuple[str, str] | None:
    """Return the field path and the code point, such as `U+D800`, of the first lone surrogate.

    `value` is decoded JSON. A path has dots, such as `documents.0.kind`; a key counts as part of its object.
    Returns None if every string is made of whole characters.
    """
    for field, text in _strings(value, ""):
        for character in text:
            if "\ud800" <= character <= "\udfff":
                return field, f"U+{ord(character):04X}"
    return None


def surrogate_error(point: str, lang: Lang) -> str:
    """Return the error for a text with a lone surrogate."""
    return say(lang, f"{point} 是孤立的代理项，不是字符", f"{point} is a lone surrogate, not a character")


def _strings(value: object, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield field, str(key)
            yield from _strings(item, f"{field}.{key}" if field else str(key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _strings(item, f"{field}.{index}" if field else str(index))


def _syntax_error(error: json.JSONDecodeError, lang: Lang, show_line: bool) -> str:
    reason = _REASONS_ZH.get(error.msg, error.msg) if lang == "zh" else error.msg
    if error.doc[error.pos : error.pos + 1] in tuple(_QUOTES):
        reason += say(lang, '：JSON 只用英文双引号 "', ': JSON takes straight double quotes " only')
    line, column = error.lineno, error.colno
    if show_line or "\n" in error.doc:
        return say(lang, f"第 {line} 行第 {column} 列：{reason}", f"line {line}, column {column}: {reason}")
    return say(lang, f"第 {column} 列：{reason}", f"column {column}: {reason}")


class _RefusedError(ValueError):
    """JSON that Python's parser accepts and this one refuses; the arguments are the Chinese and English reasons."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(f"字段 {doubled} 重复", f"the field {doubled} is given twice")
    return data


def _constant(name: str) -> NoReturn:
    raise _RefusedError(f"{name} 不是标准 JSON", f"{name} is not standard JSON")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _RefusedError("有数字超出范围", "a number is out of range")
    return value


def _too_deep(lang: Lang) -> str:
    return say(lang, f"嵌套不得超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")
