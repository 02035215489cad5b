"""Checks of lengths, placeholders and the submission's own fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ..document import Document
from ..model import Hit, Said
from ..sms.provider import Provider, Title
from ..templates.parser import PROBLEMS
from ..text.text import Where
from .check import Check, CheckModel, Context, texts_in
from .facts import BITS
from .triggers import Trigger


class LengthCheck(CheckModel):
    """The length of a field in code points: outside a range given here or by one of the provider's limits."""

    kind: Literal["length"]
    fields: tuple[Where, ...] = Field(alias="in")
    least: int | None = None
    most: int | None = None
    limit: str | None = None

    def words(self) -> frozenset[str]:
        return frozenset({"match", "length", "least", "most"})

    def allowed(self, provider: Provider, as_of: date) -> tuple[int, int | None] | None:
        """Return the minimum and maximum in code points on a day; None without a limit."""
        least, most = self.least or 0, self.most
        if self.limit is not None:
            value: Any = provider.limit(self.limit, as_of)
            if value is None:
                return None
            least, most = value if isinstance(value, tuple) else (least, value)
        return least, most

    def compile(self, context: Context) -> Check:
        allowed = lru_cache(maxsize=1024)(self.allowed)

        def check(document: Document) -> Iterator[Hit]:
            known = allowed(document.provider, document.as_of)
            if known is None:
                return
            least, most = known
            for text in texts_in(document, self.fields):
                length = text.length
                if length < least or (most is not None and length > most):
                    words = {"length": length, "least": least, "most": "∞" if most is None else most}
                    yield Hit(text.place(0, len(text.original)), words)

        return check


class PlaceholderCheck(CheckModel):
    """Placeholders of the template: syntax, position and number."""

    kind: Literal["placeholder"]
    problems: tuple[str, ...] = ()
    adjacent: Literal["blank", "punctuation"] | None = None
    edge: bool = False
    most: int | None = None

    @model_validator(mode="after")
    def _known(self) -> PlaceholderCheck:
        unknown = set(self.problems) - set(PROBLEMS)
        if unknown:
            raise PydanticCustomError(
                "unknown_problem",
                "unknown {unknown}; known: {known}",
                {"at": "problems", "unknown": min(unknown), "known": ", ".join(PROBLEMS)},
            )
        return self

    def trigger(self, context: Context) -> Trigger:
        return Trigger(BITS["problems" if self.problems else "placeholders"])

    def words(self) -> frozenset[str]:
        return frozenset({"match", "expected", "problem", "vendors", "count", "most"})

    def compile(self, context: Context) -> Check:
        if self.problems:
            titles = {key: provider.title for key, provider in context.providers.items()}
            return lambda document: self._problems(document, titles)
        # Text allowed between two placeholders that count as adjacent.
        gap = re.compile(r"\s*" if self.adjacent == "blank" else r"[\s\W_]*[^\s\w][\s\W_]*")
        return lambda document: self._places(document, gap)

    def _problems(self, document: Document, titles: Mapping[str, Title]) -> Iterator[Hit]:
        for text in document.texts.values():
            for problem in text.problems:
                if problem.name in self.problems:
                    words = {
                        "expected": problem.expected or "",
                        "problem": problem.name,
                        "vendors": Said(
                            "、".join(titles[key].short("zh") for key in problem.vendors),
                            ", ".join(titles[key].short("en") for key in problem.vendors),
                        ),
                        "count": 1,
                        "most": 0,
                    }
                    yield Hit(problem.span, words, suggestion=text.corrected)

    def _places(self, document: Document, gap: re.Pattern[str]) -> Iterator[Hit]:
        text = document.body
        found = document.placeholders
        if text is None:
            return
        words = {"expected": "", "problem": "", "vendors": "", "count": len(found), "most": self.most or 0}
        if self.adjacent:
            for left, right in pairwise(found):
                if gap.fullmatch(text.original, left.span.end, right.span.start):
                    yield Hit(text.place(left.span.start, right.span.end), words)
        if self.edge and found:
            if not text.original[: found[0].span.start].strip():
                yield Hit(found[0].span, words)
            if not text.original[found[-1].span.end :].strip(" \n。.!！"):
                yield Hit(found[-1].span, words)
        if self.most is not None and len(found) > self.most:
            yield Hit(found[self.most].span, words)


class FieldCheck(CheckModel):
    """A field of the submission: missing, or with one of the given values. Dots reach into the account."""

    kind: Literal["field"]
    field: str
    missing: bool = False
    one_of: tuple[str, ...] = Field((), alias="is")
    none_of: tuple[str, ...] = Field((), alias="is_not")

    def words(self) -> frozenset[str]:
        return frozenset({"match", "value"})

    def compile(self, context: Context) -> Check:
        def check(document: Document) -> Iterator[Hit]:
            value: Any = document if self.field in ("purpose", "kind", "sender") else document.submission
            for name in self.field.split("."):
                value = getattr(value, name, None)
            if self.missing and not (value is None or value in ("", ())):
                return
            if self.one_of and value not in self.one_of:
                return
            if self.none_of and (value is None or value in self.none_of):
                return
            text = document.texts.get(self.field)
            yield Hit(
                text.place(0, len(text.original)) if text else None,
                {"value": value if value is not None else ""},
            )

        return check
