"""Submissions as files and streams hold them: one answer for every line, readable or not."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from smsvet.model import Lang, Submission, SubmissionError
from smsvet.schema import read_submission

MOST_TEXT = 1 << 20
"""The most text of one submission, in bytes of UTF-8."""

LONGEST_LINE = 8 << 20
"""The longest JSON line in bytes: a byte of text may be written as the six of a `\\u` escape."""

FORMATS = (".jsonl", ".ndjson", ".json", ".csv", ".parquet", ".xlsx")

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


class InputError(ValueError):
    """The whole input cannot be read; the message names the file."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of input, decoded: `line` counts from 1, as does the place in a JSON array."""

    line: int
    data: object


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is not a submission, and why."""

    line: int
    error: str
    id: str | int | None = None


def say(lang: Lang, zh: str, en: str) -> str:
    """Return the wording of a language."""
    return zh if lang == "zh" else en


def read_rows(source: str, lang: Lang, providers: Mapping[str, str]) -> Iterator[Row | Unreadable]:
    """Return every line of a file, or of standard input for `-`, in order and as it is read.

    `providers` are ids by the names a table may use for them. Raises InputError.
    """
    if source == "-":
        rows = read_lines(sys.stdin.buffer, lang)
    else:
        rows = _read_file(Path(source), lang, providers)
    empty = True
    for row in rows:
        empty = False
        yield row
    if empty:
        name = say(lang, "标准输入", "standard input") if source == "-" else source
        raise InputError(
            say(lang, f"{name}：没有任何提交，文件是空的", f"{name}: empty, no submission in it")
        )


def _read_file(path: Path, lang: Lang, providers: Mapping[str, str]) -> Iterator[Row | Unreadable]:
    suffix = path.suffix.lower()
    if not path.exists():
        raise InputError(say(lang, f"{path}：没有这个文件", f"{path}: no such file"))
    if suffix not in FORMATS:
        known = " ".join(FORMATS)
        raise InputError(
            say(
                lang,
                f"{path}：未知的扩展名 {suffix or '（无）'}；可用：{known}；- 从标准输入读 JSONL",
                f"{path}: unknown extension {suffix}; known: {known}; - reads JSONL from standard input",
            )
        )
    try:
        if suffix == ".json":
            yield from _read_json(path, lang)
        elif suffix in (".jsonl", ".ndjson"):
            with path.open("rb") as stream:
                yield from read_lines(stream, lang)
        else:
            from .tables import read_table  # noqa: PLC0415 - pyarrow and openpyxl take long to load

            yield from read_table(path, lang, providers)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def read_lines(stream: BinaryIO, lang: Lang) -> Iterator[Row | Unreadable]:
    r"""Return the JSON lines of a stream, which `\n` alone ends; a blank last line is none."""
    blank: Unreadable | None = None
    for number, line in enumerate(_lines(stream), start=1):
        if blank is not None:
            yield blank
        blank = None
        if line is None:
            yield Unreadable(number, _too_long(lang))
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


def _read_json(path: Path, lang: Lang) -> Iterator[Row]:
    try:
        data = parse_json(path.read_bytes().removeprefix(_BOM).decode(), lang) if path.stat().st_size else []
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: {not_utf8(error, lang)}") from error
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error
    for number, item in enumerate(data if isinstance(data, list) else [data], start=1):
        yield Row(number, item)


def to_submission(row: Row, provider: str | None, as_of: date, lang: Lang) -> Submission | Unreadable:
    """Return the submission of a line; `provider` and `as_of` stand in where it does not say."""
    data = row.data
    identity = None
    if isinstance(data, Mapping):
        given = data.get("id")
        identity = given if isinstance(given, str | int) and not isinstance(given, bool) else None
        data = dict(data)
        if provider is not None:
            data.setdefault("provider", provider)
        if data.get("as_of") is None:
            data["as_of"] = as_of.isoformat()
    try:
        if text_bytes(data) > MOST_TEXT:
            return Unreadable(row.line, _too_long(lang), identity)
        return read_submission(data, lang)
    except UnicodeEncodeError as error:
        identity = None if isinstance(identity, str) and _broken(identity) else identity
        wrong = f"U+{ord(error.object[error.start]):04X}"
        return Unreadable(
            row.line,
            say(lang, f"{wrong} 是孤立的代理项，不是字符", f"{wrong} is a lone surrogate, not a character"),
            identity,
        )
    except SubmissionError as error:
        return Unreadable(row.line, str(error), identity)
    except RecursionError:
        return Unreadable(row.line, say(lang, "嵌套过深", "nested too deep"), identity)


def text_bytes(value: object) -> int:
    """Return the bytes of UTF-8 in all strings of decoded JSON; raises UnicodeEncodeError for surrogates."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    if isinstance(value, Mapping):
        return sum(text_bytes(part) for pair in value.items() for part in pair)
    if isinstance(value, Iterable):
        return sum(map(text_bytes, value))
    return 0


def _broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _too_long(lang: Lang) -> str:
    return say(
        lang,
        f"文本过长：一个提交最多 {MOST_TEXT // 1024} KiB",
        f"too long: a submission has at most {MOST_TEXT // 1024} KiB of text",
    )
