"""The decisions of a run of a series, looked up while the items are read in the order of the input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .stored_run import StoredRun


class Course:
    """Looks up decisions of a run by ascending keys; it holds one shard at a time."""

    def __init__(self, run: StoredRun) -> None:
        self.run = run
        self._parts = run.decisions()
        self._keys: Any = ()
        self._decisions: Any = ()

    def decisions(self, keys: Any) -> list[int | None]:
        """Return the decision of each key, None for a row with an error or one that the run does not have.

        Keys ascend, also from one call to the next.
        """
        import numpy as np  # noqa: PLC0415 - loads slowly, and only an audit needs it

        found: list[int | None] = []
        while len(found) < len(keys):
            left = keys[len(found) :]
            if not len(self._keys) or self._keys[-1] < left[0]:
                following = next(self._parts, None)
                if following is None:
                    return [*found, *[None] * len(left)]
                self._keys, self._decisions = following
                continue
            some = left[: int(np.searchsorted(left, self._keys[-1], side="right"))]
            places = np.searchsorted(self._keys, some)
            for place, key in zip(places.tolist(), some.tolist(), strict=True):
                found.append(self._decisions[place] if self._keys[place] == key else None)
        return found


def last_change(days: Sequence[str], decisions: Sequence[int | None]) -> str | None:
    """Return the first of the days from which the decision stays the last one; None if it never changes."""
    for place in range(len(decisions) - 1, 0, -1):
        if decisions[place - 1] != decisions[-1]:
            return days[place]
    return None
