"""Find words, hosts and numbers that only appear once values are substituted into a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..model import Contact, Link, Placeholder, Span, Term
from ..text.text import Text
from .detector import LONGEST_GAP

EDGE = 200
"""Code points at each end of a long value that may complete something with the text around it; our own choice."""
_LEFT_OUT = "\n" * 2 * LONGEST_GAP
"""Stands for the middle of a long value. Nothing that is found spans it."""


class _Value(NamedTuple):
    """A value or an end of it, its placeholder, its start and end in the rendered text, in code points.

    `offset` is where the end begins in the value.
    """

    text: Text
    placeholder: Placeholder
    start: int
    end: int
    offset: int = 0

    def piece(self, spans: Sequence[Span]) -> Span | None:
        """Return the part of the value within `spans`; None if they are all outside it or all inside it."""
        inside = [span for span in spans if span.start < self.end and self.start < span.end]
        if not inside or all(self.start <= span.start and span.end <= self.end for span in spans):
            return None
        left, right = max(self.start, inside[0].start), min(self.end, inside[-1].end)
        by = self.offset - self.start
        return self.text.place(left + by, right + by)


def across_values(
    body: Text,
    bound: Iterable[tuple[str | None, Placeholder]],
    texts: Mapping[str, Text],
    read: Callable[[str], Text],
) -> dict[str, Text]:
    """Return, by field, the values that complete a term, link or contact together with the surrounding text.

    `bound` pairs each placeholder with the key of its value. `read` finds terms, links and contacts in a
    rendered text. Of a long value only the ends are read again.
    """
    rendered, at = "", 0
    values: list[_Value] = []
    for key, placeholder in bound:
        rendered += body.original[at : placeholder.span.start]
        given = texts.get(f"params.{key}")
        if given is not None:
            written, start = given.original, len(rendered)
            if len(written) > 3 * EDGE:
                values.append(_Value(given, placeholder, start, start + EDGE))
                rendered += written[:EDGE] + _LEFT_OUT
                written, start = written[-EDGE:], len(rendered)
            values.append(
                _Value(given, placeholder, start, start + len(written), len(given.original) - len(written))
            )
            rendered += written
        at = placeholder.span.end
    whole = read(rendered + body.original[at:])
    found: dict[str, Text] = {}
    for value in values:
        text = found.get(value.text.field, value.text)
        terms = tuple(_terms(value, whole.terms))
        links = tuple(_links(value, whole.links, body))
        contacts = tuple(_contacts(value, whole.contacts))
        if terms or links or contacts:
            found[text.field] = replace(
                text,
                terms=text.terms + terms,
                links=text.links + links,
                contacts=text.contacts + contacts,
            )
    return found


def _terms(value: _Value, terms: Iterable[Term]) -> Iterable[Term]:
    for term in terms:
        place = value.piece(term.spans or (term.span,))
        if place:
            yield replace(term, span=place, spans=(), transforms=("joined", *term.transforms))


def _links(value: _Value, links: Iterable[Link], body: Text) -> Iterable[Link]:
    known = any(value.placeholder in link.holds for link in body.links)
    for link in () if known else links:
        place = value.piece((link.span,))
        if place and not any(_overlap(place, other.span) for other in value.text.links):
            yield replace(link, span=place)


def _contacts(value: _Value, contacts: Iterable[Contact]) -> Iterable[Contact]:
    for contact in contacts:
        # Area code and number of a landline are often separate; only personal contacts are split to hide them.
        place = value.piece((contact.span,)) if contact.is_personal else None
        if place and not any(_overlap(place, other.span) for other in value.text.contacts):
            yield replace(contact, span=place, transforms=("joined", *contact.transforms))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
