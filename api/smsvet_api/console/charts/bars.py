"""Charts of bars, and bars in the cells of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...audit.report.charts import bars
from ...store.quality.precision import Ratio
from .frame import Frame, frame, slots

__all__ = ["Bar", "BarChart", "Whisker", "bar_chart", "bars", "whisker"]
_GAP = 0.2
"""The part of a slot that stays empty."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its number above it."""

    x: float
    y: float
    width: float
    height: float
    value: int
    name: str

    @property
    def middle(self) -> float:
        """Return the place of the number."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars in their frame."""

    frame: Frame
    bars: tuple[Bar, ...]


def bar_chart(names: Sequence[str], values: Sequence[int]) -> BarChart | None:
    """Return the chart of values with their names; None if all are 0."""
    if not any(values):
        return None
    axes = frame(names, max(values) * 1.1)
    drawn = []
    for (begin, end), name, value in zip(slots(len(names)), names, values, strict=True):
        width = (end - begin) * (1 - _GAP)
        y = min(axes.up(value), axes.bottom - 1.0) if value else float(axes.bottom)
        x = begin + (end - begin) * _GAP / 2
        drawn.append(Bar(round(x, 1), y, round(width, 1), round(axes.bottom - y, 1), value, name))
    return BarChart(axes, tuple(drawn))


@dataclass(frozen=True, slots=True)
class Whisker:
    """A share with its interval, in percent of the width."""

    value: float
    low: float
    high: float


def whisker(ratio: Ratio, most: float = 1) -> Whisker | None:
    """Return the mark of a share on a scale from 0 to `most`; None without items."""
    if ratio.value is None:
        return None
    value, low, high = (
        min(100.0, round(100 * part / most, 1)) for part in (ratio.value, ratio.low, ratio.high)
    )
    return Whisker(value, low, high)
