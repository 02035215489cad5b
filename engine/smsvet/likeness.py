"""Which of many texts may have a word in disguise: what sounds like one, told for all texts together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .disguise import SHORT, Disguises
from .joined import BETWEEN, Joined
from .plausible import LONG, is_rare

_UNKNOWN = 0xFFFFFFFF


class Likeness:
    """What words sound like, as arrays. Immutable, apart from what it remembers."""

    def __init__(self, disguises: Disguises) -> None:
        """Take the disguises that it must agree with."""
        self._disguises = disguises
        self._key = np.full(0x110000, _UNKNOWN, np.uint32)
        self._common = np.zeros(0x110000, np.bool_)
        self._common[[ord(char) for char in disguises.common]] = True
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
        found = self._disguises.matcher.columns(keys[kept].tobytes().decode("utf-32-le", "replace"))
        times = self._count[found.pattern]
        word = np.repeat(self._first[found.pattern] - (np.cumsum(times) - times), times) + np.arange(
            times.sum()
        )
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
        alike = np.where(
            length >= LONG,
            (exact * 2 >= length) & (~backwards | (exact > 2)),
            (others == 1) & (~backwards | (exact > 1)),
        )
        alike &= (others > 0) & ~((length == SHORT) & common)
        likely = np.flatnonzero(as_meant | alike)
        rows = np.zeros(len(joined.starts), np.bool_)
        if self._disguises.reads_repeats_once:
            again = (reading[1:] == reading[:-1]) & (reading[1:] >= 0x4E00) & (reading[1:] < 0xA000)
            again &= np.diff(kept) == 1
            rows[joined.rows(kept[np.flatnonzero(again)])] = True
        numbers = joined.rows(kept[start[likely]]).tolist()
        told = zip(
            word[likely].tolist(), start[likely].tolist(), numbers, others[likely].tolist(), strict=True
        )
        text = shown(reading)
        for sought_at, begin, number, unlike in told:
            if rows[number]:
                continue
            sought = self._sought[sought_at]
            end = begin + len(sought.written)
            written = text[begin:end]
            if unlike or sought.backwards:
                alone = unlike and len(written) == SHORT and self._disguises.is_word(written)
                round_it = text[max(begin - 1, 0) : begin], text[end : end + 1]
                rows[number] = not alone and not self._disguises.completes_a_word(
                    written, sought.written, *round_it
                )
            else:
                gaps = np.flatnonzero(np.diff(kept[begin:end]) > 1).tolist()
                rows[number] = any(
                    self._disguises.breaks(written, gap)
                    or is_rare(joined.text[kept[begin + gap] + 1 : kept[begin + gap + 1]])
                    for gap in gaps
                )
        return rows

    def _keys(self, joined: Joined) -> NDArray[np.uint32]:
        """Return what is searched for each code point, 0 for what separates."""
        keys = self._key[joined.folded]
        unknown = np.unique(joined.folded[keys == _UNKNOWN])
        if len(unknown):
            for point in unknown.tolist():
                kept = self._disguises.key_of(chr(point))
                self._key[point] = point if chr(point) == BETWEEN else ord(kept) if kept else 0
            keys = self._key[joined.folded]
        return keys


def shown(points: NDArray[np.uint32]) -> str:
    """Return code points as text."""
    return points.tobytes().decode("utf-32-le", "replace")
