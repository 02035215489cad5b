"""Find the placeholders of many bodies; bodies of the same shape are parsed once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..rules.facts import is_named
from ..templates.parser import SHAPES, TemplateParser
from ..templates.shape import DELIMITERS, FILLER, LETTERS, LONGEST, has_mark
from .joined import BETWEEN, POINTS, JoinedTexts, Mask, Places, Spans, expand_ranges, membership, to_text

_TEXT, _DELIMITER, _LETTER, _BETWEEN = range(4)


class Placeholders(NamedTuple):
    """The placeholders of many bodies, in order."""

    spans: Spans
    counts: Places
    """The number of placeholders per body."""
    named: Mask
    """Which bodies have a placeholder whose name is not a number."""
    unsure: Mask
    """Which bodies may have syntax errors, so that they need a full review."""


class ShapePlaceholders(NamedTuple):
    """The placeholders of a shape: their starts and lengths in code points, and whether one is named."""

    starts: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()
    named: bool = False


_NOTHING = ShapePlaceholders()


class PlaceholderReader:
    """Finds placeholders by the shapes of bodies. Immutable apart from a cache."""

    def __init__(self, parser: TemplateParser) -> None:
        """Take the parser for shapes that are not cached yet."""
        self._parser = parser
        self._known = lru_cache(maxsize=SHAPES)(self._placeholders_of)
        self._kind = np.zeros(POINTS, np.uint8)
        self._kind[membership(LETTERS)] = _LETTER
        self._kind[membership(DELIMITERS)] = _DELIMITER
        self._kind[ord(BETWEEN)] = _BETWEEN

    def read(self, joined: JoinedTexts, providers: Sequence[str]) -> Placeholders:
        """Return the placeholders of bodies, each parsed in its provider's syntax."""
        shapes, origins, begins = self._shapes(joined)
        unsure, named = np.zeros(len(joined), np.bool_), np.zeros(len(joined), np.bool_)
        texts: list[int] = []
        starts: list[int] = []
        lengths: list[int] = []
        known = self._known
        for text, (shape, begin, provider) in enumerate(zip(shapes, begins, providers, strict=True)):
            found = known(shape, provider)
            if found is None:
                unsure[text] = True
            elif found.starts:
                texts += [text] * len(found.starts)
                starts += [begin + start for start in found.starts]
                lengths += found.lengths
                named[text] = found.named
        first = origins.take(np.array(starts, np.int64))
        spans = np.array(texts, np.int64), first, first + np.array(lengths, np.int64)
        return Placeholders(spans, np.bincount(spans[0], minlength=len(joined)), named, unsure)

    def _shapes(self, joined: JoinedTexts) -> tuple[list[str], Places, list[int]]:
        """Return the shapes of bodies, the source place of each code point, and the start of each shape."""
        kind = self._kind.take(joined.points)
        edges = np.flatnonzero(np.diff(kind == _LETTER, prepend=False, append=False))
        first, last = edges[::2], edges[1::2]
        # Letters and digits next to a delimiter are part of the shape.
        alone = kind.take(last) != _DELIMITER
        alone &= (first == 0) | (kind.take(first - 1) != _DELIMITER)
        dropped = kind == _TEXT
        dropped[expand_ranges(first[alone], (last - first)[alone])] = True
        again = np.zeros(len(dropped), np.bool_)
        again[1:] = dropped[1:] & dropped[:-1]
        origins = np.flatnonzero(~again)
        shape = joined.points.take(origins)
        shape[dropped.take(origins)] = ord(FILLER)
        shapes = to_text(shape).split(BETWEEN)[:-1]
        sizes = np.fromiter(map(len, shapes), np.int64, len(shapes))
        return shapes, origins, (np.cumsum(sizes + 1) - sizes - 1).tolist()

    def _placeholders_of(self, shape: str, provider: str) -> ShapePlaceholders | None:
        """Return the placeholders of a shape; None if its bodies need a full review."""
        if not has_mark(shape):
            return _NOTHING
        if len(shape) > LONGEST:
            return None
        places = self._parser.places(shape, provider)
        if places is None:
            return None
        begins = [0]
        for part in shape.split(FILLER):
            begins.append(begins[-1] + len(part) + 1)
        return ShapePlaceholders(
            tuple(begins[place.part // 2] + place.offset for place in places),
            tuple(len(place.text) for place in places),
            any(map(is_named, places)),
        )
