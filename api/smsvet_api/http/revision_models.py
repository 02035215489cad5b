"""The bodies of requests for revisions, and of their answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from ..store.content.revision_list import State
from .json_bodies import JsonBody
from .parameters import PageQuery

_NAME = r"^[0-9a-f]{16,64}$"
_TEXT = r"^[^\u0000]*$"
Place = Annotated[str, Field(min_length=1, max_length=1000, pattern=_TEXT)]
Note = Annotated[str, Field(min_length=1, max_length=2000, pattern=_TEXT)]


class DifferencesQuery(PageQuery):
    """Selects differences of a shadow."""

    relation: Literal["same", "stricter", "milder"] | None = Field(
        None, description="same: the decision is, its rules are not"
    )


class ShadowIn(JsonBody):
    """Content for a shadow revision. An absent place is that of the service itself."""

    rules: list[Place] | None = Field(None, max_length=20, description="folders of rules or content")
    policy: str | None = Field(None, max_length=1000, pattern=_TEXT, description="a file; empty: none")
    model: str | None = Field(None, max_length=1000, pattern=_TEXT, description="a file; empty: none")


class PromoteIn(JsonBody):
    """Why the shadow becomes the active revision."""

    note: Note


class RollBackIn(JsonBody):
    """Why, and to which revision; by default the one that was active before."""

    note: str = Field("", max_length=2000, pattern=_TEXT)
    revision: str | None = Field(None, pattern=_NAME)


class ErrorOut(BaseModel):
    """An error of refused content, with file, line and key."""

    zh: str
    en: str


class ShadowCountsOut(BaseModel):
    """How many submissions a shadow judged, by the relation of its decision to that of the active revision."""

    same: int
    stricter: int
    milder: int
    dropped: int = Field(description="not judged: too many waited, or the shadow could not read them")


class RevisionOut(BaseModel):
    """A revision of the content."""

    id: int
    revision: str = Field(description="digest of all content; empty for a refused one")
    state: State
    rules: list[str]
    policy: str | None
    model: str | None
    way: str = Field(description="configured, shadow, promoted or rolled_back")
    version: str = Field(description="of smsvet")
    loaded_at: datetime
    loaded_by: str
    errors: list[ErrorOut]
    note: str
    counts: ShadowCountsOut | None = Field(None, description="of a shadow, whether at work or ended")


class RevisionList(BaseModel):
    """A page of revisions, newest first."""

    revisions: list[RevisionOut]
    next: str | None = None


class DifferenceOut(BaseModel):
    """A submission on which decision or rules differ."""

    id: int
    submission_id: int
    at: datetime
    active: str
    shadow: str
    relation: Literal["same", "stricter", "milder"]
    active_decision: str
    shadow_decision: str
    active_rules: list[str] = Field(description="with findings of the active revision alone")
    shadow_rules: list[str] = Field(description="with findings of the shadow alone")


class DifferenceList(BaseModel):
    """A page of differences, newest first."""

    counts: ShadowCountsOut
    differences: list[DifferenceOut]
    next: str | None = None


class ReplayOut(BaseModel):
    """A stored verdict beside the one that its revision gives now."""

    state: Literal["equal", "different", "gone"] = Field(
        description="gone: the revision cannot be loaded any more, or the text was deleted"
    )
    revision: str
    stored: dict[str, Any] | None
    verdict: dict[str, Any] | None
