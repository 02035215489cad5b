"""Fold texts for matching: width, case, traditional writing, decoration and what cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from string import ascii_uppercase

from ..files.cache import ContentCache

MARKS = "，：！（）；？"
"""The marks of ordinary texts that may change."""


def _in_lower_case(found: re.Match[str]) -> str:
    return found[0].lower()


class _Table(dict[int, int | str]):
    """What each code point becomes; those asked for in vain are remembered as staying what they are."""

    def __missing__(self, point: int) -> int:
        self[point] = point
        return point


@dataclass(frozen=True, slots=True)
class Folder:
    """Folds texts by a table with one entry a code point, so folding twice changes nothing more.

    A text is folded code point by code point and not normalised as a whole: marks are deleted, never
    composed with the letter before them.
    """

    table: Mapping[int, int | str]
    """By code point: the one it becomes, or the text that replaces it (empty: it is deleted)."""
    moving: re.Pattern[str]
    """Finds the code points that may shift those behind them."""
    hidden: re.Pattern[str]
    """Finds runs of code points that cannot be seen."""
    unusual: re.Pattern[str]
    """Finds any code point that may be moving, hidden or traditional."""
    traditional: frozenset[str]
    """The characters that only traditional writing uses."""
    marks: tuple[tuple[str, str], ...]
    """The marks of ordinary texts that change, each with what it becomes."""
    capitals: re.Pattern[str]
    """Finds runs of Latin capitals that become small letters."""
    changing: re.Pattern[str]
    """Finds any other code point that changes and is not unusual."""

    @classmethod
    def load(cls, path: Path, content_cache: ContentCache | None = None) -> Folder:
        """Return the folder of a table file (corpora/fold.tsv), or of what `content_cache` kept of it.

        Raises ValueError, naming file and line, for a line that is not `hex TAB hex... TAB flags`.
        """
        content_cache = content_cache or ContentCache()
        points, replacements, hidden, traditional = content_cache.value("fold", lambda: read_table(path))
        moving, unseen, unusual, capitals, changing = content_cache.value(
            "folded classes", lambda: classes_of(points, replacements, hidden, traditional)
        )
        table = _Table(zip(points, replacements, strict=True))
        becomes = ((mark, table.get(ord(mark))) for mark in MARKS)
        return cls(
            table,
            # One range for all planes above the first: a class of hundreds of ranges there is tried one
            # by one for every character, which costs more than treating those texts the slow way.
            re.compile(f"[{moving}\U00010000-\U0010ffff]"),
            re.compile(f"[{unseen}]+" if unseen else "(?!)"),
            re.compile(f"[{unusual}\U00010000-\U0010ffff]"),
            frozenset(traditional),
            tuple((mark, chr(point)) for mark, point in becomes if isinstance(point, int)),
            re.compile(f"[{capitals}]+" if capitals else "(?!)"),
            re.compile(f"[{changing}]" if changing else "(?!)"),
        )

    def plain(self, text: str) -> str:
        """Return the folded text."""
        return text.translate(self.table)

    def fold(self, text: str) -> tuple[str, Sequence[int] | None]:
        """Return the folded text and, for each of its code points and its end, the offset it came from.

        The offsets are None when each code point became exactly one.
        """
        # To look up every code point takes longer than to see that none but a few marks and capitals change.
        if self.unusual.search(text) is None and self.changing.search(text) is None:
            for mark, becomes in self.marks:
                text = text.replace(mark, becomes)
            return self.capitals.sub(_in_lower_case, text), None
        folded = text.translate(self.table)
        if self.moving.search(text) is None:
            return folded, None
        origins: list[int] = []
        done = 0
        for found in self.moving.finditer(text):
            start = found.start()
            replacement = self.table[ord(text[start])]
            if isinstance(replacement, str):
                origins.extend(range(done, start))
                origins.extend([start] * len(replacement))
                done = start + 1
        if not done:
            return folded, None
        origins.extend(range(done, len(text) + 1))
        return folded, tuple(origins)

    def invisible(self, text: str) -> list[tuple[int, int]]:
        """Return the runs of code points that print nothing, or a blank other than the usual ones.

        Half-open code-point offsets. Combining marks, tabs, line ends and the ideographic blank are not
        among them.
        """
        return [found.span() for found in self.hidden.finditer(text)]

    def is_traditional(self, text: str) -> list[int]:
        """Return the code-point offsets of the characters that only traditional writing uses."""
        if self.traditional.isdisjoint(text):
            return []
        return [offset for offset, char in enumerate(text) if char in self.traditional]

    def name(self, char: str) -> str:
        """Return what Unicode calls a character, such as `U+200B ZERO WIDTH SPACE`."""
        unnamed = {"Cc": "<control>", "Cs": "<surrogate>", "Co": "<private use>"}
        name = unicodedata.name(char, "") or unnamed.get(unicodedata.category(char), "<unassigned>")
        return f"U+{ord(char):04X} {name}"


Read = tuple[list[int], list[int | str], list[int], str]
"""Code points, what each becomes; those that cannot be seen, and those of traditional writing."""


def read_table(path: Path) -> Read:
    """Return the table of a file; raises ValueError, naming file and line, for a line that is none of it."""
    table: dict[int, int | str] = {}
    hidden: list[int] = []
    traditional: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        try:
            code, replacement, flags = line.split("\t")
            point = int(code, 16)
            folded = "".join([chr(int(part, 16)) for part in replacement.split()])
            table[ord(chr(point))] = ord(folded) if len(folded) == 1 else folded
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{path}:{number}: not a line of a fold table: {line!r}") from error
        if "i" in flags:
            hidden.append(point)
        if "t" in flags:
            traditional.append(chr(point))
    return list(table), list(table.values()), hidden, "".join(traditional)


def classes_of(
    points: Sequence[int], replacements: Sequence[int | str], hidden: Sequence[int], traditional: str
) -> tuple[str, str, str, str, str]:
    """Return the insides of character classes: what moves others, what cannot be seen, and what is unusual.

    That is one or the other, or traditional. Behind them are the Latin capitals that become small letters, and
    what else changes and is neither unusual nor one of MARKS. Only what cannot be seen may be above the first plane.
    """
    becomes = {point: folded for point, folded in zip(points, replacements, strict=True) if point <= 0xFFFF}
    moving = [point for point, folded in becomes.items() if isinstance(folded, str)]
    capitals = [ord(char) for char in ascii_uppercase if becomes.get(ord(char)) == ord(char.lower())]
    unusual = {point for point in (*moving, *hidden, *map(ord, traditional)) if point <= 0xFFFF}
    changing = {point for point, folded in becomes.items() if folded != point}
    changing -= {*unusual, *capitals, *map(ord, MARKS)}
    return _ranges(moving), _ranges(hidden), _ranges(unusual), _ranges(capitals), _ranges(changing)


def _ranges(points: Iterable[int]) -> str:
    """Return code points as the inside of a character class, neighbours joined into ranges."""
    ordered = sorted(points)
    gaps = [(before, after) for before, after in pairwise(ordered) if after != before + 1]
    # As they are, not as \U escapes, which take several times as long to read.
    starts = [re.escape(chr(point)) for point in (*ordered[:1], *(after for _, after in gaps))]
    ends = [re.escape(chr(point)) for point in (*(before for before, _ in gaps), *ordered[-1:])]
    return "".join(f"{start}-{end}" for start, end in zip(starts, ends, strict=True))
