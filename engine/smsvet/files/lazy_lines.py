"""Lines of which few are ever asked for, each read when it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, overload

Read = TypeVar("Read")


class LazyLines(Sequence[Read]):
    """What lines say that are known to be right. Shared between threads."""

    def __init__(self, lines: Sequence[str], read: Callable[[str], Read], more: Iterable[Read] = ()) -> None:
        """Take lines, what reads one, and what follows them."""
        self._lines = lines
        self._read = read
        self._known: dict[int, Read] = dict(enumerate(more, len(lines)))
        self._count = len(lines) + len(self._known)

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
            return self._known[place]
        except KeyError:
            if place < 0:
                return self[place + self._count]
            # Two threads may both read a line: they read the same.
            read = self._known[place] = self._read(self._lines[place])
            return read
