"""The placeholders of many bodies, read off the shapes that bodies share."""

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
    """How many each body has."""
    named: Mask
    """Which bodies have one whose name is no number."""
    unsure: Mask
    """Which bodies have to be read one by one: something may be wrong in them."""


class ShapePlaceholders(NamedTuple):
    """The placeholders of a shape: where in it each begins, how many code points it has, and whether one is named."""

    starts: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()
    named: bool = False


_NOTHING = ShapePlaceholders()


class PlaceholderReader:
    """Reads the shapes of bodies. Immutable, apart from what it remembers."""

    def __init__(self, parser: TemplateParser) -> None:
        """Take what reads the placeholders of a shape that is not known yet."""
        self._parser = parser
        self._known = lru_cache(maxsize=SHAPES)(self._placeholders_of)
        self._kind = np.zeros(POINTS, np.uint8)
        self._kind[membership(LETTERS)] = _LETTER
        self._kind[membership(DELIMITERS)] = _DELIMITER
        self._kind[ord(BETWEEN)] = _BETWEEN

    def read(self, joined: JoinedTexts, providers: Sequence[str]) -> Placeholders:
        """Return the placeholders of bodies, each as its provider reads it."""
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
        """Return the shapes of bodies, where each code point of them came from, and where each shape begins."""
        kind = self._kind.take(joined.points)
        edges = np.flatnonzero(np.diff(kind == _LETTER, prepend=False, append=False))
        first, last = edges[::2], edges[1::2]
        # Letters and digits that touch a delimiter are part of the shape.
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
        """Return the outline of a shape, None where its bodies have to be read one by one."""
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
