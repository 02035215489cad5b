"""Find every occurrence of many patterns in one pass, with whichever automaton is installed."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from .artefact import Artefact

BACKENDS = ("daachorse", "pyahocorasick")
"""The automata that can be used, the preferred one first."""

_MODULES = {"daachorse": "daachorse", "pyahocorasick": "ahocorasick"}


class Matcher(Protocol):
    """Something that finds all of its patterns in a text."""

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches, overlapping ones too, as (pattern index, start, end).

        Half-open code-point offsets, sorted by (start, end, index).
        """
        ...

    def seen(self, text: str) -> set[int]:
        """Return the indexes of the patterns that occur in a text."""
        ...


def installed() -> tuple[str, ...]:
    """Return the names of the backends that can be imported, the preferred one first."""
    return tuple(name for name in BACKENDS if find_spec(_MODULES[name]) is not None)


def build(
    patterns: Sequence[str], backend: str | None = None, artefact: Artefact | None = None, name: str = ""
) -> Matcher:
    """Return a matcher of the patterns; without a backend, the preferred one that is installed.

    What `artefact` kept under `name` must be of the same patterns and backend.
    Raises ValueError for an empty pattern or an unknown backend, ImportError for one that is not
    installed.
    """
    for index, pattern in enumerate(patterns):
        if not pattern:
            raise ValueError(f"pattern {index} is empty")
    if backend is None:
        backend = next(iter(installed()), "pyahocorasick")
    if backend == "daachorse":
        return _Daachorse(patterns, artefact or Artefact(), f"daachorse {name}")
    if backend == "pyahocorasick":
        return _Pyahocorasick(patterns)
    raise ValueError(f"unknown matcher {backend!r}: one of {', '.join(BACKENDS)}")


def _place(match: tuple[int, int, int]) -> tuple[int, int, int]:
    index, start, end = match
    return start, end, index


class _Pyahocorasick:
    """Matches on the UTF-8 bytes, read as Latin-1.

    The automaton searches the children of a node one after the other, and with Chinese text the root
    has thousands of them; as bytes no node has more than 256.
    """

    __slots__ = ("_automaton",)

    def __init__(self, patterns: Sequence[str]) -> None:
        same: dict[str, list[int]] = {}
        for index, pattern in enumerate(patterns):
            same.setdefault(pattern, []).append(index)
        self._automaton: Any = None
        # An automaton without patterns raises when it is asked.
        if same:
            self._automaton = import_module("ahocorasick").Automaton()
            for pattern, indexes in same.items():
                self._automaton.add_word(_as_latin_1(pattern), (len(pattern), tuple(indexes)))
            self._automaton.make_automaton()

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches, overlapping ones too, as (pattern index, start, end)."""
        if self._automaton is None:
            return []
        matches: list[tuple[int, int, int]] = []
        data = _as_latin_1(text)
        done = end = 0
        # iter(), not iter_long(): releases 2.2.0 to 2.3.1 lose matches in it (pyahocorasick #133).
        for last, (length, indexes) in self._automaton.iter(data):
            # Ends come in order, so only the bytes since the match before are counted.
            end += len(data[done : last + 1].encode("latin-1").decode("utf-8", "surrogatepass"))
            done = last + 1
            matches.extend((index, end - length, end) for index in indexes)
        if len(matches) > 1:
            matches.sort(key=_place)
        return matches

    def seen(self, text: str) -> set[int]:
        """Return the indexes of the patterns that occur in a text."""
        if self._automaton is None:
            return set()
        found = {indexes for _, (_, indexes) in self._automaton.iter(_as_latin_1(text))}
        return {index for indexes in found for index in indexes}


class _Daachorse:
    """Matches on code points with a double array."""

    __slots__ = ("_automaton", "_exact", "_patterns")

    def __init__(self, patterns: Sequence[str], artefact: Artefact, name: str) -> None:
        self._patterns = tuple(patterns)
        self._exact = _encodable("".join(patterns))
        module: Any = import_module("daachorse")
        kept = artefact.kept_bytes(name)
        self._automaton: Any = None
        # Bytes are checked while they are read: those of another release, or damaged ones, are refused.
        with contextlib.suppress(ValueError):
            if kept is not None:
                self._automaton = module.CharwiseDoubleArrayAhoCorasick.deserialize(kept)
        if self._automaton is None:
            self._automaton = module.CharwiseDoubleArrayAhoCorasick([_encodable_part(p) for p in patterns])
            if artefact.wanted:
                artefact.keep_bytes(name, self._automaton.serialize())

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return all matches, overlapping ones too, as (pattern index, start, end)."""
        exact = self._exact
        try:
            found = self._automaton.find_overlapping(text)
        except UnicodeEncodeError:
            found, exact = self._automaton.find_overlapping(_encodable_part(text)), False
        matches = [(index, start, end) for start, end, index in found]
        if not exact:
            # U+FFFD stands for every lone surrogate, so look at what really stands there.
            matches = [match for match in matches if text.startswith(self._patterns[match[0]], match[1])]
        if len(matches) > 1:
            matches.sort(key=_place)
        return matches

    def seen(self, text: str) -> set[int]:
        """Return the indexes of the patterns that occur in a text."""
        if self._exact:
            try:
                return {index for _, _, index in self._automaton.find_overlapping(text)}
            except UnicodeEncodeError:
                pass
        return {index for index, _, _ in self.find(text)}


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
