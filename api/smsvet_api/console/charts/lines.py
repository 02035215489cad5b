"""A chart of lines over hours or days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .frame import NARROW, Frame, frame, slots


@dataclass(frozen=True, slots=True)
class Line:
    """The values of a line; None leaves a gap. `kind` is a class of the style sheet, `name` is shown in the legend."""

    kind: str
    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its place and what its tooltip says."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line as a path, with its points."""

    line: Line
    path: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines in their frame, and the names of the buckets for the table."""

    frame: Frame
    lines: tuple[DrawnLine, ...]
    names: Sequence[str]
    percent: bool


def line_chart(
    names: Sequence[str], lines: Sequence[Line], width: int = NARROW, *, percent: bool = False
) -> LineChart | None:
    """Return the chart of lines over buckets with these names; None without any value."""
    values = [value for line in lines for value in line.values if value is not None]
    if not values:
        return None
    axes = frame(names, max(values), width, percent=percent)
    middles = [round((begin + end) / 2, 1) for begin, end in slots(len(names), width)]
    return LineChart(
        axes, tuple(_drawn(line, axes, names, middles, percent) for line in lines), names, percent
    )


def shown(value: float | None, percent: bool) -> str:
    """Return a value as the table and the tooltips show it."""
    if value is None:
        return "–"
    return f"{value:.0f}%" if percent else f"{value:,.0f}"


def _drawn(
    line: Line, axes: Frame, names: Sequence[str], middles: Sequence[float], percent: bool
) -> DrawnLine:
    path, points, is_new = [], [], True
    for x, name, value in zip(middles, names, line.values, strict=True):
        if value is None:
            is_new = True
            continue
        y = axes.up(value)
        path.append(f"{'M' if is_new else 'L'}{x:g} {y:g}")
        points.append(Point(x, y, f"{name} {line.name} {shown(value, percent)}"))
        is_new = False
    return DrawnLine(line, "".join(path), tuple(points))
