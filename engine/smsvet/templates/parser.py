"""Templates: the placeholders of a body, what is wrong with them, and the body written right."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..files.cache import ContentCache
from ..model import Placeholder, Problem, Span
from ..sms.provider import BODY, BODY_FILE, Provider
from .grammar import CompiledGrammar
from .placeholder import InspectedPiece, ProviderGrammar, find
from .repair import assemblies, rewrite
from .shape import FILLER, LONGEST, STANDIN, STRAYS, WORDS, BodyGrammar, Shape, has_mark, shape_of

PROBLEMS: tuple[str, ...] = (
    "full-width",
    "blank-inside",
    "zero",
    "leading-zero",
    "empty",
    "nested",
    "foreign",
    "non-ascii-name",
    "name-starts-with-digit",
    "bad-name",
    "unbalanced",
    "stand-in",
    "gap",
    "order",
    "repeat",
    "mixed",
    "too-many",
)
"""What can be wrong with the way placeholders are written."""

SHAPES = 8192
"""How many shapes are kept, of all providers together."""

PLACEHOLDERS = 16384
"""How many placeholders are kept; the same ones stand at the same places of many bodies."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A body read: every hole in order, every problem, and the body rewritten so that it has none.

    `corrected` is None when there is nothing to correct.
    """

    placeholders: tuple[Placeholder, ...] = ()
    problems: tuple[Problem, ...] = ()
    corrected: str | None = None


_NOTHING = Parsed()


class Place(NamedTuple):
    """A placeholder of a shape: which kept part of it, and where in that part."""

    part: int
    offset: int
    text: str
    name: str | None
    kind: str | None
    max: int | None


class ProviderGrammars(Mapping[str, ProviderGrammar]):
    """The providers with their grammars, each compiled when it is first asked for."""

    def __init__(
        self, providers: Mapping[str, Provider], body: BodyGrammar, told: Mapping[str, CompiledGrammar]
    ) -> None:
        self._providers = providers
        self._body = body
        self._told = told
        self._compiled: dict[str, ProviderGrammar] = {}

    def __getitem__(self, provider_id: str) -> ProviderGrammar:
        vendor = self._compiled.get(provider_id)
        if vendor is None:
            # Two threads may both compile one: they are the same, and either may stay.
            vendor = self._compiled[provider_id] = ProviderGrammar(
                self._providers[provider_id], self._body, self._told.get(provider_id)
            )
        return vendor

    @property
    def ready(self) -> Collection[str]:
        """Return the ids of those that are compiled."""
        return self._compiled.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self._providers)

    def __len__(self) -> int:
        return len(self._providers)


class TemplateParser:
    """The grammars of all providers. Shared between threads."""

    def __init__(
        self,
        body_grammar: Path,
        providers: Mapping[str, Provider],
        content_cache: ContentCache | None = None,
        added: Sequence[Path] = (),
    ) -> None:
        """Compile the shared grammar and each provider's; raises ContentError naming a wrong file.

        `added` are folders of grammars whose `body.lark`, if there is one, extends the shared grammar.
        Those of which `content_cache` kept what they say are made when they are first needed.
        """
        content_cache = content_cache or ContentCache()
        told: dict[str, CompiledGrammar] = content_cache.get("grammars") or {}
        extensions = [folder / BODY_FILE for folder in added if (folder / BODY_FILE).is_file()]
        self.grammar = BodyGrammar(body_grammar, told.get(BODY), extensions)
        self.vendors = ProviderGrammars(providers, self.grammar, told)
        if not told:
            each = {key: self.vendors[key].told for key in providers}
            content_cache.put("grammars", {BODY: self.grammar.told, **each})
        self.places = lru_cache(maxsize=SHAPES)(self._places_of)
        """Returns the placeholders of a shape to a provider, None where the whole body must be looked at."""

    def read(self, body: str, provider_id: str, field: str = "body") -> Parsed:
        """Return what a body says to one provider, with places in `field`.

        Raises KeyError for an unknown provider.
        """
        if not has_mark(body):
            return _NOTHING
        shape = shape_of(body)
        if len(shape.text) <= LONGEST:
            places = self.places(shape.text, provider_id)
            if places is not None:
                return Parsed(_placed(places, shape, field)) if places else _NOTHING
        return self.read_plainly(body, provider_id, field)

    def read_plainly(self, body: str, provider_id: str, field: str = "body") -> Parsed:
        """Return the same as `read`, without the shapes that are kept."""
        vendor = self.vendors[provider_id]
        found = self._find(body, vendor)
        holes = tuple(_placeholders(found, vendor.provider, field))
        sequence = list(_list_problems(found, vendor.provider))
        if not sequence and all(item.problem is None for item in found):
            return Parsed(holes)
        texts = rewrite(body, found, vendor)
        corrected = ""
        for corrected in assemblies(body, found, texts):
            if self._is_clean(corrected, vendor, sum(map(bool, texts))):
                break
        named = [(place, item.problem) for place, item in enumerate(found) if item.problem] + sequence
        problems = tuple(
            Problem(
                name,
                Span(field, found[place].piece.start, found[place].piece.end),
                found[place].piece.text,
                texts[place] or None,
                found[place].vendors,
            )
            for place, name in sorted(named)
        )
        return Parsed(holes, problems, corrected)

    def _find(self, body: str, vendor: ProviderGrammar) -> list[InspectedPiece]:
        return find(self.grammar.pieces(body, vendor.bracketed), vendor, self.vendors)

    def _is_clean(self, body: str, vendor: ProviderGrammar, count: int) -> bool:
        found = self._find(body, vendor)
        return (
            len(found) == count
            and all(item.problem is None for item in found)
            and not any(_list_problems(found, vendor.provider))
        )

    def _places_of(self, shape: str, provider_id: str) -> tuple[Place, ...] | None:
        """Return where the placeholders of a shape are, None where the whole body must be looked at.

        That is so where something is wrong, and where a run of text lies inside what could be a hole.
        """
        vendor = self.vendors[provider_id]
        pieces = self.grammar.pieces(shape, vendor.bracketed)
        if any(FILLER in piece.text for piece in pieces if piece.kind not in WORDS):
            return None
        found = find(pieces, vendor, self.vendors)
        if any(item.problem for item in found) or any(_list_problems(found, vendor.provider)):
            return None
        places = []
        for item, hole in zip(found, _placeholders(found, vendor.provider, ""), strict=True):
            start = item.piece.start
            part, begin = shape.count(FILLER, 0, start), shape.rfind(FILLER, 0, start) + 1
            places.append(Place(part * 2, start - begin, hole.text, hole.name, hole.kind, hole.max))
        return tuple(places)


def _placed(places: tuple[Place, ...], shape: Shape, field: str) -> tuple[Placeholder, ...]:
    holes = []
    parts = shape.parts
    at = done = 0
    for part, offset, text, name, kind, longest in places:
        while done < part:
            at += len(parts[done])
            done += 1
        holes.append(_placeholder(field, at + offset, text, name, kind, longest))
    return tuple(holes)


@lru_cache(maxsize=PLACEHOLDERS)
def _placeholder(
    field: str, start: int, text: str, name: str | None, kind: str | None, longest: int | None
) -> Placeholder:
    return Placeholder(Span(field, start, start + len(text)), text, name, kind, longest)


def _placeholders(found: Sequence[InspectedPiece], provider: Provider, field: str) -> Iterator[Placeholder]:
    number = 0
    for item in found:
        piece, hole = item.piece, item.hole
        if piece.kind in STRAYS or piece.kind == STANDIN:
            continue
        number += 1
        span = Span(field, piece.start, piece.end)
        if hole is None:
            yield Placeholder(span, piece.text, None)
        else:
            name = str(number) if provider.keying == "anonymous" else hole.name
            yield Placeholder(span, piece.text, name, hole.kind, hole.max)


def _list_problems(found: Sequence[InspectedPiece], provider: Provider) -> Iterator[tuple[int, str]]:
    """Return (place, problem) of what is wrong with placeholders that are each written well."""
    most = provider.highest("placeholder_count")
    holes = [(place, item) for place, item in enumerate(found) if item.hole is not None]
    if most is not None and len(holes) > most:
        yield holes[most][0], "too-many"
    if provider.unique:
        seen: set[str | None] = set()
        for place, item in holes:
            name = item.hole.name if item.hole else None
            if name in seen:
                yield place, "repeat"
            seen.add(name)
    if provider.sequence:
        if provider.also_named:
            styles = [(place, item.meant is None) for place, item in holes]
            mixed = [place for place, style in styles if style != styles[0][1]]
            if mixed:
                yield mixed[0], "mixed"
        yield from _sequence_problem(found)


def _sequence_problem(found: Sequence[InspectedPiece]) -> Iterator[tuple[int, str]]:
    """Return the first placeholder whose number is not the next one: numbers are missing or in disorder."""
    numbers = {item.meant for item in found if item.meant}
    complete = numbers == set(range(1, len(numbers) + 1))
    seen: set[int] = set()
    for place, item in enumerate(found):
        if not item.meant or item.meant in seen:
            continue
        if item.meant != len(seen) + 1:
            if item.hole is not None:
                yield place, "order" if complete else "gap"
            return
        seen.add(item.meant)
