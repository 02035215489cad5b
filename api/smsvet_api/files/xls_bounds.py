"""The limits of an xls workbook, tested before it is unpacked.

A reader keeps every sheet as a full rectangle, and a copy of a shared string in each of its cells: a small file can
take gigabytes. Formats: MS-CFB for the container, MS-XLS for the records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from smsvet.model import Lang

from ..wording import say
from .opendocument_bounds import MOST_CHARACTERS
from .rows import InputError
from .workbook_bounds import MOST_OLD_CELLS

MOST_CELLS_TOGETHER: Final = 4 * MOST_OLD_CELLS
"""Maximum number of cells of all sheets together."""

_STREAMS: Final = frozenset({"workbook", "book"})
_END: Final = 0xFFFFFFFA
"""The first of the numbers that do not name a sector."""
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""The name of the stream that holds an xlsx workbook with a password."""
_MINI_SECTOR: Final = 64
_ENTRY: Final = 128

_BOF: Final = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_CELLS: Final = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, 0x0406, 0x0206})
"""Records of one cell with a value: row and column come first."""
_LABELSST, _MULRK, _SST, _CONTINUE = 0x00FD, 0x00BD, 0x00FC, 0x003C


class _BeyondError(ValueError):
    """A limit is exceeded."""


@dataclass(slots=True)
class _Count:
    """Counts the cells and the text that a reader would keep in memory."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    """Of the sheets before this one."""

    characters: int = 0
    strings: list[int] = field(default_factory=list)
    """Length of each shared string in code units."""

    def cell(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        here = self.rows * self.columns
        if here > MOST_OLD_CELLS or self.cells + here > MOST_CELLS_TOGETHER:
            raise _BeyondError

    def shared(self, number: int) -> None:
        self.characters += self.strings[number] if number < len(self.strings) else 0
        if self.characters > MOST_CHARACTERS:
            raise _BeyondError

    def sheet(self) -> None:
        self.cells += self.rows * self.columns
        self.rows = self.columns = 0


def check_xls(path: Path, lang: Lang) -> None:
    """Raise InputError for a workbook that would take too much memory, or whose container is damaged."""
    data = path.read_bytes()
    if _ENCRYPTED in data:
        raise InputError(password(path, lang))
    try:
        _count(_workbook(data))
    except _BeyondError as error:
        raise InputError(
            say(
                lang,
                f"{path}：超过 {MOST_OLD_CELLS} 个单元格（含空单元格），或文字过多；请另存为 xlsx 或 CSV",
                f"{path}: more than {MOST_OLD_CELLS} cells, empty ones included, or too much text; "
                "save it as xlsx or CSV",
            )
        ) from error
    except (struct.error, IndexError, ValueError) as error:
        raise InputError(
            say(lang, f"{path}：不是 xls 工作簿：{error}", f"{path}: not an xls workbook: {error}")
        ) from error


def password(path: Path, lang: Lang) -> str:
    """Return the error for a workbook with a password."""
    return say(
        lang,
        f"{path}：工作簿有密码，请另存为没有密码的文件",
        f"{path}: the workbook has a password; save it without one",
    )


def _count(stream: bytes) -> None:
    count, records = _Count(), _records(stream)
    for kind, data in records:
        if kind in _BOF:
            count.sheet()
        elif kind == _SST:
            count.strings = list(_lengths(data))
        elif kind == _LABELSST:
            row, column, _, number = struct.unpack_from("<HHHI", data[0])
            count.cell(row, column)
            count.shared(number)
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", data[0])
            count.cell(row, column + max(len(data[0]) - 6, 0) // 6)
        elif kind in _CELLS and len(data[0]) >= 4:
            count.cell(*struct.unpack_from("<HH", data[0]))


def _records(stream: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the number of each record, and its data with that of the CONTINUE records behind it."""
    place, kind, data = 0, -1, [b""]
    while place + 4 <= len(stream):
        found, size = struct.unpack_from("<HH", stream, place)
        body = stream[place + 4 : place + 4 + size]
        if found == _CONTINUE:
            data.append(body)
        else:
            yield kind, data
            kind, data = found, [body]
        place += 4 + size
    yield kind, data


def _lengths(blocks: list[bytes]) -> Iterator[int]:
    """Yield the length of each string of an SST record. A string may go on in the next block, in another width."""
    block, place = 0, 8
    while block < len(blocks):
        if place + 3 > len(blocks[block]):
            block, place = block + 1, 0
            continue
        length, flags = struct.unpack_from("<HB", blocks[block], place)
        place += 3
        runs, extra = 0, 0
        if flags & 8:
            (runs,) = struct.unpack_from("<H", blocks[block], place)
            place += 2
        if flags & 4:
            (extra,) = struct.unpack_from("<I", blocks[block], place)
            place += 4
        yield length
        left, width = length, 1 + (flags & 1)
        while left and block < len(blocks):
            here = min(left, (len(blocks[block]) - place) // width)
            left, place = left - here, place + here * width
            if left:
                block, place = block + 1, 1
                width = 1 + (blocks[block][0] & 1) if block < len(blocks) and blocks[block] else width
        rest = 4 * runs + extra
        while block < len(blocks) and rest > len(blocks[block]) - place:
            rest -= len(blocks[block]) - place
            block, place = block + 1, 0
        place += rest


def _workbook(data: bytes) -> bytes:
    """Return the stream of the workbook in an OLE container. Raises ValueError if there is none."""
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
    fat_count, folder = struct.unpack_from("<II", data, 44)
    cutoff, mini_fat, _, difat, difat_count = struct.unpack_from("<IIIII", data, 56)

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    places = list(struct.unpack_from("<109I", data, 76))
    for _ in range(min(difat_count, len(data) // size)):
        *more, difat = struct.unpack(f"<{size // 4}I", sector(difat))
        places += more
    fat: list[int] = []
    for number in islice((one for one in places if one < _END), fat_count):
        fat += struct.unpack(f"<{size // 4}I", sector(number).ljust(size, b"\xff"))

    def chain(first: int, table: list[int]) -> Iterator[int]:
        for _ in range(len(table)):
            if first >= len(table):
                return
            yield first
            first = table[first]

    folders = b"".join(map(sector, chain(folder, fat)))
    root = b""
    for at in range(0, len(folders) - _ENTRY + 1, _ENTRY):
        entry = folders[at : at + _ENTRY]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        first, length = struct.unpack_from("<II", entry, 116)
        if entry[66] == 5:
            root = b"".join(map(sector, chain(first, fat)))
        elif entry[66] == 2 and name.casefold() in _STREAMS:
            if length >= cutoff:
                return b"".join(map(sector, chain(first, fat)))[:length]
            minis = b"".join(map(sector, chain(mini_fat, fat)))
            table = list(struct.unpack(f"<{len(minis) // 4}I", minis[: len(minis) // 4 * 4]))
            parts = (root[one * _MINI_SECTOR : (one + 1) * _MINI_SECTOR] for one in chain(first, table))
            return b"".join(parts)[:length]
    raise ValueError("Workbook?")
