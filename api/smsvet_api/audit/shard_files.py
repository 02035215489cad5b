"""The two Parquet files of a shard: written slice by slice, and described in their metadata."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..files.whole_file import replacing
from .additions import TALLY
from .shards import Shard

KEY: Final = b"smsvet.shard"
"""Metadata key of an output file: its description, as JSON."""
VERDICTS, FINDINGS = "verdicts", "findings"
"""The folders of the two tables."""


@dataclass(frozen=True, slots=True)
class Written:
    """The counts of a finished shard: rows, items by decision, items by rule, findings, and what it has of a baseline."""

    rows: int
    decisions: Counter[str]
    rules: Counter[str]
    findings: int
    tally: Mapping[str, Any] | None = None


class ShardFile:
    """A Parquet file that is being written; each table appended becomes a row group."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._writer: Any = None

    def append(self, table: Any) -> None:
        """Write the rows of a table. Raises OSError."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - loads slowly, and only an audit needs it

        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, table.schema.remove_metadata(), compression="zstd")
        self._writer.write_table(table)
        self.rows += table.num_rows

    def describe(self, description: Mapping[str, Any]) -> None:
        """Note the description that `read_written` reads."""
        self._writer.add_key_value_metadata({KEY: json.dumps(description).encode()})

    def close(self) -> None:
        """Write the end of the file. Raises OSError."""
        if self._writer is not None:
            self._writer.close()


@contextmanager
def shard_file(path: Path) -> Iterator[ShardFile]:
    """Provide a file that is complete or absent at the end. Raises OSError."""
    with replacing(path) as temporary, closing(ShardFile(temporary)) as file:
        yield file


def read_written(path: Path, run: str, shard: Shard) -> Written | None:
    """Return what a file of verdicts holds; None if it does not exist, is damaged or belongs to another run."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        metadata = pq.read_metadata(path)
        found = json.loads(metadata.metadata[KEY])
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
        return None
    if (found["run"], found["shard"], found["rows"]) != (run, shard.number, shard.kept):
        return None
    decisions, rules = Counter(found["decisions"]), Counter(found["rules"])
    return Written(found["rows"], decisions, rules, found["findings"], found.get(TALLY))
