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
from .rows import LONGEST_LINE, InputError, Row, Unreadable, too_long

MOST_JSON = 256 << 20
"""Maximum size of a JSON file in bytes: it is read as a whole, unlike JSON Lines."""

_IDENTITY = re.compile(r'"id"\s*:\s*"((?:[^"\\\ufffd]|\\.)*)"')


def read_lines(stream: BinaryIO, lang: Lang) -> Iterator[Row | Unreadable]:
    r"""Yield the rows of a stream of JSON Lines. Only `\n` ends a line; a blank last line is skipped."""
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
            yield _decode(number, line.removeprefix(BOM_UTF8) if number == 1 else line, lang)


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


def read_json(path: Path, lang: Lang) -> Iterator[Row]:
    """Return the object of a JSON file, or each item of its array. Raises InputError naming the file."""
    if path.stat().st_size > MOST_JSON:
        most = MOST_JSON >> 20
        raise InputError(
            say(
                lang,
                f"{path}：超过 {most} MiB，请改用 JSON Lines（.jsonl）",
                f"{path}: larger than {most} MiB; use JSON Lines (.jsonl)",
            )
        )
    data = path.read_bytes().removeprefix(BOM_UTF8)
    try:
        value = parse_json(decode_utf8(data, lang), lang) if data else []
    except JsonError as error:
        raise InputError(f"{path}: {error}") from error
    for number, item in enumerate(value if isinstance(value, list) else [value], start=1):
        yield Row(number, item)
