"""Finds candidates for similarity among skeletons: locality-sensitive hashing of MinHash digests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

HASHES: Final = 128
BANDS: Final = 32
"""Values of a digest, and its bands. Two skeletons with the same values in one band are candidates."""
GRAM: Final = 3
"""Code points of a token."""
MOST: Final = 50
"""Maximum number of leaders in a bucket, and of candidates of a skeleton. It bounds the work on hostile texts."""
SHORTEST: Final = 8
LONGEST: Final = 1_000
"""Bounds of the code points of a skeleton that is compared. Any other equals only itself."""

_SEED: Final = 42
_TOGETHER: Final = 4096
_MIX: Final = 0x9E3779B97F4A7C15


class Pairwise:
    """Every leader is a candidate; for few skeletons."""

    def __init__(self) -> None:
        self._leaders: list[int] = []

    def of(self, place: int) -> Sequence[int]:
        """Return the leaders so far, in their order."""
        return self._leaders

    def add(self, place: int) -> None:
        """Make a skeleton a leader."""
        self._leaders.append(place)


class Bucketed:
    """Leaders in a bucket of the skeleton are candidates."""

    def __init__(self, skeletons: Sequence[str]) -> None:
        self._buckets = _buckets(skeletons)
        self._leaders: dict[int, list[int]] = {}

    def of(self, place: int) -> Sequence[int]:
        """Return the leaders that share a band with a skeleton, in their order.

        Of more than MOST leaders, those that share most bands are returned.
        """
        shared: Counter[int] = Counter()
        for bucket in self._buckets[place]:
            shared.update(self._leaders.get(bucket, ()))
        if len(shared) <= MOST:
            return sorted(shared)
        return sorted(sorted(shared, key=lambda leader: (-shared[leader], leader))[:MOST])

    def add(self, place: int) -> None:
        """Make a skeleton a leader. A full bucket takes no more."""
        for bucket in self._buckets[place]:
            leaders = self._leaders.setdefault(bucket, [])
            if len(leaders) < MOST:
                leaders.append(place)


def _buckets(skeletons: Sequence[str]) -> list[list[int]]:
    """Return the numbers of each skeleton's buckets. A bucket with a single skeleton is left out."""
    import numpy as np  # noqa: PLC0415 - loads slowly, and only clusters need it

    digests = _digests(skeletons)
    found: list[list[int]] = [[] for _ in skeletons]
    width, first = HASHES // BANDS, 0
    for band in range(BANDS):
        key = np.zeros(len(skeletons), np.uint64)
        for column in range(band * width, (band + 1) * width):
            key = (key ^ digests[:, column]) * np.uint64(_MIX)
            key ^= key >> np.uint64(29)
        _, bucket, sizes = np.unique(key, return_inverse=True, return_counts=True)
        for place in np.flatnonzero(sizes[bucket] > 1).tolist():
            found[place].append(first + int(bucket[place]))
        first += len(sizes)
    return found


def _digests(skeletons: Sequence[str]) -> Any:
    import numpy as np  # noqa: PLC0415 - as above
    from rensa import RMinHash  # noqa: PLC0415 - of the extra `audit`  # pyright: ignore[reportAttributeAccessIssue]

    parts = []
    for first in range(0, len(skeletons), _TOGETHER):
        tokens = [_tokens(one) for one in skeletons[first : first + _TOGETHER]]
        rows = RMinHash.digest_matrix_from_token_byte_sets(tokens, HASHES, _SEED).to_rows()
        parts.append(np.array(rows, np.uint32))
    return np.concatenate(parts)


def _tokens(skeleton: str) -> list[bytes]:
    """Return the runs of GRAM code points of a skeleton, as bytes: rensa refuses lone surrogates."""
    width = 4
    text = skeleton.encode("utf-32-le", "surrogatepass")
    grams = {text[at : at + GRAM * width] for at in range(0, len(text) - (GRAM - 1) * width, width)}
    return sorted(grams)
