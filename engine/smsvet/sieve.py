"""Many template texts read together, and which of them no rule can find anything in."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from .catalogue import Catalogue
from .disguise import Hidden
from .document import Text
from .facts import BITS, HAN, held, mask, said
from .gathering import Bits, Wanted
from .joined import FoldTable, class_of
from .leads import Leads, may_lead
from .likeness import Likeness
from .matcher import Columns, Scan
from .model import Purpose, Region
from .plan import Plan
from .profile import Profile
from .reading import SEARCHED
from .template import Parsed

_GIVEN, _TERMS = mask(("body", "purpose")), BITS["terms"]
_POSSIBLE = mask(("body", "purpose", "placeholders", "problems", "terms", "links", "contacts"))


@dataclass(frozen=True, slots=True)
class Body:
    """A template text, and what else its rules depend on."""

    text: str
    provider: str
    as_of: date
    region: Region
    purpose: Purpose


class Sieve:
    """Reads many bodies, and tells which may have a finding. Immutable, apart from what it remembers."""

    def __init__(self, catalogue: Catalogue, rules_for: Callable[..., Profile]) -> None:
        """Take the content, and what gives the rules in force for facts."""
        self._catalogue = catalogue
        self._reader = catalogue.reader
        self._fold = FoldTable(self._reader.folder)
        disguises = self._reader.lexicon.disguises
        self._likeness = Likeness(disguises) if disguises else None
        self._rules_for = rules_for
        self._chinese = class_of(map(chr, range(HAN[0], HAN[1] + 1)))
        self._latin = class_of("abcdefghijklmnopqrstuvwxyz")
        self._leads = Leads()
        scanner = self._reader.scanner
        self._alone = Bits(scanner.alone, scanner.count)
        self._rewriting = Wanted(disguises.rewriting if disguises else (), scanner.count)
        self._plan = lru_cache(maxsize=1024)(self._plan_of)

    def read(self, bodies: Sequence[Body]) -> list[Text | None]:
        """Return the text of each body as the reader would give it, None where no rule can find anything in it."""
        if not bodies:
            return []
        reader = self._reader
        parsed = [reader.parser.read(body.text[:SEARCHED], body.provider) for body in bodies]
        joined = self._fold.join(
            [body.text if len(body.text) <= SEARCHED else "" for body in bodies],
            [
                (number, hole.span.start, hole.span.end)
                for number, one in enumerate(parsed)
                if len(bodies[number].text) <= SEARCHED
                for hole in one.placeholders
            ],
        )
        found = reader.matcher.columns(joined.text)
        likely = (self._likeness.rows(joined) if self._likeness else np.zeros(len(bodies), np.bool_)).tolist()
        owners, count = joined.rows(found.start), len(bodies)
        bounds = np.searchsorted(owners, np.arange(count + 1)).tolist()
        known = self._alone.gather(found.pattern, owners, count)
        rewritten = self._rewriting.having(found.pattern, owners, count).tolist()
        latin = joined.count(self._latin)
        spans = zip(joined.starts.tolist(), joined.ends.tolist(), strict=True)
        leading, chinese = self._leads.rows(joined), joined.count(self._chinese)
        texts: list[Text | None] = []
        for number, (start, end) in enumerate(spans):
            body, holes = bodies[number], parsed[number]
            if joined.unusual[number] or len(body.text) > SEARCHED:
                texts.append(reader.text("body", body.text, holes))
                continue
            folded = joined.text[start:end]
            scan = part_of(found, bounds[number], bounds[number + 1], start)
            hidden = self._hidden(folded, scan, likely[number], rewritten[number] or latin[number] > 0)
            marks = reader.scanner.marks(body.text, scan.seen, known=known[number])
            quiet = not (
                hidden or holes.problems or may_lead(folded, bool(holes.placeholders), leading[number])
            )
            if quiet and self._passes(body, folded, holes, scan, marks, chinese[number]):
                texts.append(None)
                continue
            text = Text(
                "body",
                body.text,
                folded,
                placeholders=holes.placeholders,
                problems=holes.problems,
                corrected=holes.corrected,
                marks=marks,
            )
            texts.append(reader.search(text, scan, hidden))
        return texts

    def _hidden(self, folded: str, scan: Scan, likely: bool, rewritten: bool) -> list[Hidden]:
        """Return the words of a text that are there only in disguise.

        `likely` tells that something sounds like one, `rewritten` that something may be read otherwise.
        """
        lexicon = self._reader.lexicon
        if lexicon.disguises is None:
            return []
        if likely or (rewritten and lexicon.disguises.is_rewritten(folded, scan)):
            return lexicon.hidden(folded, scan)
        return []

    def _passes(self, body: Body, folded: str, parsed: Parsed, scan: Scan, marks: int, chinese: int) -> bool:
        """Return whether no rule can find anything in a body without links, contacts and words in disguise."""
        plan = self._plan(body.provider, body.as_of, body.region, body.purpose)
        entries = self._reader.lexicon.may_find(folded, scan)
        facts = _GIVEN | held(body.text, parsed.placeholders, chinese) | said(chinese)
        return plan.passes(body.text, folded, facts | marks | (_TERMS if entries else 0), entries)

    def _plan_of(self, provider: str, as_of: date, region: Region, purpose: Purpose) -> Plan:
        profile = self._rules_for(provider, as_of, region, "template", purpose, _POSSIBLE)
        return Plan(profile, self._catalogue.providers[provider], as_of)


def part_of(found: Columns, first: int, last: int, start: int) -> Scan:
    """Return the matches [first, last) as the scan of a text that begins at `start`."""
    patterns = found.pattern[first:last].tolist()

    def places(wanted: Container[int]) -> list[tuple[int, int, int]]:
        begins, ends = found.start[first:last].tolist(), found.end[first:last].tolist()
        return [
            (pattern, begin - start, end - start)
            for pattern, begin, end in zip(patterns, begins, ends, strict=True)
            if pattern in wanted
        ]

    return Scan(set(patterns), places)
