"""The biggest groups of moved items with similar wording, the same move and the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from smsvet.extras import is_installed

from ..similar.clusters import leaders
from .distinct import Frequent
from .skeletons import skeleton
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
    kinds: dict[Kind, list[tuple[str, int]]] = {}
    for key, items in counts.counts.items():
        if key in texts:
            kinds.setdefault(key[1], []).append((texts[key], items))
    found = [cluster for kind, forms in kinds.items() for cluster in _merged(kind, forms)]
    return sorted(found, key=lambda one: (-one.items, one.text))[:shown]


def _merged(kind: Kind, forms: list[tuple[str, int]]) -> Iterator[Cluster]:
    """Yield the clusters of a kind; `forms` are a text and the number of items for each skeleton.

    The most frequent skeleton leads those that are similar to it. Without the extra `audit`, only equal skeletons are
    one cluster.
    """
    provider, purpose, move, rules = kind
    forms.sort(key=lambda form: (-form[1], form[0]))
    by_skeleton: dict[str, tuple[str, int]] = {}
    for text, items in forms:
        first, before = by_skeleton.get(skeleton(text), (text, 0))
        by_skeleton[skeleton(text)] = first, before + items
    skeletons = list(by_skeleton)
    led: dict[str, int] = {}
    similar = is_installed("rensa") and is_installed("rapidfuzz")
    for one, leader in zip(skeletons, leaders(skeletons) if similar else skeletons, strict=True):
        led[leader] = led.get(leader, 0) + by_skeleton[one][1]
    for leader, items in led.items():
        yield Cluster(by_skeleton[leader][0], items, move, rules, provider, purpose)
