"""Reads tables in text: CSV with any usual delimiter."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from smsvet.model import Lang

from ..wording import say
from .headings import Sheet
from .rows import LONGEST_LINE, Cells, Reading
from .text_encoding import foreign_bytes, text_encoding

_DELIMITERS: Final = (",", "\t", ";", "|")
_BIGGEST_MARK: Final = 64
"""Characters of a first line that may be `sep=`."""


def text_sheets(path: Path, reading: Reading) -> list[Sheet]:
    """Return a text file as tables, one for each delimiter it may have: that of its `sep=` line, or all usual ones."""
    encoding = text_encoding(path, reading.lang)
    if encoding == "cp950":
        reading.note(say(reading.lang, f"{path}：按 Big5 读取", f"{path}: read as Big5"))
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as stream:
        first = stream.readline(_BIGGEST_MARK).strip("\ufeff\"' \r\n")
    marked = first[4:5] if first.casefold().startswith("sep=") and len(first) == 5 else ""
    if first.casefold() == "sep=":
        marked = "\t"  # stripped as a blank
    return [
        Sheet("", partial(read_csv, path, encoding, delimiter, bool(marked), reading.lang))
        for delimiter in (marked or _DELIMITERS)
    ]


def read_csv(path: Path, encoding: str, delimiter: str, marked: bool, lang: Lang) -> Iterator[Cells]:
    """Yield the rows of a CSV file, each with the number of its first line; a first line `sep=` is left out."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as stream:
        record: list[str] = []
        before = 0
        if marked:
            stream.readline()
            before = 1
        reader = csv.reader(_remembered(stream, record), strict=True, delimiter=delimiter)
        while True:
            line = before + reader.line_num + 1
            record.clear()
            try:
                cells = next(reader)
                wrong = foreign_bytes(record, lang) if encoding == "gb18030" else None
                yield line, wrong or cells
            except StopIteration:
                return
            except csv.Error as error:
                yield line, _csv_error(str(error), line, record, lang)


def _remembered(stream: Iterable[str], record: list[str]) -> Iterator[str]:
    for line in stream:
        record.append(line)
        yield line


def _csv_error(wrong: str, line: int, record: Sequence[str], lang: Lang) -> str:
    """Return the error of a record that begins in `line`. An open quote is named with its own line."""
    if not wrong.startswith(("unexpected end", "field larger")):
        return say(lang, f"不是合法的 CSV：{_CSV_ZH.get(wrong, wrong)}", f"not CSV: {wrong}")
    opened, quoted = line, False
    for number, text in enumerate(record, start=line):
        # Quotes toggle. Two in a row, a written quote, open nothing new.
        for _ in range(text.replace('""', "").count('"')):
            quoted = not quoted
            opened = number if quoted else opened
    return say(
        lang,
        f"不是合法的 CSV：第 {opened} 行的双引号没有结束",
        f"not CSV: the quote that opens in line {opened} does not end",
    )


_CSV_ZH = {
    f"'{delimiter}' expected after '\"'": f"结束的双引号后应为{name}；文本中的双引号要写成两个"
    for delimiter, name in ((",", "逗号"), (";", "分号"), ("\t", "制表符"), ("|", "竖线"))
}
