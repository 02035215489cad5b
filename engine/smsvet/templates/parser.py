"""Template parser: the placeholders of a body, their syntax problems, and the corrected body."""

from __future__ import annotations

from collections import Counter
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
"""The names of all syntax problems of placeholders."""

MOST_CORRECTED = 500
"""Placeholders that are corrected, from the start of the body; a body with more, which no message has, stays as it is."""

MAX_PROBLEMS = 60
"""Problems of one name that are returned, from the start of the body; for foreign syntax, of the same providers.

They are more than the findings of one rule in one field, which has one more finding with the number of others.
"""

SHAPES = 8192
"""Size of the cache of shapes, for all providers together."""

PLACEHOLDERS = 16384
"""Size of the cache of placeholders. Many bodies have the same placeholder at the same offset."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The result of parsing a body: its placeholders in order, their problems, and the corrected body.

    `corrected` is None if there are no problems, or more than MOST_CORRECTED placeholders.
    """

    placeholders: tuple[Placeholder, ...] = ()
    problems: tuple[Problem, ...] = ()
    corrected: str | None = None


_NOTHING = Parsed()


class Place(NamedTuple):
    """A placeholder of a shape. `part` is the index in `Shape.parts`, `offset` the offset in that part."""

    part: int
    offset: int
    text: str
    name: str | None
    kind: str | None
    max: int | None


class ProviderGrammars(Mapping[str, ProviderGrammar]):
    """The grammars of all providers by provider id, created lazily."""

    def __init__(
        self, providers: Mapping[str, Provider], body: BodyGrammar, compiled: Mapping[str, CompiledGrammar]
    ) -> None:
        self._providers = providers
        self._body = body
        self._compiled = compiled
        self._vendors: dict[str, ProviderGrammar] = {}

    def __getitem__(self, provider_id: str) -> ProviderGrammar:
        vendor = self._vendors.get(provider_id)
        if vendor is None:
            # No lock: two threads may create the same grammar, with equal results.
            vendor = self._vendors[provider_id] = ProviderGrammar(
                self._providers[provider_id], self._body, self._compiled.get(provider_id)
            )
        return vendor

    @property
    def ready(self) -> Collection[str]:
        """Return the ids of the providers with a grammar that exists already."""
        return self._vendors.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self._providers)

    def __len__(self) -> int:
        return len(self._providers)


