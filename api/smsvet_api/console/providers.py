"""The names of providers."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from smsvet.model import Lang


def provider_names(request: Request, lang: Lang) -> Mapping[str, str]:
    """Return the names of the loaded providers by id, those of mainland China first; none before the rules are loaded."""
    reviewer = request.app.state.service.reviewer
    if reviewer is None:
        return {}
    ordered = sorted(reviewer.providers.values(), key=lambda one: (one.region == "international", one.id))
    return {one.id: one.title.short(lang) for one in ordered}
