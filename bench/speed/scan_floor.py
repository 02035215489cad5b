"""A lower bound for any engine: decode a batch, map every character through one table, scan once for all words."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import ahocorasick
import numpy as np
import pyarrow as pa

from bench.speed.timing import Batch, Way

ROWS = 1000
"""Number of rows joined into one text."""

Scan = Callable[[str], object]


def floor(backend: str, patterns: Sequence[str], fold: Mapping[int, int | str]) -> Way:
    """Return a method that finds all patterns in the joined rows and discards the matches."""
    table = np.arange(0x10000, dtype=np.uint16)
    for point, folded in fold.items():
        # Only mappings of one UTF-16 unit to one; others need more than a lookup.
        if isinstance(folded, int) and max(point, folded) < 0x10000:
            table[point] = folded
    scan = daachorse(patterns) if backend == "daachorse" else pyahocorasick(patterns)

    def way(batch: Batch) -> None:
        for part in batch.table.select(["body"]).to_batches(max_chunksize=ROWS):
            units = np.frombuffer(joined(part.column(0)).encode("utf-16-le", "surrogatepass"), np.uint16)
            scan(table[units].tobytes().decode("utf-16-le", "surrogatepass"))

    return way


def joined(column: pa.StringArray) -> str:
    """Return the joined texts of a column, read directly from its buffer."""
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    return str(memoryview(column.buffers()[2])[offsets[0] : offsets[-1]], "utf-8")


def pyahocorasick(patterns: Sequence[str]) -> Scan:
    """Return a scan over UTF-8 bytes decoded as Latin-1, which this automaton scans fastest."""
    automaton: Any = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for number, pattern in enumerate(patterns):
        automaton.add_word(pattern.encode("utf-8", "surrogatepass").decode("latin-1"), number)
    automaton.make_automaton()
    return lambda text: deque(
        automaton.iter(text.encode("utf-8", "surrogatepass").decode("latin-1")), maxlen=0
    )


def daachorse(patterns: Sequence[str]) -> Scan:
    """Return a scan over code points."""
    module: Any = import_module("daachorse")
    scan: Scan = module.CharwiseDoubleArrayAhoCorasick(list(patterns)).find_overlapping
    return scan
