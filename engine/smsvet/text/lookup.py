"""Multi-pattern matching by dictionary lookup of every substring, for small amounts of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Lookup:
    """Patterns in a dictionary: slow for long texts, but without any time to build."""

    __slots__ = ("_lengths", "_numbers")

    def __init__(self, numbers: Mapping[str, int]) -> None:
        """Take a mapping from patterns to their numbers. Patterns must not be empty."""
        self._numbers = numbers
        self._lengths = sorted(set(map(len, numbers)))

    def matches(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield each match, including overlapping ones, as (number, start, end) in code points."""
        numbers, lengths, whole = self._numbers, self._lengths, len(text)
        for start in range(whole):
            for length in lengths:
                end = start + length
                if end > whole:
                    break
                number = numbers.get(text[start:end])
                if number is not None:
                    yield number, start, end
