"""Distinguish a disguise from ordinary language that merely sounds or looks like a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from ..text.segmenter import Segmenter
from ..text.text import HOLE
from .language import ForeignSentences
from .partings import continues, cuts_letters, is_han
from .readings import AsWritten, Reading

ORDINARY = frozenset(" ,、:.-/()\"'“”‘’《》<>【】[]{}&+")
"""Signs between words of ordinary text."""
PAUSES = frozenset(',、:()"“”《》')
"""Signs that ordinary text has only between whole words."""
_DECIMAL = frozenset("0123456789")
LONG = 4
"""Length in units from which a match is unlikely to be a coincidence."""
LATIN = 6
"""Minimum number of letters of a word spelled only in pinyin."""
MIXED = 4
"""The same if digits, signs or letters of other scripts replace some of the letters."""
RUN = 12
"""Length from which a run of letters that is entirely pinyin is unlikely to be a word of another language."""
_QUOTED = re.compile('["“‘「『《].*["”’」』》]', re.DOTALL)
PARTICLES = frozenset("啊呀哦噢喔呢吧嘛吗啦咯哟呦哇的地得")
"""Particles that writers often confuse with each other."""
_RUN = re.compile(r"[a-z0-9@$]*\Z")
_RUN_ON = re.compile(r"[a-z0-9@$]*")
_SURE = frozenset(("stand-in", "emoji", "look-alike", "pinyin", "leetspeak", "initials"))
"""Steps that replace a character with something that is never part of an ordinary word."""
SOUNDS = frozenset(("homophone", "near-homophone"))
"""Steps that replace a character with an ordinary one."""
_CHANCE = SOUNDS | {"repeat", "stand-in"}
_LATIN = frozenset(("pinyin", "leetspeak"))


class Context:
    """A normalised text with its word boundaries, the places of known words, and the common characters."""

    def __init__(
        self,
        folded: str,
        known: Callable[[str], Iterable[tuple[int, int]]],
        segmenter: Segmenter,
        common: Collection[str],
        breaks: Callable[[str, int], bool],
        spells: Callable[[str], bool],
    ) -> None:
        """Take the data of a text; `known` returns the places of known words and is called at most once.

        `breaks` returns whether a gap after a code point splits a word, `spells` whether letters are pinyin.
        """
        self.folded = folded
        self.segmenter = segmenter
        self.common = common
        self.breaks = breaks
        self._places = known
        self._spells = spells

    @cached_property
    def _foreign(self) -> ForeignSentences:
        return ForeignSentences(self.folded, self._spells)

    def in_chinese(self, start: int, end: int) -> bool:
        """Return whether [start, end) is part of a Chinese sentence, in characters or in pinyin."""
        return not self._foreign.hold(start, end)

    @cached_property
    def known(self) -> bytearray:
        """Return for each code point whether it is part of a known word of two or more."""
        known = bytearray(len(self.folded))
        for start, end in self._places(self.folded):
            if end - start > 1:
                known[start:end] = b"\x01" * (end - start)
        return known

    def word(self, offset: int) -> tuple[int, int]:
        """Return the word at an offset."""
        return self.segmenter.word(self.folded, offset)

    def cuts(self, start: int, end: int) -> bool:
        """Return whether an ordinary word crosses the start or the end of [start, end)."""
        folded = self.folded
        if is_han(folded[start]) and self.word(start)[0] < start:
            return True
        return is_han(folded[end - 1]) and self.word(end - 1)[1] > end


@dataclass(frozen=True, slots=True)
class ReadingMatch:
    """Part of a reading that may be a word: units [start, end), replaced units, units before a gap."""

    context: Context
    view: Reading | AsWritten
    meant: str
    start: int
    end: int
    replaced: Sequence[int]
    gaps: Sequence[int]
    steps: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the normalised text."""
        return self.context.folded

    def pair(self, unit: int) -> str:
        """Return the character that a unit is read as, followed by the intended one."""
        return self.view.reading[unit] + self.meant[unit - self.start]

    @property
    def place(self) -> tuple[int, int]:
        """Return the start and end of the match in the normalised text."""
        return self.view.starts[self.start], self.view.ends[self.end - 1]

    def step(self, unit: int) -> str:
        """Return the step that the reading applied to a unit; empty if it is read as written."""
        return self.view.steps[unit] if self.view.steps else ""

    def between(self, unit: int) -> str:
        """Return the text between a unit and the next."""
        return self.text[self.view.ends[unit] : self.view.starts[unit + 1]]

    def is_decimal(self, unit: int) -> bool:
        """Return whether a unit and the next are digits of one decimal number."""
        before, after = self.text[self.view.ends[unit] - 1], self.text[self.view.starts[unit + 1]]
        return self.between(unit) == "." and before in _DECIMAL and after in _DECIMAL


