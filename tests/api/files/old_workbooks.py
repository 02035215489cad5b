"""Writes the smallest xls and ods workbooks that a reader accepts, for the tests in this folder."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Table = Sequence[Sequence[str | float | None]]

_SECTOR = 512
_BLOCK = 8000
"""Bytes of text in a record, which has at most 8224; even, so that no character is cut."""
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def write_xls(path: Path, sheets: dict[str, Table]) -> Path:
    """Write an Excel 97 workbook with text and numbers."""
    path.write_bytes(compound_file(biff(sheets)))
    return path


def biff(sheets: dict[str, Table]) -> bytes:
    """Return the stream of a workbook: its globals, then its sheets."""
    bodies = [_sheet(table) for table in sheets.values()]
    names = [_text8(name) for name in sheets]
    start = len(_bof(5)) + sum(4 + 6 + len(name) for name in names) + 4
    globals_ = _bof(5)
    for name, body in zip(names, bodies, strict=True):
        globals_ += _record(0x0085, struct.pack("<IBB", start, 0, 0) + name)
        start += len(body)
    return globals_ + _record(0x000A) + b"".join(bodies)


def _sheet(table: Table) -> bytes:
    out = _bof(0x10)
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                out += _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)
            elif cell is not None:
                out += _record(0x0203, place + struct.pack("<d", cell))
    return out + _record(0x000A)


def shared_strings(strings: Sequence[str], cells: Sequence[int]) -> bytes:
    """Return the stream of a workbook with one column, whose cells are numbers of shared strings."""
    *short, last = (struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in strings)
    table = struct.pack("<II", len(cells), len(strings)) + b"".join(short) + last
    cut = len(table) - len(last) + 3 + _BLOCK  # between two characters of the last string
    blocks, rest = [table[:cut]], table[cut:]
    while rest:  # a string that goes on in the next block states its width again
        blocks.append(b"\1" + rest[:_BLOCK])
        rest = rest[_BLOCK:]
    name = _text8("a")
    sst = _record(0x00FC, blocks[0]) + b"".join(_record(0x003C, block) for block in blocks[1:])
    start = len(_bof(5)) + 4 + 6 + len(name) + len(sst) + 4
    sheet = b"".join(_record(0x00FD, struct.pack("<HHHI", row, 0, 0, one)) for row, one in enumerate(cells))
    return (
        _bof(5)
        + _record(0x0085, struct.pack("<IBB", start, 0, 0) + name)
        + sst
        + _record(0x000A)
        + _bof(0x10)
        + sheet
        + _record(0x000A)
    )


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 0x0600))


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def _text8(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<BB", len(data) // 2, 1) + data


def compound_file(stream: bytes) -> bytes:
    """Return an OLE file with one stream, `Workbook`."""
    stream = stream.ljust(4096, b"\0")
    data = stream.ljust(-(-len(stream) // _SECTOR) * _SECTOR, b"\0")
    count = len(data) // _SECTOR
    fat_count = -(-(count + 2) // (_SECTOR // 4 - 1))
    chain = [*range(1, count), _END, _END, *[_FAT] * fat_count]
    chain += [_FREE] * (fat_count * _SECTOR // 4 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    header += struct.pack("<IIIIIIII", fat_count, count, 0, 4096, _END, 0, _END, 0)
    places = [count + 1 + number for number in range(fat_count)]
    header += struct.pack("<109I", *(places + [_FREE] * (109 - fat_count)))
    root = _entry("Root Entry", 5, 1, _END, 0)
    book = _entry("Workbook", 2, _FREE, 0, len(stream))
    folder = (root + book).ljust(_SECTOR, b"\0")
    return header + data + folder + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def write_ods(path: Path, sheets: dict[str, Table], raw: str = "") -> Path:
    """Write an OpenDocument workbook; `raw` is XML in front of the rows of every sheet."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{raw}{"".join(map(_row, table))}</table:table>'
        for name, table in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def _row(cells: Sequence[str | float | None]) -> str:
    return f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"


def _cell(cell: str | float | None) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return (
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        )
    return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
