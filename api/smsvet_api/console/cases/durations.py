"""How long something still takes, or took, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from smsvet.model import Lang

from ..words import text


def duration(lang: Lang, time: timedelta) -> str:
    """Return a duration in minutes, in hours and minutes, from ten hours on in hours, and from two days on in days."""
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes < 60:
        return text(lang, "time.minutes", n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return text(lang, "time.days", n=hours // 24)
    shown = text(lang, "time.hours", n=hours)
    return f"{shown} {text(lang, 'time.minutes', n=minutes)}" if minutes and hours < 10 else shown


def due_words(lang: Lang, due: datetime, at: datetime) -> str:
    """Return how much time is left until a case is due, or since when it is overdue."""
    if due > at:
        return text(lang, "case.due.left", time=duration(lang, due - at))
    return text(lang, "case.due.over", time=duration(lang, at - due))
