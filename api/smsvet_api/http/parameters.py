"""Parameters that many operations take: the language, a page of a list, the id in the address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from smsvet.model import Lang

from ..store.cursors import id_of
from ..store.errors import RefusedError
from .problems import FieldError, invalid_fields


class LangQuery(BaseModel):
    """The language of messages and fixes."""

    model_config = ConfigDict(extra="forbid")

    lang: Lang = Field("zh", description="language of messages, fixes and errors")


class PageQuery(LangQuery):
    """Selects a page of a list."""

    cursor: str | None = Field(None, max_length=200, description="`next` of the page before")
    limit: int = Field(50, ge=1, le=200, description="most items of a page")

    def last_id(self) -> int | None:
        """Return the id of the last item of the page before, in a list that is ordered by id; None for the first page.

        Raises ProblemError (422) for a cursor that no page had.
        """
        if self.cursor is None:
            return None
        try:
            return id_of(self.cursor)
        except RefusedError as error:
            refused = FieldError(field=error.field, message=error.say(self.lang))
            raise invalid_fields([refused], self.lang) from error


Language = Annotated[LangQuery, Query()]
Page = Annotated[PageQuery, Query()]
RowId = Annotated[int, Path(alias="id", ge=1, le=2**31 - 1)]
"""The `{id}` of an address."""
