"""Finds the row of a table that names its columns, and assigns the columns to fields."""

from __future__ import annotations

import difflib
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from smsvet.labels import FIELDS
from smsvet.model import Lang

from ..wording import say
from .cells import is_blank
from .columns import BY_NAME, KNOWN, NAMES, OTHER, REVIEWED, Columns
from .misspelling import misspelt
from .rows import Cells, InputError, Reading
from .words import plain

SEARCHED_ROWS: Final = 30
"""Rows at the top of a sheet among which the headings are searched: titles and notes may precede them."""
_WEAK: Final = frozenset(map(plain, ("模板", "短信模板", "Template", "签名名称", "Sign Name")))
"""Headings that may also be those of a name in the console: they yield to another column of the same field."""
_SHOWN_HEADINGS: Final = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """One way to read a table: a sheet of a workbook, or a text with one delimiter. `rows` begins anew at each call."""

    name: str
    rows: Callable[[], Iterator[Cells]]
    hidden: bool = False
    searched: int = SEARCHED_ROWS
    """Rows among which the headings may be."""


@dataclass(frozen=True, slots=True)
class Found:
    """The headings of a table and where they are; `line` is their line number, -1 in a table without any."""

    sheet: Sheet
    line: int
    header: tuple[object, ...]
    quality: tuple[bool, int]
    """Whether one of the REVIEWED fields is among the columns, and how many columns are ours."""

    above: int = 0
    """How many rows above are not blank."""

    def rank(self) -> tuple[bool, int, int]:
        """Return the key by which rows are compared. Where none has our fields, the fullest has the headings."""
        filled = 0 if any(self.quality) else sum(not is_blank(cell) for cell in self.header)
        return (*self.quality, filled)


def find_headings(sheets: Iterable[Sheet], reading: Reading) -> tuple[Found | None, list[Found]]:
    """Return the row that names most of our fields, the first of equals, and the best row of every other sheet.

    None is returned for a table without any row that is not blank.
    """
    best: list[Found] = []
    wrong = ""
    for sheet in sheets:
        found: list[Found] = []
        for line, cells in islice(sheet.rows(), sheet.searched):
            if isinstance(cells, str):
                wrong = wrong or cells
            elif not all(map(is_blank, cells)):
                quality = _quality(cells, reading.columns)
                found.append(Found(sheet, line, tuple(cells), quality, len(found)))
        if found:
            best.append(max(found, key=Found.rank))
    if wrong and not any(one.quality[1] for one in best):
        raise InputError(f"{reading.source}: {wrong}")
    if not best:
        return None, []
    chosen = max(best, key=lambda one: (one.rank(), not one.sheet.hidden))
    return chosen, [one for one in best if one is not chosen]


def _quality(cells: Sequence[object], by_hand: Mapping[str, str]) -> tuple[bool, int]:
    fields = {field for cell in cells if (field := _field(title(cell), by_hand) or _meant(title(cell)))}
    return bool(REVIEWED & fields), len(fields)


def title(cell: object) -> str:
    """Return the text of a heading in one line."""
    return "" if cell is None else " ".join(str(cell).split())


def _field(heading: str, by_hand: Mapping[str, str]) -> str | None:
    name = plain(heading)
    return by_hand.get(name) or (BY_NAME[name][0] if name in BY_NAME else None)


def _meant(heading: str) -> str | None:
    near = misspelt(plain(heading), BY_NAME)
    return BY_NAME[near][0] if near else None


def read_headings(found: Found, reading: Reading) -> Columns:
    """Return the columns of a header row. Raises InputError, naming file, column and heading."""
    headings = [title(cell) for cell in found.header]
    while headings and not headings[-1]:
        headings.pop()
    fields = _assigned(headings, reading)
    taken = set(fields)
    wrong = [
        doubt
        for number, (heading, field) in enumerate(zip(headings, fields, strict=True), start=1)
        if heading and field is None and (doubt := _doubt(number, heading, taken, reading))
    ]
    wrong += _missing(headings, taken, reading, bool(wrong))
    if wrong:
        raise InputError("\n".join(f"{reading.source}: {item}" for item in wrong))
    named = [
        heading or say(reading.lang, f"第 {n} 列", f"column {n}")
        for n, heading in enumerate(headings, start=1)
    ]
    return Columns(
        tuple(None if field == OTHER else field for field in fields),
        _unique(named),
        reading.providers,
        reading.provider,
        reading.lang,
    )


def _doubt(number: int, heading: str, taken: set[str | None], reading: Reading) -> str:
    """Return why a column without a field may not simply be carried through, else an empty text."""
    name = plain(heading)
    if name not in BY_NAME:
        near = misspelt(name, BY_NAME)
        meant = BY_NAME[near][0] if near else None
        return "" if meant is None or meant in taken else _asked(number, heading, meant, reading.lang)
    field = BY_NAME[name][0]
    settled = name in _WEAK or field not in REVIEWED or field in reading.columns.values()
    return "" if settled else _doubled(number, heading, field, reading.lang)


