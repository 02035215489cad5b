"""Leader clusters: every member is similar to the representative, not only to another member."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from .candidates import LONGEST, MOST, SHORTEST, Bucketed, Pairwise

CUT: Final = 88.0
"""Minimum similarity of a member to its representative: rapidfuzz's ratio of their skeletons, from 0 to 100."""

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Kind:
    """The common part of all items of a cluster: one decision must never serve two verdicts."""

    provider: str
    purpose: str
    decision: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item(Generic[KeyT]):
    """An item to cluster. `key` identifies it, and `rules` are those that flagged it."""

    key: KeyT
    text: str
    skeleton: str
    provider: str | None
    purpose: str | None
    decision: str
    rules: Iterable[str]

    @property
    def kind(self) -> Kind:
        """Return what the item has in common with its cluster."""
        return Kind(self.provider or "", self.purpose or "", self.decision, tuple(sorted(set(self.rules))))


@dataclass(frozen=True, slots=True)
class Cluster(Generic[KeyT]):
    """Similar items with the same verdict. `members` are their keys, in the order given.

    `representative` is the text to show: of its most frequent skeleton, the first in the order of code points.
    `id` depends only on the kind and on that skeleton, and `skeletons` is the number of different ones.
    """

    id: str
    representative: str
    kind: Kind
    skeletons: int
    members: tuple[KeyT, ...]

    @property
    def decision(self) -> str:
        """Return the decision on all members."""
        return self.kind.decision

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the rules that flagged every member, sorted."""
        return self.kind.rules


@dataclass(slots=True)
class Form:
    """A skeleton of a kind: the number of its items, and the first of their texts in the order of code points."""

    text: str
    items: int = 0


@dataclass(frozen=True, slots=True)
class Led:
    """A cluster by its leading skeleton: its id, the text to show, and its number of skeletons and items."""

    id: str
    kind: Kind
    skeleton: str
    text: str
    skeletons: int
    items: int


@dataclass(slots=True)
class Clustering:
    """Counts skeletons, then groups them. It holds each skeleton once, however many items have it."""

    cut: float = CUT
    forms: dict[Kind, dict[str, Form]] = field(default_factory=dict)

    def add(self, kind: Kind, skeleton: str, text: str) -> None:
        """Count an item."""
        form = self.forms.setdefault(kind, {}).setdefault(skeleton, Form(text))
        form.items += 1
        form.text = min(form.text, text)

    def led(self) -> dict[tuple[Kind, str], Led]:
        """Return the cluster of each kind and skeleton."""
        found: dict[tuple[Kind, str], Led] = {}
        for kind, forms in self.forms.items():
            # The most frequent leads; ties end by text, so that the order of the input does not matter.
            order = sorted(forms, key=lambda skeleton: (-forms[skeleton].items, skeleton))
            members: dict[str, list[str]] = {}
            for skeleton, leader in zip(order, leaders(order, self.cut), strict=True):
                members.setdefault(leader, []).append(skeleton)
            for leader, some in members.items():
                items = sum(forms[one].items for one in some)
                cluster = Led(cluster_id(kind, leader), kind, leader, forms[leader].text, len(some), items)
                found |= {(kind, skeleton): cluster for skeleton in some}
        return found


def clusters(items: Sequence[Item[KeyT]], cut: float = CUT) -> tuple[Cluster[KeyT], ...]:
    """Return the clusters of items, those with most members first. Each item is in one cluster."""
    clustering = Clustering(cut)
    for item in items:
        clustering.add(item.kind, item.skeleton, item.text)
    led = clustering.led()
    members: dict[Led, list[KeyT]] = {}
    for item in items:
        members.setdefault(led[item.kind, item.skeleton], []).append(item.key)
    found = [Cluster(one.id, one.text, one.kind, one.skeletons, tuple(keys)) for one, keys in members.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.id)))


def leaders(skeletons: Sequence[str], cut: float = CUT) -> Iterator[str]:
    """Yield the leader of each skeleton: the first similar one before it that leads, else itself."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - of the extra `audit`

    compared = [place for place, one in enumerate(skeletons) if SHORTEST <= len(one) <= LONGEST]
    texts = [skeletons[place] for place in compared]
    candidates = Pairwise() if len(texts) <= MOST else Bucketed(texts)
    chosen: dict[int, str] = {}
    for place, text in enumerate(texts):
        for leader in candidates.of(place):
            if fuzz.ratio(text, texts[leader], score_cutoff=cut):
                chosen[compared[place]] = texts[leader]
                break
        else:
            candidates.add(place)
    for place, skeleton in enumerate(skeletons):
        yield chosen.get(place, skeleton)


def cluster_id(kind: Kind, skeleton: str) -> str:
    """Return the id of a cluster, which is the same in every run."""
    text = json.dumps([kind.provider, kind.purpose, kind.decision, kind.rules, skeleton], ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
