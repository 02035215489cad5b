"""Ways to read a disguised text: one code point per unit, each with an offset map to the normalised text."""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from ..files.cache import ContentCache
from ..text.automaton import Scan
from ..text.fold import Folder
from .partings import BARRIERS, cuts_letters, is_han, neighbours, without_inserted, without_lone_ends
from .pinyin import Pinyin
from .romanization import Romanizer, Unit
from .substitutions import read_substitutions

# The most frequent ranges come first, for speed. `\w` includes the underscore, which is a separator here.
_SEPARATOR = re.compile(rf"[^a-z0-9\u4e00-\u9fff\ue000-\uf8ff{''.join(sorted(BARRIERS))}\w]")
_TWICE = re.compile(r"([\u4e00-\u9fff])\1+")
# A search for the beginning of a run takes half as long.
_DOUBLED = re.compile(r"([\u4e00-\u9fff])\1")
_MAYBE_LATIN = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text. `steps` is None if every unit is read as written."""

    reading: str
    starts: Sequence[int]
    ends: Sequence[int]
    steps: Sequence[str] | None = None


class AsWritten:
    """The reading of a text as written, without separators. Offsets are computed lazily."""

    steps: None = None

    def __init__(self, folded: str, views: Readings) -> None:
        self._folded = folded = without_lone_ends(folded)
        self._views = views
        parts = _SEPARATOR.split(folded.replace("_", " "))
        self.reading = "".join(parts)
        self.breaks = list(accumulate(map(len, parts)))
        """Indices of the units that follow a separator, in order, and finally the number of units."""

    @property
    def key(self) -> str:
        """Return the search key of the reading."""
        return self._views.key(self.reading)

    @cached_property
    def starts(self) -> Sequence[int]:
        """Return the start of each unit in the normalised text."""
        folded = self._folded
        if len(self.reading) == len(folded):
            return range(len(folded))
        places: list[int] = []
        # After the k-th part come k separators of one code point.
        units = 0
        for separators, following in enumerate(self.breaks):
            places.extend(range(units + separators, following + separators))
            units = following
        return places

    @cached_property
    def ends(self) -> Sequence[int]:
        """Return the end of each unit in the normalised text."""
        return [place + 1 for place in self.starts]


class _KeyTable(dict[int, int | None]):
    """Search keys by code point, as code points: the class of its syllable, itself, or None for a separator."""

    def __init__(self, sounds: Pinyin) -> None:
        super().__init__()
        self._sounds = sounds

    def __missing__(self, point: int) -> int | None:
        char = chr(point)
        is_unit = char in BARRIERS or unicodedata.category(char)[0] in "LN" or 0xE000 <= point <= 0xF8FF
        found = self[point] = ord(self._sounds.code(char)) if is_unit else None
        return found


class Readings:
    """Builds the readings of a text that the enabled steps allow. Immutable apart from its caches."""

    def __init__(
        self,
        folder: Path,
        label: str,
        fold: Folder,
        sounds: Pinyin,
        off: frozenset[str],
        numbers: dict[str, int],
        content_cache: ContentCache | None = None,
    ) -> None:
        """Load the substitution tables of `folder` and add their spellings to `numbers`; raises ContentError.

        `content_cache` holds the parsed tables. Error messages call the folder `label`.
        """
        self.sounds = sounds
        self.off = off
        self.table = _KeyTable(sounds)
        content_cache = content_cache or ContentCache()
        rewrites, also = content_cache.value("rewrites", lambda: read_substitutions(folder, label, fold, off))
        self.rewrites: Mapping[str, tuple[str, str]] = {
            written: (meant, step) for step, table in rewrites.items() for written, meant in table.items()
        }
        self._also: Mapping[str, str] = also
        self._units_of = {
            numbers.setdefault(written, len(numbers)): rewrite for written, rewrite in self.rewrites.items()
        }
        self._written = frozenset(self._units_of)
        self._stand_ins = sorted(
            (
                written
                for written, (meant, step) in self.rewrites.items()
                if step == "stand-in" and all(map(is_han, written + meant))
            ),
            key=len,
            reverse=True,
        )
        self._begin_stand_ins = frozenset(written[0] for written in self._stand_ins)
        self.stand_ins = frozenset(
            letters
            for written, (meant, step) in self.rewrites.items()
            if step == "stand-in"
            for letters in (written, meant)
        )
        self._letters = Romanizer(sounds, off)
        words = list(numbers)
        self.pairs = frozenset(content_cache.words("pairs", lambda: neighbours(words)))
        """Two Chinese characters that are neighbours in a word of three or more characters."""

    def spells(self, letters: str) -> bool:
        """Return whether letters are whole syllables of pinyin."""
        return bool(self._letters.spelled(letters))

    def key(self, reading: str) -> str:
        """Return the search key of a reading, without separators."""
        return reading.translate(self.table)

    def without_stand_ins(self, word: str) -> str:
        """Return a word with its stand-ins replaced. Lexicons also list disguised spellings of words."""
        # Few words have a stand-in, and both lists are long.
        if self._begin_stand_ins.isdisjoint(word):
            return word
        for written in self._stand_ins:
            if written in word:
                word = word.replace(written, self.rewrites[written][0])
        return word

    def of(self, folded: str, scan: Scan) -> Iterator[Reading | AsWritten]:
        """Return the readings of a normalised text. `scan` is the automaton's result for it."""
        first = AsWritten(folded, self)
        yield first
        parted = folded if "separator" in self.off else without_inserted(folded, self.pairs)
        if parted != folded:
            yield AsWritten(parted, self)
        units = self.units(folded, scan)
        second = self._rewritten(first, units) if units else None
        if second:
            yield second
            for others in self._others(folded, units):
                yield self._rewritten(first, others)
            letters = [unit for unit in units if not is_han(folded[unit.start])]
            if 0 < len(letters) < len(units):
                yield self._rewritten(first, letters)
        if "repeat" not in self.off:
            for view in (first, second):
                if view and _DOUBLED.search(view.reading) and (again := once(view)):
                    yield again

    @property
    def rewriting(self) -> Collection[int]:
        """Return the numbers of the spellings that substitution tables replace."""
        return self._written

    def is_rewritten(self, folded: str, scan: Scan) -> bool:
        """Return whether part of a normalised text has another reading than the one as written."""
        if self._written.isdisjoint(scan.seen) and _MAYBE_LATIN.search(folded) is None:
            return False
        return bool(self.units(folded, scan))

    def _others(self, folded: str, units: Sequence[Unit]) -> Iterator[list[Unit]]:
        """Yield the units with the second, third, ... meaning of each unit that has as many."""
        also = [self._also.get(folded[unit.start : unit.end], "") for unit in units]
        for turn in range(max(map(len, also))):
            yield [
                unit._replace(reading=more[turn]) if turn < len(more) else unit
                for unit, more in zip(units, also, strict=True)
            ]

    def _rewritten(self, plain: AsWritten, units: Sequence[Unit]) -> Reading:
        """Return the reading where each unit replaces the text that it covers."""
        reading: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        steps: list[str] = []

        plain_starts, plain_ends = plain.starts, plain.ends
        done = 0

        def add(left: int, right: int) -> None:
            nonlocal done
            first = bisect_left(plain_starts, left, done)
            last = done = bisect_left(plain_starts, right, first)
            if first < last:
                reading.append(plain.reading[first:last])
                starts.extend(plain_starts[first:last])
                ends.extend(plain_ends[first:last])
                steps.extend([""] * (last - first))

        at = 0
        for start, end, read, step in units:
            if at < start:
                add(at, start)
            reading.append(read)
            for _ in read:
                starts.append(start)
                ends.append(end)
                steps.append(step)
            if at < end:
                at = end
        add(at, sys.maxsize)
        return Reading("".join(reading), starts, ends, steps)

    def units(self, folded: str, scan: Scan) -> list[Unit]:
        """Return the units of a text that have another reading, in order and without overlaps."""
        units_of = self._units_of
        found = (
            [
                Unit(start, end, *units_of[index])
                for index, start, end in scan.places(units_of)
                if not cuts_letters(folded, start, end)
            ]
            if not self._written.isdisjoint(scan.seen)
            else []
        )
        if _MAYBE_LATIN.search(folded):
            letters = self._unmasked(folded, found)
            found += self._letters.units(letters)
        if len(found) > 1:
            found.sort(key=lambda unit: (unit.start, -unit.end))
        units: list[Unit] = []
        done = 0
        for unit in found:
            if unit.start >= done:
                units.append(unit)
            if unit.end > done and units and units[-1] is unit:
                done = unit.end
        return units

    def _unmasked(self, folded: str, found: Sequence[Unit]) -> str:
        """Return the text with look-alike letters replaced by Latin ones, so that pinyin can be recognised."""
        chars = list(folded)
        for unit in found:
            if unit.step == "look-alike":
                chars[unit.start] = unit.reading
        return "".join(chars)


def once(view: Reading | AsWritten) -> Reading | None:
    """Return the reading with each unbroken run of a character reduced to one; None if it has no such run."""
    again = {
        place
        for run in _TWICE.finditer(view.reading)
        for place in range(run.start() + 1, run.end())
        if view.ends[place - 1] == view.starts[place]
    }
    if not again:
        return None
    firsts = [place for place in range(len(view.reading)) if place not in again]
    lasts = [*(place - 1 for place in firsts[1:]), len(view.reading) - 1]
    steps = [
        "repeat" if last > first else view.steps[first] if view.steps else ""
        for first, last in zip(firsts, lasts, strict=True)
    ]
    return Reading(
        "".join(view.reading[place] for place in firsts),
        [view.starts[place] for place in firsts],
        [view.ends[place] for place in lasts],
        steps,
    )
