"""Validated submissions that are to be stored. Review processes make them, which need no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """A validated submission that is to be stored."""

    document: Mapping[str, Any]
    """The submission as JSON, with the client's id if it has one."""
    kind: str
    provider: str
    purpose: str | None
    account: str | None
    """Name of the applicant."""
