"""Renders text with underlined marks. Widths are terminal columns: a Chinese character fills two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

_MOST_LINES = 4
_AROUND = 24
_HEAD = 40
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_SHOWN = {"\n": "⏎", "\t": "⇥", "\r": "‹CR›"}
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_CLOSING = "，。、；：？！）】」』”’》〉…,.;:?!)\\]}"
_TOKEN = re.compile(rf"[!-~]+[{_CLOSING}]*|\s+|.[{_CLOSING}]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to underline: half-open code point offsets, a label beside it, and its colour."""

    start: int
    end: int
    label: str = ""
    style: str = ""


def visible(character: str, marked: bool = False) -> str:
    """Return a character for display; invisible and cursor-moving ones become a symbol or their code point."""
    if character == " ":
        return "␣" if marked else " "
    if character in _SHOWN:
        return _SHOWN[character]
    if " " < character <= "~" or "\u4e00" <= character <= "\u9fff":
        return character
    if unicodedata.category(character) in _HIDDEN or _IGNORABLE.match(character):
        return f"‹U+{ord(character):04X}›"
    return character


def readable(text: str) -> str:
    """Return a text on one line with every invisible character made visible."""
    return "".join(map(visible, text))


def cropped(text: str, width: int) -> str:
    """Return a readable text cut to `width` columns, with an ellipsis if it was longer."""
    shown = readable(text[: width + 1])
    if cell_len(shown) <= width:
        return shown
    kept, used = [], 1
    for character in shown:
        used += cell_len(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept) + "…"


def folded(text: str, width: int) -> list[str]:
    """Return a readable text wrapped to `width` columns without breaking Latin words."""
    lines, line, used = [], "", 0
    for token in _TOKEN.findall(readable(text)):
        size = cell_len(token)
        if used + size > width and line:
            lines.append(line.rstrip())
            line, used = "", 0
            token = token.lstrip()
            size = cell_len(token)
        while size > width:
            head = next(cut for cut in range(len(token), 0, -1) if cell_len(token[:cut]) <= width or cut == 1)
            lines.append(token[:head])
            token = token[head:]
            size = cell_len(token)
        line += token
        used += size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


@dataclass(frozen=True, slots=True)
class _Cell:
    shown: str
    place: int | None
    column: int
    width: int


def excerpt(text: str, marks: Sequence[Mark], width: int) -> list[Text]:
    """Return the text in lines, each line with marks followed by its underlines.

    A text longer than a few lines is shown only around its marks.
    """
    marks = [Mark(mark.start, max(mark.end, mark.start + 1), mark.label, mark.style) for mark in marks]
    drawn: list[Text] = []
    for line in _lines(text, _kept(text, marks, width), marks, max(width, 10)):
        row = Text("".join(cell.shown for cell in line))
        at = 0
        for cell in line:
            for mark in marks:
                if cell.place is not None and mark.start <= cell.place < mark.end:
                    row.stylize(mark.style, at, at + len(cell.shown))
            at += len(cell.shown)
        drawn.append(row)
        drawn.extend(_underlines(line, marks))
    return drawn


def _kept(text: str, marks: Sequence[Mark], width: int) -> list[tuple[int, int]]:
    if len(text) <= width * _MOST_LINES and cell_len(text) <= width * _MOST_LINES:
        return [(0, len(text))]
    ranges = []
    for mark in marks:
        if mark.end - mark.start <= 2 * _HEAD:
            ranges.append((mark.start - _AROUND, mark.end + _AROUND))
        else:
            ranges += [(mark.start - _AROUND, mark.start + _HEAD), (mark.end - _HEAD, mark.end + _AROUND)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(len(text), end)) for start, end in ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged or [(0, width)]


def _characters(
    text: str, kept: Sequence[tuple[int, int]], marks: Sequence[Mark]
) -> Iterator[tuple[str, int | None]]:
    at = 0
    for start, end in kept:
        if start > at:
            yield "⋯", None
        for place in range(start, min(end, len(text))):
            yield visible(text[place], any(_shows_blank(mark, place) for mark in marks)), place
        at = end
    if at < len(text):
        yield "⋯", None
    elif any(mark.end > len(text) for mark in marks):
        yield " ", len(text)


def _shows_blank(mark: Mark, place: int) -> bool:
    """Return whether the mark is about the blank at this offset, and not about a whole sentence."""
    return mark.start <= place < mark.end and (
        mark.end - mark.start <= _AROUND or place in (mark.start, mark.end - 1)
    )


def _lines(
    text: str, kept: Sequence[tuple[int, int]], marks: Sequence[Mark], width: int
) -> Iterator[list[_Cell]]:
    line: list[_Cell] = []
    column = 0
    for shown, place in _characters(text, kept, marks):
        size = cell_len(shown)
        if column + size > width and line:
            yield line
            line, column = [], 0
        line.append(_Cell(shown, place, column, size))
        column += size
        if shown == "⏎" or (place is None and shown == "⋯" and len(line) > 1):
            yield line
            line, column = [], 0
    if line:
        yield line


def _underlines(line: Sequence[_Cell], marks: Sequence[Mark]) -> list[Text]:
    rows: list[list[tuple[int, str, str]]] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        under = [cell for cell in line if cell.place is not None and mark.start <= cell.place < mark.end]
        if not under:
            continue
        start, end = under[0].column, under[-1].column + under[-1].width
        if end == start:  # a combining character has no column of its own: point at the character before it
            start, end = max(0, start - 1), max(1, start)
        carets = "^" * (end - start) + (f" {mark.label}" if mark.label else "")
        row = next((row for row in rows if row[-1][0] + len(row[-1][1]) < start), None)
        if row is None:
            row = []
            rows.append(row)
        row.append((start, carets, mark.style))
    drawn = []
    for row in rows:
        text = Text()
        for start, carets, style in row:
            text.append(" " * (start - len(text)))
            text.append(carets, style)
        drawn.append(text)
    return drawn
