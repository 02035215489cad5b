"""Reads the table `moved` by pages: the rows of one rule or one move, with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

NOBODY: Final = "-"
"""Stands for no single rule: several share the responsibility, or none explains the move."""
_COLUMNS: Final = ("rule", "old_decision", "new_decision")


@dataclass(frozen=True, slots=True)
class MovedFilter:
    """Selects rows of `moved`. `rule` is the responsible one, NOBODY for rows without one; None selects all."""

    rule: str | None = None
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class MovedPage:
    """Rows of `moved` as dictionaries. The next page begins after the row of the file `following`; None at the end."""

    rows: list[dict[str, Any]]
    following: int | None


def moved_page(path: Path, chosen: MovedFilter, after: int = 0, limit: int = 50) -> MovedPage:
    """Return selected rows behind the first `after` rows of the file. Raises ArrowException and OSError."""
    rows: list[dict[str, Any]] = []
    last = after
    for place, row in selected(path, chosen, after):
        if len(rows) == limit:
            return MovedPage(rows, last)
        rows.append(row)
        last = place + 1
    return MovedPage(rows, None)


def count_moved(path: Path, chosen: MovedFilter) -> int:
    """Return the number of selected rows. Raises ArrowException and OSError."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - loads slowly

    with pq.ParquetFile(path) as file:
        return sum(
            len(_places(file.read_row_group(group, columns=list(_COLUMNS)), chosen))
            for group in range(file.num_row_groups)
        )


def selected(
    path: Path, chosen: MovedFilter, after: int = 0, columns: list[str] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number, from 0, and content of selected rows behind the first `after`. Raises ArrowException and OSError."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    with pq.ParquetFile(path) as file:
        before = 0
        for group in range(file.num_row_groups):
            number = file.metadata.row_group(group).num_rows
            if before + number > after:
                # The texts are read only where a row is selected.
                narrow = file.read_row_group(group, columns=list(_COLUMNS))
                places = [place for place in _places(narrow, chosen).tolist() if before + place >= after]
                if places:
                    table = file.read_row_group(group, columns=columns)
                    for begin in range(0, len(places), 256):
                        some = places[begin : begin + 256]
                        rows = table.take(some).to_pylist()
                        yield from ((before + place, row) for place, row in zip(some, rows, strict=True))
            before += number


def _places(table: Any, chosen: MovedFilter) -> Any:
    """Return the numbers of the selected rows of a table, as an array."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute  # noqa: PLC0415

    pc: Any = pyarrow.compute  # its functions are made when it is imported
    wanted = pa.chunked_array([pa.array([True] * table.num_rows, pa.bool_())])
    if chosen.rule is not None:
        named = pc.is_null(table["rule"]) if chosen.rule == NOBODY else pc.equal(table["rule"], chosen.rule)
        wanted = pc.and_(wanted, pc.fill_null(named, False))
    for name, value in (("old_decision", chosen.old), ("new_decision", chosen.new)):
        if value is not None:
            wanted = pc.and_(wanted, pc.fill_null(pc.equal(table[name], value), False))
    return np.flatnonzero(wanted.to_numpy())
