"""Shorten the repetitions of a long text, so that a term in them is searched a few times instead of thousands.

Whether a match counts depends on the text around it. In the middle of a repetition that is the same in every period:
the matches in the periods left out are those of the periods before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from ..evasion.language import ForeignSentences
from ..evasion.partings import is_han
from .combinations import MAX_REPEATS, Match, Piece
from .entries import Entry

LONG_TEXT = 300
"""Least length in code points of a text that is shortened. Most texts are shorter, and are not probed for repetitions."""
LONGEST_PERIOD = 256
"""Greatest length in code points of the part that is repeated."""
AROUND = 80
"""Code points of a repetition that are kept at least on both sides of a cut."""
BESIDE = 24
"""Code points on both sides of a match that may decide whether it counts."""
BLOCK = 24
"""Least length in code points of the periods whose matches are those of the part that is left out."""
_LATIN = re.compile("[a-z]")
_PROBE = 32
_APART = 100
"""Code points between two probes for a repetition."""


class Cut(NamedTuple):
    """A part of a repetition that is left out: its place, and the length of the periods before that are equal to it.

    The length of the part is a multiple of `period`.
    """

    start: int
    end: int
    period: int


class Shortened:
    """A normalised text without the middle of its repetitions."""

    def __init__(self, folded: str, cuts: Sequence[Cut]) -> None:
        """Leave the cuts out of a text."""
        self._cuts = cuts
        starts, ends = [0, *(cut.end for cut in cuts)], [*(cut.start for cut in cuts), len(folded)]
        self.folded = "".join([folded[start:end] for start, end in zip(starts, ends, strict=True)])
        self._left_out = [0, *accumulate(cut.end - cut.start for cut in cuts)]

    def restored(self, matches: Sequence[Match]) -> Iterator[Match]:
        """Yield the matches in the whole text, from those in the shortened one.

        Of the matches in a part that is left out, at least MAX_REPEATS are yielded for each category, strength and
        steps, from the start of the part.
        """
        seams = [cut.start - left_out for cut, left_out in zip(self._cuts, self._left_out, strict=False)]
        found = [(sum(seam <= pieces[0].start for seam in seams), entry, pieces) for entry, pieces in matches]
        # The last periods before a cut, and how often each kind of match is in them.
        repeated = [
            passed < len(seams) and pieces[0].start >= seams[passed] - self._cuts[passed].period
            for passed, _, pieces in found
        ]
        kinds = [(passed, kind_of(entry, pieces)) for passed, entry, pieces in found]
        counts = Counter(kind for kind, again in zip(kinds, repeated, strict=True) if again)
        for (passed, entry, pieces), kind, again in zip(found, kinds, repeated, strict=True):
            by = self._left_out[passed]
            yield entry, tuple([moved(piece, by) for piece in pieces]) if by else pieces
            if again:
                start, end, period = self._cuts[passed]
                copies = min((end - start) // period, -(-MAX_REPEATS // counts[kind]))
                for copy in range(1, copies + 1):
                    yield entry, tuple([moved(piece, by + copy * period) for piece in pieces])


def kind_of(entry: Entry, pieces: Sequence[Piece]) -> tuple[str, str, bool, tuple[tuple[str, ...], ...]]:
    """Return what decides on a match wherever it is: category, strength, whether it is in pieces, and its steps."""
    steps = tuple([piece.disguise.transforms for piece in pieces if piece.disguise])
    return entry.category, entry.strength, len(pieces) > 1, steps


def moved(piece: Piece, by: int) -> Piece:
    """Return an equal piece, `by` code points further on."""
    return Piece(piece.start + by, piece.end + by, piece.disguise and piece.disguise.moved(by))


def shortened(folded: str, spells: Callable[[str], bool], reach: int) -> Shortened | None:
    """Return a normalised text without the middle of its repetitions; None for a text that hardly repeats itself.

    `spells` returns whether letters are pinyin. `reach` is the greatest length of a match in code points.
    """
    around = max(AROUND, reach + BESIDE)
    cuts = list(cuts_of(folded, around))
    if not cuts:
        return None
    shorter = Shortened(folded, cuts)
    if all(map(has_own_language, (folded[cut.start - cut.period : cut.start] for cut in cuts))):
        return shorter
    return shorter if same_languages(folded, shorter.folded, cuts, spells) else None


def has_own_language(period: str) -> bool:
    """Return whether the language of a repetition is not a matter of its length: it is Chinese, or has no pinyin."""
    return _LATIN.search(period) is None or any(map(is_han, period))


def same_languages(folded: str, shorter: str, cuts: Sequence[Cut], spells: Callable[[str], bool]) -> bool:
    """Return whether sentences are Chinese in the shortened text exactly if they are in the whole text.

    The share of pinyin in a sentence depends on its length.
    """
    whole, short = ForeignSentences(folded, spells), ForeignSentences(shorter, spells)
    left_out = 0
    for cut in cuts:
        for place in (cut.start - AROUND, cut.start - 1):
            if whole.hold(place, place + 1) != short.hold(place - left_out, place - left_out + 1):
                return False
        left_out += cut.end - cut.start
    return True


def cuts_of(folded: str, around: int) -> Iterator[Cut]:
    """Yield the parts of a text that repeat the periods before them and can be left out, in order.

    `around` code points of a repetition are kept on both sides.
    """
    place = 0
    while place + 2 * around < len(folded):
        period = folded.find(folded[place : place + _PROBE], place + 1) - place
        end = repeated_until(folded, place, period) if 0 < period <= LONGEST_PERIOD else place
        if 0 < period <= LONGEST_PERIOD:
            block = period * -(-BLOCK // period)
            start = place + around + block
            size = (end - around - start) // block * block
            if size > 0:
                yield Cut(start, start + size, block)
        place = max(place + _APART, end)


def repeated_until(folded: str, start: int, period: int) -> int:
    """Return up to where a text from `start` repeats a part of this length."""
    size = period * -(-_PROBE // period)
    end = start
    while (
        end + period + size <= len(folded)
        and folded[end : end + size] == folded[end + period : end + period + size]
    ):
        end += size
    return end + period