class Doubt(IntEnum):
    """Doubt about a candidate: it counts, it counts only beside another one, or it is ordinary language."""

    NONE = 0
    SOME = 1
    FULL = 2


def doubt_of(written: ReadingMatch) -> Doubt:
    """Return how likely a candidate is to be ordinary language. With FULL doubt it does not count."""
    doubt = doubt_ignoring_edges(written)
    # Word boundaries are checked last because they require segmentation of the text.
    return doubt if doubt is Doubt.FULL or edges_free(written) else Doubt.FULL


def doubt_ignoring_edges(written: ReadingMatch) -> Doubt:
    """Return the doubt about a candidate without a check of the words around it."""
    if not whole_sources(written) or any(_QUOTED.search(written.between(unit)) for unit in written.gaps):
        return Doubt.FULL
    letters = letter_doubt(written)
    return letters if letters is Doubt.FULL else max(letters, character_doubt(written))


def character_doubt(written: ReadingMatch) -> Doubt:
    """Return the doubt about a candidate without a check of its letters."""
    if written.view.starts[written.start] == written.view.starts[written.end - 1]:
        # A stand-in for the whole word may be an ordinary word, or letters with many meanings.
        if written.step(written.start) == "initials":
            return Doubt.SOME
        if written.step(written.start) == "stand-in" and all(
            map(is_han, written.text[left_of(written) : written.view.ends[written.start]])
        ):
            return Doubt.FULL
    if written.gaps and not written.replaced and "reversed" not in written.steps:
        odd = len(set(written.meant)) > 1 and any(gap_is_odd(written, unit) for unit in written.gaps)
        return Doubt.NONE if odd else Doubt.FULL
    if written.replaced and not any(is_odd(written, unit) for unit in written.replaced):
        return Doubt.FULL
    sounded = [unit for unit in written.replaced if not written.step(unit)]
    if sounded:
        return sound_doubt(written, sounded)
    if "reversed" in written.steps and not written.replaced:
        ordinary = all(in_ordinary_word(written, unit) for unit in range(written.start, written.end))
        return Doubt.FULL if ordinary else Doubt.NONE
    return Doubt.NONE


def sound_doubt(written: ReadingMatch, sounded: Sequence[int]) -> Doubt:
    """Return the doubt about characters that may sound like others by coincidence.

    The shorter the word, the more characters must be its own and the more unusual the replaced ones must be.
    """
    if all(PARTICLES.issuperset(written.pair(unit)) for unit in sounded):
        return Doubt.FULL
    length = written.end - written.start
    if not may_sound_like(length, len(sounded), len(written.replaced), "reversed" in written.steps):
        return Doubt.FULL
    if not all(in_standard_set(written.meant[unit - written.start]) for unit in sounded):
        return Doubt.FULL
    if length >= LONG:
        return Doubt.NONE
    common = any(written.view.reading[unit] in written.context.common for unit in sounded)
    if common or not all(is_odd(written, unit) for unit in sounded):
        return Doubt.FULL
    sure = length > 2 and length > len(written.replaced) and "reversed" not in written.steps
    return Doubt.NONE if sure else Doubt.SOME


