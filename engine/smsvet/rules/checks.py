"""All kinds of checks that a rule file can use, and the checks that combine others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, reduce
from operator import or_
from typing import Annotated, Literal

from pydantic import Field

from ..document import Document
from ..model import Hit, Said, Score
from .address_checks import ContactCheck, LinkCheck
from .check import Check, CheckModel, Context
from .form_checks import FieldCheck, LengthCheck, PlaceholderCheck
from .prefilter import certain_bit
from .text_checks import PatternCheck, TermsCheck
from .triggers import ScoreTrigger, SignalTrigger, Trigger, all_triggers, any_trigger

__all__ = ["AnyCheck", "Check", "Context", "PythonCheck"]

_ROUNDING = 1e-6


class PythonCheck(CheckModel):
    """The function `check(document)` in the Python file next to the rule."""

    kind: Literal["python"]
    terms: str | tuple[str, ...] = Field(
        (), description="categories; without a term of one of them it finds nothing"
    )
    weak: int = Field(1, ge=1, description="different weak terms required if there is no strong one")

    def trigger(self, context: Context) -> Trigger:
        return Trigger(categories=frozenset((self.terms,) if isinstance(self.terms, str) else self.terms))

    def words(self) -> None:
        return None


class Signal(CheckModel):
    """One piece of evidence: its name in messages, its weight, and its check.

    A negative weight is counter-evidence. Each different wording counts once, up to `each` of them.
    """

    name: str
    name_en: str
    weight: float
    each: int = Field(1, ge=1)
    check: AnyCheck

    @property
    def maximum(self) -> float:
        """Return its maximum contribution, with a margin for rounding errors."""
        return max(self.weight * self.each, 0.0) + _ROUNDING

    def limits(self, context: Context) -> SignalTrigger:
        """Return how much it can contribute in a template body."""
        check = self.check
        parts = check.of if isinstance(check, AnyOfCheck) else (check,)
        patterns = [part.pattern for part in parts if isinstance(part, PatternCheck) and part.is_of_bodies]
        # Several patterns may match at one place, and counter-evidence must not count twice.
        known = len(patterns) == len(parts) and (self.weight > 0 or len(patterns) == 1)
        return SignalTrigger(
            self.weight,
            self.each,
            check.trigger(context),
            check.strength if isinstance(check, TermsCheck) else "any",
            tuple(patterns) if known else (),
        )


class ScoreCheck(CheckModel):
    """A weighted sum of evidence: a possible hit from `review`, a certain one from `reject` (if given)."""

    kind: Literal["score"]
    signals: tuple[Signal, ...] = Field(min_length=2)
    review: float
    reject: float | None = None

    def words(self) -> frozenset[str]:
        return frozenset({"match", "evidence", "evidence_en", "score"})

    def trigger(self, context: Context) -> Trigger:
        wanted_by = [(signal, signal.check.trigger(context)) for signal in self.signals]
        signals = [(signal.maximum, wanted.gate, wanted) for signal, wanted in wanted_by if signal.weight > 0]
        # Counter-evidence with a certain match counts before any check runs.
        against = [
            (signal.weight, certain_bit(wanted.gate))
            for signal, wanted in wanted_by
            if signal.weight < 0 and isinstance(signal.check, PatternCheck) and signal.check.is_of_bodies
        ]
        read = reduce(
            or_,
            (
                *(bits for _, _, wanted in signals for bits in (wanted.needs, *wanted.any_of)),
                *(sure for _, sure in against),
            ),
        )

        @lru_cache(maxsize=4096)
        def reaches(bits: int) -> bool:
            found = sum(maximum for maximum, gate, wanted in signals if gate & bits and wanted.met_by(bits))
            return found + sum(weight for weight, sure in against if sure & bits) >= self.review

        return Trigger(
            enough=lambda bits: reaches(bits & read),
            body=ScoreTrigger(
                tuple(signal.limits(context) for signal in self.signals), self.review - _ROUNDING
            ),
        )

    def compile(self, context: Context) -> Check:
        signals = [
            (signal, signal.check.compile(context), signal.maximum, wanted.gate, wanted)
            for signal, wanted in ((signal, signal.check.trigger(context)) for signal in self.signals)
        ]

        def check(document: Document) -> Iterator[Hit]:
            score, found, hits = 0.0, [], []
            bits = document.facts | document.pattern_bits
            chosen = [
                (signal, look, maximum)
                for signal, look, maximum, gate, wanted in signals
                if gate & bits and wanted.met_by(bits)
            ]
            left = sum(maximum for _, _, maximum in chosen)
            for signal, look, maximum in chosen:
                if score + left < self.review:
                    return
                left -= maximum
                found_at = {hit.span: hit for hit in look(document) if not hit.missing}
                if found_at:
                    different = {span and document.texts[span.field].quote(span) for span in found_at}
                    weight = signal.weight * min(len(different), signal.each)
                    score += weight
                    found.append((signal, weight))
                    if weight > 0:
                        hits += [hit for span, hit in found_at.items() if span is not None]
            if score < self.review:
                return
            words = {
                "score": f"{score:g}",
                "evidence": "、".join(f"{signal.name}{weight:+g}" for signal, weight in found),
                "evidence_en": ", ".join(f"{signal.name_en} {weight:+g}" for signal, weight in found),
            }
            hits.sort(key=lambda hit: hit.span or ("", 0, 0))
            first = hits[0].span if hits else None
            spans = tuple(hit.span for hit in hits if hit.span and first and hit.span.field == first.field)
            certain = self.reject is not None and score >= self.reject
            yield Hit(
                first,
                words,
                spans=spans if len(spans) > 1 else (),
                possible=not certain,
                evidence=tuple(
                    (Said(signal.name, signal.name_en), Score(weight, ())) for signal, weight in found
                ),
            )

        return check


class AllCheck(CheckModel):
    """All checks must hit; the hits of the first one are reported."""

    kind: Literal["all"]
    of: tuple[AnyCheck, ...] = Field(min_length=2)

    def trigger(self, context: Context) -> Trigger:
        return all_triggers(part.trigger(context) for part in self.of)

    def words(self) -> frozenset[str] | None:
        return self.of[0].words()

    def compile(self, context: Context) -> Check:
        first, *rest = (part.compile(context) for part in self.of)

        def check(document: Document) -> Iterator[Hit]:
            if all(any(True for _ in look(document)) for look in rest):
                yield from first(document)

        return check


class AnyOfCheck(CheckModel):
    """At least one check must hit; the hits of all of them are reported."""

    kind: Literal["any"]
    of: tuple[AnyCheck, ...] = Field(min_length=2)

    def trigger(self, context: Context) -> Trigger:
        return any_trigger(part.trigger(context) for part in self.of)

    def words(self) -> frozenset[str] | None:
        known = [part.words() for part in self.of]
        return (
            None
            if None in known
            else frozenset.intersection(*(words for words in known if words is not None))
        )

    def compile(self, context: Context) -> Check:
        parts = tuple(part.compile(context) for part in self.of)

        def check(document: Document) -> Iterator[Hit]:
            for look in parts:
                yield from look(document)

        return check


class UnlessCheck(CheckModel):
    """The hits of a check, unless another one hits."""

    kind: Literal["unless"]
    check: AnyCheck
    unless: tuple[AnyCheck, ...] = Field(min_length=1)

    def trigger(self, context: Context) -> Trigger:
        return self.check.trigger(context)

    def words(self) -> frozenset[str] | None:
        return self.check.words()

    def compile(self, context: Context) -> Check:
        look = self.check.compile(context)
        others = tuple(part.compile(context) for part in self.unless)

        def check(document: Document) -> Iterator[Hit]:
            if not any(True for other in others for _ in other(document)):
                yield from look(document)

        return check


AnyCheck = Annotated[
    TermsCheck
    | PatternCheck
    | LengthCheck
    | PlaceholderCheck
    | LinkCheck
    | ContactCheck
    | FieldCheck
    | ScoreCheck
    | AllCheck
    | AnyOfCheck
    | UnlessCheck
    | PythonCheck,
    Field(discriminator="kind"),
]
