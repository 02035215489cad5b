"""Selects the Chinese or the English version of a message."""

from __future__ import annotations

from smsvet.model import Lang


def say(lang: Lang, zh: str, en: str) -> str:
    """Return `zh` or `en`, whichever the language is."""
    return zh if lang == "zh" else en
