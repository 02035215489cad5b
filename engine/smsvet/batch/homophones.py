"""Which of many texts may have a word in disguise: what sounds like one, told for all texts together."""

from __future__ import annotations

from functools import lru_cache
from string import ascii_lowercase

import numpy as np

from ..evasion.detector import Detector
from ..evasion.homophones import CACHED_READINGS, SHORT
from ..evasion.keys import Target
from ..evasion.plausibility import LONG, is_rare
from .joined import BETWEEN, POINTS, JoinedTexts, Mask, Places, Points, expand_ranges, membership, to_text
from .occurrences import Occurrences

_UNKNOWN = -1


class HomophoneCandidates:
    """What words sound like, as arrays. Immutable, apart from what it remembers."""

    def __init__(self, disguises: Detector, known: int) -> None:
        """Take the disguises that it must agree with, and how many literals there are."""
        self._disguises = disguises
        self._rewriting = np.zeros(known, np.bool_)
        self._rewriting[list(disguises.rewriting)] = True
        self._latin = membership(ascii_lowercase)
        self._not_ordinary = lru_cache(maxsize=CACHED_READINGS)(self._is_not_ordinary)
        self._key = np.full(POINTS, _UNKNOWN)
        self._common = membership(disguises.common)
        targets = self._targets = [word for words in disguises.targets for word in words]
        self._count = np.fromiter(map(len, disguises.targets), np.int64, len(disguises.targets))
        self._first = np.cumsum(self._count) - self._count
        self._length = np.fromiter((len(word.written) for word in targets), np.int64, len(targets))
        self._backwards = np.fromiter((word.backwards for word in targets), np.bool_, len(targets))
        self._palindrome = np.fromiter(
            (word.written == word.written[::-1] for word in targets), np.bool_, len(targets)
        )
        width = int(self._length.max(initial=1))
        padded = "".join(word.written.ljust(width, BETWEEN) for word in targets)
        chars = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32)
        self._chars = np.ascontiguousarray(chars.reshape(-1, width).T, np.int64)

    def of(self, joined: JoinedTexts, folded: Points) -> tuple[Mask, list[tuple[int, Target, int]]]:
        """Return which texts have a character twice in a row, and what may be a word in disguise.

        That is the text, the word, and the unit of the text at which it begins, what separates left out.
        """
        keys = self._keys(folded)
        kept = np.flatnonzero(keys)
        reading = folded.take(kept)
        repeated = np.zeros(len(joined), np.bool_)
        if self._disguises.reads_repeats_once:
            again = (reading[1:] == reading[:-1]) & (reading[1:] >= 0x4E00) & (reading[1:] < 0xA000)
            again &= np.diff(kept) == 1
            repeated = joined.having(kept[np.flatnonzero(again)])
        word, start, others = self._alike(keys.take(kept), kept, reading)
        texts = joined.rows(kept.take(start))
        begins = np.searchsorted(kept, joined.starts).take(texts)
        read, whole = to_text(reading), to_text(folded)
        alike: list[tuple[int, Target, int]] = []
        for at, begin, text, first, unlike in zip(
            word.tolist(), start.tolist(), texts.tolist(), begins.tolist(), others.tolist(), strict=True
        ):
            target = self._targets[at]
            end = begin + len(target.written)
            if (
                self._not_ordinary(at, read[max(begin - 1, 0) : end + 1], begin > 0)
                if unlike or target.backwards
                else self._has_rare_gap(target, whole, kept[begin:end])
            ):
                alike.append((text, target, begin - first))
        return repeated, alike

    def rewritten(self, joined: JoinedTexts, folded: Points, found: Occurrences) -> Mask:
        """Return which texts have letters, or something that a table reads otherwise."""
        rows = joined.having(np.flatnonzero(self._latin.take(folded)))
        rows[found.text[self._rewriting.take(found.literal)]] = True
        return rows

    def _alike(self, keys: Points, kept: Places, reading: Points) -> tuple[Places, Places, Places]:
        """Return the words that something sounds like and may be, where that begins, and how much of it differs.

        `kept` are the places of what is read, without what separates; the places returned count in that.
        """
        found = self._disguises.matcher.columns(to_text(keys))
        times = self._count.take(found.pattern)
        word = expand_ranges(self._first.take(found.pattern), times)
        start = np.repeat(found.start, times)
        # Most of what sounds like a word is that word, which two units tell: no word has fewer.
        others = self._unlike(word, start, 0, reading) + self._unlike(word, start, 1, reading)
        length = self._length.take(word)
        last = start + length - 1
        gapless = kept.take(last) - kept.take(start) == length - 1
        wanted = np.flatnonzero((others > 0) | (length > SHORT) | ~gapless | self._backwards.take(word))
        word, start, others, length, gapless = (
            one.take(wanted) for one in (word, start, others, length, gapless)
        )
        for unit in range(SHORT, int(length.max(initial=0))):
            longer = np.flatnonzero(length > unit)
            others[longer] += self._unlike(word.take(longer), start.take(longer), unit, reading)
        backwards = self._backwards.take(word)
        exact = length - others
        as_meant = (others == 0) & ~np.where(backwards, self._palindrome.take(word), gapless)
        # As `may_sound_like` in `smsvet.evasion.plausibility` says of one word.
        alike = np.where(
            length >= LONG,
            (exact * 2 >= length) & (~backwards | (exact > 2)),
            (others == 1) & (~backwards | (exact > 1)),
        )
        alike &= others > 0
        likely = np.flatnonzero(as_meant | alike)
        word, start, others = word.take(likely), start.take(likely), others.take(likely)
        usual = (self._length.take(word) == SHORT) & (others > 0) & self._has_common(word, start, reading)
        return word[~usual], start[~usual], others[~usual]

    def _unlike(self, word: Places, start: Places, unit: int, reading: Points) -> Places:
        """Return 1 where a unit is not that of the word, else 0."""
        unlike: Places = (reading.take(start + unit) != self._chars[unit].take(word)).astype(np.int64)
        return unlike

    def _has_common(self, word: Places, start: Places, reading: Points) -> Mask:
        """Return whether one of the first two units that are not the word's own is common by itself."""
        units = (reading.take(start + unit) for unit in range(SHORT))
        first, second = (
            (read != self._chars[unit].take(word)) & self._common.take(read)
            for unit, read in enumerate(units)
        )
        common: Mask = first | second
        return common

    def _is_not_ordinary(self, at: int, read: str, preceded: bool) -> bool:
        """Return whether what sounds like a word is no word itself, nor part of one with its neighbour."""
        written = self._targets[at].written
        before, read, after = (
            read[:preceded],
            read[preceded : preceded + len(written)],
            read[preceded + len(written) :],
        )
        if read != written and len(read) == SHORT and self._disguises.is_word(read):
            return False
        return not self._disguises.completes_a_word(read, written, before, after)

    def _has_rare_gap(self, target: Target, whole: str, units: Places) -> bool:
        """Return whether a word stands there with signs in it that no ordinary text would have."""
        return any(
            self._disguises.breaks(target.written, gap) or is_rare(whole[units[gap] + 1 : units[gap + 1]])
            for gap in np.flatnonzero(np.diff(units) > 1).tolist()
        )

    def _keys(self, folded: Points) -> Points:
        """Return what is searched for each code point, 0 for what separates."""
        keys = self._key.take(folded)
        unknown = set(folded[keys == _UNKNOWN].tolist())
        if unknown:
            for point in unknown:
                kept = self._disguises.key_of(chr(point))
                self._key[point] = point if chr(point) == BETWEEN else ord(kept) if kept else 0
            keys = self._key.take(folded)
        return keys
