"""Finds the most expensive rules: how often each check runs, and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from bench.speed.timing import Batch, review
from smsvet import Document, Hit, Reviewer
from smsvet.catalogue import Catalogue, load_catalogue
from smsvet.rules.rule import Check, Rule

SLOWEST = 10


@dataclass(slots=True)
class Cost:
    """The number of calls of a rule's check, its total nanoseconds, and its hits."""

    times: int = 0
    nanoseconds: int = 0
    hits: int = 0


def measure(batch: Batch) -> dict[str, Any]:
    """Return microseconds per text and per call, and calls and hits per 1,000 texts, for the slowest rules."""
    reviewer, costs = timed_reviewer()
    review(reviewer)(batch)
    for cost in costs.values():
        cost.times = cost.nanoseconds = cost.hits = 0
    begun = time.perf_counter_ns()
    review(reviewer)(batch)
    whole = time.perf_counter_ns() - begun
    rows = {
        rule: {
            "us_per_text": cost.nanoseconds / len(batch) / 1000,
            "us_per_call": cost.nanoseconds / max(1, cost.times) / 1000,
            "calls_per_1000": cost.times / len(batch) * 1000,
            "hits_per_1000": cost.hits / len(batch) * 1000,
            "share": cost.nanoseconds / whole,
        }
        for rule, cost in slowest(costs)
    }
    spent = sum(cost.nanoseconds for cost in costs.values())
    return {
        "texts": len(batch),
        "rules": len(costs),
        "ran": sum(cost.times > 0 for cost in costs.values()),
        "all_us_per_text": spent / len(batch) / 1000,
        "share": spent / whole,
        "rows": rows,
    }


def slowest(costs: dict[str, Cost]) -> Sequence[tuple[str, Cost]]:
    """Return the rules with the longest total times, the slowest first."""
    ran = [(rule, cost) for rule, cost in costs.items() if cost.times]
    return sorted(ran, key=lambda item: -item[1].nanoseconds)[:SLOWEST]


def timed_reviewer() -> tuple[Reviewer, dict[str, Cost]]:
    """Return a Reviewer that times its checks, and the costs by rule."""
    costs: dict[str, Cost] = {}

    def loaded(*arguments: Any, **named: Any) -> Catalogue:
        catalogue = load_catalogue(*arguments, **named)
        return replace(catalogue, rules=tuple(timed(rule, costs) for rule in catalogue.rules))

    with patch("smsvet.reviewer.load_catalogue", loaded):
        return Reviewer(), costs


def timed(rule: Rule, costs: dict[str, Cost]) -> Rule:
    """Return a rule with a check that adds to its cost."""
    cost = costs[rule.id] = Cost()
    check: Check = rule.check

    def checked(document: Document) -> list[Hit]:
        begun = time.perf_counter_ns()
        # A check may be a generator, which runs only during iteration.
        hits = list(check(document))
        cost.nanoseconds += time.perf_counter_ns() - begun
        cost.times += 1
        cost.hits += len(hits)
        return hits

    return replace(rule, make=lambda: checked)
