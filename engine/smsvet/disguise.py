"""Find words that are written in disguise: what a text may be read as, searched for what words sound like."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .artefact import Artefact
from .document import HOLE
from .fold import Folder
from .matcher import Matcher, build
from .plausible import DENSE, Context, Doubt, Written, weigh
from .segment import Segmenter
from .sound import ALIKE, EXACT, Sounds
from .source import read_text
from .views import View, Views, han

STEPS_ZH = {
    "homophone": "同音字",
    "near-homophone": "近音字",
    "pinyin": "拼音",
    "look-alike": "形似字母",
    "similar-glyph": "形近字",
    "split": "拆字",
    "emoji": "表情代字",
    "stand-in": "字母数字代替",
    "initials": "拼音首字母",
    "leetspeak": "数字代字母",
    "numeral": "中文数字",
    "repeat": "叠字",
    "separator": "符号插入",
    "placeholder": "变量隔断",
    "reversed": "倒写",
    "joined": "与变量值拼接",
}
"""What the steps are called in Chinese messages; `joined` is a word that a template and a value make together."""

TRANSFORMS = tuple(step for step in STEPS_ZH if step != "joined")
"""Every step that a disguise can be undone by; the fold undoes width, case, writing and what cannot be seen."""

OFF: frozenset[str] = frozenset()
"""Steps that are not taken unless asked for."""

GAP = 3
"""Separators that may stand between two units of a word."""
BACKWARDS = 3
"""Units that a word read backwards has at least."""
MOST = 3
"""Steps that a disguise has at most."""


class Disguise(NamedTuple):
    """A word found in disguise: which, what undoes it, and the places of its pieces in the folded text."""

    word: str
    transforms: tuple[str, ...]
    pieces: tuple[tuple[int, int], ...]
    doubted: bool = False
    """Whether it would not count as the only word of the text in disguise."""
    backed: bool = False
    """Whether the text has another word in disguise."""


class Disguises:
    """Finds the words of a lexicon that are written in disguise. Immutable and shared between threads."""

    def __init__(
        self,
        folder: Path,
        words: Sequence[str],
        strong: Collection[str],
        fold: Folder,
        segmenter: Segmenter,
        off: Iterable[str] = (),
        backend: str | None = None,
        shown: str = "corpora/disguise",
        artefact: Artefact | None = None,
    ) -> None:
        """Take folded words, those of them that are strong, and the transforms to leave out; raises ContentError."""
        self._off = frozenset(off)
        self._segmenter = segmenter
        self._sounds = Sounds.load(folder / "pinyin.tsv", f"{shown}/pinyin.tsv")
        self._views = Views(folder, shown, fold, self._sounds, self._off)
        common = read_text(folder / "alone.txt", f"{shown}/alone.txt").split("\n")
        self._common = frozenset("".join(line for line in common if not line.startswith("#")))
        ordinary = read_text(folder / "ordinary.txt", f"{shown}/ordinary.txt").split("\n")
        self._ordinary = build([word for word in ordinary if word and not word.startswith("#")])
        self._strong = frozenset(strong)
        artefact = artefact or Artefact()
        sought = artefact.kept_words("disguises", lambda: list(self._sought(words)))
        self._words = [line.partition("\t")[0] for line in sought]
        self._keys = [line.partition("\t")[2] for line in sought]
        self._plainly = artefact.kept("told", lambda: self._told(words))
        self._matcher: Matcher = build(self._keys, backend, artefact, "disguises")

    def _sought(self, words: Sequence[str]) -> Iterator[str]:
        """Yield word and key, between them a tab, which is part of neither, for each way to read a word that is looked for in disguise."""
        codes = cache(self._sounds.codes)
        for word in words:
            if searched(word, self._views):
                for key in keys_of([codes(char) for char in word]):
                    yield f"{word}\t{key}"

    def _told(self, words: Sequence[str]) -> dict[str, str]:
        """Return the words that are told as others: those that are written with stand-ins themselves."""
        return {
            word: plain
            for word in words
            if all(map(han, word)) and (plain := self._views.plainly(word)) != word
        }

    def find(
        self, folded: str, plain: Iterable[tuple[int, int]] = ()
    ) -> list[tuple[str, int, int, Disguise]]:
        """Return (word, start, end, disguise) of each word that is there only in disguise, in folded code points.

        `plain` are places of words that are there as they are written: no disguise is made of those.
        """
        best: dict[tuple[str, int, int], Disguise] = {}
        context: Context | None = None
        for view in self._views.of(folded):
            for word, start, end, backwards in self._candidates(view):
                context = context or self._context(folded, plain)
                found = self._judge(context, view, word, start, end, backwards)
                if found is None:
                    continue
                place = word, found.pieces[0][0], found.pieces[-1][1]
                if place not in best or len(found.transforms) < len(best[place].transforms):
                    best[place] = found
        backed = apart({(start, end) for _, start, end in best}) >= DENSE
        return [
            (word, start, end, found._replace(backed=backed))
            for (word, start, end), found in best.items()
            if backed or not found.doubted
        ]

    def _context(self, folded: str, plain: Iterable[tuple[int, int]]) -> Context:
        known = bytearray(len(folded))
        for start, end in [*plain, *(match[1:] for match in self._ordinary.find(folded))]:
            if end - start > 1:
                known[start:end] = b"\x01" * (end - start)
        return Context(folded, known, self._segmenter, self._common)

    def _candidates(self, view: View) -> Iterator[tuple[str, int, int, bool]]:
        """Return the words that the view sounds like, forwards and backwards."""
        key = self._views.key(view.reading)
        words, reading, starts, common = self._words, view.reading, view.starts, self._common
        for index, start, end in self._matcher.find(key):
            word = words[index]
            if end - start == 2:
                # Most of what sounds like a word of two characters is chance: seen before it is weighed.
                one, two = reading[start], reading[start + 1]
                if (one != word[0] and one in common) or (two != word[1] and two in common):
                    continue
                if (
                    one == word[0]
                    and two == word[1]
                    and view.steps is None
                    and starts[start] + 1 == starts[start + 1]
                ):
                    continue
            elif (
                view.steps is None
                and starts[end - 1] - starts[start] == end - start - 1
                and reading.startswith(word, start)
            ):
                continue
            yield word, start, end, False
        if "reversed" not in self._off:
            size = len(key)
            for index, start, end in self._matcher.find(key[::-1]):
                if end - start >= BACKWARDS and reading[size - end : size - start] != words[index]:
                    yield words[index], size - end, size - start, True

    def _judge(
        self, context: Context, view: View, word: str, start: int, end: int, backwards: bool
    ) -> Disguise | None:
        """Return the disguise that makes a part of a view the word, None where it is not one that counts."""
        meant = word[::-1] if backwards else word
        steps, replaced = self._read(view, meant, start, end)
        gaps: list[int] = []
        for place in range(start, end - 1):
            between = context.folded[view.ends[place] : view.starts[place + 1]]
            if between:
                signs = between.replace(HOLE, "")
                if len(signs) > GAP:
                    return None
                steps.add("separator" if len(signs) == len(between) else "placeholder")
                gaps.append(place)
        if backwards:
            steps.add("reversed")
        most = MOST if word in self._strong else 1
        if not 0 < len(steps) <= most or not self._off.isdisjoint(steps):
            return None
        names = tuple(sorted(steps, key=TRANSFORMS.index))
        doubt = weigh(Written(context, view, meant, start, end, replaced, gaps, names))
        if doubt is Doubt.FULL:
            return None
        if word in self._plainly:
            word, names = self._plainly[word], ("homophone", *(step for step in names if step != "homophone"))
        return Disguise(word, names, pieces_of(view, start, end), doubt is Doubt.SOME)

    def _read(self, view: View, meant: str, start: int, end: int) -> tuple[set[str], list[int]]:
        """Return the steps that make each unit the character that is meant, and the units that need one."""
        steps: set[str] = set()
        replaced: list[int] = []
        for place, wanted in zip(range(start, end), meant, strict=True):
            read, step = view.reading[place], view.steps[place] if view.steps else ""
            if step:
                steps.add(step)
            if read != wanted and not self._sounds.same(read, wanted):
                steps.add("near-homophone")
            elif read != wanted and not EXACT <= ord(read) < ALIKE:
                steps.add("homophone")
            if step or read != wanted:
                replaced.append(place)
        return steps, replaced


def keys_of(codes: Sequence[Sequence[str]]) -> list[str]:
    """Return what is searched for a word: as usually read, and with each other reading of one character."""
    usual = [code[0] for code in codes]
    others = [
        "".join([*usual[:place], other, *usual[place + 1 :]])
        for place, code in enumerate(codes)
        for other in code[1:]
    ]
    return ["".join(usual), *others]


def searched(word: str, views: Views) -> bool:
    """Return whether a word is looked for in disguise: two units or more, without separators, some of it no digit."""
    if len(word) < 2 or len(views.key(word)) != len(word):
        return False
    return sum(map(han, word)) >= 1 or (len(word) >= 4 and word.isascii() and word.isalpha())


def pieces_of(view: View, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the runs of the folded text that units of a view were written as."""
    pieces: list[tuple[int, int]] = []
    for place in range(start, end):
        left, right = view.starts[place], view.ends[place]
        if pieces and left <= pieces[-1][1]:
            pieces[-1] = pieces[-1][0], max(right, pieces[-1][1])
        else:
            pieces.append((left, right))
    return tuple(pieces)


def apart(places: Iterable[tuple[int, int]]) -> int:
    """Return how many of the places there are when none may overlap another."""
    count = done = 0
    for start, end in sorted(places, key=lambda place: place[1]):
        if start >= done:
            count, done = count + 1, end
    return count
