"""Draws the SVG chart of recall by number of chained transforms and by transform."""

from __future__ import annotations

from collections.abc import Mapping

WIDTH, HEIGHT, LEFT, TOP, FLOOR = 760, 420, 60, 50, 340
TARGETS = {1: 0.95, 2: 0.90, 3: 0.75}


def draw(single: Mapping[str, float], chains: Mapping[int, float], without: Mapping[int, float]) -> str:
    """Return the SVG chart: recall by chain length with and without transforms, and by transform."""

    def y(share: float) -> float:
        return FLOOR - share * (FLOOR - TOP)

    def x(length: int) -> float:
        return LEFT + 40 + (length - 1) * 80

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" role="img">',
        "<title>Recall kept on disguised violations</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{LEFT}" y="24" font-size="15">Same category still found, by transforms chained and by transform</text>',
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{y(share):.1f}" y2="{y(share):.1f}" stroke="#ddd"/>'
        )
        parts.append(f'<text x="{LEFT - 8}" y="{y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    for shares, colour, dash, name in (
        (chains, "#1668a8", "", "all transforms"),
        (TARGETS, "#3a8a3a", "4 4", "target"),
        (without, "#b04a2f", "", "fold only"),
    ):
        points = " ".join(f"{x(length):.1f},{y(shares[length]):.1f}" for length in (1, 2, 3))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        if name != "target":
            parts += [
                f'<text x="{x(length):.1f}" y="{y(shares[length]) - 8:.1f}" text-anchor="middle" fill="{colour}">{shares[length]:.0%}</text>'
                for length in (1, 2, 3)
            ]
    for place, (colour, name) in enumerate(
        (("#1668a8", "all transforms"), ("#b04a2f", "fold only"), ("#3a8a3a", "target"))
    ):
        parts.append(f'<text x="{LEFT + 10 + place * 95}" y="{FLOOR + 60}" fill="{colour}">{name}</text>')
    parts += [
        f'<text x="{x(length)}" y="{FLOOR + 18}" text-anchor="middle">{length}</text>' for length in (1, 2, 3)
    ]
    left, step = LEFT + 270, (WIDTH - 30 - LEFT - 270) / max(1, len(single))
    for place, (name, share) in enumerate(sorted(single.items(), key=lambda item: -item[1])):
        at = left + place * step
        parts.append(
            f'<rect x="{at:.1f}" y="{y(share):.1f}" width="{step - 5:.1f}" height="{FLOOR - y(share):.1f}" fill="#8db8d8"/>'
        )
        parts.append(
            f'<text transform="translate({at + step / 2:.1f},{FLOOR + 8}) rotate(40)" font-size="10">{name}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])
