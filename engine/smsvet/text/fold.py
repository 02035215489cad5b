"""Text normalisation for matching: width, case, traditional characters, decoration and invisible characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise, repeat
from pathlib import Path
from string import ascii_uppercase

from ..files.cache import ContentCache

MARKS = "，：！（）；？"
"""Punctuation of ordinary texts that normalisation may change."""


def _in_lower_case(found: re.Match[str]) -> str:
    return found[0].lower()


class _Table(dict[int, int | str]):
    """Replacements by code point. A lookup of an unlisted code point stores it as unchanged."""

    def __missing__(self, point: int) -> int:
        self[point] = point
        return point


@dataclass(frozen=True, slots=True)
class Folder:
    """Normalises texts with a table of replacements by code point. Normalising twice changes nothing more.

    Each code point is replaced separately, without Unicode composition: combining marks are deleted, never composed
    with the preceding letter.
    """

    table: Mapping[int, int | str]
    """By code point: the code point or the string that replaces it. An empty string deletes it."""
    moving: re.Pattern[str]
    """Matches a code point whose replacement may shift the following offsets."""
    hidden: re.Pattern[str]
    """Matches a run of invisible code points."""
    unusual: re.Pattern[str]
    """Matches a code point that may be moving, hidden or traditional."""
    traditional: frozenset[str]
    """The characters that occur only in traditional Chinese."""
    marks: tuple[tuple[str, str], ...]
    """Pairs of a punctuation mark of MARKS and its replacement, for marks that change."""
    capitals: re.Pattern[str]
    """Matches a run of Latin capitals that become lower case."""
    changing: re.Pattern[str]
    """Matches any other code point that changes and is not unusual."""

    @classmethod
    def load(cls, path: Path, content_cache: ContentCache | None = None) -> Folder:
        """Return the normaliser for a table file (`corpora/fold.tsv`), from `content_cache` if it is there.

        Raises ValueError with file and line for a line that is not `hex TAB hex... TAB flags`.
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
            # One range for all planes above the first. With hundreds of ranges there, the regex engine would try
            # them one by one for every character, which costs more than the slow path for those texts.
            re.compile(f"[{moving}\U00010000-\U0010ffff]"),
            re.compile(f"[{unseen}]+" if unseen else "(?!)"),
            re.compile(f"[{unusual}\U00010000-\U0010ffff]"),
            frozenset(traditional),
            tuple((mark, chr(point)) for mark, point in becomes if isinstance(point, int)),
            # Not `[...]+`, because a search for a leading character class is faster.
            re.compile(f"[{capitals}][{capitals}]*" if capitals else "(?!)"),
            re.compile(f"[{changing}]" if changing else "(?!)"),
        )

    def plain(self, text: str) -> str:
        """Return the normalised text."""
        return text.translate(self.table)

    def fold(self, text: str) -> tuple[str, Sequence[int] | None]:
        """Return the normalised text and its offset map.

        The offset map has the original offset of each normalised code point and of the end. It is None if every
        code point became exactly one.
        """
        # Fast path: a lookup of every code point takes longer than checking that only MARKS and capitals change.
        if self.unusual.search(text) is None and self.changing.search(text) is None:
            for mark, becomes in self.marks:
                text = text.replace(mark, becomes)
            return self.capitals.sub(_in_lower_case, text), None
        folded = text.translate(self.table)
        if self.moving.search(text) is None:
            return folded, None
        sizes = {char: self._size(char) for char in set(text)}
        if all(size == 1 for size in sizes.values()):
            return folded, None
        # Without a loop over the code points, since a hostile text consists of moving ones.
        each = map(repeat, range(len(text)), map(sizes.__getitem__, text))
        return folded, (*chain.from_iterable(each), len(text))

    def _size(self, char: str) -> int:
        """Return the number of code points that replace a character."""
        replacement = self.table.get(ord(char))
        return len(replacement) if isinstance(replacement, str) else 1

    def invisible(self, text: str) -> list[tuple[int, int]]:
        """Return the runs of invisible code points and unusual spaces, as half-open code-point offsets.

        Combining marks, tabs, line ends and the ideographic space are not included, nor are the joiners that the
        spelling of Indic and Arabic scripts needs, and those within an emoji.
        """
        runs = [found.span() for found in self.hidden.finditer(text)]
        if "\u200c" not in text and "\u200d" not in text:
            return runs
        # A joiner beside another invisible character is not needed, unless that character styles an emoji.
        alone = {end - 1 for start, end in runs if start + 1 == end or text[start:end] == "\ufe0f\u200d"}
        needed = alone.intersection(found.start() for found in _JOINER.finditer(text))
        return [part for run in runs for part in _without(run, needed)] if needed else runs

    def is_traditional(self, text: str) -> list[int]:
        """Return the code-point offsets of the characters that occur only in traditional Chinese."""
        if self.traditional.isdisjoint(text):
            return []
        return [offset for offset, char in enumerate(text) if char in self.traditional]

    def name(self, char: str) -> str:
        """Return the code point and Unicode name of a character, such as `U+200B ZERO WIDTH SPACE`."""
        return name_of(char)


