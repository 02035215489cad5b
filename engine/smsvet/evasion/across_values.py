"""Find words, hosts and numbers that only appear once values are substituted into a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..model import Contact, Link, Placeholder, Span, Term
from ..text.text import Text


class _Value(NamedTuple):
    """A value, its placeholder, and its start and end in the rendered text, in code points."""

    text: Text
    placeholder: Placeholder
    start: int
    end: int

    def piece(self, spans: Sequence[Span]) -> Span | None:
        """Return the part of the value within `spans`; None if they are all outside it or all inside it."""
        inside = [span for span in spans if span.start < self.end and self.start < span.end]
        if not inside or all(self.start <= span.start and span.end <= self.end for span in spans):
            return None
        left, right = max(self.start, inside[0].start), min(self.end, inside[-1].end)
        return self.text.place(left - self.start, right - self.start)


def across_values(
    body: Text,
    bound: Iterable[tuple[str | None, Placeholder]],
    texts: Mapping[str, Text],
    read: Callable[[str], Text],
) -> dict[str, Text]:
    """Return, by field, the values that complete a term, link or contact together with the surrounding text.

    `bound` pairs each placeholder with the key of its value. `read` finds terms, links and contacts in a
    rendered text.
    """
    rendered, at = "", 0
    values: list[_Value] = []
    for key, placeholder in bound:
        rendered += body.original[at : placeholder.span.start]
        given = texts.get(f"params.{key}")
        if given is not None:
            values.append(_Value(given, placeholder, len(rendered), len(rendered) + len(given.original)))
            rendered += given.original
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
