"""Multi-pattern string matching with Aho-Corasick automata: daachorse or pyahocorasick."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from ..extras import check_backend, is_installed
from ..files.cache import ContentCache
from .lookup import Lookup

BACKENDS = ("daachorse", "pyahocorasick")
"""Names of the supported backends, the preferred one first."""
PATIENCE = 4000
"""Code points to search by dictionary lookup before an automaton is built, because building it takes longer."""
_MODULES = {"daachorse": "daachorse", "pyahocorasick": "ahocorasick"}


class Automaton(Protocol):
    """A compiled set of patterns that finds all of them in a text."""

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches, including overlapping ones, as (pattern index, start, end).

        Offsets are half-open and count code points. Matches are sorted by (start, end, index).
        """
        ...

    def each(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches as (start, end, pattern index), in the order of their ends."""
        ...

    def scan(self, text: str) -> Scan:
        """Return the patterns that occur in a text. Their places are computed lazily."""
        ...

    def columns(self, text: str) -> Columns:
        """Return all matches as columns, in the order of their ends."""
        ...

    def warm(self) -> None:
        """Build the automaton eagerly; for long-lived processes."""
        ...


@dataclass(frozen=True, slots=True)
class Columns:
    """Matches as columns: the index of the pattern, and the start of the match in code points."""

    pattern: NDArray[np.int64]
    start: NDArray[np.int64]


class Scan(NamedTuple):
    """The result of one pass over a text: indexes of the patterns in it, and a function for their places."""

    seen: set[int]
    places: Callable[[Container[int]], list[tuple[int, int, int]]]
    """Returns (pattern index, start, end) of each match of the given patterns, in no particular order."""


def installed() -> tuple[str, ...]:
    """Return the names of the installed backends, the preferred one first."""
    return tuple(name for name in BACKENDS if is_installed(_MODULES[name]))


def build_automaton(
    patterns: Sequence[str],
    backend: str | None = None,
    content_cache: ContentCache | None = None,
    name: str = "",
    patience: int = PATIENCE,
) -> Automaton:
    """Return a matcher for the patterns. The default backend is the preferred one that is installed.

    A backend whose automaton cannot be cached builds it after `patience` code points, and looks patterns up in a
    dictionary until then. An automaton in `content_cache` under `name` must be of the same patterns and backend.
    Raises ValueError for an empty pattern or an unknown backend, MissingExtraError for one that is not installed.
    """
    if "" in patterns:
        raise ValueError(f"pattern {patterns.index('')} is empty")
    if backend is None:
        backend = next(iter(installed()), "pyahocorasick")
    if backend == "daachorse":
        check_backend("daachorse")
        return _Daachorse(patterns, content_cache or ContentCache(), f"daachorse {name}")
    if backend == "pyahocorasick":
        return _Pyahocorasick(patterns, patience)
    raise ValueError(f"unknown matcher {backend!r}: one of {', '.join(BACKENDS)}")


_LEADS = bytes((byte & 0xC0) != 0x80 for byte in range(256))
"""Translation table of UTF-8 bytes: 1 for the first byte of a code point, 0 for a continuation byte."""


def _points(data: bytes) -> list[int]:
    """Return the number of code points up to each byte of UTF-8 text, its own included."""
    return list(accumulate(data.translate(_LEADS)))


def _in_order(matches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return matches as (pattern index, start, end), sorted by (start, end, index)."""
    return [(index, start, end) for start, end, index in sorted(matches)]


class _Pyahocorasick:
    """A pyahocorasick automaton over UTF-8 bytes, decoded as Latin-1.

    The automaton searches the children of a node linearly. With Chinese characters the root would have thousands
    of children; with bytes no node has more than 256.
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
        """Return all matches, including overlapping ones, as (pattern index, start, end)."""
        return _in_order(self.each(text))

    def each(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches as (start, end, pattern index), in the order of their ends."""
        if self._uses_lookup(text):
            return sorted(self._look_up(text), key=itemgetter(1))
        data, found = self._found(text)
        points, lengths = _points(data) if found else [], self._lengths
        return [((end := points[last]) - lengths[index], end, index) for last, index in found]

    def scan(self, text: str) -> Scan:
        """Return the patterns that occur in a text, with a function for their places."""
        if self._uses_lookup(text):
            looked_up = self._look_up(text)
            return Scan({index for _, _, index in looked_up}, partial(_wanted, looked_up))
        data, found = self._found(text)
        return Scan(set(map(itemgetter(1), found)), partial(self._places, data, found))

    def columns(self, text: str) -> Columns:
        """Return all matches as columns, in the order of their ends."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        data, found = self._found(text)
        last, index = (np.fromiter(map(itemgetter(place), found), np.int64, len(found)) for place in (0, 1))
        points = np.cumsum((np.frombuffer(data, np.uint8) & 0xC0) != 0x80)  # first bytes of code points
        return Columns(index, points[last] - np.array(self._lengths, np.int64)[index])

    def warm(self) -> None:
        """Build the automaton."""
        if self._first:
            self._build()

    def _found(self, text: str) -> tuple[bytes, list[tuple[int, int]]]:
        """Return the UTF-8 bytes of a text, and (offset of the last byte, pattern index) of each match.

        Matches are in the order of their ends.
        """
        data = text.encode("utf-8", "surrogatepass")
        # iter(), not iter_long(): releases 2.2.0 to 2.3.1 lose matches in it (pyahocorasick #133).
        # An automaton without patterns raises an error on iteration.
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
                # Children are searched in the order of their insertion, so the most frequent characters come first.
                frequency = Counter(map(itemgetter(0), self._first))
                for pattern in sorted(self._first, key=lambda pattern: -frequency[pattern[0]]):
                    latin_1 = pattern.encode("utf-8", "surrogatepass").decode("latin-1")
                    automaton.add_word(latin_1, self._first[pattern])
                automaton.make_automaton()
                self._lengths = tuple(map(len, self._patterns))
                self._automaton = automaton
        return self._automaton

    def _uses_lookup(self, text: str) -> bool:
        """Return whether patience is left for a dictionary lookup, after subtracting the length of the text."""
        if self._automaton is not None:
            return False
        self._patience -= len(text)
        return self._patience >= 0 or not self._first

    def _look_up(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches as (start, end, pattern index), found by dictionary lookup."""
        return [
            (start, end, index)
            for first, start, end in self._lookup.matches(text)
            for index in self._same.get(first, (first,))
        ]

    def _places(
        self, data: bytes, found: list[tuple[int, int]], wanted: Container[int]
    ) -> list[tuple[int, int, int]]:
        chosen = [(last, index) for last, index in found if index in wanted]
        points, lengths = _points(data) if chosen else [], self._lengths
        return [(index, (end := points[last]) - lengths[index], end) for last, index in chosen]


class _Daachorse:
    """A daachorse automaton over code points, stored as a double array."""

    __slots__ = ("_automaton", "_exact", "_patterns")

    def __init__(self, patterns: Sequence[str], content_cache: ContentCache, name: str) -> None:
        self._patterns = tuple(patterns)
        self._exact = _encodable("".join(patterns))
        module: Any = import_module("daachorse")
        serialized = content_cache.get_bytes(name)
        self._automaton: Any = None
        # deserialize() validates its input: it raises for damaged bytes and for those of another release.
        with contextlib.suppress(ValueError):
            if serialized is not None:
                self._automaton = module.CharwiseDoubleArrayAhoCorasick.deserialize(serialized)
        if self._automaton is None:
            self._automaton = module.CharwiseDoubleArrayAhoCorasick([_encodable_part(p) for p in patterns])
            if content_cache.is_writing:
                content_cache.put_bytes(name, self._automaton.serialize())

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches, including overlapping ones, as (pattern index, start, end)."""
        return _in_order(self.each(text))

    def scan(self, text: str) -> Scan:
        """Return the patterns that occur in a text, with a function for their places."""
        found = self.each(text)
        return Scan(set(map(itemgetter(2), found)), partial(_wanted, found))

    def columns(self, text: str) -> Columns:
        """Return all matches as columns, in the order of their ends."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        found = self.each(text)
        starts, patterns = (
            np.fromiter(map(itemgetter(place), found), np.int64, len(found)) for place in (0, 2)
        )
        return Columns(patterns, starts)

    def warm(self) -> None:
        """Do nothing: the automaton is built by the constructor."""

    def each(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches as (start, end, pattern index), in the order of their ends."""
        exact = self._exact
        try:
            found: list[tuple[int, int, int]] = self._automaton.find_overlapping(text)
        except UnicodeEncodeError:
            found, exact = self._automaton.find_overlapping(_encodable_part(text)), False
        if not exact:
            # U+FFFD replaces every lone surrogate, so compare with the original characters.
            found = [match for match in found if text.startswith(self._patterns[match[2]], match[0])]
        return found


def _wanted(found: list[tuple[int, int, int]], wanted: Container[int]) -> list[tuple[int, int, int]]:
    return [(index, start, end) for start, end, index in found if index in wanted]


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _encodable_part(text: str) -> str:
    """Return the text with U+FFFD in place of lone surrogates, which Rust strings cannot contain."""
    return text if _encodable(text) else "".join(char if _encodable(char) else "\ufffd" for char in text)
