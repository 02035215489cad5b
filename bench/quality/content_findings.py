"""Findings about what a text says, apart from its form."""

from __future__ import annotations

from collections.abc import Iterable

from smsvet import Decision, Finding

ADDRESS = {"link", "contact"}
"""Categories of findings about where a text leads, not about its wording."""


def about_content(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings of a category that ask for a rejection or a manual review."""
    return [item for item in findings if item.category and item.decision is not Decision.APPROVE]


def about_wording(findings: Iterable[Finding]) -> list[Finding]:
    """Return those of `about_content` that are not about a link or a contact."""
    return [item for item in about_content(findings) if item.category not in ADDRESS]
