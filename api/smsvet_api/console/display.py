"""Prepares texts and names for display on pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import Request

from smsvet.model import Lang

from ..audit.report.texts import Piece, pieces, shortened


def shown(text: str, most: int = 400) -> Sequence[Piece]:
    """Return at most so many code points of a text as one line, with invisible characters named."""
    return list(pieces(shortened(text, most)))


def shown_text(text: str) -> Sequence[Piece]:
    """Return a text with its lines, and with invisible characters named, for an element that keeps line breaks."""
    found: list[Piece] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        found += [Piece("\n")] if number else []
        found += pieces(line)
    return found


def provider_names(request: Request, lang: Lang) -> Mapping[str, str]:
    """Return the names of the loaded providers by id, those of mainland China first; none before the rules are loaded."""
    reviewer = request.app.state.service.reviewer
    if reviewer is None:
        return {}
    ordered = sorted(reviewer.providers.values(), key=lambda one: (one.region == "international", one.id))
    return {one.id: one.title.short(lang) for one in ordered}
