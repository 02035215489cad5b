"""Find many patterns in a little text without an automaton of them, by looking up every piece of the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Lookup:
    """Patterns by what they are. Takes long for a long text, but is ready at once."""

    __slots__ = ("_lengths", "_numbers")

    def __init__(self, numbers: Mapping[str, int]) -> None:
        """Take the patterns with a number each; none is empty."""
        self._numbers = numbers
        self._lengths = sorted(set(map(len, numbers)))

    def matches(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield each match, overlapping ones too, as (number, start, end) in code points."""
        numbers, lengths, whole = self._numbers, self._lengths, len(text)
        for start in range(whole):
            for length in lengths:
                end = start + length
                if end > whole:
                    break
                number = numbers.get(text[start:end])
                if number is not None:
                    yield number, start, end
