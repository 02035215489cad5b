"""Warnings: sentences that mention a term to advise against it, and so do not use it.

A warning covers terms of its own sentence only. A lure, such as a link, a number or a call to act, keeps the terms of
its sentence. A disguised term is kept, unless it only sounds like the term by chance: a genuine warning does not hide
a word.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ..evasion.plausibility import SOUNDS
from ..files.cached_model import CachedModel
from ..model import Contact, Span, Term
from ..text.text import Text

FILE = "warnings.yaml"
PUBLIC = re.compile(r"110|119|120|122|1008[56]|100(?:00|10)|12[0-9]{3}|95[0-9]{3}|96[0-9]{3,4}")
"""Numbers of authorities, carriers and banks that a warning may name."""
SENTENCES = re.compile(r"(?:[^。!?;\n…【】.]|\.(?! |$|\n))+")
CLAUSES = re.compile(r"[\w\x1f、\"“”‘’《》()/%·'-]+(?: [a-z0-9'][\w'-]*)*")
DIGITS = re.compile(r"[0-9](?:[ -]?[0-9]){4,20}")
_SHORT = 7
"""Digits of the shortest number that a lure would give; a public number may be shorter."""
QUOTED = re.compile(r"“[^“”]{2,40}”|\"[^\"]{2,40}\"|《[^《》]{2,40}》")
BUSINESS = re.compile(r"(?:[48]00|9[56]|\(?0)[0-9 ()-]{3,16}")
"""Numbers that a business or a local authority may give: service numbers, 400 numbers, landlines with area code."""
_AROUND = 12
"""Code points on either side of a number that tell what it is for; our own choice."""
_BLANK = " "
_REACH = 40
"""Code points of a clause that a prohibition or an accusation covers at most; our own choice."""


class Warnings(CachedModel):
    """`corpora/warnings.yaml`: three lists of term categories, and patterns by their role; the file describes each."""

    uncovered: tuple[str, ...]
    promoting: tuple[str, ...]
    threatening: tuple[str, ...]
    verdict: tuple[str, ...]
    punished: tuple[str, ...]
    ahead: tuple[str, ...]
    quoting: tuple[str, ...]
    behind: tuple[str, ...]
    topic: tuple[str, ...]
    caution: tuple[str, ...]
    denied: tuple[str, ...]
    help: tuple[str, ...]
    lure: tuple[str, ...]

    @property
    def patterns(self) -> Iterator[tuple[str, int, str]]:
        """Yield the role, the place in its list and the text of each pattern."""
        for role in _ROLES:
            for place, pattern in enumerate(getattr(self, role)):
                yield role, place, pattern


_ROLES = ("verdict", "punished", "ahead", "quoting", "behind", "topic", "caution", "denied", "help", "lure")


class _Reach(NamedTuple):
    """The extent of the warnings of a sentence: the clauses up to or from a place, or the sentence.

    `accused` is true if the sentence does more than forbid: it accuses or cautions.
    """

    whole: bool
    punished: bool
    accused: bool
    parts: tuple[tuple[int, int], ...]

    def covers(self, start: int, end: int) -> bool:
        # A clause has two parts at most, and they are in order.
        place = bisect_right(self.parts, (start, end + _REACH * 2))
        return any(first <= start and end <= last for first, last in self.parts[max(place - 2, 0) : place])


class WarningReader:
    """Finds the terms that a warning mentions. Immutable."""

    def __init__(self, warnings: Warnings) -> None:
        """Prepare the patterns, which are compiled when the first text has a term."""
        self.warnings = warnings
        self._uncovered = frozenset(warnings.uncovered)
        self._promoting = frozenset(warnings.promoting)
        self._threatening = frozenset(warnings.threatening)

    @cached_property
    def _compiled(self) -> dict[str, re.Pattern[str]]:
        return {role: re.compile("|".join(getattr(self.warnings, role))) for role in _ROLES}

    def used(self, text: Text) -> tuple[Term, ...]:
        """Return the terms of `text` that no warning covers, in order. Links and contacts must be known."""
        if not text.terms or text.field == "signature":
            return text.terms
        mentioned = set(self._mentioned(text))
        return tuple(term for term in text.terms if term not in mentioned) if mentioned else text.terms

    def _mentioned(self, text: Text) -> Iterator[Term]:
        sentences = [found.span() for found in SENTENCES.finditer(text.folded)]
        starts = [start for start, _ in sentences]
        inside: dict[int, list[tuple[Term, list[tuple[int, int]]]]] = {}
        for term in text.terms:
            if SOUNDS.issuperset(term.transforms) and term.category not in self._uncovered:
                pieces = places_of(text, term)
                place = bisect_right(starts, pieces[0][0]) - 1
                if place >= 0 and pieces[-1][1] <= sentences[place][1]:
                    begin = starts[place]
                    moved = [(start - begin, end - begin) for start, end in pieces]
                    inside.setdefault(place, []).append((term, moved))
        if not inside:
            return
        marked: set[int] = set()
        for span in [
            *(folded_place(text, link.span) for link in text.links),
            *(folded_place(text, one.span) for one in text.contacts if not is_public(one)),
        ]:
            if not self._helps(text.folded, span):
                marked.update(range(max(bisect_right(starts, span[0]) - 1, 0), bisect_left(starts, span[1])))
        for place, terms in inside.items():
            if place not in marked:
                yield from self._covered(text.folded[slice(*sentences[place])], terms)

    def _covered(self, sentence: str, terms: Sequence[tuple[Term, list[tuple[int, int]]]]) -> Iterator[Term]:
        """Yield the terms that a warning in their sentence covers; each is given with its places in the sentence."""
        sentence = QUOTED.sub(_one_clause, sentence)
        numbers = [
            found.span()
            for found in DIGITS.finditer(sentence)
            if not PUBLIC.fullmatch(found[0]) and self._helps(sentence, found.span())
        ]
        for start, end in numbers:
            sentence = sentence[:start] + _BLANK * (end - start) + sentence[end:]
        reach = self._reach(sentence)
        if reach is None or self._leads_on(sentence, reach):
            return
        if numbers:
            # Only what is in the reach of a warning in its own clause, and apart from the number.
            reach = reach._replace(whole=False, punished=False)
        called = [_clause(sentence, *number) for number in numbers]
        for term, pieces in terms:
            apart = [piece for piece in pieces if not touches(piece, called)]
            if apart and self._is_covered(term, apart, reach):
                yield term

    def _helps(self, folded: str, span: tuple[int, int]) -> bool:
        """Return whether a place is a business number that the text gives for questions or reports."""
        start, end = span
        around = f"{folded[max(start - _AROUND, 0) : start]}#{folded[end : end + _AROUND]}"
        return BUSINESS.fullmatch(folded, start, end) is not None and bool(
            self._compiled["help"].search(around)
        )

    def _is_covered(self, term: Term, pieces: Sequence[tuple[int, int]], reach: _Reach) -> bool:
        """Return whether a warning with this extent mentions a term; of a combination, one part is enough."""
        covered = any(reach.covers(*piece) for piece in pieces)
        if term.category in self._promoting:
            return reach.accused and covered
        return covered or reach.whole or (reach.punished and term.category not in self._threatening)

    def _reach(self, sentence: str) -> _Reach | None:
        """Return the extent of the warnings of a sentence, None if it has no warning."""
        find = self._compiled
        said = find["denied"].sub(lambda found: _BLANK * len(found[0]), sentence)
        accused = [found.start() for found in find["behind"].finditer(said)]
        verdict = find["verdict"].search(said) is not None
        punished = find["punished"].search(said) is not None
        cautious = find["caution"].search(said) is not None
        forbids = [found.start() for found in find["ahead"].finditer(said)]
        whole = verdict or (cautious and find["topic"].search(said) is not None)
        if not (whole or punished or accused or forbids or cautious):
            return None
        quotes = [found.start() for found in find["quoting"].finditer(said)]
        parts = sorted(_parts(sentence, accused, sorted(forbids + quotes)))
        return _Reach(whole, punished, whole or bool(accused), tuple(parts))

    def _leads_on(self, sentence: str, reach: _Reach) -> bool:
        """Return whether a sentence has a number or an uncovered call to act."""
        if any(
            len(found[0]) >= _SHORT and not PUBLIC.fullmatch(found[0]) for found in DIGITS.finditer(sentence)
        ):
            return True
        return any(not reach.covers(*found.span()) for found in self._compiled["lure"].finditer(sentence))


def _one_clause(quoted: re.Match[str]) -> str:
    """Return a quotation without the commas that would end its clause."""
    return quoted[0].replace(",", "、")


def _clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Return the code points [start, end) between the commas around a place."""
    after = sentence.find(",", end)
    return sentence.rfind(",", 0, start) + 1, len(sentence) if after < 0 else after


