"""Draws the SVG chart of a run: time per text by method, and its growth with terms, length and firing rules."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH, HEIGHT = 860, 590
BAR, LEFT = 21, 206
PANELS = (40, 320, 600)
FLOOR, TALL, WIDE = 540, 165, 210
COLOURS = {"default": "#b3642d", "fast": "#1f6fb2", "": "#7a7f87"}
STYLE = """
 text { fill: #24292f; font: 12px sans-serif } .title { font-size: 15px } .small { font-size: 10.5px }
 .back { fill: #ffffff } .line { stroke: #d0d7de } path { fill: none; stroke-width: 2 }
 @media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .back { fill: #161b22 } .line { stroke: #3d444d }
 }
"""


def draw(sections: Mapping[str, Any]) -> str:
    """Return the chart of the sections throughput, terms, length and firing as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<title>Microseconds per text of every way to review, and how they grow</title>",
        f"<style>{STYLE}</style>",
        '<rect class="back" width="100%" height="100%" rx="6"/>',
        *bars(sections["throughput"]["rows"]),
        *panel(PANELS[0], "lexicon terms", by_size(sections["terms"]["rows"])),
        *panel(PANELS[1], "characters", by_size(sections["length"]["rows"])),
        *panel(PANELS[2], "% of texts fire", fired(sections["firing"]["rows"]), logarithmic=False),
    ]
    for place, stack in enumerate(("default", "fast")):
        x = WIDTH - 190 + place * 90
        parts.append(f'<rect x="{x}" y="{HEIGHT - 22}" width="12" height="12" fill="{COLOURS[stack]}"/>')
        parts.append(f'<text x="{x + 17}" y="{HEIGHT - 12}">{stack}</text>')
    parts.append(
        f'<text class="small" x="40" y="{HEIGHT - 12}">bars are logarithmic; lines: µs per text of review_table</text>'
    )
    return "\n".join([*parts, "</svg>", ""])


def bars(rows: Mapping[str, Any]) -> list[str]:
    """Return a bar for each method, the slowest first, on a logarithmic scale."""
    slowest = max(row["us"] for row in rows.values())
    parts = [
        '<text class="title" x="40" y="30">µs per text, and how many times faster than a conventional engine</text>'
    ]
    for place, (name, row) in enumerate(sorted(rows.items(), key=lambda item: -item[1]["us"])):
        y = 46 + place * BAR
        width = 430 * math.log10(1 + row["us"]) / math.log10(1 + slowest)
        told = f"{precise(row['us'])} µs · {row['speedup']:.1f}x"
        colour = COLOURS[name.rpartition(", ")[2]] if ", " in name else COLOURS[""]
        faint = ' opacity="0.45"' if name.startswith("floor") else ""
        parts += [
            f'<text x="{LEFT - 10}" y="{y + 13}" text-anchor="end">{name}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 5}" fill="{colour}"{faint}/>',
            f'<text x="{LEFT + width + 8:.1f}" y="{y + 13}">{told}</text>',
        ]
    return parts


Points = Mapping[str, Sequence[tuple[float, float]]]
"""Stack -> pairs of size and microseconds."""


def by_size(rows: Mapping[str, Any]) -> Points:
    """Return the times of review_table by size."""
    return lines([(float(size), row) for size, row in rows.items()])


def fired(rows: Mapping[str, Any]) -> Points:
    """Return the times of review_table by the share of texts that make a rule fire."""
    return lines([(row["fired"] * 100, row) for row in rows.values()])


def lines(rows: Sequence[tuple[float, Mapping[str, Any]]]) -> Points:
    """Return the times of review_table by stack."""
    ways = [way for way in rows[0][1] if way.startswith("review_table, ")]
    return {way.rpartition(", ")[2]: [(size, row[way]["us"]) for size, row in rows] for way in ways}


def panel(left: int, title: str, points: Points, logarithmic: bool = True) -> list[str]:
    """Return a small line chart of microseconds against size."""
    sizes = [size for size, _ in next(iter(points.values()))]
    most = max(us for line in points.values() for _, us in line) * 1.1

    def x(size: float) -> float:
        low, high, at = sizes[0], sizes[-1], size
        if logarithmic:
            low, high, at = math.log(low), math.log(high), math.log(at)
        return left + (at - low) / ((high - low) or 1) * WIDE

    def y(us: float) -> float:
        return FLOOR - 20 - us / most * (TALL - 20)

    parts = [
        f'<text x="{left}" y="{FLOOR - TALL - 10}">µs by {title}</text>',
        f'<line class="line" x1="{left}" x2="{left + WIDE}" y1="{FLOOR - 20}" y2="{FLOOR - 20}"/>',
    ]
    parts += [
        f'<text class="small" x="{x(size):.1f}" y="{FLOOR - 5}" text-anchor="middle">{short(size)}</text>'
        for size in sizes
    ]
    for stack, line in points.items():
        path = " L".join(f"{x(size):.1f} {y(us):.1f}" for size, us in line)
        parts.append(f'<path d="M{path}" stroke="{COLOURS[stack]}"/>')
        for place in (0, -1):
            size, us = line[place]
            above = -7 if us == max(other[place][1] for other in points.values()) else 15
            parts.append(
                f'<text class="small" x="{x(size):.1f}" y="{y(us) + above:.1f}" text-anchor="middle">{precise(us)}</text>'
            )
    return parts


def short(size: float) -> str:
    """Return a number in short form for an axis."""
    return f"{size / 1000:g}k" if size >= 1000 else f"{size:.0f}"


def precise(us: float) -> str:
    """Return microseconds rounded to significant digits."""
    return f"{us:.0f}" if us >= 100 else f"{us:.1f}"
