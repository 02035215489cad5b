"""Which of many template texts no rule can find anything in, told for all of them together.

A text that passes needs no review of its own: its verdict has no findings. One that does not pass is
reviewed by itself, so a sieve decides nothing; it may only let through what the review would.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

import numpy as np

from .atom import Probe
from .catalogue import Catalogue
from .contacts import may_have_contact
from .facts import BITS, held, is_brief, mask
from .form_checks import LengthCheck
from .hidden_contacts import may_hide
from .joined import FoldTable
from .likeness import Likeness
from .links import may_have_link
from .matcher import Columns, Scan
from .model import Placeholder, Purpose, Region
from .profile import Profile, Waiting
from .reading import SEARCHED
from .rules import Rule

_BODY, _PURPOSE, _BRIEF, _TERMS = BITS["body"], BITS["purpose"], BITS["brief"], BITS["terms"]
_POSSIBLE = mask(("body", "purpose", "placeholders", "problems", "terms", "links", "contacts"))
_REMEMBERED = 1 << 14


@dataclass(frozen=True, slots=True)
class Body:
    """A template text, and what else its rules depend on."""

    text: str
    provider: str
    as_of: date
    region: Region
    purpose: Purpose


class Plan:
    """The rules for bodies of one provider, day, region and purpose, as a sieve asks them."""

    def __init__(self, catalogue: Catalogue, profile: Profile, provider: str, as_of: date) -> None:
        """Take the rules that are in force whatever is found in a body."""
        self.categories = frozenset(profile.by_category)
        self.least, self.most = 0, SEARCHED
        self.sifts = True
        self._rules = [waiting for waiting in profile.always if not is_length(waiting)]
        for *_, (rule, _) in filter(is_length, profile.always):
            check = rule.file.check
            if isinstance(check, LengthCheck):
                allowed = check.allowed(catalogue.providers[provider], as_of)
                if allowed is not None:
                    self.least = max(self.least, allowed[0])
                    self.most = min(self.most, SEARCHED if allowed[1] is None else allowed[1])
        self.sifts = self._probes_of(_BODY | _PURPOSE) is not None
        self._probes = lru_cache(maxsize=_REMEMBERED)(self._probes_of)

    def passes(self, folded: str, bits: int) -> bool:
        """Return whether no rule can find anything in a folded body with these facts and marks."""
        probes = self._probes(bits)
        return probes is not None and not any(probe(folded, bits) for probe in probes)

    def _probes_of(self, bits: int) -> tuple[Probe, ...] | None:
        probes: list[Probe] = []
        for when, marks, suffices, (rule, _) in self._rules:
            if rule.needs & bits != rule.needs or not when & bits or not marks & bits:
                continue
            if suffices is not None and not suffices(bits):
                continue
            if rule.probe is None and not rule.exceptions:
                return None
            probes.append(partial(may_find, rule))
        return tuple(probes)


def is_length(waiting: Waiting) -> bool:
    """Return whether a rule only counts the code points of a body."""
    check = waiting[-1][0].file.check
    return isinstance(check, LengthCheck) and check.fields == ("body",)


def may_find(rule: Rule, folded: str, bits: int) -> bool:
    """Return whether a rule may find something in a folded body."""
    if any(pattern.search(folded) for pattern in rule.exceptions):
        return False
    return rule.probe is None or rule.probe(folded, bits)


class Sieve:
    """Tells of many bodies which may need a review. Immutable, apart from what it remembers."""

    def __init__(self, catalogue: Catalogue, profile: Callable[..., Profile]) -> None:
        """Take the content, and what gives the rules in force for facts."""
        self._catalogue = catalogue
        self._reader = catalogue.reader
        self._fold = FoldTable(self._reader.folder)
        disguises = self._reader.lexicon.disguises
        self._likeness = Likeness(disguises) if disguises else None
        self._profile = profile
        self._plan = lru_cache(maxsize=1024)(self._plan_of)

    def held(self, bodies: Sequence[Body]) -> list[bool]:
        """Return for each body whether it needs a review of its own."""
        if not bodies:
            return []
        plans = [self._plan(body.provider, body.as_of, body.region, body.purpose) for body in bodies]
        read = self._reader.parser.read
        holes: list[tuple[int, int, int]] = []
        placeholders: list[Sequence[Placeholder]] = []
        held_back: list[bool] = []
        for number, (body, plan) in enumerate(zip(bodies, plans, strict=True)):
            length = len(body.text)
            parsed = read(body.text, body.provider) if length <= SEARCHED else None
            back = (
                not plan.sifts
                or parsed is None
                or bool(parsed.problems)
                or not plan.least <= length <= plan.most
            )
            held_back.append(back)
            found_holes = parsed.placeholders if parsed and not back else ()
            placeholders.append(found_holes)
            holes += [(number, hole.span.start, hole.span.end) for hole in found_holes]
        joined = self._fold.join(
            [body.text if not back else "" for body, back in zip(bodies, held_back, strict=True)], holes
        )
        found = self._reader.matcher.columns(joined.text)
        likely = self._likeness.rows(joined) if self._likeness else np.zeros(len(bodies), np.bool_)
        bounds = np.searchsorted(joined.rows(found.start), np.arange(len(bodies) + 1)).tolist()
        spans = zip(joined.starts.tolist(), joined.ends.tolist(), strict=True)
        for number, (start, end) in enumerate(spans):
            if held_back[number]:
                continue
            held_back[number] = bool(joined.unusual[number]) or not self._passes(
                plans[number],
                bodies[number].text,
                joined.text[start:end],
                placeholders[number],
                part_of(found, bounds[number], bounds[number + 1], start),
                bool(likely[number]),
            )
        return held_back

    def _passes(
        self,
        plan: Plan,
        written: str,
        folded: str,
        holes: Sequence[Placeholder],
        scan: Scan,
        likely: bool,
    ) -> bool:
        """Return whether no rule can find anything in a body."""
        reader = self._reader
        if may_have_link(folded, bool(holes)) or may_have_contact(folded) or may_hide(folded):
            return False
        lexicon = reader.lexicon
        categories = lexicon.may_find(folded, scan.seen, scan.places)
        if not plan.categories.isdisjoint(categories):
            return False
        if (
            lexicon.disguises
            and (likely or lexicon.disguises.is_rewritten(folded, scan))
            and lexicon.hidden(folded, scan)
        ):
            return False
        bits = _BODY | _PURPOSE | held(written, folded, holes) | reader.scanner.marks(written, scan.seen)
        bits |= (_TERMS if categories else 0) | (_BRIEF if is_brief(folded) else 0)
        return plan.passes(folded, bits)

    def _plan_of(self, provider: str, as_of: date, region: Region, purpose: Purpose) -> Plan:
        profile = self._profile(provider, as_of, region, "template", purpose, _POSSIBLE)
        return Plan(self._catalogue, profile, provider, as_of)


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