def _parts(sentence: str, accused: Sequence[int], ahead: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the part of each clause from the first place in `ahead`, and the part up to the last in `accused`."""
    for clause in CLAUSES.finditer(sentence):
        start, end = clause.span()
        first = bisect_left(ahead, start)
        if first < len(ahead) and ahead[first] <= end:
            yield ahead[first], min(end, ahead[first] + _REACH)
        last = bisect_left(accused, end) - 1
        if last >= 0 and accused[last] >= start:
            yield max(start, accused[last] - _REACH), min(end, accused[last] + _REACH)


def is_public(contact: Contact) -> bool:
    """Return whether a contact is the number of an authority, a carrier or a bank."""
    return contact.kind == "service" and PUBLIC.fullmatch(contact.value) is not None


def touches(place: tuple[int, int], clauses: Sequence[tuple[int, int]]) -> bool:
    """Return whether a place [start, end) shares a code point with one of the clauses."""
    start, end = place
    return any(start < last and first < end for first, last in clauses)


def place_of(text: Text, term: Term) -> tuple[int, int]:
    """Return the code points [start, end) of the normalised text of a term, without parts in a leading signature."""
    spoken = places_of(text, term)
    return spoken[0][0], spoken[-1][1]


def places_of(text: Text, term: Term) -> list[tuple[int, int]]:
    """Return the places of the parts of a term in the normalised text, without parts in a leading signature."""
    signed = text.folded.find("】") if text.folded.startswith("【") else -1
    pieces = [folded_place(text, span) for span in term.spans or (term.span,)]
    return [piece for piece in pieces if piece[0] > signed] or pieces


def folded_place(text: Text, span: Span) -> tuple[int, int]:
    """Return the code points [start, end) of the normalised text that a span of the submitted field became."""
    start, end = span.start - text.offset, span.end - text.offset
    if text.origins is None:
        return start, end
    return bisect_left(text.origins, start), bisect_left(text.origins, end)
