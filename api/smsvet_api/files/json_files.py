"""Reads files of JSON and JSON Lines."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from smsvet.model import Lang

from ..strict_json import JsonError, decode_utf8, parse_json
from ..wording import say
from .rows import LONGEST_LINE, InputError, Reading, Row, Unreadable, too_long
from .vendor_lists import items_of, read_item, refusal

_IDENTITY = re.compile(r'"id"\s*:\s*"((?:[^"\\\ufffd]|\\.)*)"')


def read_lines(stream: BinaryIO, reading: Reading) -> Iterator[Row | Unreadable]:
    r"""Yield the rows of a stream of JSON Lines. Only `\n` ends a line; a blank last line is skipped.

    A line may also be an item or an answer of a vendor's list interface.
    """
    lang = reading.lang
    blank: Unreadable | None = None
    seen: set[str] = set()
    for number, line in enumerate(_lines(stream), start=1):
        if blank is not None:
            yield blank
        blank = None
        if line is None:
            yield Unreadable(number, too_long(lang))
        elif not line.strip():
            blank = Unreadable(number, say(lang, "空行，不是提交", "a blank line, not a submission"))
        else:
            read = _decode(number, line.removeprefix(BOM_UTF8) if number == 1 else line, lang)
            if isinstance(read, Row) and isinstance(read.data, dict):
                yield from (
                    read_item(item, vendor, number, reading, seen) for item, vendor in items_of(read.data)
                )
            else:
                yield read


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
        return Row(number, parse_json(decode_utf8(line, lang, show_line=False), lang, show_line=False))
    except JsonError as error:
        found = _IDENTITY.search(line.decode(errors="replace"))
        return Unreadable(number, str(error), found[1] if found else None)


def read_json(path: Path, reading: Reading) -> Iterator[Row | Unreadable]:
    """Yield the submissions of a JSON file: an object, an array of them, or a vendor's list answer.

    Raises InputError naming the file.
    """
    data = path.read_bytes().removeprefix(BOM_UTF8)
    try:
        value = parse_json(decode_utf8(data, reading.lang), reading.lang) if data else []
    except JsonError as error:
        raise InputError(f"{path}: {error}") from error
    items = list(items_of(value))
    if items == [(value, None)] and (said := refusal(value)):
        raise InputError(
            say(
                reading.lang,
                f"{path}：是服务商返回的错误，没有可审核的内容：{said}",
                f"{path}: a vendor's error answer, nothing to review: {said}",
            )
        )
    seen: set[str] = set()
    for number, (item, vendor) in enumerate(items, start=1):
        yield read_item(item, vendor, number, reading, seen)
