"""Which of many texts may have a word in disguise: what sounds like one, told for all texts together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .disguise import SHORT, Disguises
from .joined import BETWEEN, Joined, Places, Points, class_of
from .plausible import LONG, is_rare
from .sought import Sought

_UNKNOWN = 0xFFFFFFFF


class Likeness:
    """What words sound like, as arrays. Immutable, apart from what it remembers."""

    def __init__(self, disguises: Disguises) -> None:
        """Take the disguises that it must agree with."""
        self._disguises = disguises
        self._key = np.full(0x110000, _UNKNOWN, np.uint32)
        self._common = class_of(disguises.common)
        sought = self._sought = [word for words in disguises.sought for word in words]
        self._count = np.fromiter(map(len, disguises.sought), np.int64, len(disguises.sought))
        self._first = np.cumsum(self._count) - self._count
        self._length = np.fromiter((len(word.written) for word in sought), np.int64, len(sought))
        self._backwards = np.fromiter((word.backwards for word in sought), np.bool_, len(sought))
        self._same = np.fromiter(
            (word.written == word.written[::-1] for word in sought), np.bool_, len(sought)
        )
        width = int(self._length.max(initial=1))
        padded = "".join(word.written.ljust(width, BETWEEN) for word in sought)
        self._chars = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32).reshape(-1, width)

    def rows(self, joined: Joined) -> NDArray[np.bool_]:
        """Return which texts may have a word in disguise; those that take a table or letters are not among them."""
        keys = self._keys(joined)
        kept = np.flatnonzero(keys)
        reading = joined.folded[kept]
        rows = np.zeros(len(joined.starts), np.bool_)
        if self._disguises.reads_repeats_once:
            again = (reading[1:] == reading[:-1]) & (reading[1:] >= 0x4E00) & (reading[1:] < 0xA000)
            again &= np.diff(kept) == 1
            rows[joined.rows(kept[np.flatnonzero(again)])] = True
        word, start, others = self._alike(keys[kept], kept, reading)
        numbers = joined.rows(kept[start])
        text = shown(reading)
        for at, begin, number, unlike in zip(
            word.tolist(), start.tolist(), numbers.tolist(), others.tolist(), strict=True
        ):
            if not rows[number]:
                sought = self._sought[at]
                ordered = unlike or sought.backwards
                rows[number] = (
                    self._is_odd(sought, text, begin, unlike > 0)
                    if ordered
                    else self._is_parted(sought, joined, kept[begin : begin + len(sought.written)])
                )
        return rows

    def _alike(self, keys: Points, kept: Places, reading: Points) -> tuple[Places, Places, Places]:
        """Return the words that something sounds like and may be, where that begins, and how much of it differs.

        `kept` are the places of what is read, without what separates; the places returned count in that.
        """
        found = self._disguises.matcher.columns(shown(keys))
        times = self._count[found.pattern]
        first = self._first[found.pattern] - (np.cumsum(times) - times)
        word = np.repeat(first, times) + np.arange(times.sum())
        start = np.repeat(found.start, times)
        length = self._length[word]
        others = np.zeros(len(word), np.int64)
        common = np.zeros(len(word), np.bool_)
        for unit in range(int(length.max(initial=0))):
            inside = np.flatnonzero(length > unit)
            read = reading[start[inside] + unit]
            other = read != self._chars[word[inside], unit]
            others[inside] += other
            common[inside] |= other & self._common[read]
        backwards = self._backwards[word]
        exact = length - others
        gapless = kept[start + length - 1] - kept[start] == length - 1
        as_meant = (others == 0) & ~np.where(backwards, self._same[word], gapless)
        # As `may_sound_like` in `smsvet.plausible` says of one word.
        alike = np.where(
            length >= LONG,
            (exact * 2 >= length) & (~backwards | (exact > 2)),
            (others == 1) & (~backwards | (exact > 1)),
        )
        alike &= (others > 0) & ~((length == SHORT) & common)
        likely = np.flatnonzero(as_meant | alike)
        return word[likely], start[likely], others[likely]

    def _is_odd(self, sought: Sought, text: str, begin: int, unlike: bool) -> bool:
        """Return whether what sounds like a word is no word itself, nor part of one with its neighbour."""
        end = begin + len(sought.written)
        read = text[begin:end]
        if unlike and len(read) == SHORT and self._disguises.is_word(read):
            return False
        before, after = text[max(begin - 1, 0) : begin], text[end : end + 1]
        return not self._disguises.completes_a_word(read, sought.written, before, after)

    def _is_parted(self, sought: Sought, joined: Joined, units: Places) -> bool:
        """Return whether a word stands there with signs in it that no ordinary text would have."""
        return any(
            self._disguises.breaks(sought.written, gap)
            or is_rare(joined.text[units[gap] + 1 : units[gap + 1]])
            for gap in np.flatnonzero(np.diff(units) > 1).tolist()
        )

    def _keys(self, joined: Joined) -> Points:
        """Return what is searched for each code point, 0 for what separates."""
        keys = self._key[joined.folded]
        unknown = np.unique(joined.folded[keys == _UNKNOWN])
        if len(unknown):
            for point in unknown.tolist():
                kept = self._disguises.key_of(chr(point))
                self._key[point] = point if chr(point) == BETWEEN else ord(kept) if kept else 0
            keys = self._key[joined.folded]
        return keys


def shown(points: Points) -> str:
    """Return code points as text."""
    return points.tobytes().decode("utf-32-le", "replace")
