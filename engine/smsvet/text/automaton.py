"""Find every occurrence of many patterns in one pass, with whichever automaton is installed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from ..extras import check_installed
from ..files.cache import ContentCache
from ..model import Said
from .lookup import Lookup

BACKENDS = ("daachorse", "pyahocorasick")
"""The automata that can be used, the preferred one first."""

PATIENCE = 4000
"""Code points that are looked up before an automaton is built, which takes longer than these."""

_MODULES = {"daachorse": "daachorse", "pyahocorasick": "ahocorasick"}
_DAACHORSE = Said("backend daachorse", "The backend daachorse")


class Automaton(Protocol):
    """Something that finds all of its patterns in a text."""

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches, overlapping ones too, as (pattern index, start, end).

        Half-open code-point offsets, sorted by (start, end, index).
        """
        ...

    def each(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches as (start, end, pattern index), in the order of their ends."""
        ...

    def scan(self, text: str) -> Scan:
        """Return which patterns occur in a text; where, is worked out when it is asked for."""
        ...

    def columns(self, text: str) -> Columns:
        """Return all matches as columns, in the order of their ends."""
        ...

    def warm(self) -> None:
        """Make now what is otherwise made when many texts were searched."""
        ...


@dataclass(frozen=True, slots=True)
class Columns:
    """Matches by column: the patterns' indexes, and where each match starts, in code points."""

    pattern: NDArray[np.int64]
    start: NDArray[np.int64]


class Scan(NamedTuple):
    """What one pass over a text found: the patterns that occur in it, and the way to their places."""

    seen: set[int]
    places: Callable[[Container[int]], list[tuple[int, int, int]]]
    """Gives (pattern index, start, end) of each match of the patterns asked for, in no order."""


def installed() -> tuple[str, ...]:
    """Return the names of the backends that can be imported, the preferred one first."""
    return tuple(name for name in BACKENDS if find_spec(_MODULES[name]) is not None)


def build_automaton(
    patterns: Sequence[str],
    backend: str | None = None,
    content_cache: ContentCache | None = None,
    name: str = "",
    patience: int = PATIENCE,
) -> Automaton:
    """Return a matcher of the patterns; without a backend, the preferred one that is installed.

    One that would be built anew at each start is built after `patience` code points were searched without it.
    What `content_cache` kept under `name` must be of the same patterns and backend.
    Raises ValueError for an empty pattern or an unknown backend, MissingExtraError for one that is not
    installed.
    """
    if "" in patterns:
        raise ValueError(f"pattern {patterns.index('')} is empty")
    if backend is None:
        backend = next(iter(installed()), "pyahocorasick")
    if backend == "daachorse":
        check_installed(["daachorse"], "fast", _DAACHORSE)
        return _Daachorse(patterns, content_cache or ContentCache(), f"daachorse {name}")
    if backend == "pyahocorasick":
        return _Pyahocorasick(patterns, patience)
    raise ValueError(f"unknown matcher {backend!r}: one of {', '.join(BACKENDS)}")


_LEADS = bytes((byte & 0xC0) != 0x80 for byte in range(256))
"""By byte of UTF-8: 1 where it begins a code point."""


def _in_order(matches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return matches as (pattern index, start, end), sorted by place."""
    return [(index, start, end) for start, end, index in sorted(matches)]


class _Pyahocorasick:
    """Matches on the UTF-8 bytes, read as Latin-1.

    The automaton searches the children of a node one after the other, and with Chinese text the root
    has thousands of them; as bytes no node has more than 256.
    """

    __slots__ = ("_automaton", "_first", "_lengths", "_lock", "_lookup", "_patience", "_patterns", "_same")

    def __init__(self, patterns: Sequence[str], patience: int) -> None:
        self._first = dict(zip(patterns, range(len(patterns)), strict=True))
        self._same: dict[int, list[int]] = {}
        if len(self._first) < len(patterns):
            self._first = {}
            for index, pattern in enumerate(patterns):
                if self._first.setdefault(pattern, index) != index:
                    first = self._first[pattern]
                    self._same.setdefault(first, [first]).append(index)
        self._patterns = patterns
        self._lengths: Sequence[int] = ()
        self._automaton: Any = None
        self._lookup = Lookup(self._first)
        self._patience = patience
        self._lock = threading.Lock()

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches, overlapping ones too, as (pattern index, start, end)."""
        return _in_order(self.each(text))

    def each(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches as (start, end, pattern index), in the order of their ends."""
        if self._waits(text):
            return sorted(self._look_up(text), key=itemgetter(1))
        return [(start, end, index) for index, start, end in self._placed(*self._found(text))]

    def scan(self, text: str) -> Scan:
        """Return which patterns occur in a text, and the way to their places."""
        if self._waits(text):
            looked_up = self._look_up(text)
            return Scan({index for _, _, index in looked_up}, partial(_wanted, looked_up))
        data, found = self._found(text)
        return Scan({index for _, index in found}, partial(self._places, data, found))

    def columns(self, text: str) -> Columns:
        """Return all matches as columns, in the order of their ends."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        data, found = self._found(text)
        last, index = (np.fromiter(map(itemgetter(place), found), np.int64, len(found)) for place in (0, 1))
        # Continuation bytes begin no code point.
        points = np.cumsum((np.frombuffer(data, np.uint8) & 0xC0) != 0x80)
        return Columns(index, points[last] - np.array(self._lengths, np.int64)[index])

    def warm(self) -> None:
        """Make the automaton now."""
        if self._first:
            self._build()

    def _found(self, text: str) -> tuple[bytes, list[tuple[int, int]]]:
        """Return the bytes of a text, and the last byte and the index of each match, in the order of their ends."""
        data = text.encode("utf-8", "surrogatepass")
        # iter(), not iter_long(): releases 2.2.0 to 2.3.1 lose matches in it (pyahocorasick #133).
        # An automaton without patterns raises when it is asked.
        found = list(self._build().iter(data.decode("latin-1"))) if self._first else []
        if self._same:
            found = [(last, index) for last, first in found for index in self._same.get(first, (first,))]
        return data, found

    def _build(self) -> Any:
        if self._automaton is not None:
            return self._automaton
        with self._lock:
            if self._automaton is None:
                automaton = import_module("ahocorasick").Automaton()
                for pattern, index in self._first.items():
                    automaton.add_word(_as_latin_1(pattern), index)
                automaton.make_automaton()
                self._lengths = tuple(map(len, self._patterns))
                self._automaton = automaton
        return self._automaton

    def _waits(self, text: str) -> bool:
        """Return whether a text is searched without the automaton, which so few texts are not worth yet."""
        if self._automaton is not None:
            return False
        self._patience -= len(text)
        return self._patience >= 0 or not self._first

    def _look_up(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches as (start, end, pattern index), found in a mapping."""
        return [
            (start, end, index)
            for first, start, end in self._lookup.matches(text)
            for index in self._same.get(first, (first,))
        ]

    def _places(
        self, data: bytes, found: list[tuple[int, int]], wanted: Container[int]
    ) -> list[tuple[int, int, int]]:
        return self._placed(data, [match for match in found if match[1] in wanted])

    def _placed(self, data: bytes, found: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
        """Return matches of a last byte and an index as (pattern index, start, end), in code points."""
        if not found:
            return []
        points, lengths = list(accumulate(data.translate(_LEADS))), self._lengths
        return [(index, (end := points[last]) - lengths[index], end) for last, index in found]


class _Daachorse:
    """Matches on code points with a double array."""

    __slots__ = ("_automaton", "_exact", "_patterns")

    def __init__(self, patterns: Sequence[str], content_cache: ContentCache, name: str) -> None:
        self._patterns = tuple(patterns)
        self._exact = _encodable("".join(patterns))
        module: Any = import_module("daachorse")
        kept = content_cache.get_bytes(name)
        self._automaton: Any = None
        # Bytes are checked while they are read: those of another release, or damaged ones, are refused.
        with contextlib.suppress(ValueError):
            if kept is not None:
                self._automaton = module.CharwiseDoubleArrayAhoCorasick.deserialize(kept)
        if self._automaton is None:
            self._automaton = module.CharwiseDoubleArrayAhoCorasick([_encodable_part(p) for p in patterns])
            if content_cache.is_writing:
                content_cache.put_bytes(name, self._automaton.serialize())

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches, overlapping ones too, as (pattern index, start, end)."""
        return _in_order(self.each(text))

    def scan(self, text: str) -> Scan:
        """Return which patterns occur in a text, and the way to their places."""
        found = self.each(text)
        return Scan({index for _, _, index in found}, partial(_wanted, found))

    def columns(self, text: str) -> Columns:
        """Return all matches as columns, in the order of their ends."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        found = self.each(text)
        starts, patterns = (
            np.fromiter(map(itemgetter(place), found), np.int64, len(found)) for place in (0, 2)
        )
        return Columns(patterns, starts)

    def warm(self) -> None:
        """Make nothing: the automaton is there."""

    def each(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches as (start, end, pattern index), in the order of their ends."""
        exact = self._exact
        try:
            found: list[tuple[int, int, int]] = self._automaton.find_overlapping(text)
        except UnicodeEncodeError:
            found, exact = self._automaton.find_overlapping(_encodable_part(text)), False
        if not exact:
            # U+FFFD stands for every lone surrogate, so look at what really stands there.
            found = [match for match in found if text.startswith(self._patterns[match[2]], match[0])]
        return found


def _wanted(found: list[tuple[int, int, int]], wanted: Container[int]) -> list[tuple[int, int, int]]:
    return [(index, start, end) for start, end, index in found if index in wanted]


def _as_latin_1(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _encodable_part(text: str) -> str:
    """Return the text with U+FFFD for every lone surrogate, which Rust's strings cannot hold."""
    return text if _encodable(text) else "".join(char if _encodable(char) else "\ufffd" for char in text)
