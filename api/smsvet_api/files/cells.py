"""Converts the cells of a table to the JSON values of their fields."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from math import isnan
from typing import Any, Final, cast

from smsvet.model import Lang

from ..strict_json import JsonError, parse_json
from ..wording import say
from .words import meaning

PARSED: Final = frozenset({"params", "documents", "variables", "samples", "account", "history"})
"""Fields whose cells may be JSON."""
LISTS: Final = frozenset({"recipients", "account.icp_domains", "account.signatures", "account.trademarks"})
VERBATIM: Final = frozenset({"signature", "body", "text", "remark"})

_SPLIT: Final = re.compile(r"[,，;；、|\s]+")
_BETWEEN_NUMBERS: Final = re.compile(r"[,，;；、|\r\n\t]+|\s+(?=\+)")
_BETWEEN_VALUES: Final = re.compile(r"[,，;；|\r\n]")
_PAIR: Final = re.compile(r"\s*([^=＝:：&]+?)\s*[=＝]\s*(.*?)\s*", re.DOTALL)
_DAY: Final = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?"
    r"(?:[\sT]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?)?"
)
_ROUNDED: Final = re.compile(r"\+?[0-9]+(?:\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_DECIMAL: Final = re.compile(r"\+?([0-9]{7,})\.0+")
_FORMULA: Final = re.compile(r'="(.*)"', re.DOTALL)
_BROKEN: Final = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
"""The texts that a spreadsheet stores for a formula that failed."""
_ESCAPED: Final = re.compile("[\udc80-\udcff]")
"""A byte that was not UTF-8."""
_SHORTEST_NUMBER: Final = 7


class CellError(ValueError):
    """A cell cannot be read; the message names its field."""


def is_blank(cell: object) -> bool:
    """Return whether a cell is empty, contains only blanks of any kind, or is the not-a-number of a data frame."""
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or (isinstance(cell, float) and isnan(cell))


def read_cell(field: str, cell: object, lang: Lang) -> object:
    """Return a cell as the JSON value of its field. Raises CellError.

    Words and codes of vendors stay as they are: `words.meaning` translates them.
    """
    if not isinstance(cell, str):
        return native(field, cell)
    _check_text(field, cell, lang)
    if field in VERBATIM:
        return cell
    text = cell.strip()
    if field == "recipients" and not text.startswith("["):
        return [_number(part, lang) for part in _numbers(text)]
    if field in LISTS and not text.startswith("["):
        return [part for part in _SPLIT.split(text) if part]
    if field == "documents" and text[0] not in "[{":
        return [_document(part) for part in _SPLIT.split(text) if part]
    if field == "samples" and not text.startswith("["):
        return [cell]
    if field in ("params", "variables") and text[0] not in "[{":
        return _values(field, text, lang)
    if field in PARSED or field in LISTS:
        return _json(field, text, lang)
    if field in ("as_of", "sent_at"):
        return _moment(field, text)
    return text


def native(field: str, cell: object) -> object:
    """Return a typed cell of a workbook or Parquet file as the JSON value of its field."""
    if isinstance(cell, datetime):
        midnight = cell.time() == time.min and field != "sent_at"
        return cell.date().isoformat() if midnight or field == "as_of" else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if field in LISTS and isinstance(cell, int | float):
        return [_digits(cell)]
    if field in LISTS and isinstance(cell, list):
        return [_digits(item) if isinstance(item, int | float) else item for item in cell]
    if field == "params" and isinstance(cell, int | float):
        return [_digits(cell)]
    if field in PARSED or field in LISTS:
        pairs = (
            isinstance(cell, list)
            and cell
            and all(isinstance(item, tuple) and len(item) == 2 for item in cell)
        )
        if pairs and field in ("params", "variables"):
            return dict(cast("list[tuple[str, object]]", cell))
        if field == "account" and isinstance(cell, dict):
            return {name: value for name, value in cell.items() if value is not None}
        return cell
    if isinstance(cell, bytes):
        return cell.decode(errors="surrogateescape")
    return _digits(cell)


def _digits(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _check_text(field: str, cell: str, lang: Lang) -> None:
    """Raise CellError for a byte that is not UTF-8, and for the error value of a formula."""
    if not cell.isascii() and (escaped := _ESCAPED.search(cell)):
        byte = ord(escaped[0]) - 0xDC00
        raise CellError(
            say(
                lang,
                f"{field}: 不是 UTF-8（字节 0x{byte:02X}）",
                f"{field}: not UTF-8 (byte 0x{byte:02X})",
            )
        )
    if cell.strip() in _BROKEN:
        raise CellError(
            say(
                lang,
                f"{field}: 电子表格的公式出错（{cell.strip()}），请改为文字后另存",
                f"{field}: the spreadsheet's formula failed ({cell.strip()}); replace it by its text and save again",
            )
        )


def _numbers(text: str) -> list[str]:
    """Return the telephone numbers of a cell. Blanks separate whole numbers, not the groups of one: 139 1234 5678."""
    numbers: list[str] = []
    for part in _BETWEEN_NUMBERS.split(text):
        groups = part.split()
        whole = len(groups) > 1 and all(
            sum(one.isdigit() for one in group) >= _SHORTEST_NUMBER for group in groups
        )
        numbers += groups if whole else [part.strip()]
    return [number for number in numbers if number]


def _number(written: str, lang: Lang) -> str:
    """Return a telephone number without the marks by which a spreadsheet keeps it as text. Raises CellError."""
    if formula := _FORMULA.fullmatch(written):
        written = formula[1].strip()
    written = written.removeprefix("'").strip()
    if decimal := _DECIMAL.fullmatch(written):
        raise CellError(
            say(
                lang,
                f"recipients: “{written}”被电子表格改成了小数，应为 {decimal[1]}；把该列设为文本格式后另存",
                f"recipients: a spreadsheet turned {decimal[1]} into “{written}”; format the column as text and save again",
            )
        )
    if _ROUNDED.fullmatch(written):
        raise CellError(
            say(
                lang,
                f"recipients: “{written}”被电子表格改成了科学计数法，号码已损坏；把该列设为文本格式，从原始数据重新填写",
                f"recipients: a spreadsheet shortened a number to “{written}” and its digits are lost; "
                "format the column as text and fill it in again from the original data",
            )
        )
    return written


def _document(written: str) -> str:
    return (meaning("documents", written, "") or {}).get("documents", written)


def _values(field: str, text: str, lang: Lang) -> object:
    """Return values written without JSON: `1234,5` as a list, `code=1234&name=云雀` as an object."""
    if text[0] == '"':
        return _json(field, f"[{text}]", lang)
    parts = (
        (text.split("&") if "&" in text else _BETWEEN_VALUES.split(text))
        if "=" in text or "＝" in text
        else []
    )
    pairs = [_PAIR.fullmatch(part) for part in parts if part.strip()]
    if pairs and all(pairs):
        return {pair[1].strip("#"): pair[2] for pair in pairs if pair}
    if field == "variables":
        return _json(field, text, lang)
    values = [part.strip() for part in _BETWEEN_VALUES.split(text)]
    return values if any(values) else [text]


def _json(field: str, text: str, lang: Lang) -> Any:
    try:
        return parse_json(text, lang, show_line=False)
    except JsonError as error:
        raise CellError(f"{field}: {error}") from error


def _moment(field: str, text: str) -> str:
    """Return a day or time in ISO form; a text that is neither is returned unchanged."""
    found = _DAY.fullmatch(text)
    if not found:
        return text
    year, month, day, hour, minute, second = found.groups()
    iso = f"{year}-{int(month):02}-{int(day):02}"
    if field == "as_of":
        return iso
    return iso if hour is None else f"{iso}T{int(hour):02}:{minute}:{second or '00'}"
