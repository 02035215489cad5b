"""A sequence of lines that are parsed lazily, because most are never used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, overload

Read = TypeVar("Read")


class LazyLines(Sequence[Read]):
    """The parsed values of validated lines. Each line is parsed on first access. Safe to share between threads."""

    def __init__(self, lines: Sequence[str], read: Callable[[str], Read], more: Iterable[Read] = ()) -> None:
        """Take the lines, the function that parses a line, and parsed values to append."""
        self._lines = lines
        self._read = read
        self._parsed: dict[int, Read] = dict(enumerate(more, len(lines)))
        self._count = len(lines) + len(self._parsed)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Read: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Read]: ...

    def __getitem__(self, place: int | slice) -> Read | Sequence[Read]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        try:
            return self._parsed[place]
        except KeyError:
            if place < 0:
                return self[place + self._count]
            # No lock: two threads may parse the same line, with equal results.
            read = self._parsed[place] = self._read(self._lines[place])
            return read
