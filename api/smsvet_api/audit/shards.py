"""Cuts Parquet files into shards: ranges of rows of one row group, in a deterministic order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

SHARDS: Final = 100
"""Number of shards that a run aims at: enough for an estimate of the remaining time after a few."""
FEWEST, MOST = 1_000, 50_000
"""Bounds of the rows of a shard: below them the cost of files prevails, above them the memory of a worker."""

MOST_OF_A_GROUP: Final = 20
"""Maximum number of shards in a row group: to read one of them, the rows of the group before it are decoded too."""
PARTS: Final = 20
"""Number of parts of the input; the first shards are a sample of them."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A range of rows: `rows` rows from the offset `first` in row group `group` of the source `source`.

    `before` is the number of rows of the source before this range. `kept` is how many rows are left after `--where`,
    `--sample` and `--limit`; rows after the last of them are not read.
    """

    number: int
    source: int
    group: int
    first: int
    rows: int
    before: int
    kept: int

    @property
    def name(self) -> str:
        """Return the name of the shard's files."""
        return f"shard-{self.number:05}.parquet"


def shard_size(rows: int) -> int:
    """Return the number of rows of a shard in a run of `rows` rows."""
    return min(max(-(-rows // SHARDS), FEWEST), MOST)


def cut(groups: Sequence[Sequence[int]], size: int) -> list[Shard]:
    """Return the shards of sources, each given by the rows of its row groups, in the order of the input."""
    shards: list[Shard] = []
    for source, counts in enumerate(groups):
        before = 0
        for group, count in enumerate(counts):
            for first in range(0, count, size):
                rows = min(size, count - first)
                shards.append(Shard(len(shards), source, group, first, rows, before + first, rows))
            before += count
    return shards


def limited(shards: Sequence[Shard], limit: int | None) -> list[Shard]:
    """Return the shards that hold the first `limit` kept rows, renumbered, without those that keep no row."""
    left = sum(one.kept for one in shards) if limit is None else limit
    found: list[Shard] = []
    for one in shards:
        kept = min(one.kept, left)
        if kept:
            found.append(replace(one, number=len(found), kept=kept))
        left -= kept
    return found


def in_random_order(shards: Sequence[Shard], seed: str) -> list[Shard]:
    """Return the shards in an order that only the seed determines.

    Inputs are often sorted by account or date. Each round takes one random shard from every part of the input, so that
    the shards that are done stand for the rest.
    """
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    width = max(-(-len(shards) // PARTS), 1)
    parts = [list(shards[first : first + width]) for first in range(0, len(shards), width)]
    for part in parts:
        chance.shuffle(part)
    found: list[Shard] = []
    while parts:
        chance.shuffle(parts)
        found += [part.pop() for part in parts]
        parts = [part for part in parts if part]
    return found
