"""The place for the marks of a chart, with its axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...audit.report.charts import Tick, axis_step

NARROW: Final = 560
WIDE: Final = 1180
HEIGHT: Final = 200
LEFT: Final = 44
RIGHT: Final = 12
TOP: Final = 10
BOTTOM: Final = 26
_CHARACTER: Final = 6
_SPACE: Final = 16
"""The width of a character of a label, and of the space to the next one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Axes of a chart, in units of its view box. `levels` are on the left, `labels` below."""

    levels: tuple[Tick, ...]
    labels: tuple[Tick, ...]
    top: float
    """The value at the upper end."""
    width: int = NARROW
    height: int = HEIGHT

    @property
    def left(self) -> int:
        """Return where the inside begins."""
        return LEFT

    @property
    def right(self) -> int:
        """Return where the inside ends."""
        return self.width - RIGHT

    @property
    def bottom(self) -> int:
        """Return the place of value 0."""
        return self.height - BOTTOM

    def up(self, value: float) -> float:
        """Return the place of a value."""
        return round(self.bottom - value / self.top * (self.bottom - TOP), 1)


def slots(number: int, width: int = NARROW) -> list[tuple[float, float]]:
    """Return begin and end of so many equal parts of the inside."""
    each = (width - LEFT - RIGHT) / max(number, 1)
    return [(LEFT + place * each, LEFT + (place + 1) * each) for place in range(number)]


def frame(names: Sequence[str], highest: float, width: int = NARROW, *, percent: bool = False) -> Frame:
    """Return the axes for values from 0 to `highest`, or to 100 %. Below are as many of the names as there is room for."""
    step = 25 if percent else axis_step(max(round(highest), 1))
    top = 100 if percent else -(-max(round(highest), 1) // step) * step
    unit = "%" if percent else ""
    longest = max(map(len, names), default=0)
    every = max(1, -(-len(names) * (_CHARACTER * longest + _SPACE) // (width - LEFT - RIGHT)))
    labels = tuple(
        Tick(round((begin + end) / 2, 1), name)
        for place, ((begin, end), name) in enumerate(zip(slots(len(names), width), names, strict=True))
        if place % every == 0
    )
    empty = Frame((), labels, top, width)
    levels = tuple(Tick(empty.up(value), f"{value:,}{unit}") for value in range(0, top + 1, step))
    return Frame(levels, labels, top, width)
