"""Cells of carried columns: as JSON for the file on disk, and as what each format can hold."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Literal, cast

Kind = Literal["bool", "int", "float", "date", "datetime", "str", "json"]
"""The type of a cell that is not empty. `json` is a list or an object."""

LONGEST_CELL: Final = 32_767
"""Maximum length of a text in an xlsx cell, in UTF-16 code units."""
_PRECISE: Final = 10**15
"""Excel keeps fifteen digits of a number."""
_INT64: Final = 1 << 63

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA = re.compile(r"[\s\ufeff\u200b-\u200f\u2060\u00ad]*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def packed(cell: object) -> tuple[Kind | None, Any]:
    """Return the kind of a cell, None if it is empty, and its value as JSON."""
    if cell is None or cell == "":
        return None, None
    if isinstance(cell, bool):
        return "bool", cell
    if isinstance(cell, int):
        return "int", cell
    if isinstance(cell, float):
        return ("float", cell) if math.isfinite(cell) else (None, None)
    if isinstance(cell, datetime):
        # A spreadsheet has no time zones: such a time stays text.
        return ("str" if cell.tzinfo else "datetime"), cell.isoformat()
    if isinstance(cell, date):
        return "date", cell.isoformat()
    if isinstance(cell, bytes):
        return "str", cell.decode(errors="backslashreplace")
    if isinstance(cell, Mapping | list | tuple):
        return "json", json.loads(json.dumps(cell, default=str, skipkeys=True))
    return "str", str(cell)


def well_formed(text: str) -> str:
    """Return a text with every lone surrogate, which no file can hold, as U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def common(kinds: set[Kind]) -> Kind:
    """Return the kind that holds all cells of a column: text if they have nothing in common."""
    if len(kinds) == 1:
        return next(iter(kinds))
    return "float" if kinds == {"int", "float"} else "str"


def text(value: object) -> str:
    """Return a packed cell as text: lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _PRECISE:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def csv_cell(value: object) -> str:
    """Return a packed cell for CSV. Text that a spreadsheet reads as a formula gets an apostrophe in front."""
    shown = text(value).replace("\0", "\ufffd")
    if isinstance(value, str) and _FORMULA.match(shown) and not _NUMBER.fullmatch(shown):
        return f"'{shown}"
    return shown


def xlsx_cell(value: object, kind: Kind) -> bool | int | float | date | str | None:
    """Return a packed cell for xlsx. Characters that XML lacks are written as the format does, `_x0001_`."""
    if value is None:
        return None
    if kind in ("bool", "int", "float") and isinstance(value, int | float) and abs(value) < _PRECISE:
        return value
    if kind in ("date", "datetime"):
        return cast("date", native(value, kind))
    return _xlsx_text(text(value))


def _xlsx_text(shown: str) -> str:
    if len(shown) * 2 > LONGEST_CELL and len(shown.encode("utf-16-le")) > 2 * LONGEST_CELL:
        kept = shown[: LONGEST_CELL // 2 - 50]  # short enough if every character takes two code units
        shown = f"{kept} … [+{len(shown) - len(kept)}]"
    escaped = _NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", shown)
    return escaped if len(escaped) <= LONGEST_CELL else _NOT_XML.sub("\ufffd", shown)


def native(value: object, kind: Kind) -> Any:
    """Return a packed cell as a value of its kind for a typed column; text for `str` and `json`."""
    if value is None:
        return None
    if kind == "datetime":
        return datetime.fromisoformat(str(value))
    if kind == "date":
        return date.fromisoformat(str(value))
    if kind == "float":
        return float(str(value))
    return value if kind in ("bool", "int") else text(value)


def fits_int64(value: object) -> bool:
    """Return whether a whole number fits the 64 bits of a Parquet column."""
    return not isinstance(value, int) or -_INT64 <= value < _INT64
