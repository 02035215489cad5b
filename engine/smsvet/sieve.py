"""Many template texts read together, and which of them no rule can find anything in."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from .catalogue import Catalogue
from .contacts import may_have_contact
from .disguise import Hidden
from .document import Text
from .facts import BITS, held, mask, said
from .hidden_contacts import may_hide
from .hidden_links import may_hide_link
from .joined import FoldTable
from .likeness import Likeness
from .links import may_have_link
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
                for hole in one.placeholders
            ],
        )
        found = reader.matcher.columns(joined.text)
        likely = self._likeness.rows(joined) if self._likeness else np.zeros(len(bodies), np.bool_)
        bounds = np.searchsorted(joined.rows(found.start), np.arange(len(bodies) + 1)).tolist()
        texts: list[Text | None] = []
        for number, body in enumerate(bodies):
            if joined.unusual[number] or len(body.text) > SEARCHED:
                texts.append(reader.text("body", body.text, parsed[number]))
                continue
            start, end = int(joined.starts[number]), int(joined.ends[number])
            scan = part_of(found, bounds[number], bounds[number + 1], start)
            texts.append(self._text(body, joined.text[start:end], parsed[number], scan, bool(likely[number])))
        return texts

    def _text(self, body: Body, folded: str, parsed: Parsed, scan: Scan, likely: bool) -> Text | None:
        reader = self._reader
        lexicon = reader.lexicon
        marks = reader.scanner.marks(body.text, scan.seen)
        disguises = lexicon.disguises
        hidden: list[Hidden] = []
        if disguises is not None and (likely or disguises.is_rewritten(folded, scan)):
            hidden = lexicon.hidden(folded, scan)
        if not (
            hidden
            or parsed.problems
            or may_have_link(folded, bool(parsed.placeholders))
            or may_hide_link(folded)
            or may_have_contact(folded)
            or may_hide(folded)
        ):
            plan = self._plan(body.provider, body.as_of, body.region, body.purpose)
            entries = lexicon.may_find(folded, scan.seen, scan.places)
            facts = _GIVEN | held(body.text, folded, parsed.placeholders)
            facts |= said(folded) | (_TERMS if entries else 0)
            if plan.passes(body.text, folded, facts | marks, entries):
                return None
        text = Text(
            "body",
            body.text,
            folded,
            None,
            0,
            parsed.placeholders,
            parsed.problems,
            parsed.corrected,
            marks=marks,
        )
        return reader.search(text, scan, hidden)

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
