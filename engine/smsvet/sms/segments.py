"""How many messages a text is sent and charged as (standards section 12.1, T-LEN)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The characters that take one septet."""

EXTENSION = frozenset("^{}\\[~]|€\f")
"""The characters that take two septets."""


@dataclass(frozen=True, slots=True)
class Segments:
    """How a text is cut into parts.

    `units` and `parts` count septets where `encoding` is `gsm`, else UTF-16 code units.
    """

    encoding: Literal["gsm", "ucs2"]
    units: int
    parts: tuple[int, ...]

    @property
    def count(self) -> int:
        """Return the number of messages that are charged."""
        return len(self.parts)


def segments_of(
    text: str,
    international: bool = False,
    ucs2: tuple[int, int] = (70, 67),
    gsm: tuple[int, int] = (160, 153),
) -> Segments:
    """Return the parts that a text, signature and its brackets included, is sent in.

    `ucs2` and `gsm` are the most units of a single message and of each part of a long one. Mainland
    messages are never sent in GSM. A part never ends within a character. Source: T-LEN, U-GUIDE.
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
