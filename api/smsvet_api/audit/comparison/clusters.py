"""The biggest groups of moved items with the same wording, the same move and the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .distinct import Frequent
from .transitions import Move, rank

SHOWN: Final = 20
ROOM: Final = 100_000
"""Groups that are counted at once."""

Kind = tuple[str, str, Move, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Moved items that one decision can serve: a representative text, the number of items, and all they share."""

    text: str
    items: int
    move: Move
    rules: tuple[str, ...]
    provider: str
    purpose: str


def biggest_clusters(moved: Iterable[Mapping[str, Any]], shown: int = SHOWN) -> list[Cluster]:
    """Return the clusters with most items. `moved` are rows of the table `moved`."""
    counts: Frequent[tuple[int, Kind]] = Frequent(ROOM)
    texts: dict[tuple[int, Kind], str] = {}
    for row in moved:
        move = rank(row["old_decision"]), rank(row["new_decision"])
        key = row["skeleton"], (row["provider"], row["purpose"], move, tuple(row["rules"]))
        texts[key] = min(texts.get(key, row["text"]), row["text"])
        for dropped in counts.add(key):
            texts.pop(dropped, None)
    ordered = sorted(counts.counts.items(), key=lambda one: (-one[1], texts.get(one[0], "")))
    return [
        Cluster(texts[key], items, key[1][2], key[1][3], key[1][0], key[1][1])
        for key, items in ordered[:shown]
        if key in texts
    ]