class TemplateParser:
    """Parser for the templates of all providers. Safe to share between threads."""

    def __init__(
        self,
        body_grammar: Path,
        providers: Mapping[str, Provider],
        content_cache: ContentCache | None = None,
        added: Sequence[Path] = (),
    ) -> None:
        """Compile the shared grammar and the grammars of all providers, unless they are in `content_cache`.

        `added` are folders of grammars whose `body.lark`, if there is one, extends the shared grammar.
        Raises ContentError naming an invalid file.
        """
        content_cache = content_cache or ContentCache()
        extensions = [folder / BODY_FILE for folder in added if (folder / BODY_FILE).is_file()]
        compiled: dict[str, CompiledGrammar] = content_cache.get("grammars") or {}
        self.grammar = BodyGrammar(body_grammar, compiled.get(BODY), extensions)
        self.vendors = ProviderGrammars(providers, self.grammar, compiled)
        if not compiled:
            each = {key: self.vendors[key].compiled for key in providers}
            content_cache.put("grammars", {BODY: self.grammar.compiled, **each})
        self.places = lru_cache(maxsize=SHAPES)(self._places_of)
        """Returns the placeholders of a shape for a provider, None if the whole body must be parsed. Cached."""

    def read(self, body: str, provider_id: str, field: str = "body") -> Parsed:
        """Return the result of parsing a body for a provider, with spans in `field`.

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

    def placeholders(self, body: str, provider_id: str, field: str = "body") -> tuple[Placeholder, ...]:
        """Return only the placeholders of `read`. A body with syntax problems is not corrected for it."""
        if not has_mark(body):
            return ()
        shape = shape_of(body)
        if len(shape.text) <= LONGEST:
            places = self.places(shape.text, provider_id)
            if places is not None:
                return _placed(places, shape, field)
        vendor = self.vendors[provider_id]
        return tuple(_placeholders(self._find(body, vendor), vendor.provider, field))

    def read_plainly(self, body: str, provider_id: str, field: str = "body") -> Parsed:
        """Return the same as `read`, without the cache of shapes."""
        vendor = self.vendors[provider_id]
        found = self._find(body, vendor)
        placeholders = tuple(_placeholders(found, vendor.provider, field))
        sequence = list(_list_problems(found, vendor.provider))
        if not sequence and all(item.problem is None for item in found):
            return Parsed(placeholders)
        texts = rewrite(body, found[:MOST_CORRECTED], vendor)
        corrected: str | None = None
        if len(found) <= MOST_CORRECTED:
            for corrected in assemblies(body, found, texts):
                if self._is_clean(corrected, vendor, sum(map(bool, texts))):
                    break
        named = [(place, item.problem) for place, item in enumerate(found) if item.problem] + sequence
        counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
        problems: list[Problem] = []
        for place, name in sorted(named):
            piece, vendors = found[place].piece, found[place].vendors
            counts[name, vendors] += 1
            if counts[name, vendors] <= MAX_PROBLEMS:
                span = Span(field, piece.start, piece.end)
                expected = (texts[place] or None) if place < len(texts) else None
                problems.append(Problem(name, span, piece.text, expected, vendors))
        return Parsed(placeholders, tuple(problems), corrected)

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
        """Return the placeholders of a shape, None if the whole body must be parsed.

        That is so if there is a problem, or if a run of text is inside a possible placeholder.
        """
        vendor = self.vendors[provider_id]
        pieces = self.grammar.pieces(shape, vendor.bracketed)
        if any(FILLER in piece.text for piece in pieces if piece.kind not in WORDS):
            return None
        found = find(pieces, vendor, self.vendors)
        if any(item.problem for item in found) or any(_list_problems(found, vendor.provider)):
            return None
        places = []
        for item, one in zip(found, _placeholders(found, vendor.provider, ""), strict=True):
            start = item.piece.start
            part, begin = shape.count(FILLER, 0, start), shape.rfind(FILLER, 0, start) + 1
            places.append(Place(part * 2, start - begin, one.text, one.name, one.kind, one.max))
        return tuple(places)


def _placed(places: tuple[Place, ...], shape: Shape, field: str) -> tuple[Placeholder, ...]:
    placeholders = []
    parts = shape.parts
    at = done = 0
    for part, offset, text, name, kind, longest in places:
        while done < part:
            at += len(parts[done])
            done += 1
        placeholders.append(_placeholder(field, at + offset, text, name, kind, longest))
    return tuple(placeholders)


@lru_cache(maxsize=PLACEHOLDERS)
def _placeholder(
    field: str, start: int, text: str, name: str | None, kind: str | None, longest: int | None
) -> Placeholder:
    return Placeholder(Span(field, start, start + len(text)), text, name, kind, longest)


def _placeholders(found: Sequence[InspectedPiece], provider: Provider, field: str) -> Iterator[Placeholder]:
    number = 0
    for item in found:
        piece, placeholder = item.piece, item.placeholder
        if piece.kind in STRAYS or piece.kind == STANDIN:
            continue
        number += 1
        span = Span(field, piece.start, piece.end)
        if placeholder is None:
            yield Placeholder(span, piece.text, None)
        else:
            name = str(number) if provider.keying == "anonymous" else placeholder.name
            yield Placeholder(span, piece.text, name, placeholder.kind, placeholder.max)


def _list_problems(found: Sequence[InspectedPiece], provider: Provider) -> Iterator[tuple[int, str]]:
    """Yield (index in `found`, problem) for problems of the whole sequence of placeholders."""
    maximum = provider.highest("placeholder_count")
    placeholders = [(place, item) for place, item in enumerate(found) if item.placeholder is not None]
    if maximum is not None and len(placeholders) > maximum:
        yield placeholders[maximum][0], "too-many"
    if provider.unique:
        seen: set[str | None] = set()
        for place, item in placeholders:
            name = item.placeholder.name if item.placeholder else None
            if name in seen:
                yield place, "repeat"
            seen.add(name)
    if provider.sequence:
        if provider.also_named:
            styles = [(place, item.meant is None) for place, item in placeholders]
            mixed = [place for place, style in styles if style != styles[0][1]]
            if mixed:
                yield mixed[0], "mixed"
        if not _are_numbered_by_place([item for _, item in placeholders]):
            yield from _sequence_problem(found)


def _are_numbered_by_place(placeholders: Sequence[InspectedPiece]) -> bool:
    """Return whether each number counts the placeholders before it, those without a number included."""
    return bool(placeholders) and all(
        item.meant in (None, place) for place, item in enumerate(placeholders, start=1)
    )


def _sequence_problem(found: Sequence[InspectedPiece]) -> Iterator[tuple[int, str]]:
    """Yield the first placeholder with an unexpected number: `gap` for missing numbers, `order` for a wrong order."""
    numbers = {item.meant for item in found if item.meant}
    complete = numbers == set(range(1, len(numbers) + 1))
    seen: set[int] = set()
    for place, item in enumerate(found):
        if not item.meant or item.meant in seen:
            continue
        if item.meant != len(seen) + 1:
            if item.placeholder is not None:
                yield place, "order" if complete else "gap"
            return
        seen.add(item.meant)
