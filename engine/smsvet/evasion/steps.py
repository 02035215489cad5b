"""Steps that turn part of a reading into a word, the units that they concern, and the places of those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..text.text import HOLE
from .pinyin import ALIKE, EXACT, Pinyin
from .readings import AsWritten, Reading


def steps_of(
    sounds: Pinyin, view: Reading | AsWritten, meant: str, start: int, end: int
) -> tuple[set[str], list[int]]:
    """Return the steps that turn each unit into the intended character, and the units that need a step."""
    steps: set[str] = set()
    replaced: list[int] = []
    for place, wanted in zip(range(start, end), meant, strict=True):
        read, step = view.reading[place], view.steps[place] if view.steps else ""
        if step:
            steps.add(step)
        if read != wanted and not sounds.same(read, wanted):
            steps.add("near-homophone")
        elif read != wanted and not EXACT <= ord(read) < ALIKE:
            steps.add("homophone")
        if step or read != wanted:
            replaced.append(place)
    return steps, replaced


def signs_within(folded: str, view: Reading | AsWritten, start: int, end: int) -> Iterator[str]:
    """Yield `placeholder` or `separator` for each syllable that is split by one."""
    for place in range(start, end):
        if view.steps and view.steps[place] == "pinyin":
            written = folded[view.starts[place] : view.ends[place]]
            if not written.isalnum():
                yield "placeholder" if HOLE in written else "separator"


def pieces_of(view: Reading | AsWritten, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the places in the normalised text of the units [start, end), adjacent ones merged."""
    pieces: list[tuple[int, int]] = []
    for place in range(start, end):
        left, right = view.starts[place], view.ends[place]
        if pieces and left <= pieces[-1][1]:
            pieces[-1] = pieces[-1][0], max(right, pieces[-1][1])
        else:
            pieces.append((left, right))
    return tuple(pieces)


def apart(places: Iterable[tuple[int, int]]) -> int:
    """Return the maximum number of places that do not overlap each other."""
    count = done = 0
    for start, end in sorted(places, key=lambda place: place[1]):
        if start >= done:
            count, done = count + 1, end
    return count
