"""Reads files of JSON and JSON Lines."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from smsvet.model import Lang

from ..strict_json import JsonError, decode_utf8, parse_json
from ..wording import say
from .rows import LONGEST_LINE, InputError, Reading, Row, Unreadable, too_long
from .vendor_lists import items_of, read_item, refusal

MOST_DOCUMENT = 64 << 20
"""Maximum size in bytes of a JSON document that a stream holds instead of lines."""

MOST_JSON = 256 << 20
"""Maximum size of a JSON file in bytes: it is read as a whole, unlike JSON Lines."""

_IDENTITY = re.compile(r'"id"\s*:\s*"((?:[^"\\\ufffd]|\\.)*)"')


def read_lines(stream: BinaryIO, reading: Reading) -> Iterator[Row | Unreadable]:
    r"""Yield the rows of a stream of JSON Lines. Only `\n` ends a line; a blank last line is skipped.

    A line may also be an item or an answer of a vendor's list interface. A stream whose first line is one opening
    bracket is a JSON document, as programs print it; a document that is wrong is read line by line.
    """
    lang = reading.lang
    blank: Unreadable | None = None
    seen: set[str] = set()
    first = stream.readline(LONGEST_LINE + 1)
    if first.removeprefix(BOM_UTF8).strip() in (b"{", b"["):
        rest = stream.read(MOST_DOCUMENT + 1)
        if len(rest) > MOST_DOCUMENT:
            raise InputError(
                say(
                    lang,
                    f"{reading.source}：不是每行一个 JSON，整个文档超过 {MOST_DOCUMENT >> 20} MiB",
                    f"{reading.source}: not JSON Lines, and a document of more than {MOST_DOCUMENT >> 20} MiB",
                )
            )
        try:
            value = parse_json(decode_utf8((first + rest).removeprefix(BOM_UTF8), lang), lang)
        except JsonError:
            stream = BytesIO(rest)
        else:
            yield from _rows_of(value, reading)
            return
    for number, line in enumerate(_lines(first, stream), start=1):
        if blank is not None:
            yield blank
        blank = None
        if line is None:
            yield Unreadable(number, too_long(lang))
        elif not line.strip():
            blank = Unreadable(number, say(lang, "空行，不是提交", "a blank line, not a submission"))
        else:
            read = _decode(number, line.removeprefix(BOM_UTF8) if number == 1 else line, lang)
            if number == 1 and isinstance(read, Unreadable) and not line.lstrip().startswith((b"{", b"[")):
                hint = say(
                    lang,
                    "；这里只读 JSON，表格请用 .csv 等扩展名的文件",
                    "; only JSON is read here: give a table as a file, such as .csv",
                )
                read = replace(read, error=read.error + hint)
            yield from _expanded(read, reading, seen)


def _expanded(read: Row | Unreadable, reading: Reading, seen: set[str]) -> Iterator[Row | Unreadable]:
    """Yield the items of a line that is an item or answer of a vendor, and any other line unchanged."""
    if isinstance(read, Row) and isinstance(read.data, dict | list):
        items = list(items_of(read.data))
        if isinstance(read.data, dict) or any(vendor for _, vendor in items):
            for item, vendor in items:
                yield read_item(item, vendor, read.line, reading, seen)
            return
    yield read


def _lines(first: bytes, stream: BinaryIO) -> Iterator[bytes | None]:
    line = first
    while line:
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line.removesuffix(b"\n").removesuffix(b"\r")
        line = stream.readline(LONGEST_LINE + 1)


def _decode(number: int, line: bytes, lang: Lang) -> Row | Unreadable:
    try:
        return Row(number, parse_json(decode_utf8(line, lang, show_line=False), lang, show_line=False))
    except JsonError as error:
        found = _IDENTITY.search(line.decode(errors="replace"))
        return Unreadable(number, str(error), found[1] if found else None)


def read_json(path: Path, reading: Reading) -> Iterator[Row | Unreadable]:
    """Yield the submissions of a JSON file: an object, an array of them, or a vendor's list answer.

    Raises InputError naming the file.
    """
    if path.stat().st_size > MOST_JSON:
        most = MOST_JSON >> 20
        raise InputError(
            say(
                reading.lang,
                f"{path}：超过 {most} MiB，请改用 JSON Lines（.jsonl）",
                f"{path}: larger than {most} MiB; use JSON Lines (.jsonl)",
            )
        )
    data = path.read_bytes().removeprefix(BOM_UTF8)
    try:
        value = parse_json(decode_utf8(data, reading.lang), reading.lang) if data else []
    except JsonError as error:
        raise InputError(f"{path}: {error}") from error
    yield from _rows_of(value, reading)


def _rows_of(value: object, reading: Reading) -> Iterator[Row | Unreadable]:
    """Yield the submissions of a JSON document, numbered from 1. Raises InputError for an error of a vendor."""
    source = reading.source
    items = list(items_of(value))
    if items == [(value, None)] and (said := refusal(value)):
        raise InputError(
            say(
                reading.lang,
                f"{source}：是服务商返回的错误，没有可审核的内容：{said}",
                f"{source}: a vendor's error answer, nothing to review: {said}",
            )
        )
    seen: set[str] = set()
    for number, (item, vendor) in enumerate(items, start=1):
        yield read_item(item, vendor, number, reading, seen)
