"""Find disguised words: read a text in every supported way and match each reading by pronunciation."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path

from ..files.cache import ContentCache
from ..files.content_files import read_text
from ..files.lazy_lines import LazyLines
from ..text.automaton import Automaton, Scan, build_automaton
from ..text.fold import Folder
from ..text.segmenter import Segmenter
from ..text.text import HOLE
from .disguise import TRANSFORMS, Disguise, Hidden
from .homophones import Homophones, SoundMatch
from .initials import Initials
from .keys import Target, parse_targets, target_keys
from .language import has_chinese
from .partings import is_han
from .pinyin import Pinyin
from .plausibility import LONG, Context, Doubt, ReadingMatch, doubt_of
from .readings import AsWritten, Reading, Readings
from .steps import apart, pieces_of, signs_within, steps_of
from .windows import judged_once

GAP, LONGEST_GAP = 3, 24
"""Maximum number of separators between two units of a word, where a run of the same one counts once; of code points."""
_AGAIN = re.compile(r"(.)\1+", re.DOTALL)
CORROBORATED = 2
"""Number of disguised words from which doubtful candidates in the same text corroborate each other."""
MAX_STEPS, MAX_STEPS_WEAK = 3, 2
"""Maximum number of steps that undo the disguise of a strong word, and of a weak one."""
MANY = 64
"""Number of candidates from which each window of the text is judged once. So many are repetitions."""
_EVERY = range(sys.maxsize)


class Detector:
    """Finds the disguised words of a lexicon. Immutable and shared between threads."""

    def __init__(
        self,
        folder: Path,
        numbers: dict[str, int],
        strong: Collection[str],
        fold: Folder,
        segmenter: Segmenter,
        off: Iterable[str] = (),
        backend: str | None = None,
        label: str = "corpora/disguise",
        content_cache: ContentCache | None = None,
    ) -> None:
        """Load the tables of `folder` and build the automata. Raises ContentError.

        `numbers` maps each normalised lexicon word to its number; the spellings of the substitution tables
        are added to it. `strong` is the subset of strong words and `off` the names of disabled steps. Error
        messages call the folder `label`.
        """
        content_cache = content_cache or ContentCache()
        words = tuple(numbers)
        self._off = frozenset(off)
        self._segmenter = segmenter
        self._sounds = Pinyin.load(folder / "pinyin.tsv", f"{label}/pinyin.tsv")
        self._views = Readings(folder, label, fold, self._sounds, self._off, numbers, content_cache)
        self.spells = self._views.spells
        common = read_text(folder / "alone.txt", f"{label}/alone.txt").split("\n")
        self.common = frozenset("".join(line for line in common if not line.startswith("#")))
        ordinary = read_text(folder / "ordinary.txt", f"{label}/ordinary.txt").split("\n")
        everyday = [word for word in ordinary if word and not word.startswith("#")]
        self._ordinary = build_automaton(everyday)
        self._known_words = frozenset((*everyday, *words))
        self._strong = frozenset(strong)
        self.breaks = lru_cache(maxsize=1 << 16)(self._breaks)
        self.is_word = lru_cache(maxsize=1 << 16)(self._is_a_word)
        targets: dict[str, str] = {}
        if not content_cache.found:
            targets = target_keys(words, self._views, self._sounds, "reversed" not in self._off)
        keys = content_cache.words("disguised", lambda: list(targets))
        lines = content_cache.words("meanings", lambda: list(targets.values()))
        self.targets: Sequence[tuple[Target, ...]] = LazyLines(lines, parse_targets)
        self.matcher: Automaton = build_automaton(keys, backend, content_cache, "disguises")
        self._soundalikes = Homophones(self.targets, self.matcher, self.common, self.is_word)
        self._canonical = content_cache.value("canonical", lambda: self._canonical_words(words))
        letters = frozenset((*words, *self._views.stand_ins))
        self._initials = Initials(self._strong - self._canonical.keys(), letters, self._sounds)

    def _canonical_words(self, words: Sequence[str]) -> dict[str, str]:
        """Return the lexicon words that contain stand-ins themselves, each with its plain form."""
        return {
            word: plain
            for word in words
            if (plain := self._views.without_stand_ins(word)) != word and all(map(is_han, word))
        }

    def _is_a_word(self, written: str) -> bool:
        """Return whether Chinese characters form a single word of the lexicon or the dictionary."""
        return written in self._known_words or (
            all(map(is_han, written)) and len(self._segmenter.words(written)) == 1
        )

    def _breaks(self, word: str, place: int) -> bool:
        """Return whether a gap after a code point splits a dictionary word."""
        return self._segmenter.word(word, place)[1] > place + 1

    def warm(self) -> None:
        """Build caches eagerly; for long-lived processes."""
        self.matcher.warm()
        self._ordinary.warm()

    def key_of(self, char: str) -> str:
        """Return the search key of a normalised code point; empty for a separator."""
        return self._views.key(char)

    def is_rewritten(self, folded: str, scan: Scan, plain: Iterable[tuple[int, int]]) -> bool:
        """Return whether letters, separators or substitution tables may turn part of a text into a word."""
        if self._views.is_rewritten(folded, scan):
            context = self._context(folded, plain)
            candidates = (
                (view, candidate)
                for view in self._views.of(folded, scan)
                if view.steps is not None
                for candidate in self._candidates(folded, view)
            )
            if any(True for _ in self._judged(context, candidates)):
                return True
        return "initials" not in self._off and any(True for _ in self._initials.find(folded))

    def rewritable(self, folded: str, scan: Scan) -> int:
        """Return how many parts of a text have another reading than the one as written."""
        return len(self._views.units(folded, scan))

    @property
    def pairs(self) -> Collection[str]:
        """Return the pairs of characters between which a single letter or digit is read as a separator."""
        return self._views.pairs if "separator" not in self._off else ()

    @property
    def rewriting(self) -> Collection[int]:
        """Return the numbers of the spellings that substitution tables replace."""
        return self._views.rewriting

    @property
    def reads_repeats_once(self) -> bool:
        """Return whether a run of the same character is also read as a single one."""
        return "repeat" not in self._off

    def find(self, folded: str, scan: Scan, plain: Iterable[tuple[int, int]] = ()) -> list[Hidden]:
        """Return each word that appears only in disguise, with its place in code points of the normalised text.

        `scan` is the automaton's result for the text. `plain` holds the places of words that appear
        undisguised; they are not reported as disguised.
        """
        if not has_chinese(folded, self._views.spells):
            return []
        candidates = [
            (view, candidate)
            for view in self._views.of(folded, scan)
            for candidate in self._candidates(folded, view)
        ]
        initials = [] if "initials" in self._off else list(self._initials.find(folded))
        if not candidates and not initials:
            return []
        best: dict[tuple[str, int, int], Disguise] = {}
        context = self._context(folded, plain)
        judged = self._judged(context, candidates)
        if len(candidates) >= MANY:
            judged = judged_once(context, candidates, best, partial(self._judged, context))
        for word, found in judged:
            place = word, found.pieces[0][0], found.pieces[-1][1]
            best[place] = min(best.get(place, found), found, key=lambda one: len(one.transforms))
        for item in initials:
            if context.in_chinese(item.start, item.end) and not context.cuts(item.start, item.end):
                found = Disguise(item.word, ("initials",), ((item.start, item.end),), item.doubted)
                best.setdefault((item.word, item.start, item.end), found)
        backed = apart({(start, end) for _, start, end in best}) >= CORROBORATED
        return [
            (word, start, end, found._replace(backed=backed))
            for (word, start, end), found in best.items()
            if backed or not found.doubted
        ]

    def _judged(
        self, context: Context, candidates: Iterable[tuple[Reading | AsWritten, SoundMatch]]
    ) -> Iterator[tuple[str, Disguise]]:
        """Yield the candidates that count as disguised words, each with its word."""
        for view, (written, start, end, backwards) in candidates:
            word = written[::-1] if backwards else written
            found = self._judge(context, view, word, start, end, backwards)
            if found is not None:
                yield word, found

    def _context(self, folded: str, plain: Iterable[tuple[int, int]]) -> Context:
        return Context(
            folded,
            partial(self._known, plain),
            self._segmenter,
            self.common,
            self.breaks,
            self._views.spells,
        )

    def _known(self, plain: Iterable[tuple[int, int]], folded: str) -> Iterator[tuple[int, int]]:
        yield from plain
        yield from (match[1:] for match in self._ordinary.find(folded))

    def _candidates(self, folded: str, view: Reading | AsWritten) -> Iterator[SoundMatch]:
        """Return the words that a reading sounds like, as spelled in it, without obvious coincidences."""
        if isinstance(view, AsWritten):
            return self._soundalikes.as_written(folded, view)
        return self._soundalikes.rewritten(view, self._views.key(view.reading))

    def completes_a_word(self, read: str, written: str, before: str, after: str) -> bool:
        """Return whether the only differing character, at an edge, forms a word with its outer neighbour."""
        return self._soundalikes.completes_a_word(read, written, before, after)

    def _judge(
        self, context: Context, view: Reading | AsWritten, word: str, start: int, end: int, backwards: bool
    ) -> Disguise | None:
        """Return the disguise that turns part of a reading into the word; None if it does not count."""
        written = self._written_as(context, view, word[::-1] if backwards else word, start, end, backwards)
        if not written.steps or self.exclusion_of(written, word):
            return None
        doubt = doubt_of(written)
        if doubt is Doubt.FULL:
            return None
        names = written.steps
        if word in self._canonical:
            word, names = (
                self._canonical[word],
                ("homophone", *(step for step in names if step != "homophone")),
            )
        return Disguise(word, names, pieces_of(view, start, end), doubt is Doubt.SOME)

    def disguised_at(self, folded: str, plain: Iterable[tuple[int, int]]) -> Callable[[Target, int], bool]:
        """Return a predicate: whether a text contains a target in disguise, by sound or with separators in it.

        Its second argument is the index of the target's first unit, not counting separators.
        """
        context = self._context(folded, plain)
        view = AsWritten(folded, self._views)

        def is_disguised_at(target: Target, start: int) -> bool:
            written, backwards = target
            word = written[::-1] if backwards else written
            return self._judge(context, view, word, start, start + len(written), backwards) is not None

        return is_disguised_at

    def exclusion_of(self, written: ReadingMatch, word: str) -> str | None:
        """Return why a candidate is excluded before scoring, as a name of `dismissal.GATES`; None if it is not."""
        between = [written.between(unit).replace(HOLE, "") for unit in written.gaps]
        if any(len(_AGAIN.sub(r"\1", signs)) > GAP or len(signs) > LONGEST_GAP for signs in between):
            return "far-apart"
        inserted = sum(signs.isalnum() for signs in between)
        # A letter within a weak word is part of a name, such as the class of a fund in 指数C基金.
        if inserted and inserted < len(word) - 1 and (len(word) < LONG or word not in self._strong):
            return "part-of-words"
        if any(map(written.is_decimal, written.gaps)):
            return "part-of-words"
        if not written.context.in_chinese(*written.place):
            return "not-chinese"
        if not self._off.isdisjoint(written.steps):
            return "off"
        limit = MAX_STEPS if word in self._strong else MAX_STEPS_WEAK
        return "too-many-steps" if len(written.steps) > limit else None

    def readings(
        self, folded: str, scan: Scan, plain: Iterable[tuple[int, int]], word: str
    ) -> Iterator[ReadingMatch]:
        """Yield every part of a text that sounds or looks like a word, including those that do not count."""
        context = self._context(folded, plain)
        for view in self._views.of(folded, scan):
            for index, start, end in self.matcher.scan(self._views.key(view.reading)).places(_EVERY):
                for meant, backwards in self.targets[index]:
                    if (meant[::-1] if backwards else meant) == word:
                        written = self._written_as(context, view, meant, start, end, backwards)
                        if written.steps:
                            yield written

    def _written_as(
        self, context: Context, view: Reading | AsWritten, meant: str, start: int, end: int, backwards: bool
    ) -> ReadingMatch:
        """Return part of a reading with the steps that turn it into the intended word."""
        steps, replaced = steps_of(self._sounds, view, meant, start, end)
        if "pinyin" in steps:
            steps.update(signs_within(context.folded, view, start, end))
        gaps: list[int] = []
        for place in range(start, end - 1):
            between = context.folded[view.ends[place] : view.starts[place + 1]]
            if between:
                steps.add("placeholder" if HOLE in between else "separator")
                gaps.append(place)
        if backwards:
            steps.add("reversed")
        names = tuple(sorted(steps, key=TRANSFORMS.index))
        return ReadingMatch(context, view, meant, start, end, replaced, gaps, names)
