"""Selects the Chinese or the English version of a message."""

from __future__ import annotations

from smsvet.model import Lang


def say(lang: Lang, zh: str, en: str) -> str:
    """Return the wording of a language."""
    return zh if lang == "zh" else en
