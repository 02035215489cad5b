"""Find the words that a reading sounds like, without coincidences."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from ..text.automaton import Automaton
from .keys import Target
from .plausibility import LONG, may_sound_like
from .readings import AsWritten, Reading

SHORT = 2
"""Length of a word where no character that is common by itself may replace one of the word's own."""
CACHED_READINGS = 1 << 16
"""Maximum number of readings whose candidate words are cached."""

SoundMatch = tuple[str, int, int, bool]
"""A word as spelled in a reading, its start and end in units, and whether it is spelled backwards."""


class Homophones:
    """Finds the words that a reading may contain. Immutable apart from its caches; shared between threads."""

    def __init__(
        self,
        targets: Sequence[tuple[Target, ...]],
        matcher: Automaton,
        common: Collection[str],
        is_word: Callable[[str], bool],
    ) -> None:
        """Take the targets by key, the automaton of the keys, the common characters and the test for a word."""
        self._targets = targets
        self._matcher = matcher
        self._common = common
        self._is_word = is_word
        self._cached: dict[str, tuple[Target, ...]] = {}
        self._exact: set[str] = set()

    def as_written(self, folded: str, view: AsWritten) -> Iterator[SoundMatch]:
        """Return the words that a text sounds like when every character is read as written.

        Nearly every homophone is the word itself or a coincidence. The candidates of a reading do not depend
        on its surroundings, so they are cached.
        """
        reading, breaks, cached, exact = view.reading, view.breaks, self._cached, self._exact
        sometimes_parted: dict[str, bool] = {}
        gap, following = 0, iter(breaks)
        upcoming = next(following)
        # Matches are in the order of their ends: `gap` is the last break before the end of a match.
        for start, end, index in self._matcher.each(view.key):
            while upcoming < end:
                gap, upcoming = upcoming, next(following)
            read = reading[start:end]
            # A word that is spelled correctly is disguised only if there is a gap in it.
            parted = start < gap
            if not parted and read in exact:
                continue
            likely = cached.get(read)
            if likely is None:
                likely = self._newly_cached(index, read)
            for written, backwards in likely:
                if read == written and not backwards:
                    if not parted:
                        continue
                    if read not in sometimes_parted:
                        sometimes_parted[read] = folded.count(read) != reading.count(read)
                    if not sometimes_parted[read]:
                        continue
                elif self.completes_a_word(read, written, reading[start - 1 : start], reading[end : end + 1]):
                    continue
                yield written, start, end, backwards

    def rewritten(self, view: Reading, key: str) -> Iterator[SoundMatch]:
        """Return the words that a reading sounds like where at least one unit is substituted."""
        reading, steps = view.reading, view.steps or ()
        likely: dict[tuple[int, str, tuple[str, ...]], tuple[Target, ...]] = {}
        for start, end, index in self._matcher.each(key):
            taken = tuple(steps[start:end])
            # Matches without a step are found in the text as written.
            if not any(taken):
                continue
            read = reading[start:end]
            words = likely.get((index, read, taken))
            if words is None:
                words = likely[index, read, taken] = tuple(
                    word
                    for word in self._targets[index]
                    if not self._is_chance(read, word.written, word.backwards, taken)
                    and not (word.backwards and read == word.written[::-1])
                )
            for written, backwards in words:
                yield written, start, end, backwards

    def completes_a_word(self, read: str, written: str, before: str, after: str) -> bool:
        """Return whether the only differing character, at an edge, forms a word with its outer neighbour."""
        others = [place for place, char in enumerate(read) if char != written[place]]
        if len(read) >= LONG or len(others) != 1:
            return False
        return (others == [0] and before != "" and self._is_word(before + read[0])) or (
            others == [len(read) - 1] and after != "" and self._is_word(read[-1] + after)
        )

    def _newly_cached(self, index: int, read: str) -> tuple[Target, ...]:
        """Return the likely words of a reading, and cache them."""
        likely = self._likely_words(index, read)
        if len(self._cached) < CACHED_READINGS:
            self._cached[read] = likely
            if likely == ((read, False),):
                self._exact.add(read)
        return likely

    def _likely_words(self, index: int, read: str) -> tuple[Target, ...]:
        """Return the words with this key that a reading may stand for, regardless of its surroundings."""
        return tuple(
            word
            for word in self._targets[index]
            if (read == word.written or not self._is_chance(read, word.written, word.backwards, ()))
            and not (word.backwards and read == word.written[::-1])
        )

    def _is_chance(self, read: str, written: str, backwards: bool, steps: Sequence[str]) -> bool:
        """Return whether a reading sounds like the word only by coincidence, regardless of its surroundings."""
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
