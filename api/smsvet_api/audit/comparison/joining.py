"""Joins the items of two runs: by file and row if both read the same input, else by id.

By file and row, both sides are merged in the order of the input. By id, both are first divided into buckets on the disk, so
that only one bucket is in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ...files.rows import InputError
from ...wording import say
from ..hashing import hash64
from .stored_run import Part, StoredRun

BUCKET: Final = 50_000
"""Items of a bucket that a join by id aims at."""
CELL: Final = "cell."
"""Prefix of the input's columns in a bucket."""


class NotAscendingError(Exception):
    """The keys of a side do not ascend."""


@dataclass(slots=True)
class Unpaired:
    """The items that only one side has, and the rows that have no id although ids join the sides."""

    old: int = 0
    new: int = 0
    unidentified: int = 0
    repeated: int = 0
    """Items whose id occurred before on the same side; they are paired in the order of occurrence."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Items of both sides: row by row the same item."""

    old: Part
    new: Part


@dataclass(slots=True)
class Join:
    """The join of two runs. `by` is `row` or `id`; `unpaired` is complete when all pairs were read."""

    old: StoredRun
    new: StoredRun
    by: str
    unpaired: Unpaired = field(default_factory=Unpaired)

    def pairs(self, work: Path) -> Iterator[Pairs]:
        """Yield all items that both sides have. Buckets are written to the folder `work`. Raises InputError."""
        if self.by == "id":
            yield from _by_id(self, work)
            return
        try:
            yield from merged(self.old.parts(), self.new.parts(), self.unpaired)
        except NotAscendingError as error:
            raise InputError(
                say(
                    self.new.lang,
                    f"{self.old.folder} 或 {self.new.folder}：行的顺序与输入不符",
                    f"{self.old.folder} or {self.new.folder}: the rows are not in the order of the input",
                )
            ) from error


def join(old: StoredRun, new: StoredRun) -> Join:
    """Return the join of two runs: by row if their inputs are the same, else by id."""
    same = [run.manifest["inputs"] for run in (old, new)]
    same = [[(one["name"], one["size"], one["digest"]) for one in inputs] for inputs in same]
    return Join(old, new, "row" if same[0] == same[1] else "id")


def merged(old: Iterable[Part], new: Iterable[Part], unpaired: Unpaired) -> Iterator[Pairs]:
    """Yield the items with equal keys of two sides, and count the others. Raises NotAscendingError."""
    import numpy as np  # noqa: PLC0415 - loads slowly, and only an audit needs it
    import pyarrow as pa  # noqa: PLC0415

    left, right = _Ascending(old), _Ascending(new)
    while left.fill() and right.fill():
        bound = min(left.keys[-1], right.keys[-1])
        mine, theirs = left.until(bound), right.until(bound)
        _, first, second = np.intersect1d(mine.keys, theirs.keys, assume_unique=True, return_indices=True)
        unpaired.old += len(mine.keys) - len(first)
        unpaired.new += len(theirs.keys) - len(second)
        if len(first):
            yield Pairs(mine.part.take(pa.array(first)), theirs.part.take(pa.array(second)))
    unpaired.old += left.rest()
    unpaired.new += right.rest()


@dataclass(frozen=True, slots=True)
class _Run:
    """Some items of a side with their keys."""

    part: Part
    keys: Any


class _Ascending:
    """The items of a side, read as they are needed; `keys` are those of the items that wait."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts = iter(parts)
        self.part = Part(None, None)
        self.keys: Any = ()
        self.last = -1

    def fill(self) -> bool:
        """Read items if none waits; return whether there are any."""
        import numpy as np  # noqa: PLC0415 - as above

        while not len(self.keys):
            following = next(self.parts, None)
            if following is None:
                return False
            self.part = following
            self.keys = self.part.side["key"].to_numpy()
            if len(self.keys):
                if self.keys[0] <= self.last or np.any(np.diff(self.keys) <= 0):
                    raise NotAscendingError
                self.last = int(self.keys[-1])
        return True

    def until(self, bound: int) -> _Run:
        """Remove the items up to a key and return them."""
        import numpy as np  # noqa: PLC0415 - as above

        count = int(np.searchsorted(self.keys, bound, side="right"))
        part, keys = self.part, self.keys
        self.part = Part(part.side.slice(count), part.cells.slice(count))
        self.keys = keys[count:]
        return _Run(Part(part.side.slice(0, count), part.cells.slice(0, count)), keys[:count])

    def rest(self) -> int:
        """Return the number of items that are left."""
        waiting: int = len(self.keys)
        return waiting + sum(int(part.side.num_rows) for part in self.parts)


def _by_id(found: Join, work: Path) -> Iterator[Pairs]:
    """Yield the items with equal ids, bucket by bucket; equal ids of one side are paired in the order of occurrence."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    rows = max(found.old.manifest["rows"], found.new.manifest["rows"])
    count = max(-(-rows // BUCKET), 1)
    folders = [work / "old", work / "new"]
    for run, folder in zip((found.old, found.new), folders, strict=True):
        _divide(run.parts(), folder, count, found.unpaired)
    for number in range(count):
        sides = [
            [_item(pq.read_table(path)) for path in sorted((folder / str(number)).glob("*.parquet"))]
            for folder in folders
        ]
        old, new = sides
        yield from merged(*_numbered(old, new, found.unpaired), found.unpaired)


def _divide(parts: Iterable[Part], folder: Path, count: int, unpaired: Unpaired) -> None:
    """Write the items of a side into `count` folders by the hash of their id."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    for number, part in enumerate(parts):
        ids = part.side["id"].to_pylist()
        buckets = np.array([-1 if one is None else hash64(one) % count for one in ids])
        unpaired.unidentified += int(np.count_nonzero(buckets < 0))
        for bucket in np.unique(buckets[buckets >= 0]):
            taken = part.take(pa.array(np.flatnonzero(buckets == bucket)))
            table = taken.side
            for name in taken.cells.column_names:
                table = table.append_column(f"{CELL}{name}", taken.cells[name])
            target = folder / str(bucket)
            target.mkdir(parents=True, exist_ok=True)
            pq.write_table(table, target / f"{number:06}.parquet", compression="zstd")


def _item(table: Any) -> Part:
    cells = [name for name in table.column_names if name.startswith(CELL)]
    renamed = table.select(cells).rename_columns([name.removeprefix(CELL) for name in cells])
    return Part(table.drop_columns(cells), renamed)


def _numbered(old: list[Part], new: list[Part], unpaired: Unpaired) -> tuple[list[Part], list[Part]]:
    """Return both sides of a bucket with the same keys for the same id and occurrence, in ascending order."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415

    numbers: dict[tuple[str, int], int] = {}
    sides: list[list[Part]] = []
    for parts in (old, new):
        seen: Counter[str] = Counter()
        numbered: list[Part] = []
        if parts:
            whole = Part(
                pa.concat_tables([one.side for one in parts]), pa.concat_tables([one.cells for one in parts])
            )
            keys = []
            for identity in whole.side["id"].to_pylist():
                occurrence = (identity, seen[identity])
                seen[identity] += 1
                keys.append(numbers.setdefault(occurrence, len(numbers)))
            unpaired.repeated += sum(times - 1 for times in seen.values())
            order = pa.array(np.argsort(keys))
            place = whole.side.schema.get_field_index("key")
            side = whole.side.set_column(place, "key", pa.array(keys, pa.int64()))
            numbered = [Part(side.take(order), whole.cells.take(order))]
        sides.append(numbered)
    return sides[0], sides[1]
