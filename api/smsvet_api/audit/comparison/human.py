"""The decisions of people, from a column of the audited input, as the old side of a comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from smsvet.labels import MEANINGS

from ...files.words import plain
from ...learning.decisions import MEANING
from .joining import Pairs
from .stored_run import Part, StoredRun
from .transitions import NAMES

_RANKS: Final = {
    **{word: 2 if violates else 0 for word, violates in MEANING.items() if violates is not None},
    **{plain(word): NAMES.index(name) for word, name in MEANINGS.items() if name in NAMES},
    **{plain(name): rank for rank, name in enumerate(NAMES)},
    **dict.fromkeys(map(plain, ("manual review", "转人工", "人工", "人工复核")), 1),
}
"""Normalised word -> decision, as an index of NAMES."""
MOST_WORDS: Final = 1_000


@dataclass(slots=True)
class HumanColumn:
    """A column with decisions of people. `undecided` counts rows without a decision, `unknown` has the words that mean no decision."""

    run: StoredRun
    name: str
    undecided: int = 0
    unknown: Counter[str] = field(default_factory=Counter)

    def pairs(self) -> Iterator[Pairs]:
        """Yield the rows with a decision; the old side has it, and no rules. Raises InputError."""
        import numpy as np  # noqa: PLC0415 - loads slowly, and only an audit needs it
        import pyarrow as pa  # noqa: PLC0415

        self.run.check_column("column:", self.name)
        for part in self.run.parts():
            words = [None if one is None else str(one) for one in part.cells[self.name].to_pylist()]
            ranks = [self._rank(word) for word in words]
            places = pa.array(np.flatnonzero([rank is not None for rank in ranks]))
            if not len(places):
                continue
            new = part.take(places)
            decided = pa.array([rank for rank in ranks if rank is not None], pa.int32())
            side = new.side.set_column(new.side.schema.get_field_index("decision"), "decision", decided)
            for empty in ("rules", "faults"):
                place = side.schema.get_field_index(empty)
                side = side.set_column(place, empty, pa.nulls(len(decided), side.schema.field(place).type))
            yield Pairs(Part(side, new.cells), new)

    def _rank(self, word: str | None) -> int | None:
        if word is None or not word.strip():
            self.undecided += 1
            return None
        known = plain(word)
        if known in _RANKS:
            return _RANKS[known]
        if known in MEANING:
            self.undecided += 1
        elif word in self.unknown or len(self.unknown) < MOST_WORDS:
            self.unknown[word] += 1
        return None
