"""Comparison of a rendered message with its template: whether it matches, and where it differs.

The fixed text must match exactly. A placeholder matches any text, the shortest possible.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, groupby
from typing import Literal, cast

Cause = Literal["invisible", "blank", "width", "variant", "extra", "missing", "changed", "value"]
Hole = tuple[int, int]
Row = tuple[list[int], bytearray]

MAX_CELLS = 40_000
"""Greatest number of pairs of code points to align. Beyond it, a difference is reported for the whole text."""

_SAME, _CHANGE, _EXTRA, _MISSING, _TAKEN = range(5)
_WILD = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between a text and its template.

    `place` is the position in the template in code points, counted from 1. `start` and `end` are half-open code-point
    offsets in the text. `cause` is one of:

    - `invisible`, `blank`: additional invisible characters or spaces;
    - `width`, `variant`: another width; another case, or traditional instead of simplified characters;
    - `value`: another value than the given one;
    - `extra`, `missing`, `changed`: any other text that was added, left out or replaced.
    """

    cause: Cause
    place: int
    start: int
    end: int
    expected: str
    actual: str
    whole: bool = False
    """Whether the difference is the whole text, because it has little in common with the template."""


@dataclass(frozen=True, slots=True)
class _Symbol:
    """A code point of the template or of a value, or a placeholder (`_WILD`), with its offset in the template."""

    char: str
    place: int
    value: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    kind: int
    symbol: _Symbol | None
    at: int


def match_template(body: str, holes: Sequence[Hole], text: str) -> list[Hole] | None:
    """Return the half-open offsets in `text` of each placeholder's value, None if the text does not match.

    `holes` are the half-open code-point offsets of the placeholders in `body`, in order. The running time is linear
    in the length of the text.
    """
    fixed = _fixed(body, holes)
    if not holes:
        return [] if body == text else None
    first, *between = fixed
    last = between.pop()
    end = len(text) - len(last)
    at = len(first)
    if end < at or not text.startswith(first) or not text.endswith(last):
        return None
    values = []
    for piece in between:
        found = text.find(piece, at, end)
        if found < 0:
            return None
        values.append((at, found))
        at = found + len(piece)
    return [*values, (at, end)]


def template_differences(
    body: str,
    holes: Sequence[Hole],
    text: str,
    fold: Callable[[str], str],
    values: Sequence[str | None] = (),
    ignored: str = "",
) -> tuple[list[Difference], str | None]:
    """Return the differences between a text and its template, and the corrected text.

    `holes` are the half-open code-point offsets of the placeholders in `body`. `values` are their expected values,
    None for any value. `ignored` are characters to skip in both texts. The list is empty, and the corrected text None,
    if the text matches. If the texts have little in common, the list has one difference for the whole text, and the
    corrected text is None.
    """
    symbols = list(_symbols(body, holes, values))
    symbols = [symbol for symbol in symbols if symbol.char not in ignored or symbol.char == _WILD]
    places = [place for place, char in enumerate(text) if char not in ignored]
    compared, size = "".join(text[place] for place in places), len(places)
    if _agrees(symbols, compared):
        return [], None
    whole = Difference("changed", 1, 0, len(text), body, text, whole=True)
    head, tail = _ends(symbols, compared)
    fixed = sum(symbol.char != _WILD for symbol in symbols)
    if size * 2 < fixed or (len(symbols) - head - tail) * (size - head - tail) > MAX_CELLS:
        return [whole], None
    middle = _align(symbols[head : len(symbols) - tail], compared[head : size - tail], fold)
    steps = [
        *(_Step(_SAME, symbols[place], place) for place in range(head)),
        *(_Step(step.kind, step.symbol, step.at + head) for step in middle),
        *(_Step(_SAME, symbols[place - size], place) for place in range(size - tail, size)),
    ]
    same = sum(step.kind == _SAME for step in steps)
    if same * 2 < fixed:
        return [whole], None
    found = list(_found(steps, compared, [*places, len(text)], len(body), fold))
    return found, _corrected(steps, compared, text, ignored)


def _fixed(body: str, holes: Sequence[Hole]) -> list[str]:
    starts = [0, *(end for _, end in holes)]
    ends = [*(start for start, _ in holes), len(body)]
    return [body[start:end] for start, end in zip(starts, ends, strict=True)]


def _symbols(body: str, holes: Sequence[Hole], values: Sequence[str | None]) -> Iterator[_Symbol]:
    at = 0
    for number, (start, end) in enumerate(holes):
        yield from (_Symbol(body[place], place) for place in range(at, start))
        value = values[number] if number < len(values) else None
        if value is None:
            yield _Symbol(_WILD, start)
        else:
            yield from (_Symbol(char, start, value=True) for char in value)
        at = end
    yield from (_Symbol(body[place], place) for place in range(at, len(body)))


def _agrees(symbols: list[_Symbol], text: str) -> bool:
    body = "".join(symbol.char or "\0" for symbol in symbols)
    holes = [(place, place + 1) for place, symbol in enumerate(symbols) if symbol.char == _WILD]
    return match_template(body, holes, text) is not None


def _ends(symbols: list[_Symbol], text: str) -> tuple[int, int]:
    """Return the lengths of the common prefix and suffix in code points; both stop at a placeholder."""
    shorter = min(len(symbols), len(text))
    head = next((place for place in range(shorter) if symbols[place].char != text[place]), shorter)
    rest = shorter - head
    tail = next((place for place in range(rest) if symbols[-1 - place].char != text[-1 - place]), rest)
    return head, tail


