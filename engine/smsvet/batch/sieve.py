"""Prefilter many template bodies: find those where no rule can have a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..catalogue import Catalogue
from ..evasion.keys import Target
from ..model import Purpose, Region
from ..rules.facts import BARE, BITS, BRIEF, HAN, SHARE, are_adjacent, mask
from ..rules.in_force import RulesInForce
from .conditions import Conditions
from .contacts import ContactCandidates
from .homophones import HomophoneCandidates
from .joined import BETWEEN, FoldTable, JoinedTexts, Mask, Points, membership, to_text
from .literals import Literals
from .occurrences import TEXTS, Occurrences
from .placeholders import PlaceholderReader, Placeholders
from .plan import Bodies, Plan

LENGTH = 500
"""Code points of the longest body that is filtered. Longer ones are rare, and most providers refuse them."""
REPEATS, PERIOD = 4, 40
"""How often the middle of a body may occur in it, at least and per code points of a long body.

Ordinary templates hardly repeat themselves."""
REWRITABLE = 16
"""Parts of a body with another reading, beyond which its words are not judged here."""

_GIVEN = mask(("body", "purpose"))
_POSSIBLE = mask(("body", "purpose", "placeholders", "problems", "terms", "links", "contacts"))
_TERMS, _PLACEHOLDERS, _NAMED = BITS["terms"], BITS["placeholders"], BITS["named"]
_ADJACENT, _CROWDED, _BRIEF, _BARE = BITS["adjacent"], BITS["crowded"], BITS["brief"], BITS["bare"]


class Setting(NamedTuple):
    """Everything except the body that determines the rules for a template."""

    provider: str
    as_of: date
    region: Region
    purpose: Purpose


class Sieve:
    """Selects the template bodies that may have a finding. Immutable apart from its caches.

    It selects every body with a finding by `Reviewer.review`, and few others. Work on a single body is bounded: beyond
    a bound the body is selected, because the review would do the same work again.
    """

    def __init__(self, catalogue: Catalogue, rules_for: Callable[..., RulesInForce]) -> None:
        """Take the content, and the function that returns the rules in force."""
        reader = catalogue.reader
        lexicon = reader.lexicon
        self._reader, self._providers, self._rules_for = reader, catalogue.providers, rules_for
        self._fold = FoldTable(reader.folder)
        self._placeholders = PlaceholderReader(reader.parser)
        self._literals = Literals(reader.prefilter.literals, lexicon.backend)
        self._conditions = Conditions(reader.prefilter, lexicon)
        self._homophones = (
            HomophoneCandidates(lexicon.disguises, len(reader.prefilter.literals))
            if lexicon.disguises
            else None
        )
        self._contacts = ContactCandidates()
        self._chinese = membership(map(chr, range(HAN[0], HAN[1] + 1)))
        self._plan = lru_cache(maxsize=1024)(self._plan_of)

    def clean(self, texts: Sequence[str], settings: Sequence[Setting]) -> list[bool]:
        """Return whether each body, with the setting at the same index, certainly has no finding."""
        found: list[bool] = []
        for begin in range(0, len(texts), TEXTS):
            found += self._clean(texts[begin : begin + TEXTS], settings[begin : begin + TEXTS])
        return found

    def _clean(self, texts: Sequence[str], settings: Sequence[Setting]) -> list[bool]:
        fit = [is_worth_filtering(text) for text in texts]
        if not any(fit):
            return fit
        joined = JoinedTexts([text if fits else "" for text, fits in zip(texts, fit, strict=True)])
        holes = self._placeholders.read(joined, [setting.provider for setting in settings])
        failed = self._fold.unsupported(joined) | holes.unsure | ~np.array(fit)
        folded = self._fold.fold(joined, holes.spans)
        failed |= self._contacts.rows(joined, folded, holes.counts > 0)
        whole = to_text(folded)
        bodies = [
            whole[start:end] for start, end in zip(joined.starts.tolist(), joined.ends.tolist(), strict=True)
        ]
        found = self._literals.find(joined, folded)
        known = self._bodies(texts, bodies, joined, folded, holes, found)
        clean = np.zeros(len(texts), np.bool_)
        for setting in set(settings):
            own = np.fromiter((one == setting for one in settings), np.bool_, len(settings)) & ~failed
            clean |= own & ~self._plan(setting).may_find(known, own)
        # Disguised words are searched last: of all steps this one takes longest.
        clean &= ~self._disguised(joined, folded, bodies, found, clean)
        result: list[bool] = clean.tolist()
        return result

    def _disguised(
        self, joined: JoinedTexts, folded: Points, bodies: Sequence[str], found: Occurrences, among: Mask
    ) -> Mask:
        """Return which of the texts in `among` may have a disguised word."""
        disguised = np.zeros(len(joined), np.bool_)
        lexicon, matcher = self._reader.lexicon, self._reader.matcher
        detector = lexicon.disguises
        if self._homophones is None or detector is None or not among.any():
            return disguised
        folded = joined.without(folded, ~among)
        unjudged = np.zeros(len(joined), np.bool_)

        def plain(row: int) -> Iterator[tuple[int, int]]:
            yield from lexicon.plain(bodies[row], matcher.scan(bodies[row]))

        for row in np.flatnonzero(among & self._homophones.rewritten(joined, folded, found)).tolist():
            scan = matcher.scan(bodies[row])
            unjudged[row] = detector.rewritable(bodies[row], scan) > REWRITABLE
            if not unjudged[row]:
                disguised[row] = detector.is_rewritten(bodies[row], scan, plain(row))
        repeated, crowded, alike = self._homophones.of(joined, folded)
        unjudged |= crowded
        repeated |= self._homophones.parted(joined, folded)

        @cache
        def is_disguised_at(row: int) -> Callable[[Target, int], bool]:
            return detector.disguised_at(bodies[row], plain(row))

        for row, target, start in alike:
            if among[row] and not (repeated[row] or disguised[row] or unjudged[row]):
                disguised[row] = is_disguised_at(row)(target, start)
        # A full search decides, since it also takes the other words of the text into account.
        for row in np.flatnonzero(among & (repeated | disguised) & ~unjudged).tolist():
            disguised[row] = bool(lexicon.hidden(bodies[row], matcher.scan(bodies[row])))
        return disguised | unjudged

    def _bodies(
        self,
        written: Sequence[str],
        bodies: Sequence[str],
        joined: JoinedTexts,
        folded: Points,
        holes: Placeholders,
        found: Occurrences,
    ) -> Bodies:
        patterns, strong, weak = self._conditions.of(found, joined, bodies)
        chinese = joined.count(self._chinese.take(folded))
        facts = np.full(len(joined), _GIVEN)
        facts |= np.where((strong + weak).any(axis=1), _TERMS, 0)
        facts |= np.where(holes.counts > 0, _PLACEHOLDERS, 0) | np.where(holes.named, _NAMED, 0)
        facts |= np.where((holes.counts > 2) & (chinese < SHARE * holes.counts), _CROWDED, 0)
        facts |= np.where(chinese < BRIEF, _BRIEF, 0) | np.where(chinese < BARE, _BARE, 0)
        facts[self._adjacent(joined, holes)] |= _ADJACENT
        lengths = np.fromiter(map(len, written), np.int64, len(written))
        any_facts = int(np.bitwise_or.reduce(facts, initial=0))
        any_patterns = frozenset(np.flatnonzero(patterns.any(axis=1)).tolist())
        return Bodies(written, bodies, lengths, facts, patterns, strong, weak, any_facts, any_patterns)

    def _adjacent(self, joined: JoinedTexts, holes: Placeholders) -> list[int]:
        """Return the texts where two neighbouring placeholders have neither letter nor digit between them."""
        text, first, last = (column.tolist() for column in holes.spans)
        pairs = zip(pairwise(text), last[:-1], first[1:], strict=True)
        return [
            one
            for (one, other), end, start in pairs
            if one == other and are_adjacent(joined.text, end, start)
        ]

    def _plan_of(self, setting: Setting) -> Plan:
        provider, as_of, region, purpose = setting
        profile = self._rules_for(provider, as_of, region, "template", purpose, _POSSIBLE)
        return Plan(profile, self._providers[provider], as_of, self._conditions.categories)


def is_worth_filtering(text: str) -> bool:
    """Return whether filtering may save the review of a body: it is neither very long nor repetitive.

    The three code points in the middle of a repetitive body occur more often than REPEATS and PERIOD allow.
    """
    size = len(text)
    if size > LENGTH or BETWEEN in text:
        return False
    middle = size // 2
    repeats = text.count(text[middle : middle + 3])
    return repeats <= REPEATS or repeats <= size // PERIOD
