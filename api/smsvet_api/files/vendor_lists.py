"""Finds the items of a vendor's list answer in decoded JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from ..wording import say
from .columns import KNOWN, REVIEWED
from .list_format import ListFormat, capital
from .rows import Reading, Row, Unreadable
from .vendor_formats import FORMATS

_DEEPEST: Final = 6
"""Levels of an answer that are searched for its list."""


def list_format(keys: Collection[str]) -> ListFormat | None:
    """Return the format of an item with these keys, None for a submission and for anything else."""
    given = set(keys)
    if given <= KNOWN:
        return None
    return next(
        (one for keys in (given, set(map(capital, given))) for one in FORMATS if one.marks <= keys), None
    )


def items_of(value: object) -> Iterator[tuple[object, ListFormat | None]]:
    """Yield the submissions and list items of decoded JSON, each with its format; None is our own.

    An answer may be whole, a bare list, one item, or several answers in a list.
    """
    if isinstance(value, list):
        for item in value:
            yield from _expanded(item)
    else:
        yield from _expanded(value)


def _expanded(value: object) -> Iterator[tuple[object, ListFormat | None]]:
    if not isinstance(value, dict) or (
        value.keys() <= KNOWN and not any(isinstance(value.get(name), dict) for name in REVIEWED)
    ):
        yield value, None
        return
    found = list(_found(value, _DEEPEST))
    if found or _empty_list(value, _DEEPEST):
        yield from found
    else:
        yield value, None


def _found(value: Mapping[str, Any], levels: int) -> Iterator[tuple[object, ListFormat]]:
    """Yield the vendor's items in an object: itself, or those of the lists below it."""
    if vendor := list_format(value):
        yield value, vendor
        return
    if not levels:
        return
    for key, part in value.items():
        if isinstance(part, dict):
            yield from _found(part, levels - 1)
        elif isinstance(part, list):
            named = next((one for one in FORMATS if not one.lists.isdisjoint((key, capital(key)))), None)
            formats = [list_format(item) if isinstance(item, dict) else None for item in part]
            usual = named or next((one for one in formats if one), None)
            if usual:
                yield from ((item, own or usual) for item, own in zip(part, formats, strict=True))


def _empty_list(value: Mapping[str, Any], levels: int) -> bool:
    """Return whether an object is an answer whose list is empty."""
    lists = {key for one in FORMATS for key in one.lists}
    return any(
        (not lists.isdisjoint((key, capital(key))) and part == [])
        or (levels > 0 and isinstance(part, dict) and _empty_list(part, levels - 1))
        for key, part in value.items()
    )


def read_item(
    item: object, vendor: ListFormat | None, line: int, reading: Reading, seen: set[str]
) -> Row | Unreadable:
    """Return a submission or list item as a row."""
    if vendor is None:
        return Row(line, item, item if isinstance(item, dict) else {})
    if not isinstance(item, dict):
        return Unreadable(line, say(reading.lang, "应为一个 JSON 对象", "expected a JSON object"))
    return vendor.row(line, item, reading, seen)


def refusal(value: object) -> str | None:
    """Return the vendor's message if decoded JSON is an answer that reports an error."""
    if not isinstance(value, dict):
        return None
    response = value.get("Response", value)
    error = response.get("Error") or response.get("error") if isinstance(response, dict) else None
    error = error or response
    if not isinstance(error, dict):
        return None
    code = next((error[key] for key in ("Code", "code", "error_code", "RetCode") if key in error), None)
    said = next((error[key] for key in ("Message", "message", "msg", "error_msg") if key in error), None)
    return f"{code} {said}" if said is not None and code not in (None, "OK", 0, "0") else None