def may_sound_like(length: int, sounded: int, replaced: int, backwards: bool) -> bool:
    """Return whether enough units of a word are its own when some of them only sound alike."""
    exact = length - replaced
    if length >= LONG:
        return exact * 2 >= length and (not backwards or exact > 2)
    return sounded == 1 and (not backwards or exact > 1)


def in_standard_set(char: str) -> bool:
    """Return whether a character is one of the 6,763 of GB/T 2312. Rarer ones replace common ones, not vice versa."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def whole_sources(written: ReadingMatch) -> bool:
    """Return whether the match covers every unit of each spelling that stands for several units."""
    view, start, end = written.view, written.start, written.end
    if start and view.starts[start - 1] == view.starts[start]:
        return False
    return not (end < len(view.starts) and view.starts[end] == view.starts[end - 1])


def left_of(written: ReadingMatch) -> int:
    """Return the start of the match in the normalised text."""
    return written.view.starts[written.start]


def letter_doubt(written: ReadingMatch) -> Doubt:
    """Return the doubt about letters: they may continue outside the match, or be too few."""
    text, (left, right) = written.text, written.place
    latin = [unit for unit in range(written.start, written.end) if written.step(unit) in _LATIN]
    if not latin:
        return Doubt.FULL if cuts_letters(text, left, right) else Doubt.NONE
    letters = sum(written.view.ends[unit] - written.view.starts[unit] for unit in latin)
    mixed = len(latin) < written.end - written.start
    before = left > 0 and continues(text[left], text[left - 1])
    after = right < len(text) and continues(text[right - 1], text[right])
    if before or after:
        run = _RUN.search(text, max(0, right - RUN), right)
        longer = _RUN_ON.match(text, right, right + RUN)
        length = (right - run.start() if run else 0) + (longer.end() - right if longer else 0)
        if letters >= LATIN and (len(latin) >= 3 or length >= RUN):
            return Doubt.NONE
        syllables = (not before or written.step(written.start - 1) in _LATIN) and (
            not after or written.step(written.end) in _LATIN
        )
        return Doubt.SOME if syllables and (mixed or letters >= MIXED) else Doubt.FULL
    odd = any(char in "@$" or (char.isalnum() and not "a" <= char <= "z") for char in text[left:right])
    if mixed or letters >= (MIXED if odd else LATIN):
        return Doubt.NONE
    return Doubt.SOME if letters >= MIXED else Doubt.FULL


def edges_free(written: ReadingMatch) -> bool:
    """Return whether no ordinary word crosses an edge of the match."""
    return not written.context.cuts(*written.place)


def is_odd(written: ReadingMatch, unit: int) -> bool:
    """Return whether the spelling of a replaced unit is not part of an ordinary word."""
    step = written.step(unit)
    if step in _SURE:
        return True
    left, right = written.view.starts[unit], written.view.ends[unit]
    word = written.context.word(left)
    if step in ("split", "repeat"):
        return word[1] < right or word[0] > left
    return word[1] - word[0] == 1 and not written.context.known[left]


def in_ordinary_word(written: ReadingMatch, unit: int) -> bool:
    """Return whether a unit is part of a word of two or more characters."""
    word = written.context.word(written.view.starts[unit])
    return word[1] - word[0] > 1


def gap_is_odd(written: ReadingMatch, unit: int) -> bool:
    """Return whether the signs after a unit are unusual in ordinary text: they split a word, or are rare."""
    between = written.between(unit)
    if is_rare(between):
        return True
    if PAUSES.issuperset(between) and all(in_ordinary_word(written, side) for side in (unit, unit + 1)):
        return False
    return written.context.breaks(written.meant, unit - written.start)


def is_rare(between: str) -> bool:
    """Return whether the text between two units has signs that are rare in ordinary text."""
    return not ORDINARY.issuperset(between.replace(HOLE, ""))


def by_chance(length: int, steps: Collection[str]) -> bool:
    """Return whether a disguised word of this length may be a coincidence, given its steps."""
    return length < LONG and not _CHANCE.isdisjoint(steps)
