"""Rows on disk until all of them are known, since a table's columns and their types depend on the last row."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from .cells import Kind, common, fits_int64, packed, well_formed
from .outcome import Outcome

MOST_COLUMNS: Final = 256
"""Maximum number of carried columns, as many as an input table may have."""


@dataclass(frozen=True, slots=True)
class SpooledRow:
    """One row: the carried cells in the order of the columns, and what the review adds."""

    cells: list[Any]
    outcome: Outcome


class Spool:
    """A temporary file of rows in the folder of the result, removed when it is closed."""

    def __init__(self, folder: Path) -> None:
        self._stream = tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder, newline="\n")  # noqa: SIM115
        self._kinds: dict[str, set[Kind]] = {}
        self.left_out: set[str] = set()
        """Columns beyond MOST_COLUMNS, which are not carried."""
        self.count = 0

    def add(self, cells: Mapping[str, object], outcome: Outcome) -> None:
        """Write a row. Raises OSError."""
        kept: dict[str, Any] = {}
        for heading, cell in cells.items():
            heading = well_formed(heading)
            if heading not in self._kinds:
                if len(self._kinds) >= MOST_COLUMNS:
                    if len(self.left_out) < MOST_COLUMNS:
                        self.left_out.add(heading)
                    continue
                self._kinds[heading] = set()
            kind, value = packed(cell)
            if kind == "int" and not fits_int64(value):
                kind, value = "str", str(value)
            if kind is not None:
                self._kinds[heading].add(kind)
                kept[heading] = value
        line = json.dumps([kept, asdict(outcome)], ensure_ascii=False)
        self._stream.write(well_formed(line) + "\n")
        self.count += 1

    def columns(self) -> dict[str, Kind]:
        """Return the carried columns in order of appearance, each with the type that holds all its cells."""
        return {heading: common(kinds) for heading, kinds in self._kinds.items()}

    def rows(self) -> Iterator[SpooledRow]:
        """Yield the rows from the first one. Raises OSError."""
        self._stream.flush()
        self._stream.seek(0)
        for line in self._stream:
            cells, outcome = json.loads(line)
            yield SpooledRow([cells.get(heading) for heading in self._kinds], Outcome(**outcome))

    def close(self) -> None:
        """Remove the temporary file."""
        with suppress(OSError):  # a full disk: what is left to write is not needed
            self._stream.close()
