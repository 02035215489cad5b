"""Which words a reading of a text sounds like, apart from those that it sounds like by mere chance."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence

from ..text.automaton import Automaton
from .keys import Target
from .plausibility import LONG, may_sound_like
from .readings import AsWritten, Reading

SHORT = 2
"""Characters of a word that none of those that are common by themselves may stand in for."""
CACHED_READINGS = 1 << 16
"""Readings of which is remembered what they may be."""

SoundMatch = tuple[str, int, int, bool]
"""A word as it would be written in a view, the units it would be, and whether it is written backwards."""


class Homophones:
    """Tells the words that a view may hold. Immutable and shared between threads, apart from what it remembers."""

    def __init__(
        self,
        targets: Sequence[tuple[Target, ...]],
        matcher: Automaton,
        common: Collection[str],
        is_word: Callable[[str], bool],
    ) -> None:
        """Take the words by what they sound like, what finds that, and what tells ordinary characters and words."""
        self._targets = targets
        self._matcher = matcher
        self._common = common
        self._is_word = is_word
        self._cached: dict[str, tuple[Target, ...]] = {}
        self._exact: set[str] = set()

    def as_written(self, folded: str, view: AsWritten) -> Iterator[SoundMatch]:
        """Return the words that a text sounds like where every character is read as it is written.

        Nearly all of what sounds like a word is that word itself, or it by chance. So what a reading may be,
        whatever stands round it, is worked out once.
        """
        reading, breaks, cached, exact = view.reading, view.breaks, self._cached, self._exact
        for start, end, index in self._matcher.each(view.key):
            read = reading[start:end]
            # What is written as it is meant is disguised by what stands between.
            parted = end > breaks[bisect_right(breaks, start)]
            if not parted and read in exact:
                continue
            likely = cached.get(read)
            if likely is None:
                likely = self._likely_words(index, read)
                if len(cached) < CACHED_READINGS:
                    cached[read] = likely
                    if likely == ((read, False),):
                        exact.add(read)
            for written, backwards in likely:
                if read == written and not backwards:
                    if not parted or folded.count(read) == reading.count(read):
                        continue
                elif self.completes_a_word(read, written, reading[start - 1 : start], reading[end : end + 1]):
                    continue
                yield written, start, end, backwards

    def rewritten(self, view: Reading, key: str) -> Iterator[SoundMatch]:
        """Return the words that a view sounds like, with something in it read otherwise than it is written."""
        reading, steps = view.reading, view.steps or ()
        for start, end, index in self._matcher.each(key):
            taken = steps[start:end]
            # What needs no step is found in the view that takes none.
            if not any(taken):
                continue
            read = reading[start:end]
            for written, backwards in self._targets[index]:
                if not self._is_chance(read, written, backwards, taken) and not (
                    backwards and read == written[::-1]
                ):
                    yield written, start, end, backwards

    def completes_a_word(self, read: str, written: str, before: str, after: str) -> bool:
        """Return whether the only character that is not the word's own, at an edge of it, is part of a word outside."""
        others = [place for place, char in enumerate(read) if char != written[place]]
        if len(read) >= LONG or len(others) != 1:
            return False
        return (others == [0] and before != "" and self._is_word(before + read[0])) or (
            others == [len(read) - 1] and after != "" and self._is_word(read[-1] + after)
        )

    def _likely_words(self, index: int, read: str) -> tuple[Target, ...]:
        """Return which of the words that sound like what is read may be meant, whatever stands round it."""
        return tuple(
            word
            for word in self._targets[index]
            if (read == word.written or not self._is_chance(read, word.written, word.backwards, ()))
            and not (word.backwards and read == word.written[::-1])
        )

    def _is_chance(self, read: str, written: str, backwards: bool, steps: Sequence[str]) -> bool:
        """Return whether what is read only happens to sound like the word, whatever stands round it."""
        others = [place for place, char in enumerate(read) if char != written[place]]
        replaced = {*others, *(place for place, step in enumerate(steps) if step)}
        sounded = sum(not steps[place] for place in others) if steps else len(others)
        if sounded and not may_sound_like(len(read), sounded, len(replaced), backwards):
            return True
        return (
            len(read) == SHORT
            and bool(others)
            and (any(read[place] in self._common for place in others) or self._is_word(read))
        )
