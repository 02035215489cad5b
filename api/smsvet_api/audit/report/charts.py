"""Geometry of the charts, in units of their view boxes. `charts.jinja` draws it as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ..comparison.series import Step
from ..comparison.transitions import NAMES, Matrix

WIDTH: Final = 500
GAP: Final = 34
NODES: Final = 210
"""Height of all nodes of a side together."""
NODE: Final = 12
SIDE: Final = 146
"""Width of the labels on each side, with the nodes."""
LEFT, RIGHT = SIDE, WIDTH - SIDE
THINNEST: Final = 1.5
"""Height of the thinnest band, so that a rare move can be seen."""
HEAD: Final = 26

TIME_WIDTH, TIME_HEIGHT = 1060, 250
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 58, 22, 14, 30
MOST_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class Node:
    """A decision on one side of a flow: its number of items, and the rectangle that stands for it."""

    decision: int
    items: int
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        """Return the height of its label."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Band:
    """The items that go from one decision to another: `way` is `stay`, `stricter` or `milder`."""

    old: int
    new: int
    items: int
    way: str
    path: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow from the old decisions on the left to the new ones on the right."""

    width: int
    height: float
    label: int
    """Distance of the labels from the edge."""
    olds: tuple[Node, ...]
    news: tuple[Node, ...]
    bands: tuple[Band, ...]


def flow(matrix: Matrix) -> Flow | None:
    """Return the flow of a matrix; None without items."""
    if not matrix.total:
        return None
    scale = NODES / matrix.total
    heights = {
        (old, new): max(items * scale, THINNEST) for (old, new), items in matrix.counts.items() if items
    }
    olds = _nodes([matrix.olds(one) for one in range(len(NAMES))], _sums(heights, 0), LEFT - NODE)
    news = _nodes([matrix.news(one) for one in range(len(NAMES))], _sums(heights, 1), RIGHT)
    bands: list[Band] = []
    left = [one.y for one in olds]
    right = [one.y for one in news]
    for old, new in sorted(heights):
        height = heights[old, new]
        way = "stay" if old == new else "stricter" if new > old else "milder"
        path = _band(left[old], right[new], height)
        bands.append(Band(old, new, matrix.counts[old, new], way, path))
        left[old] += height
        right[new] += height
    bands.sort(key=lambda band: (band.way != "stay", -band.items))
    bottom = max(one.y + one.height for one in (*olds, *news))
    return Flow(WIDTH, round(bottom + 14, 1), SIDE - NODE - 8, olds, news, tuple(bands))


def _sums(heights: dict[tuple[int, int], float], side: int) -> list[float]:
    return [sum(height for move, height in heights.items() if move[side] == one) for one in range(len(NAMES))]


def _nodes(items: Sequence[int], heights: Sequence[float], x: float) -> tuple[Node, ...]:
    found: list[Node] = []
    y = float(HEAD)
    for decision, (count, height) in enumerate(zip(items, heights, strict=True)):
        found.append(Node(decision, count, x, round(y, 1), round(height, 1)))
        y += height + GAP
    return tuple(found)


def _band(left: float, right: float, height: float) -> str:
    """Return the outline of a band from the right edge of the left nodes to the left edge of the right ones."""
    bend = (LEFT + RIGHT) / 2
    top = f"M{LEFT} {left:.1f}C{bend} {left:.1f} {bend} {right:.1f} {RIGHT} {right:.1f}"
    low, lower = left + height, right + height
    return f"{top}V{lower:.1f}C{bend} {lower:.1f} {bend} {low:.1f} {LEFT} {low:.1f}Z"


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled position on an axis."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Items that are not approved over time: steps of rejected items, with those for manual review on top."""

    width: int
    height: int
    rejected: str
    reviewed: str
    marks: tuple[Tick, ...]
    """The dates with moves; the label is the date."""
    days: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    left: int
    right: int
    top: int
    bottom: int


def timeline(steps: Sequence[Step]) -> Timeline | None:
    """Return the chart of a series; None for less than two dates."""
    if len(steps) < 2:
        return None
    first, last = steps[0].day.toordinal(), steps[-1].day.toordinal()
    highest = max(step.decisions[1] + step.decisions[2] for step in steps) or 1
    unit = axis_step(highest)
    top = -(-highest // unit) * unit
    inner = TIME_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
    bottom = TIME_HEIGHT - MARGIN_BOTTOM

    def across(day: int) -> float:
        return round(MARGIN_LEFT + (day - first) / (last - first) * inner, 1)

    def up(items: int) -> float:
        return round(bottom - items / top * (bottom - MARGIN_TOP), 1)

    places = [across(step.day.toordinal()) for step in steps]
    rejected = [up(step.decisions[2]) for step in steps]
    flagged = [up(step.decisions[1] + step.decisions[2]) for step in steps]
    ground = [float(bottom)] * len(steps)
    years = range(steps[0].day.year + 1, steps[-1].day.year + 1)
    every = -(-len(years) // MOST_YEARS) or 1
    days = [Tick(across(date(year, 1, 1).toordinal()), str(year)) for year in years[::every]]
    return Timeline(
        TIME_WIDTH,
        TIME_HEIGHT,
        _steps(places, rejected, ground),
        _steps(places, flagged, rejected),
        tuple(
            Tick(place, step.day.isoformat())
            for place, step in zip(places, steps, strict=True)
            if step.moves.moved
        ),
        tuple(days),
        tuple(Tick(up(level), f"{level:,}") for level in range(0, top + 1, unit)),
        MARGIN_LEFT,
        TIME_WIDTH - MARGIN_RIGHT,
        MARGIN_TOP,
        bottom,
    )


def _steps(places: Sequence[float], upper: Sequence[float], lower: Sequence[float]) -> str:
    """Return the outline of an area between two lines that change only at the places."""

    def line(heights: Sequence[float]) -> list[tuple[float, float]]:
        points = [(places[0], heights[0])]
        for place, before, after in zip(places[1:], heights, heights[1:], strict=False):
            points += [(place, before), (place, after)]
        return points

    points = [*line(upper), *reversed(line(lower))]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def axis_step(highest: int) -> int:
    """Return the step of an axis with about four steps: 1, 2 or 5 times a power of ten."""
    unit = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= 4 * unit * factor:
                return unit * factor
        unit *= 10


def bars(values: Sequence[int]) -> list[float]:
    """Return the lengths of bars in percent of the longest; a value above 0 has at least 1."""
    most = max(values, default=0)
    return [max(round(100 * value / most, 1), 1) if value else 0 for value in values]
