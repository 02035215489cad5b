"""Word segmentation of Chinese text, and the check whether a match consists of whole words.

Only the block of text around a match is segmented.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from importlib import import_module
from itertools import accumulate, pairwise
from typing import Any

from ..extras import check_backend, is_installed
from .automaton import build_automaton
from .dictionary import Dictionary, Index, dictionary_file

BACKENDS = ("rjieba", "jieba")
"""Names of the supported backends, the preferred one first. Both return the same words."""

_IN_BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]")
BLOCK = re.compile(f"{_IN_BLOCK.pattern}+")
"""A block that jieba segments independently (`re_han_default`): no word extends beyond it."""

PATIENCE = 2000
"""Blocks to segment with the lazy dictionary before rjieba is loaded, because loading it takes longer."""

CACHED_BLOCKS = 2048
"""Number of blocks with cached segmentations."""
CACHED_LENGTH = 1000
"""Greatest length in code points of a cached text. Of longer texts, each thread keeps only the last one."""

_LETTERS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

Cutter = Callable[[str], list[int]]
"""Returns the start offset of each word of a block, followed by the length of the block, in code points."""


def installed() -> tuple[str, ...]:
    """Return the names of the installed backends, the preferred one first."""
    return tuple(name for name in BACKENDS if is_installed(name))


class _LastText(threading.local):
    """The blocks of the last text of this thread, with the segmentations computed so far."""

    def __init__(self) -> None:
        self.text = ""
        self.blocks: list[tuple[int, int]] = []
        self.cuts: dict[int, tuple[int, ...]] = {}
        self.begins: bytes | None = None


class Segmenter:
    """Segments Chinese text with a dictionary, without a model for unknown words.

    An additional word is used where it covers whole words. It is also used where it results in fewer words, or in
    equally many with fewer single characters. Additional words are not put into the dictionary: the backends would
    then resolve ties differently, and a frequent word would change the segmentation of unrelated texts.

    The dictionary is parsed lazily. After many blocks rjieba takes over, which parses the whole dictionary. A
    segmenter is safe to share between threads.
    """

    def __init__(
        self,
        words: Iterable[str] = (),
        backend: str | None = None,
        index: Index | None = None,
        patience: int = PATIENCE,
    ) -> None:
        """Take additional words that the dictionary lacks. The default backend is the preferred installed one.

        `index` is a cached index of the dictionary. `patience` is the number of blocks to segment before rjieba is
        loaded. Raises ValueError for an unknown backend, MissingExtraError for one that is not installed.
        """
        if backend is None:
            backend = next(iter(installed()), "jieba")
        if backend not in BACKENDS:
            raise ValueError(f"unknown segmenter {backend!r}: one of {', '.join(BACKENDS)}")
        if backend == "rjieba":
            check_backend("rjieba")
        self._backend = backend
        own = sorted({word for word in words if word})
        self._own = build_automaton(own) if own else None
        self._index = index
        self._patience = patience
        self._cutter: Cutter | None = None
        self._lasting: Cutter | None = None
        self._lock = threading.Lock()
        self._cached = lru_cache(maxsize=CACHED_BLOCKS)(self._cuts)
        self._last_text = _LastText()

    @property
    def ready(self) -> bool:
        """Return whether the dictionary is loaded."""
        return self._cutter is not None

    def warm(self) -> None:
        """Load the dictionary eagerly; for long-lived processes."""
        if self._backend == "rjieba":
            self._last()
        else:
            self._load()

    def words(self, block: str) -> tuple[tuple[int, int], ...]:
        """Return the words of a block as half-open code-point offsets, in order and without gaps.

        A block is a run of characters matched by `BLOCK`.
        """
        return tuple(pairwise(self._cached(block) if len(block) <= CACHED_LENGTH else self._cuts(block)))

    def word(self, text: str, offset: int) -> tuple[int, int]:
        """Return the word at a code-point offset of a text, as half-open offsets.

        A character outside all blocks is a word by itself.
        """
        if len(text) > CACHED_LENGTH:
            begins = self.begins(text)
            return begins.rfind(1, 0, offset + 1), begins.find(1, offset + 1)
        if not _IN_BLOCK.match(text, offset):
            return offset, offset + 1
        first, cuts = self._round(text, offset)
        place = bisect_right(cuts, offset - first)
        return first + cuts[place - 1], first + cuts[place]

    def begins(self, text: str) -> bytes:
        """Return for each code point of a text, and for its end, 1 if a word begins there, else 0.

        Segments the whole text. A character outside all blocks is a word by itself.
        """
        last_text = self._blocks_of(text)
        if last_text.begins is None:
            begins = bytearray(b"\x01") * (len(text) + 1)
            starts: dict[str, bytes] = {}
            for first, last in last_text.blocks:
                block = text[first:last]
                if block not in starts:
                    starts[block] = _marked(self._cuts_at(last_text, first, last))
                begins[first:last] = starts[block]
            last_text.begins = bytes(begins)
        return last_text.begins

    def whole(self, text: str, start: int, end: int) -> bool:
        """Return whether the code points [start, end) are within one word or cover whole words exactly.

        The condition applies to each block separately. In addition, an ASCII letter or digit at either end must not
        continue beyond it. Raises ValueError unless 0 <= start < end <= len(text).
        """
        if not 0 <= start < end <= len(text):
            raise ValueError(f"no code points at [{start}, {end}) of {len(text)}")
        if start and text[start] in _LETTERS and text[start - 1] in _LETTERS:
            return False
        if end < len(text) and text[end - 1] in _LETTERS and text[end] in _LETTERS:
            return False
        if len(text) > CACHED_LENGTH:
            begins = self.begins(text)
            if (begins[start] and begins[end]) or begins.find(1, start + 1, end) < 0:
                return True
        for part in BLOCK.finditer(text, start, end):
            first, cuts = self._round(text, part.start())
            left, right = part.start() - first, part.end() - first
            word = bisect_right(cuts, left) - 1
            inside = right <= cuts[word + 1]
            covers = left == cuts[word] and right == cuts[bisect_right(cuts, right) - 1]
            if not (inside or covers):
                return False
        return True

    def _round(self, text: str, offset: int) -> tuple[int, tuple[int, ...]]:
        """Return the start of the block around an offset, and the cuts of the block relative to that start."""
        last_text = self._blocks_of(text)
        first, last = last_text.blocks[bisect_right(last_text.blocks, (offset, len(text))) - 1]
        return first, self._cuts_at(last_text, first, last)

    def _blocks_of(self, text: str) -> _LastText:
        """Return the blocks of a text, which are found once and reused until the next text."""
        last_text = self._last_text
        if last_text.text is not text:
            last_text.text, last_text.cuts, last_text.begins = text, {}, None
            last_text.blocks = [found.span() for found in BLOCK.finditer(text)]
        return last_text

    def _cuts_at(self, last_text: _LastText, first: int, last: int) -> tuple[int, ...]:
        cuts = last_text.cuts.get(first)
        if cuts is None:
            cut = self._cached if len(last_text.text) <= CACHED_LENGTH else self._cuts
            cuts = last_text.cuts[first] = cut(last_text.text[first:last])
        return cuts

    def _cuts(self, block: str) -> tuple[int, ...]:
        """Return the start offset of each word of a block, followed by the length of the block."""
        return tuple(self._with_own_words(block) if self._own else self._by_dictionary(block))

    def _by_dictionary(self, block: str) -> list[int]:
        cutter = self._cutter or self._load()
        return cutter(block)

    def _with_own_words(self, block: str) -> list[int]:
        cuts = self._by_dictionary(block)
        done = 0
        matches = self._own.find(block) if self._own else []
        for _, start, end in sorted(matches, key=_leftmost_longest):
            first, last = bisect_right(cuts, start) - 1, bisect_left(cuts, end)
            if start < done or last == first + 1:
                continue
            before = self._by_dictionary(block[cuts[first] : start])
            after = self._by_dictionary(block[end : cuts[last]])
            cut = [cuts[first] + offset for offset in before] + [end + offset for offset in after]
            if _cost(cut) < _cost(cuts[first : last + 1]):
                cuts[first : last + 1] = cut
                done = end
        return cuts

    def _load(self) -> Cutter:
        with self._lock:
            if self._cutter is None:
                file = dictionary_file()
                if file is not None:
                    cut = Dictionary(file, self._index).cuts
                    self._cutter = partial(self._at_first, cut) if self._backend == "rjieba" else cut
                elif self._backend == "rjieba":
                    self._cutter = _rjieba()
                else:
                    raise ImportError("jieba, or its dictionary, is not installed")
            return self._cutter

    def _at_first(self, cut: Cutter, block: str) -> list[int]:
        """Segment a block with the lazy dictionary, or with rjieba once the patience is used up."""
        self._patience -= 1
        if self._patience >= 0:
            return cut(block)
        return self._last()(block)

    def _last(self) -> Cutter:
        with self._lock:
            if self._lasting is None:
                self._cutter = self._lasting = _rjieba()
            return self._lasting


def _marked(cuts: Sequence[int]) -> bytes:
    """Return for each code point of a block 1 if it is one of the cuts, else 0."""
    marks = bytearray(cuts[-1])
    for cut in cuts[:-1]:
        marks[cut] = 1
    return bytes(marks)


def _leftmost_longest(match: tuple[int, int, int]) -> tuple[int, int]:
    _, start, end = match
    return start, -end


def _cost(cuts: Sequence[int]) -> tuple[int, int]:
    """Return the number of words plus one, and the number of single-character words: smaller is better."""
    return len(cuts), sum(end - start == 1 for start, end in pairwise(cuts))


def _rjieba() -> Cutter:
    cutter: Any = import_module("rjieba").Jieba()
    return lambda block: list(accumulate(map(len, cutter.cut(block, hmm=False)), initial=0))
