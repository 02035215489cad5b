"""How the time of a search grows with the text, for any pattern and without a clock.

A pattern is linear if no text makes it take more than FACTOR steps a code point. A repetition with an upper bound is
a factor: `[^,]{0,40}x` takes at most 40 steps a code point. A repetition without one is a power of the length if
the pattern can read the same text in another way. `ambiguity` finds such texts. A matcher that counts its steps
searches them at several lengths and stops at a limit, so no pattern can make the judgement itself slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from .ambiguity import Automaton, Pump, Word
from .program import ENDLESS, Alphabet, Op, PatternError, Program, assemble, parse
from .stepper import Stepper, TooManyStepsError

FACTOR = 400
"""Steps a code point that a search may take. Python takes 2 to 15 ns a step: 3,000 code points take 18 ms at most."""
GROWTH = 3.0
"""Least growth that counts as square. Texts of the lengths n, 2n and 4n are searched. The second increase of steps is
twice the first for linear growth and four times the first for square growth."""
SHORT = 100
"""Code points of the shortest text that is tried; twice the longest bounded repetition, where that is more."""
LONGEST = 500
"""Code points of the shortest text at most."""
TOLD_APART = 6
"""Upper bounds up to which a repetition is told apart from one of fewer turns."""
FILLED = 3
"""Upper bounds above which it is tried what fills a repetition."""
PUMPS = 40
"""Texts of a kind that are tried at most."""


class Kind(StrEnum):
    """How the time of a search grows with the text."""

    LINEAR = "linear"
    COSTLY = "costly"
    """In proportion to the text, but with more than FACTOR steps a code point."""
    SQUARE = "square"
    """With the square of the text, or a higher power."""
    EXPONENTIAL = "exponential"
    UNKNOWN = "unknown"
    """Too large or too intricate to tell."""


class Growth(NamedTuple):
    """How a search grows, a text on which it does, and the most steps a code point that a text took."""

    kind: Kind
    text: str
    steps: float


@lru_cache(maxsize=4096)
def growth_of(pattern: str, flags: int = 0, anchored: bool = False) -> Growth:
    """Return how a search for every match of a pattern grows; anchored, how a match at one place does.

    Raises PatternError for an invalid pattern.
    """
    tree = parse(pattern, flags)
    try:
        alphabet = Alphabet(tree)
        exact = assemble(tree, alphabet)
        growing = _few(Automaton(assemble(tree, alphabet, _without_windows)).pumps(anchored))
        filling = _fillings(assemble(tree, alphabet, _with_endless_windows), anchored)
    except PatternError:
        return Growth(Kind.UNKNOWN, "", 0.0)
    longest = max((one[3] for one in exact.code if one[0] is Op.RUN and one[3] != ENDLESS), default=0)
    size = min(LONGEST, max(SHORT, 2 * longest))
    trial = _Trial(Stepper(exact), alphabet, size, anchored)
    for pump, suffix in product(growing, trial.suffixes):
        if trial.grows(pump, suffix):
            return Growth(
                Kind.EXPONENTIAL if pump.exponential else Kind.SQUARE, trial.shown(pump, suffix), trial.steps
            )
    worst = Growth(Kind.LINEAR, "", 0.0)
    for pump, suffix in product((*growing, *filling), trial.suffixes):
        trial.search(pump, suffix, size)
        if trial.steps > worst.steps:
            worst = Growth(Kind.LINEAR, trial.shown(pump, suffix), trial.steps)
        if worst.steps > FACTOR:
            return worst._replace(kind=Kind.COSTLY)
    return worst


class _Trial:
    """Searches texts of several lengths for one pattern."""

    def __init__(self, stepper: Stepper, alphabet: Alphabet, size: int, anchored: bool) -> None:
        self._stepper, self._alphabet, self._size, self._anchored = stepper, alphabet, size, anchored
        self.suffixes: list[Word] = [(alphabet.rarest[0],), (), (alphabet.rarest[1],)]
        """Endings that may prevent a match at the end of a text."""
        self.steps = 0.0
        """Steps a code point of the last search."""

    def search(self, pump: Pump, suffix: Word, size: int) -> int:
        """Search a text; return how many characters the matcher looked at, and -1 beyond FACTOR steps a code point."""
        turns = size // len(pump.repeated) + 1
        text = [1 << place for place in (*pump.prefix, *pump.repeated * turns, *suffix)]
        try:
            self.steps = self._stepper.search(text, FACTOR * len(text), self._anchored) / len(text)
        except TooManyStepsError:
            self.steps = float("inf")
            return -1
        return self._stepper.places

    def grows(self, pump: Pump, suffix: Word) -> bool:
        """Return whether the steps grow with more than the length of the text."""
        places: list[int] = []
        for times in (1, 2, 4):
            places.append(self.search(pump, suffix, times * self._size))
            if places[-1] < 0:
                return True
        short, middle, long = places
        return long - middle >= GROWTH * (middle - short)

    def shown(self, pump: Pump, suffix: Word) -> str:
        """Return the beginning of a text as it might be written."""
        return self._alphabet.spell((*pump.prefix, *pump.repeated * 4, *suffix))


def _without_windows(least: int, most: int) -> tuple[int, int]:
    """Return bounds of a repetition that tell the same of growth: one with an upper bound does not grow."""
    if most <= TOLD_APART:
        return least, most
    fewer = min(least, 2)
    return fewer, ENDLESS if most == ENDLESS else fewer + (most > least)


def _with_endless_windows(least: int, most: int) -> tuple[int, int]:
    """Return bounds of a repetition without an end where there are many turns."""
    return (min(least, 2), ENDLESS) if most > FILLED else (least, most)


def _few(pumps: Iterable[Pump]) -> list[Pump]:
    """Return each pump once, the exponential ones first."""
    return sorted(dict.fromkeys(islice(pumps, 4 * PUMPS)), key=lambda pump: not pump.exponential)[:PUMPS]


def _fillings(program: Program, anchored: bool) -> list[Pump]:
    """Return what fills the bounded repetitions of a pattern; nothing where it is too intricate to tell."""
    try:
        automaton = Automaton(program)
        found = _few(automaton.pumps(anchored))
        whole = automaton.sample()
    except PatternError:
        return []
    return [*found, *([Pump((), whole, False)] if whole else [])]
