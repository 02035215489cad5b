"""jieba's word dictionary, parsed lazily, and word segmentation with results identical to jieba's."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import Counter
from importlib.util import find_spec
from itertools import accumulate
from math import log
from pathlib import Path
from typing import TypedDict

from ..files.cache import ContentCache

_FREQUENCY = re.compile(rb" ([0-9]+)[ \r\n]")
_RUN = re.compile(rb"([\x00-\x7f]|[\xc0-\xff][\x80-\xbf]+)[^\n]*\n(?:\1[^\n]*\n)*")
_JOINED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
"""Consecutive single characters of this set form one word."""


class Index(TypedDict):
    """Offsets of the words in a dictionary file, as JSON.

    A run is a sequence of consecutive lines with the same first character.
    """

    digest: str
    """SHA-256 of the dictionary file, in hexadecimal digits."""
    total: int
    """The sum of all frequencies."""
    heads: str
    """The first character of each run."""
    sizes: list[int]
    """The size of each run in bytes."""
    repeated: str
    """The characters with more than one run."""


def dictionary_file() -> Path | None:
    """Return the path of jieba's dictionary without importing jieba; None if jieba is not installed."""
    spec = find_spec("jieba")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(place) / "dict.txt"
        if file.is_file():
            return file
    return None


def index_of(data: bytes) -> Index:
    """Return the index of a dictionary file.

    Each line is a word, a space and its frequency; the rest of the line is ignored.
    """
    lines = data if data.endswith(b"\n") else data + b"\n"
    heads: list[str] = []
    sizes: list[int] = []
    counted: Counter[bytes] = Counter()
    for run in _RUN.finditer(lines):
        heads.append(run[1].decode("utf-8"))
        sizes.append(len(run[0]))
        counted.update(_FREQUENCY.findall(run[0]))
    return {
        "digest": _digest(data),
        "total": sum(int(frequency) * times for frequency, times in counted.items()),
        "heads": "".join(heads),
        "sizes": sizes,
        "repeated": "".join(head for head, times in Counter(heads).items() if times > 1),
    }


def cached_index(content_cache: ContentCache) -> Index | None:
    """Return the dictionary's index from `content_cache`. A cache that is being written gets a new index.

    Returns None if there is no cached index and none can be written.
    """
    index: Index | None = content_cache.get("dictionary")
    if index is None and content_cache.is_writing and (file := dictionary_file()) is not None:
        index = index_of(file.read_bytes())
        content_cache.put("dictionary", index)
    return index


class Dictionary:
    """Word weights by first character, parsed lazily. Safe to share between threads.

    jieba chooses the most likely segmentation, and looks up only words whose first character occurs in the block.
    All other words can therefore stay unparsed.
    """

    def __init__(self, file: Path, index: Index | None = None) -> None:
        """Read a dictionary file. An `index` made from another version of the file is ignored."""
        self._data = file.read_bytes()
        if index is None or index["digest"] != _digest(self._data):
            index = index_of(self._data)
        self._rarest = log(1) - log(index["total"])
        self._total = log(index["total"])
        ends = list(accumulate(index["sizes"]))
        runs = list(zip(index["heads"], zip([0, *ends], ends, strict=False), strict=True))
        self._runs = {head: [place] for head, place in runs}
        for head in index["repeated"]:
            self._runs[head] = [place for other, place in runs if other == head]
        self._weights: dict[str, float | None] = {}
        self._lock = threading.Lock()

    def cuts(self, block: str) -> list[int]:
        """Return the start offset of each word of a block, followed by the length of the block, in code points."""
        if not self._runs.keys().isdisjoint(block):
            self._weigh(block)
        ends = self._most_likely(block)
        cuts = [0]
        at = joined = 0
        while at < len(block):
            end = ends[at]
            alone = end == at + 1 and block[at] in _JOINED
            if joined and alone:
                cuts[-1] = end
            else:
                cuts.append(end)
            at, joined = end, alone
        return cuts

    def _most_likely(self, block: str) -> list[int]:
        """Return, by start offset, the end of the first word in the most likely segmentation of the rest."""
        weights = self._weights
        length = len(block)
        ends = [0] * length
        best = [0.0] * (length + 1)
        for start in range(length - 1, -1, -1):
            # If no dictionary word starts here, the single character is a word.
            highest, chosen = self._rarest + best[start + 1], start + 1
            known = False
            end = start + 1
            while end <= length and (piece := block[start:end]) in weights:
                weight = weights[piece]
                # Between equally likely segmentations, the longer word wins.
                if weight is not None and (not known or weight + best[end] >= highest):
                    highest, chosen, known = weight + best[end], end, True
                end += 1
            best[start], ends[start] = highest, chosen
        return ends

    def _weigh(self, block: str) -> None:
        """Parse the words that start with a character of a block, unless they are parsed already."""
        with self._lock:
            for head in self._runs.keys() & set(block):
                weights: dict[str, float | None] = {}
                for start, end in self._runs[head]:
                    for line in self._data[start:end].decode("utf-8").split("\n"):
                        if not line:
                            continue
                        word, frequency = line.split(" ")[:2]
                        weights[word] = log(count) - self._total if (count := int(frequency)) else None
                        for length in range(1, len(word)):
                            weights.setdefault(word[:length], None)
                self._weights.update(weights)
                # Delete last: a thread that finds the run missing relies on its weights.
                del self._runs[head]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
