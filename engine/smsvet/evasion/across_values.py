"""What a template and its values make together: words, hosts and numbers that neither of them has alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..model import Contact, Link, Placeholder, Span, Term
from ..text.text import Text

_PRIVATE = frozenset(("mobile", "qq", "wechat", "group"))
"""Contacts that are pieced together to be hidden; a landline is also split into area code and number."""


class _Value(NamedTuple):
    """A value, the placeholder it fills, and where it begins and ends in the rendered text."""

    text: Text
    placeholder: Placeholder
    start: int
    end: int

    def piece(self, spans: Sequence[Span]) -> Span | None:
        """Return the place in the value of what stands at `spans`; None where it is not in it, or all in it."""
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
    """Return the values, by field, with the terms, links and contacts that they make with what is round them.

    `bound` is each placeholder with the key of its value; `read` finds what is in a rendered text.
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
        place = value.piece((contact.span,)) if contact.kind in _PRIVATE else None
        if place and not any(_overlap(place, other.span) for other in value.text.contacts):
            yield replace(contact, span=place, transforms=("joined", *contact.transforms))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
