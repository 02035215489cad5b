"""Targets for the figures of a run, and whether the run meets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.speed.hostile import worst

GROWTH = 1.02
"""Factor by which resident memory may vary without a leak."""


@dataclass(frozen=True, slots=True)
class Target:
    """A target: its name, its bound, the measured figure, and whether it is met."""

    name: str
    bound: str
    measured: str
    met: bool


def targets(sections: Mapping[str, Any]) -> list[Target]:
    """Return the targets of all measured sections."""
    found: list[Target] = []
    for name, judge in BY_SECTION.items():
        if name in sections:
            found += judge(sections[name])
    return found


def at_least(name: str, least: float, measured: float, unit: str = "x") -> Target:
    """Return a target with a lower bound."""
    return Target(name, f"at least {least:g}{unit}", f"{measured:.1f}{unit}", measured >= least)


def at_most(name: str, most: float, measured: float, unit: str = "x") -> Target:
    """Return a target with an upper bound."""
    return Target(name, f"at most {most:g}{unit}", f"{measured:.2f}{unit}", measured <= most)


def of_throughput(section: Mapping[str, Any]) -> Iterator[Target]:
    """Yield the targets relative to the conventional engine and the floor."""
    for stack, least in (("default", 15), ("fast", 25)):
        if row := section["rows"].get(f"review_many, {stack}"):
            yield at_least(f"review_many against conventional, {stack}", least, row["speedup"])
    for stack, most in (("default", 3), ("fast", 4)):
        if stack in section["times_floor"]:
            yield at_most(f"review_table against the floor, {stack}", most, section["times_floor"][stack])


def of_latency(section: Mapping[str, Any]) -> Iterator[Target]:
    """Yield the targets of single calls."""
    for stack, row in section["rows"].items():
        yield at_most(f"review p99 against p50, {stack}", 5, row["p99_of_p50"])
        yield at_most(f"review p50 of 50 to 100 characters, {stack}", 60, row["p50_us"], " µs")


def of_hostile(section: Mapping[str, Any]) -> Iterator[Target]:
    """Yield the targets for batches of hostile texts relative to single reviews."""
    for way in ("review_many", "review_table"):
        yield at_most(f"{way} against review, hostile texts", 1.1, worst(section, way)[1])


def of_terms(section: Mapping[str, Any]) -> Iterator[Target]:
    """Yield the targets for the largest lexicon relative to the smallest."""
    fewest, most = min(map(int, section["rows"])), max(map(int, section["rows"]))
    for name, slower in section["slower"].items():
        limit = 2.5 if name.endswith("fast") else 4
        yield at_most(f"{most:,} terms against {fewest:,}, {name}", limit, slower)


def of_http(section: Mapping[str, Any]) -> Iterator[Target]:
    """Yield the target for batches relative to single requests."""
    yield at_least(
        f"HTTP batch of {section['batch_of']} against single calls, per item", 6, section["times_single"]
    )


def of_memory(section: Mapping[str, Any]) -> Iterator[Target]:
    """Yield the targets for the peak memory of a worker and for its growth."""
    for stack, row in section["rows"].items():
        yield at_most(f"memory of a worker, {stack}", 300, row["peak_mb"], " MB")
        yield Target(
            f"memory {section['batches']} batches of {section['size']} later, {stack}",
            f"not higher than {row['warm_mb']:.0f} MB",
            f"{row['after_mb']:.0f} MB",
            row["after_mb"] <= row["warm_mb"] * GROWTH,
        )


def of_start(section: Mapping[str, Any]) -> Iterator[Target]:
    """Yield the targets for the time to the first verdict."""
    for name, row in section["rows"].items():
        most = 0.5 if name.startswith("warm") else 1.5
        yield at_most(f"start to first verdict, {name}", most, row["total_s"], " s")


BY_SECTION = {
    "throughput": of_throughput,
    "latency": of_latency,
    "hostile": of_hostile,
    "terms": of_terms,
    "http": of_http,
    "memory": of_memory,
    "start": of_start,
}
