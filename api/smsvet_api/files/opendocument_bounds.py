"""The limits of an ods workbook, tested before it is unpacked: repeated rows and cells are written once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from smsvet.model import Lang

from ..wording import say
from .rows import InputError
from .workbook_bounds import MEBIBYTE, MOST_OLD_CELLS, MOST_RATIO

MOST_XML: Final = 256 * MEBIBYTE
"""Maximum size of content.xml in bytes, unpacked."""
MOST_CHARACTERS: Final = 256 * MEBIBYTE
"""Maximum text of all cells in code points, repetitions counted."""
_CHUNK: Final = MEBIBYTE


class _BeyondError(ValueError):
    """A limit is exceeded; the arguments are the Chinese and the English reason."""


@dataclass(slots=True)
class _Counter:
    """Counts the cells and the text of the tables in a content.xml, repetitions included."""

    row: int = 0
    column: int = 0
    rows_repeated: int = 1
    columns_repeated: int = 1
    filled: bool = False
    in_cell: bool = False
    characters: int = 0
    widest: int = 0
    last_column: int = 0
    text: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        if name == "table:table":
            self.row = self.widest = 0
        elif name == "table:table-row":
            self.rows_repeated = _number(attributes.get("table:number-rows-repeated"))
            self.column = self.last_column = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.columns_repeated = _number(attributes.get("table:number-columns-repeated"))
            self.in_cell, self.characters = True, 0
            self.filled = "office:value-type" in attributes

    def end(self, name: str) -> None:
        """Handle the end of an element. Raises _BeyondError."""
        if name in ("table:table-cell", "table:covered-table-cell"):
            self.column += self.columns_repeated
            self.in_cell = False
            if self.filled:
                self.last_column = self.column
                self.text += self.characters * self.columns_repeated * self.rows_repeated
        elif name == "table:table-row":
            self.row += self.rows_repeated
            self.widest = max(self.widest, self.last_column)
            if self.last_column and self.row * self.widest > MOST_OLD_CELLS:
                raise _BeyondError(f"超过 {MOST_OLD_CELLS} 个单元格", f"more than {MOST_OLD_CELLS} cells")
            if self.text > MOST_CHARACTERS:
                raise _BeyondError("单元格的文字过多", "too much text in its cells")

    def characters_read(self, data: str) -> None:
        """Handle text."""
        if self.in_cell:
            self.filled = self.filled or bool(data.strip())
            self.characters += len(data)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 1


def _no_doctype(*_: object) -> None:
    raise _BeyondError("content.xml 不是工作簿的 XML", "content.xml is not the XML of a workbook")


def check_opendocument(path: Path, lang: Lang) -> None:
    """Raise InputError for a workbook that would take too much time or memory to read, or is damaged."""
    counter = _Counter()
    parser = expat.ParserCreate()
    parser.StartElementHandler = counter.start
    parser.EndElementHandler = counter.end
    parser.CharacterDataHandler = counter.characters_read
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.buffer_text = True
    try:
        with ZipFile(path) as archive:
            part = archive.getinfo("content.xml")
            if part.file_size > MOST_XML:
                raise _BeyondError(
                    f"解压后超过 {MOST_XML // MEBIBYTE} MiB",
                    f"unpacks to more than {MOST_XML // MEBIBYTE} MiB",
                )
            if part.file_size > _CHUNK and part.file_size > MOST_RATIO * max(part.compress_size, 1):
                raise _BeyondError(
                    f"解压后超过压缩大小的 {MOST_RATIO} 倍",
                    f"unpacks to more than {MOST_RATIO} times its size",
                )
            with archive.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    parser.Parse(chunk)
                parser.Parse(b"", True)
    except _BeyondError as error:
        raise InputError(say(lang, f"{path}：{error.args[0]}", f"{path}: {error.args[1]}")) from error
    except OSError:
        raise
    except (
        BadZipFile,
        KeyError,
        expat.ExpatError,
        ValueError,
        EOFError,
        NotImplementedError,  # an unknown compression method
        RuntimeError,
    ) as error:
        raise InputError(
            say(lang, f"{path}：不是 ods 工作簿：{error}", f"{path}: not an ods workbook: {error}")
        ) from error
    except Exception as error:  # zlib.error, which is not exported where zlib is missing
        raise InputError(say(lang, f"{path}：已损坏：{error}", f"{path}: damaged: {error}")) from error
