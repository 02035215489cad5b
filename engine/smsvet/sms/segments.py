"""Segmentation of a text into SMS parts, which decides the number of charged messages.

Sources: T-LEN, U-GUIDE, B-TPL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The characters encoded as one septet."""

EXTENSION = frozenset("^{}\\[~]|€\f")
"""The characters encoded as two septets."""


@dataclass(frozen=True, slots=True)
class Segments:
    """The parts of a text and their sizes.

    `units` is the size of the text, `parts` the size of each part. Sizes are septets if `encoding` is `gsm`, else
    UTF-16 code units.
    """

    encoding: Literal["gsm", "ucs2"]
    units: int
    parts: tuple[int, ...]

    @property
    def count(self) -> int:
        """Return the number of charged messages."""
        return len(self.parts)


def segments_of(
    text: str,
    international: bool = False,
    ucs2: tuple[int, int] = (70, 67),
    gsm: tuple[int, int] = (160, 153),
) -> Segments:
    """Return the parts of a text, which must include the signature with its brackets.

    `ucs2` and `gsm` are the maximum units of a single message and of each part of a long one. Mainland messages are
    never sent in GSM encoding. A character is never split between parts. Source: T-LEN, U-GUIDE.
    """
    if international and GSM.union(EXTENSION).issuperset(text):
        costs = [2 if char in EXTENSION else 1 for char in text]
        return Segments("gsm", sum(costs), _cut(costs, gsm))
    costs = [2 if ord(char) > 0xFFFF else 1 for char in text]
    return Segments("ucs2", sum(costs), _cut(costs, ucs2))


def _cut(costs: list[int], sizes: tuple[int, int]) -> tuple[int, ...]:
    single, long = sizes
    if sum(costs) <= single:
        return (sum(costs),)
    parts, filled = [], 0
    for cost in costs:
        if filled + cost > long:
            parts.append(filled)
            filled = 0
        filled += cost
    return (*parts, filled)
