"""Selects findings about the content of a text, as opposed to its form."""

from __future__ import annotations

from collections.abc import Iterable

from smsvet import Decision, Finding

ADDRESS = {"link", "contact"}
"""Categories of findings about links and contacts, not about wording."""


def about_content(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with a category whose decision is rejection or manual review."""
    return [item for item in findings if item.category and item.decision is not Decision.APPROVE]


def about_wording(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings of `about_content` that are not about a link or a contact."""
    return [item for item in about_content(findings) if item.category not in ADDRESS]
