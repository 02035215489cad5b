"""The encoding of a text file: from a byte order mark, or by trying to decode its bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from smsvet.model import Lang

from ..wording import say
from .rows import InputError

Encoding = Literal["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp950"]

_HEAD: Final = 1 << 16
_CHUNK: Final = 1 << 20
_ESCAPED: Final = re.compile("[\udc80-\udcff]")
_FOREIGN: Final = re.compile("[^\x00-\x7f\udc80-\udcff]")
_FREQUENT_BIG5: Final = 0xC6
"""The first byte of the last frequent character in Big5, whose characters are ordered by frequency in two levels."""
_MOSTLY: Final = 0.9
_FEW: Final = 10
"""A file of GB18030 has at least this many characters for each byte that does not fit."""
_NO_ACCIDENT: Final = 3


def text_encoding(path: Path, lang: Lang) -> Encoding:
    """Return the encoding of a text file.

    A file with few broken characters among many good ones is UTF-8, or GB18030. Raises InputError for binary data, and if no
    encoding fits.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _wide(head):
        return wide
    foreign = escaped = lines = 0
    for text in decoded(path, "utf-8"):
        if (at := text.find("\0")) >= 0:
            line = lines + text.count("\n", 0, at) + 1
            raise InputError(
                say(
                    lang,
                    f"{path}：第 {line} 行有 NUL 字节，不是文本 CSV，请另存为 UTF-8 的 CSV",
                    f"{path}:{line}: a NUL byte, so not a text CSV; save it as CSV in UTF-8",
                )
            )
        lines += text.count("\n")
        foreign += len(_FOREIGN.findall(text))
        escaped += len(_ESCAPED.findall(text))
    if not escaped or head.startswith(codecs.BOM_UTF8) or foreign > escaped:
        return "utf-8-sig"
    if _is_big5(head):
        return "cp950"
    foreign = escaped = 0
    for text in decoded(path, "gb18030"):
        foreign += len(_FOREIGN.findall(text))
        escaped += len(_ESCAPED.findall(text))
    if escaped * _FEW > foreign:
        raise InputError(
            say(lang, f"{path}：既不是 UTF-8，也不是 GB18030", f"{path}: neither UTF-8 nor GB18030")
        )
    return "gb18030"


def foreign_bytes(lines: Sequence[str], lang: Lang) -> str | None:
    """Return the error of lines that were decoded as GB18030 but are not, None if they are.

    Three or more characters that are also valid in UTF-8, which needs three bytes for each, do not occur by accident.
    """
    for line in lines:
        if line.isascii():
            continue
        with suppress(UnicodeError):
            text = line.encode("gb18030", "surrogateescape").decode("utf-8")
            if sum(one > "\u07ff" for one in text) >= _NO_ACCIDENT:
                return say(
                    lang, "这一行是 UTF-8，而文件是 GB18030", "this line is UTF-8, but the file is GB18030"
                )
        if escaped := _ESCAPED.search(line):
            byte = ord(escaped[0]) - 0xDC00
            return say(lang, f"不是 GB18030（字节 0x{byte:02X}）", f"not GB18030 (byte 0x{byte:02X})")
    return None


def decoded(path: Path, encoding: str) -> Iterator[str]:
    """Yield a file's text in parts; a byte that does not decode becomes a lone surrogate."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _wide(head: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """Return the encoding of UTF-16 without a mark: every ASCII character, such as a line end, has a NUL beside it."""
    even, odd = head[0::2], head[1::2]
    line_ends = (b"\n", b"\r", b"\t", b",")
    for encoding, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        ascii_count = sum(
            1 for one, other in zip(high, low, strict=False) if one == 0 and bytes([other]) in line_ends
        )
        if ascii_count and low.count(0) == 0 and high.count(0) >= ascii_count:
            return "utf-16-le" if encoding == "utf-16-le" else "utf-16-be"
    return None


def _is_big5(head: bytes) -> bool:
    """Return whether bytes are rather Big5 than GB18030: frequent characters there, rare ones here."""
    try:
        big5 = codecs.getincrementaldecoder("cp950")().decode(head)
    except UnicodeDecodeError:
        return False
    foreign = _FOREIGN.findall(big5)
    if not foreign:
        return False
    frequent = sum(one.encode("cp950")[0] <= _FREQUENT_BIG5 for one in foreign)
    simplified = _FOREIGN.findall(codecs.getincrementaldecoder("gb18030")("replace").decode(head))
    common = sum(_in_gb2312(one) for one in simplified)
    return frequent >= _MOSTLY * len(foreign) and common < _MOSTLY * len(simplified)


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
