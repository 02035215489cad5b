"""The text that represents a submission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

TEXTS: Final = ("body", "text", "signature")
"""The fields that can be a submission's text, the one that represents it first."""


def text_of(document: Mapping[str, Any] | None) -> str:
    """Return the text that represents a submission, which is given as JSON; empty for None, a deleted one."""
    document = document or {}
    return next((str(document[name]) for name in TEXTS if document.get(name) is not None), "")
