"""What the product means to reach, and whether a run of the benchmark saw it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

GROWTH = 1.02
"""A worker's memory counts as no higher up to this: pages come and go."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing to reach: what is asked, what was seen, whether that is enough."""

    what: str
    asked: str
    seen: str
    met: bool


def goals(sections: Mapping[str, Any]) -> list[Goal]:
    """Return the goals that the sections of a run say something about."""
    found: list[Goal] = []
    for name, judge in JUDGES.items():
        if name in sections:
            found += judge(sections[name])
    return found


def at_least(what: str, least: float, seen: float, unit: str = "x") -> Goal:
    """Return the goal that something is as much, or more."""
    return Goal(what, f"at least {least:g}{unit}", f"{seen:.1f}{unit}", seen >= least)


def at_most(what: str, most: float, seen: float, unit: str = "x") -> Goal:
    """Return the goal that something is as much, or less."""
    return Goal(what, f"at most {most:g}{unit}", f"{seen:.2f}{unit}", seen <= most)


def of_ways(section: Mapping[str, Any]) -> Iterator[Goal]:
    """Yield the goals of both paths beside the usual style and the floor."""
    for stack, least in (("default", 15), ("fast", 25)):
        if row := section["rows"].get(f"review_many, {stack}"):
            yield at_least(f"review_many against usual style, {stack}", least, row["times_usual"])
    for stack, most in (("default", 3), ("fast", 4)):
        if stack in section["times_floor"]:
            yield at_most(f"review_table against the raw floor, {stack}", most, section["times_floor"][stack])


def of_latency(section: Mapping[str, Any]) -> Iterator[Goal]:
    """Yield the goals of single calls."""
    for stack, row in section["rows"].items():
        yield at_most(f"review p99 against p50, {stack}", 5, row["p99_of_p50"])
        yield at_most(f"review p50 of 50 to 100 characters, {stack}", 60, row["p50_us"], " µs")


def of_terms(section: Mapping[str, Any]) -> Iterator[Goal]:
    """Yield how much slower most terms may be."""
    fewest, most = min(map(int, section["rows"])), max(map(int, section["rows"]))
    for name, slower in section["slower"].items():
        limit = 2.5 if name.endswith("fast") else 4
        yield at_most(f"{most:,} terms against {fewest:,}, {name}", limit, slower)


def of_http(section: Mapping[str, Any]) -> Iterator[Goal]:
    """Yield what a batch has to be worth."""
    yield at_least(
        f"HTTP batch of {section['batch_of']} against single calls, per item", 6, section["times_single"]
    )


def of_memory(section: Mapping[str, Any]) -> Iterator[Goal]:
    """Yield how much a worker may take, and that it does not grow."""
    for stack, row in section["rows"].items():
        yield at_most(f"memory of a worker, {stack}", 300, row["peak_mb"], " MB")
        yield Goal(
            f"memory {section['batches']} batches of {section['size']} later, {stack}",
            f"not higher than {row['warm_mb']:.0f} MB",
            f"{row['after_mb']:.0f} MB",
            row["after_mb"] <= row["warm_mb"] * GROWTH,
        )


def of_start(section: Mapping[str, Any]) -> Iterator[Goal]:
    """Yield how long the first verdict may take."""
    for name, row in section["rows"].items():
        most = 0.5 if name.startswith("warm") else 1.5
        yield at_most(f"start to first verdict, {name}", most, row["total_s"], " s")


JUDGES = {
    "ways": of_ways,
    "latency": of_latency,
    "terms": of_terms,
    "http": of_http,
    "memory": of_memory,
    "start": of_start,
}
