"""Queries, bodies and answers of the operations on webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from .json_bodies import JsonBody, Text
from .parameters import PageQuery

EventKind = Literal["submission.in_review", "submission.decided", "webhook.test"]
Url = Annotated[
    str, Field(max_length=2000, pattern=r"^[^\x00]*$", description="https, and no private address")
]
Events = Annotated[list[EventKind], Field(max_length=20, description="kinds to send; empty: all")]


class MessagesQuery(PageQuery):
    """Selects messages."""

    state: Literal["waiting", "sent", "dead", "withdrawn"] | None = None


class EndpointIn(JsonBody):
    """A new endpoint."""

    url: Url
    events: Events = Field(default_factory=list)
    owner: Text | None = Field(
        None,
        max_length=64,
        description="only for an admin: the user whose submissions it is for",
    )


class EndpointChange(JsonBody):
    """Changes of an endpoint. A field that is left out stays."""

    url: Url | None = None
    events: Events | None = None
    disabled: bool | None = None


class RotationIn(JsonBody):
    """A new secret."""

    overlap_hours: int = Field(24, ge=0, le=168, description="so long messages are signed with both secrets")


class ReplayIn(JsonBody):
    """Selects dead messages."""

    since: AwareDatetime | None = Field(None, description="only messages made from then on")


class EndpointOut(BaseModel):
    """An endpoint."""

    id: int
    owner: str
    url: str
    events: list[str]
    created_at: datetime
    disabled_at: datetime | None
    slowed_until: datetime | None = Field(description="it answered 429, 502 or 504: nothing is sent before")
    old_secret_until: datetime | None
    waiting: int = Field(description="messages that are not delivered yet")
    dead: int = Field(description="messages that were given up")


class NewEndpointOut(EndpointOut):
    """An endpoint with its secret."""

    secret: str = Field(description="verifies signatures; shown once")


class SecretOut(BaseModel):
    """A new secret."""

    secret: str = Field(description="shown once")


class EndpointList(BaseModel):
    """A page of endpoints."""

    webhooks: list[EndpointOut]
    next: str | None


class MessageOut(BaseModel):
    """A message of an endpoint."""

    message_id: str = Field(description="`webhook-id` of every attempt")
    kind: str
    body: str = Field(description="as signed and sent")
    state: Literal["waiting", "sent", "dead", "withdrawn"]
    attempts: int
    created_at: datetime
    due_at: datetime


class MessageList(BaseModel):
    """A page of messages, the newest first."""

    messages: list[MessageOut]
    next: str | None


class AttemptOut(BaseModel):
    """An attempt to deliver a message."""

    message_id: str
    kind: str
    at: datetime
    status: int | None = Field(description="null: no answer")
    milliseconds: int
    body: str
    answer: str = Field(description="the beginning of the answer, or the error")


class AttemptList(BaseModel):
    """The last 50 attempts, the newest first."""

    attempts: list[AttemptOut]


class Queued(BaseModel):
    """Messages that will be sent."""

    messages: int


class QueuedMessage(BaseModel):
    """A message that will be sent."""

    message_id: str
