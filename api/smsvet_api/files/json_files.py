"""Reads JSON and JSON Lines strictly, with errors in Chinese or English."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from smsvet.model import Lang

from ..wording import say
from .rows import LONGEST_LINE, InputError, Row, Unreadable, too_long

_BOM = b"\xef\xbb\xbf"
_IDENTITY = re.compile(r'"id"\s*:\s*"((?:[^"\\\ufffd]|\\.)*)"')
_QUOTES = "'‘’“”＇＂`"
_JSON_ZH = {
    "Expecting value": "此处应为一个值",
    "Expecting property name enclosed in double quotes": "键名应写在英文双引号内",
    "Expecting ',' delimiter": "缺少英文逗号",
    "Expecting ':' delimiter": "缺少英文冒号",
    "Extra data": "值已结束，后面还有内容",
    "Unterminated string starting at": "字符串没有结束",
    "Invalid control character at": "字符串中有未转义的控制字符",
    "Invalid \\escape": "无效的转义",
    "Invalid \\uXXXX escape": "无效的 \\uXXXX 转义",
}


def read_lines(stream: BinaryIO, lang: Lang) -> Iterator[Row | Unreadable]:
    r"""Return the JSON lines of a stream, which `\n` alone ends; a blank last line is none."""
    blank: Unreadable | None = None
    for number, line in enumerate(_lines(stream), start=1):
        if blank is not None:
            yield blank
        blank = None
        if line is None:
            yield Unreadable(number, too_long(lang))
        elif not line.strip():
            blank = Unreadable(number, say(lang, "空行，不是提交", "a blank line, not a submission"))
        else:
            yield _decode(number, line.removeprefix(_BOM) if number == 1 else line, lang)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line.removesuffix(b"\n").removesuffix(b"\r")


def _decode(number: int, line: bytes, lang: Lang) -> Row | Unreadable:
    try:
        return Row(number, parse_json(line.decode(), lang))
    except UnicodeDecodeError as error:
        wrong = not_utf8(error, lang)
    except ValueError as error:
        wrong = str(error)
    found = _IDENTITY.search(line.decode(errors="replace"))
    return Unreadable(number, wrong, found[1] if found else None)


def not_utf8(error: UnicodeDecodeError, lang: Lang) -> str:
    """Return where a text stops being UTF-8: the byte's number from 1, and its value."""
    value = f"0x{error.object[error.start]:02X}"
    return say(
        lang,
        f"不是 UTF-8：第 {error.start + 1} 个字节 {value} 无法解码",
        f"not UTF-8: byte {error.start + 1} ({value}) cannot be decoded",
    )


def parse_json(text: str, lang: Lang) -> Any:
    """Return the value of standard JSON; raises ValueError saying in `lang` what is wrong and where."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        place = say(lang, f"第 {error.colno} 列", f"column {error.colno}")
        if "\n" in error.doc:
            place = say(lang, f"第 {error.lineno} 行{place}", f"line {error.lineno} {place}")
        reason = _JSON_ZH.get(error.msg, error.msg) if lang == "zh" else error.msg
        if error.doc[error.pos : error.pos + 1] in tuple(_QUOTES):
            reason += say(lang, '：JSON 只用英文双引号 "', ': JSON takes straight double quotes " only')
        wrong = say(lang, f"不是合法的 JSON：{place}：{reason}", f"not JSON: {place}: {reason}")
    except _RefusedError as error:
        what, twice = error.args
        reason = (
            say(lang, "字段重复", "given twice") if twice else say(lang, "不是标准 JSON", "not standard JSON")
        )
        wrong = f"{what}: {reason}"
    except (RecursionError, ValueError):
        wrong = say(
            lang, "不是合法的 JSON：嵌套过深或数字过长", "not JSON: nested too deep, or a number too long"
        )
    raise ValueError(wrong)


class _RefusedError(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RefusedError(next(name for name in names if names.count(name) > 1), True)
    return data


def _constant(name: str) -> Any:
    raise _RefusedError(name, False)


def read_json(path: Path, lang: Lang) -> Iterator[Row]:
    """Return the object of a JSON file, or each item of its array; raises InputError naming the file."""
    try:
        data = parse_json(path.read_bytes().removeprefix(_BOM).decode(), lang) if path.stat().st_size else []
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: {not_utf8(error, lang)}") from error
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error
    for number, item in enumerate(data if isinstance(data, list) else [data], start=1):
        yield Row(number, item)