@lru_cache(maxsize=4096)
def name_of(char: str) -> str:
    """Return the code point and Unicode name of a character."""
    unnamed = {"Cc": "<control>", "Cs": "<surrogate>", "Co": "<private use>"}
    name = unicodedata.name(char, "") or unnamed.get(unicodedata.category(char), "<unassigned>")
    return f"U+{ord(char):04X} {name}"


_JOINED = "\u0600-\u109f\u1780-\u17ff"
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_JOINER = re.compile(
    rf"(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])|(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
)


def _without(run: tuple[int, int], needed: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a run of offsets that remain without the offsets in `needed`."""
    start = run[0]
    for offset in range(run[0], run[1] + 1):
        if offset == run[1] or offset in needed:
            if start < offset:
                yield start, offset
            start = offset + 1


Read = tuple[list[int], list[int | str], list[int], str]
"""Code points, the replacement of each, the invisible code points, and the traditional characters."""


def read_table(path: Path) -> Read:
    """Return the contents of a normalisation table; raises ValueError with file and line for an invalid line."""
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
            raise ValueError(f"{path}:{number}: not a line of a normalisation table: {line!r}") from error
        if "i" in flags:
            hidden.append(point)
        if "t" in flags:
            traditional.append(chr(point))
    return list(table), list(table.values()), hidden, "".join(traditional)


def classes_of(
    points: Sequence[int], replacements: Sequence[int | str], hidden: Sequence[int], traditional: str
) -> tuple[str, str, str, str, str]:
    """Return the contents of the regex character classes `moving`, `hidden`, `unusual`, `capitals` and `changing`.

    See the attributes of `Folder` for their meaning. `changing` excludes MARKS. Only `hidden` includes code points
    above the first plane.
    """
    becomes = {point: folded for point, folded in zip(points, replacements, strict=True) if point <= 0xFFFF}
    moving = [point for point, folded in becomes.items() if isinstance(folded, str)]
    capitals = [ord(char) for char in ascii_uppercase if becomes.get(ord(char)) == ord(char.lower())]
    unusual = {point for point in (*moving, *hidden, *map(ord, traditional)) if point <= 0xFFFF}
    changing = {point for point, folded in becomes.items() if folded != point}
    changing -= {*unusual, *capitals, *map(ord, MARKS)}
    return _ranges(moving), _ranges(hidden), _ranges(unusual), _ranges(capitals), _ranges(changing)


def _ranges(points: Iterable[int]) -> str:
    """Return code points as the contents of a regex character class, with neighbours joined into ranges."""
    ordered = sorted(points)
    gaps = [(before, after) for before, after in pairwise(ordered) if after != before + 1]
    # Literal characters, because the regex compiler takes several times as long for \U escapes.
    starts = [re.escape(chr(point)) for point in (*ordered[:1], *(after for _, after in gaps))]
    ends = [re.escape(chr(point)) for point in (*(before for before, _ in gaps), *ordered[-1:])]
    return "".join(f"{start}-{end}" for start, end in zip(starts, ends, strict=True))