def _assigned(headings: Sequence[str], reading: Reading) -> list[str | None]:
    """Return the field of each column. Of several columns of a field, that with the first name in NAMES has it."""
    by_hand = reading.columns
    fields: list[str | None] = [by_hand.get(plain(heading)) if heading else None for heading in headings]
    given = {field for field in fields if field}
    best: dict[str, int] = {}
    for number, heading in enumerate(headings):
        name = plain(heading)
        if fields[number] or name not in BY_NAME or BY_NAME[name][0] in given:
            continue
        field, rank = BY_NAME[name]
        if field not in best or rank < BY_NAME[plain(headings[best[field]])][1]:
            best[field] = number
    for field, number in best.items():
        fields[number] = field
    return fields


def _missing(headings: Sequence[str], taken: set[str | None], reading: Reading, asked: bool) -> Iterator[str]:
    """Yield what is wrong with the table as a whole."""
    lang = reading.lang
    names = {plain(heading) for heading in headings}
    for heading, field in reading.by_hand:
        if plain(heading) not in names:
            yield say(
                lang,
                f"--column {field}={heading}：没有这一列；列名：{_listed(headings, lang)}",
                f"--column {field}={heading}: no such column; headings: {_listed(headings, lang)}",
            )
    if asked or REVIEWED & taken:
        return
    unknown = [heading for heading in headings if heading and plain(heading) not in BY_NAME]
    for heading in unknown[:_SHOWN_HEADINGS]:
        if near := difflib.get_close_matches(plain(heading), list(BY_NAME), 1, 0.7):
            yield say(
                lang,
                f"未知列“{heading}”（是否应为“{near[0]}”？）",
                f"unknown “{heading}” (did you mean “{near[0]}”?)",
            )
    first = next((heading for heading in unknown), "文案")
    yield say(
        lang,
        "缺少列：signature（签名）、body（模板内容）、text（完整短信）至少需要一列；"
        f"看到的列名：{_listed(headings, lang)}；列名不同时用 {_option('body', first)} 指定",
        f"missing column: at least one of signature, body, text is needed; headings seen: {_listed(headings, lang)}; "
        f"if a column has another name, use {_option('body', first)}",
    )
    known = say(lang, "、", ", ").join(
        say(lang, f"{field}（{names[0]}）", f"{field} ({names[0]})") if names else field
        for field, names in NAMES.items()
        if field in KNOWN
    )
    yield say(lang, f"可用的列：{known}", f"known columns: {known}")


def _asked(number: int, heading: str, field: str, lang: Lang) -> str:
    name = next(iter(NAMES[field]), FIELDS[field][0])
    return say(
        lang,
        f"第 {number} 列：未知列“{heading}”，是否应为 {field}（{name}）？是则改列名或加 {_option(field, heading)}，否则加 {_option(OTHER, heading)}",
        f"column {number}: unknown “{heading}”; did you mean {field} ({name})? If so, rename it or add "
        f"{_option(field, heading)}, otherwise {_option(OTHER, heading)}",
    )


def _option(field: str, heading: str) -> str:
    """Return the option that assigns a column, quoted where a shell needs it."""
    plainly = all(one.isalnum() or one in "_-." for one in heading)
    return f"--column {field}={heading}" if plainly else f"--column {shlex.quote(f'{field}={heading}')}"


def _doubled(number: int, heading: str, field: str, lang: Lang) -> str:
    return say(
        lang,
        f"第 {number} 列“{heading}”：{field} 已在前面的列给出；用 --column {field}=列名 指定一列",
        f"column {number} “{heading}”: {field} is given twice; name one column by --column {field}=HEADING",
    )


def _listed(headings: Sequence[str], lang: Lang) -> str:
    shown = [heading if len(heading) <= 40 else f"{heading[:40]}…" for heading in headings if heading]
    more = ["…"] if len(shown) > _SHOWN_HEADINGS else []
    return say(lang, "、", ", ").join([*shown[:_SHOWN_HEADINGS], *more]) or say(lang, "（无）", "(none)")


def _unique(headings: Sequence[str]) -> tuple[str, ...]:
    """Return headings with a number behind each that stands further left as well."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for heading in headings:
        seen[heading] += 1
        names.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return tuple(names)


def columns_by_hand(given: Sequence[str], lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return the headings and fields of `--column FIELD=HEADING`. Raises InputError."""
    pairs: list[tuple[str, str]] = []
    for item in given:
        field, equals, heading = item.partition("=")
        field = field.strip()
        if not equals or not heading.strip():
            raise InputError(
                say(
                    lang,
                    f"--column: 应写成 字段=列名，如 body=文案：{item}",
                    f"--column: should be FIELD=HEADING, such as body=Copy: {item}",
                )
            )
        if field not in KNOWN and field != OTHER:
            near = difflib.get_close_matches(field, KNOWN, 1)
            hint = say(lang, f"；是否应为 {near[0]}？", f"; did you mean {near[0]}?") if near else ""
            known = ", ".join(name for name in NAMES if name in KNOWN)
            raise InputError(
                say(
                    lang,
                    f"--column {item}: 没有字段 {field}；可用：{known}、{OTHER}{hint}",
                    f"--column {item}: no field {field}; known: {known}, {OTHER}{hint}",
                )
            )
        pairs.append((heading.strip(), field))
    return tuple(pairs)