def _align(symbols: list[_Symbol], text: str, fold: Callable[[str], str]) -> list[_Step]:
    """Return the alignment with the lowest cost, as steps from the template to the text."""
    extra = list(map(_gap_cost, text))
    known = {char: (fold(char), _class_of(char)) for char in set(text)}
    row = list(accumulate(extra, initial=0))
    steps = [bytearray([_EXTRA]) * (len(text) + 1)]

    @cache
    def changes_of(char: str) -> list[int]:
        """Return the cost of reading each code point of the text as `char`: 0 for the same one."""
        plain, name = fold(char), _class_of(char)
        costs = {
            other: 0 if other == char else 25 if plain and same == plain else 48 if other_name == name else 90
            for other, (same, other_name) in known.items()
        }
        return [costs[other] for other in text]

    for symbol in symbols:
        char = symbol.char
        row, step = _row(row, changes_of(char), extra, _gap_cost(char)) if char else _wild_row(row)
        steps.append(step)
    return _walk(symbols, len(text), steps)


def _wild_row(above: list[int]) -> Row:
    row, step = [above[0]], bytearray([_MISSING])
    for cost in above[1:]:
        taken = row[-1] + 1
        row.append(min(cost, taken))
        step.append(_MISSING if cost <= taken else _TAKEN)
    return row, step


def _row(above: list[int], changes: list[int], extra: list[int], missing: int) -> Row:
    """Return the next row of costs and steps: the cheapest of changing, leaving out and adding a code point."""
    cost = above[0] + missing
    row, step = [cost], bytearray([_MISSING])
    for diagonal, over, change, added in zip(above, above[1:], changes, extra, strict=False):
        cost, kind = cost + added, _EXTRA
        if diagonal + change <= cost:
            cost, kind = diagonal + change, _CHANGE if change else _SAME
        if over + missing < cost or (kind == _EXTRA and over + missing == cost):
            cost, kind = over + missing, _MISSING
        row.append(cost)
        step.append(kind)
    return row, step


def _walk(symbols: list[_Symbol], at: int, steps: list[bytearray]) -> list[_Step]:
    walked, number = [], len(symbols)
    while number or at:
        kind = steps[number][at]
        symbol = symbols[number - 1] if number else None
        if kind in (_SAME, _CHANGE, _EXTRA, _TAKEN):
            at -= 1
        if kind in (_SAME, _CHANGE, _MISSING):
            number -= 1
        if not (kind == _MISSING and symbol is not None and symbol.char == _WILD):
            walked.append(_Step(kind, symbol, at))
    return walked[::-1]


def _gap_cost(char: str) -> int:
    return 30 if _class_of(char) == "blank" else 50


@lru_cache(maxsize=4096)
def _class_of(char: str) -> str:
    if char.isspace() or unicodedata.category(char) in ("Cc", "Cf"):
        return "blank"
    if char.isascii() and char.isalnum():
        return "digit" if char.isdigit() else "letter"
    return "word" if char.isalnum() else "mark"


def _found(
    steps: list[_Step], text: str, places: list[int], length: int, fold: Callable[[str], str]
) -> Iterator[Difference]:
    """Yield a difference for each run of steps of the same sort, with offsets in the submitted text."""
    ends: list[int] = [0] * len(steps)
    following = length
    for number in range(len(steps) - 1, -1, -1):
        step = steps[number]
        if step.kind in (_SAME, _CHANGE, _MISSING) and step.symbol:
            following = step.symbol.place
        ends[number] = following
    wrong = {step.symbol.place for step in steps if step.kind != _SAME and step.symbol and step.symbol.value}
    numbered = [(number, step, _sort(step, text, wrong, fold)) for number, step in enumerate(steps)]
    for sort, run in groupby(numbered, key=lambda item: item[2]):
        if sort == "same":
            continue
        items = list(run)
        actual = [step.at for _, step, _ in items if step.kind != _MISSING]
        expected = "".join(step.symbol.char for _, step, _ in items if step.symbol and step.kind != _EXTRA)
        written = "".join(text[at] for at in actual)
        start = places[actual[0]] if actual else places[items[0][1].at]
        end = places[actual[-1]] + 1 if actual else start
        yield Difference(
            _cause(sort, expected, written), ends[items[0][0]] + 1, start, end, expected, written
        )


def _sort(step: _Step, text: str, wrong: set[int], fold: Callable[[str], str]) -> str:
    """Return the sort of difference that a step belongs to. All steps of a wrong value have the same sort."""
    if step.symbol and step.symbol.value and step.symbol.place in wrong:
        return f"value {step.symbol.place}"
    if step.kind in (_SAME, _TAKEN):
        return "same"
    char = text[step.at] if step.kind in (_CHANGE, _EXTRA) else ""
    if step.kind == _EXTRA and _class_of(char) == "blank":
        return "blank" if char in " \u3000\t\r\n" else "invisible"
    if step.kind == _CHANGE and step.symbol and fold(char) == fold(step.symbol.char):
        plain, other = (unicodedata.normalize("NFKC", each) for each in (char, step.symbol.char))
        return "width" if plain == other else "variant"
    return "other"


def _cause(sort: str, expected: str, actual: str) -> Cause:
    if sort.startswith("value"):
        return "value"
    if sort in ("invisible", "blank", "width", "variant"):
        return cast("Cause", sort)
    if not expected:
        return "extra"
    return "changed" if actual else "missing"


def _corrected(steps: list[_Step], compared: str, text: str, ignored: str) -> str | None:
    """Return the fixed text of the template with the values of the text; None if characters were ignored."""
    if ignored and len(compared) != len(text):
        return None
    out = []
    for step in steps:
        if step.kind == _TAKEN:
            out.append(compared[step.at])
        elif step.kind != _EXTRA and step.symbol:
            out.append(step.symbol.char)
    return "".join(out)
