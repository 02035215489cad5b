"""Select the texts that may have a disguised word, by their pronunciation, for all texts at once."""

from __future__ import annotations

from functools import lru_cache
from string import ascii_lowercase, digits

import numpy as np

from ..evasion.detector import Detector
from ..evasion.homophones import CACHED_READINGS, SHORT
from ..evasion.keys import Target
from ..evasion.partings import BARRIERS
from ..evasion.plausibility import LONG, is_rare
from .joined import BETWEEN, POINTS, JoinedTexts, Mask, Places, Points, expand_ranges, membership, to_text
from .occurrences import Occurrences

CROWDED = 12
"""Repeated characters, or candidates, of a text above which it is crowded. Ordinary templates have fewer."""
_UNKNOWN = -1


class HomophoneCandidates:
    """The pronunciations of words, as arrays. Immutable apart from its caches."""

    def __init__(self, disguises: Detector, known: int) -> None:
        """Take the detector whose results it must agree with, and the number of literals."""
        self._disguises = disguises
        self._rewriting = np.zeros(known, np.bool_)
        self._rewriting[list(disguises.rewriting)] = True
        self._latin = membership(ascii_lowercase)
        self._inserted = membership(ascii_lowercase + digits)
        self._ends = membership(BARRIERS)
        self._pairs = np.sort(
            np.fromiter((ord(pair[0]) * POINTS + ord(pair[1]) for pair in disguises.pairs), np.int64)
        )
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

    def of(self, joined: JoinedTexts, folded: Points) -> tuple[Mask, Mask, list[tuple[int, Target, int]]]:
        """Return which texts repeat a character, which are crowded, and the candidates for disguised words.

        A crowded text repeats more than CROWDED characters or has more than CROWDED candidates; its candidates are
        left out. A candidate is the text's index, the target, and the index of its first unit in the text, not
        counting separators.
        """
        keys = self._keys(folded)
        kept = np.flatnonzero(keys)
        reading = folded.take(kept)
        repeats = np.zeros(len(joined), np.int64)
        if self._disguises.reads_repeats_once:
            again = (reading[1:] == reading[:-1]) & (reading[1:] >= 0x4E00) & (reading[1:] < 0xA000)
            again &= np.diff(kept) == 1
            repeats = np.bincount(joined.rows(kept[np.flatnonzero(again)]), minlength=len(joined))
        word, start, others = self._alike(keys.take(kept), kept, reading)
        texts = joined.rows(kept.take(start))
        crowded = (repeats > CROWDED) | (np.bincount(texts, minlength=len(joined)) > CROWDED)
        judged = np.flatnonzero(~crowded.take(texts))
        word, start, others, texts = (one.take(judged) for one in (word, start, others, texts))
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
        return repeats > 0, crowded, alike

    def parted(self, joined: JoinedTexts, folded: Points) -> Mask:
        """Return which texts may have sentence ends, a letter or a digit inside a word."""
        ends, inserted = self._ends.take(folded), self._inserted.take(folded)
        alone = np.flatnonzero(ends[:-2] & ~ends[1:-1] & ends[2:])
        single = np.flatnonzero(inserted[1:-1] & ~inserted[:-2] & ~inserted[2:])
        pairs = folded.take(single) * POINTS + folded.take(single + 2)
        return joined.having(np.concatenate((alone, single[is_among(pairs, self._pairs)])))

    def rewritten(self, joined: JoinedTexts, folded: Points, found: Occurrences) -> Mask:
        """Return which texts have letters, or a spelling of a substitution table."""
        rows = joined.having(np.flatnonzero(self._latin.take(folded)))
        rows[found.text[self._rewriting.take(found.literal)]] = True
        return rows

    def _alike(self, keys: Points, kept: Places, reading: Points) -> tuple[Places, Places, Places]:
        """Return the targets with a matching pronunciation, their starts, and how many characters differ.

        Targets are indices into `_targets`. `kept` holds the places of `reading`, the text without
        separators; starts are indices into it.
        """
        found = self._disguises.matcher.columns(to_text(keys))
        times = self._count.take(found.pattern)
        word = expand_ranges(self._first.take(found.pattern), times)
        start = np.repeat(found.start, times)
        # Most matches are the word itself, which the first two units show: no word is shorter.
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
        # The same condition as in `may_sound_like` of `smsvet.evasion.plausibility`.
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
        """Return 1 where a unit differs from the word's own, else 0."""
        unlike: Places = (reading.take(start + unit) != self._chars[unit].take(word)).astype(np.int64)
        return unlike

    def _has_common(self, word: Places, start: Places, reading: Points) -> Mask:
        """Return whether one of the first two units is a common character that differs from the word's own."""
        units = (reading.take(start + unit) for unit in range(SHORT))
        first, second = (
            (read != self._chars[unit].take(word)) & self._common.take(read)
            for unit, read in enumerate(units)
        )
        common: Mask = first | second
        return common

    def _is_not_ordinary(self, at: int, read: str, preceded: bool) -> bool:
        """Return whether a match is neither a word itself nor part of one with its neighbour."""
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
        """Return whether a word has a separator inside that ordinary text would not have."""
        return any(
            self._disguises.breaks(target.written, gap) or is_rare(whole[units[gap] + 1 : units[gap + 1]])
            for gap in np.flatnonzero(np.diff(units) > 1).tolist()
        )

    def _keys(self, folded: Points) -> Points:
        """Return the search key of each code point, 0 for a separator."""
        keys = self._key.take(folded)
        unknown = set(folded[keys == _UNKNOWN].tolist())
        if unknown:
            for point in unknown:
                kept = self._disguises.key_of(chr(point))
                self._key[point] = point if chr(point) == BETWEEN else ord(kept) if kept else 0
            keys = self._key.take(folded)
        return keys


def is_among(values: Places, ordered: Places) -> Mask:
    """Return whether each value is one of the `ordered` ones. `np.isin` would sort these again."""
    among = np.zeros(len(values), np.bool_)
    if len(ordered):
        places = np.searchsorted(ordered, values).clip(max=len(ordered) - 1)
        among |= ordered.take(places) == values
    return among
