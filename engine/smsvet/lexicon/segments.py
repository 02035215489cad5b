"""Segments of a text: the stretches within which the parts of a combination belong together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from .combinations import Piece

SENTENCE_ENDS = re.compile(r"(?<=[^。;\n]{6})[。;\n](?=[^。;\n]{6})")
"""Ends of a sentence between six code points on either side. Chat ends fragments such as 要的。 with a full stop, and
advertisements write ! for a comma."""

BRACKETS = re.compile(r"\([^()。;\n]{2,}\)|【[^【】。;\n]{2,}】|\[[^\[\]。;\n]{2,}\]")


class Segments:
    """The segments of a normalised text: its sentences without the brackets in them, and the content of each bracket.

    Very short sentences belong to their neighbours. A bracket with one code point or without an end in its sentence
    does not count.
    """

    def __init__(self, folded: str) -> None:
        """Split a normalised text."""
        self._ends = [found.end() for found in SENTENCE_ENDS.finditer(folded)]
        brackets = [found.span() for found in BRACKETS.finditer(folded)]
        self._opened = [start for start, _ in brackets]
        self._closed = [end for _, end in brackets]

    def of(self, piece: Piece) -> tuple[int, int]:
        """Return the segment in which a piece begins: the numbers of its sentence and of its bracket, 0 for none."""
        opened = bisect_right(self._opened, piece.start)
        inside = opened > 0 and piece.start < self._closed[opened - 1]
        return bisect_right(self._ends, piece.start), opened if inside else 0

    def divide(self, found: Sequence[Sequence[Piece]]) -> list[list[list[Piece]]]:
        """Return the pieces of each part by segment, for the segments that have a piece of every part."""
        if not self._ends and not self._opened:
            return [[list(pieces) for pieces in found]]
        parts: list[dict[tuple[int, int], list[Piece]]] = []
        for pieces in found:
            inside: dict[tuple[int, int], list[Piece]] = {}
            for piece in pieces:
                inside.setdefault(self.of(piece), []).append(piece)
            parts.append(inside)
        return [
            [inside[segment] for inside in parts]
            for segment in sorted(parts[0])
            if all(segment in inside for inside in parts[1:])
        ]
