"""Vendors' error codes by date and by kind of submission."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from ..model import Kind
from .dated import Dated


class Code(Dated):
    """An error code of a vendor during a period, for submissions of certain kinds; of every kind if none is named."""

    code: str = Field(min_length=1)
    kinds: tuple[Kind, ...] = ()

    def answers(self, as_of: date, kind: Kind | None) -> bool:
        """Return whether a vendor answers with this code on a day; `kind` None stands for any kind."""
        return self.holds(as_of) and (kind is None or not self.kinds or kind in self.kinds)


def _codes(given: object) -> object:
    return [{"code": given}] if isinstance(given, str) else given


Codes = Annotated[tuple[Code, ...], BeforeValidator(_codes)]
"""The error codes for one kind of violation, the first that answers; a single text in a file is one for all days."""

ANY_RULE = "*"
"""Key of `Provider.codes` for the rules that no other key names."""
