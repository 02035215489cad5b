"""Decodes and validates JSON request bodies."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from email.message import Message
from typing import Any, NoReturn

from fastapi import Request

from smsvet.model import Lang

from .problems import FieldError, ProblemError, invalid_fields

MAX_DEPTH = 64
"""How deep a body may be nested."""

_REASONS = {
    "Expecting value": "此处应为一个值",
    "Expecting ',' delimiter": "此处缺少逗号",
    "Expecting ':' delimiter": "此处缺少冒号",
    "Expecting property name enclosed in double quotes": "此处应为双引号括起的字段名",
    "Extra data": "JSON 之后还有内容",
    "Invalid \\escape": "无效的转义",
    "Invalid \\uXXXX escape": "无效的 \\uXXXX 转义",
    "Invalid control character at": "字符串内有未转义的控制字符",
    "Unterminated string starting at": "字符串没有结束的引号",
    "Illegal trailing comma before end of object": "对象末尾有多余的逗号",
    "Illegal trailing comma before end of array": "数组末尾有多余的逗号",
}


async def read_json(request: Request, lang: Lang) -> Any:
    """Return the decoded JSON body.

    Raises ProblemError: 415 for another media type, 400 with line and column for what is not JSON in
    UTF-8, has NaN, Infinity, a number out of range or a field twice, or is nested deeper than MAX_DEPTH.
    """
    require_json(request, lang)
    data = await request.body()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = data[: error.start].count(b"\n") + 1, error.start + 1
        detail = (f"第 {line} 行：第 {byte} 个字节不是 UTF-8", f"line {line}: byte {byte} is not UTF-8")
        raise _broken(lang, *detail) from error
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        line, column = error.lineno, error.colno
        reason = _REASONS.get(error.msg, error.msg)
        detail = (f"第 {line} 行第 {column} 列：{reason}", f"line {line}, column {column}: {error.msg}")
        raise _broken(lang, *detail) from error
    except _DoubledError as error:
        raise _broken(lang, f"字段 {error} 重复", f"the field {error} is given twice") from error
    except RecursionError as error:
        raise _too_deep(lang) from error
    except ValueError as error:
        raise _broken(
            lang,
            "NaN、Infinity 与超出范围的数字不是有效的 JSON",
            "NaN, Infinity and numbers out of range are not valid JSON",
        ) from error
    if text.count("[") + text.count("{") > MAX_DEPTH and depth(value) > MAX_DEPTH:
        raise _too_deep(lang)
    return value


def require_json(request: Request, lang: Lang) -> None:
    """Raise ProblemError unless the Content-Type says JSON, in UTF-8 where it names a charset."""
    if request.headers.get("content-type") == "application/json":
        return
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    kind = header.get_content_type() if header["content-type"] else ""
    charset = (header.get_content_charset("utf-8") or "").lower()
    if not (kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))):
        chinese, english = "Content-Type 应为 application/json", "Content-Type has to be application/json"
    elif charset not in ("utf-8", "utf8"):
        chinese, english = "字符集应为 UTF-8", "The charset has to be UTF-8"
    else:
        return
    raise ProblemError("unsupported-media-type", chinese if lang == "zh" else english, lang=lang)


_ANYTHING = json.JSONEncoder(ensure_ascii=False, default=str)


def refuse_surrogates(data: object, lang: Lang) -> None:
    """Raise ProblemError naming a field with half a surrogate pair, which no message can carry."""
    try:
        _ANYTHING.encode(data).encode()
    except UnicodeEncodeError:
        field = next((field for field, text in strings(data, "") if not _whole(text)), "")
        message = "含有孤立的代理项，不是字符" if lang == "zh" else "holds a lone surrogate, not a character"
        raise invalid_fields([FieldError(field=field, message=message)], lang) from None


def strings(data: object, field: str) -> Iterator[tuple[str, str]]:
    """Return every string in decoded JSON with the path of its field; keys count as their object's."""
    if isinstance(data, str):
        yield field, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield field, key
            yield from strings(value, f"{field}.{key}" if field else key)
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from strings(value, f"{field}.{place}" if field else str(place))


def read_batch(data: object, most: int, lang: Lang) -> list[Any]:
    """Return the submissions of a batch body as they stand; raises ProblemError naming each field."""
    chinese = lang == "zh"
    if not isinstance(data, dict):
        message = "应为一个 JSON 对象" if chinese else "expected a JSON object"
        raise invalid_fields([FieldError(field="", message=message)], lang)
    errors = [
        FieldError(field=name, message="未知字段" if chinese else "unknown field")
        for name in data
        if name != "submissions"
    ]
    submissions = data.get("submissions")
    if "submissions" not in data:
        errors.append(FieldError(field="submissions", message="缺少此字段" if chinese else "Field required"))
    elif not isinstance(submissions, list):
        message = "应为数组" if chinese else "Input should be a valid list"
        errors.append(FieldError(field="submissions", message=message))
    elif len(submissions) > most:
        message = f"一批至多 {most} 条" if chinese else f"a batch has {most} submissions at most"
        errors.append(FieldError(field="submissions", message=message))
    if errors or not isinstance(submissions, list):
        raise invalid_fields(errors, lang)
    return submissions


def depth(value: object) -> int:
    """Return how many arrays and objects are nested in each other."""
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


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("out of range")
    return value


class _DoubledError(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        raise _DoubledError(next(name for name in names if names.count(name) > 1))
    return value


def _whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _refuse(_name: str) -> NoReturn:
    raise ValueError("not JSON")


def _broken(lang: Lang, chinese: str, english: str) -> ProblemError:
    return ProblemError("invalid-json", chinese if lang == "zh" else english, lang=lang)


def _too_deep(lang: Lang) -> ProblemError:
    return _broken(lang, f"嵌套不得超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")
