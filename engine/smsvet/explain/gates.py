"""The parts of an explanation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition on the way to a finding: whether it holds, a sentence that says so, and details.

    `name` is the same in both languages.
    """

    name: str
    passed: bool
    sentence: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The conditions that were reached. Only the last can have failed; `flagged` when none has."""

    title: str
    flagged: bool
    gates: tuple[Gate, ...]


Gates = Iterator[Gate]


def until_stopped(title: str, gates: Gates) -> Explanation:
    """Return the explanation that ends with the first condition that fails."""
    reached = []
    for gate in gates:
        reached.append(gate)
        if not gate.passed:
            break
    return Explanation(title, reached[-1].passed, tuple(reached))
