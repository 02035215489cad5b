"""Endpoints of submitters' systems: make, change, rotate, try; their messages and attempts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from ..store.instants import text_of
from ..store.webhooks.endpoints import (
    add_endpoint,
    change_endpoint,
    delete_endpoint,
    list_endpoints,
    read_endpoint,
    rotate_secret,
    send_test,
)
from ..store.webhooks.messages import list_attempts, list_messages, replay_dead, resend
from .identity import caller, storage_of
from .problems import responses as problems
from .routes import LangQuery, service_of
from .submissions import Cursor, Limit, Number, stored

router = APIRouter(redirect_slashes=False, tags=["webhooks"])

EventKind = Literal["submission.in_review", "submission.decided", "webhook.test"]
Url = Annotated[
    str, Field(max_length=2000, pattern=r"^[^\x00]*$", description="https, and no private address")
]
Events = Annotated[list[EventKind], Field(max_length=20, description="kinds to send; empty: all")]
MessageId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PageQuery(LangQuery):
    """Selects a page."""

    cursor: Cursor | None = None
    limit: Limit = 50


class MessagesQuery(PageQuery):
    """Selects messages."""

    state: Literal["waiting", "sent", "dead", "withdrawn"] | None = None


class EndpointIn(_In):
    """A new endpoint."""

    url: Url
    events: Events = Field(default_factory=list)
    owner: str | None = Field(
        None,
        max_length=64,
        pattern=r"^[^\x00]*$",
        description="only for an admin: the user whose submissions it is for",
    )


class EndpointChange(_In):
    """Changes of an endpoint. A field that is left out stays."""

    url: Url | None = None
    events: Events | None = None
    disabled: bool | None = None


class RotationIn(_In):
    """A new secret."""

    overlap_hours: int = Field(24, ge=0, le=168, description="so long messages are signed with both secrets")


class ReplayIn(_In):
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


@router.post(
    "/v1/webhooks",
    operation_id="add_webhook",
    response_model=NewEndpointOut,
    status_code=201,
    responses=problems(401, 403, 409, 413, 422, 503),
    summary="Add an endpoint",
)
async def add_webhook(request: Request, body: EndpointIn, query: Annotated[LangQuery, Query()]) -> Response:
    """Add an endpoint for one's own submissions and return its secret, which is shown once."""
    user = await caller(request, query.lang, "submit", "admin")
    endpoint, secret = await storage_of(request).run(
        query.lang, add_endpoint, user, body.url, body.events, body.owner, private=_private(request)
    )
    return stored(_written(endpoint) | {"secret": secret}, 201)


@router.get(
    "/v1/webhooks",
    operation_id="list_webhooks",
    response_model=EndpointList,
    responses=problems(401, 403, 422, 503),
    summary="List endpoints",
)
async def list_webhooks(request: Request, query: Annotated[PageQuery, Query()]) -> Response:
    """Return one's own endpoints; with the scopes `read` or `admin` those of everybody."""
    user = await caller(request, query.lang, "submit", "read", "admin")
    found, following = await storage_of(request).run(
        query.lang, list_endpoints, user, query.cursor, query.limit
    )
    return stored({"webhooks": [_written(one) for one in found], "next": following})


@router.get(
    "/v1/webhooks/{webhook}",
    operation_id="get_webhook",
    response_model=EndpointOut,
    responses=problems(401, 403, 404, 422, 503),
    summary="Read an endpoint",
)
async def get_webhook(request: Request, webhook: Number, query: Annotated[LangQuery, Query()]) -> Response:
    """Return an endpoint, without its secret."""
    user = await caller(request, query.lang, "submit", "read", "admin")
    return stored(_written(await storage_of(request).run(query.lang, read_endpoint, user, webhook)))


@router.patch(
    "/v1/webhooks/{webhook}",
    operation_id="change_webhook",
    response_model=EndpointOut,
    responses=problems(401, 403, 404, 413, 422, 503),
    summary="Change, disable or enable an endpoint",
)
async def change_webhook(
    request: Request, webhook: Number, body: EndpointChange, query: Annotated[LangQuery, Query()]
) -> Response:
    """Change an endpoint. While it is disabled nothing is sent; waiting messages are sent once it is enabled."""
    user = await caller(request, query.lang, "submit", "admin")
    endpoint = await storage_of(request).run(
        query.lang, change_endpoint, user, webhook, **body.model_dump(), private=_private(request)
    )
    return stored(_written(endpoint))


@router.delete(
    "/v1/webhooks/{webhook}",
    operation_id="delete_webhook",
    status_code=204,
    responses=problems(401, 403, 404, 422, 503),
    summary="Delete an endpoint",
)
async def delete_webhook(request: Request, webhook: Number, query: Annotated[LangQuery, Query()]) -> Response:
    """Delete an endpoint with its messages."""
    user = await caller(request, query.lang, "submit", "admin")
    await storage_of(request).run(query.lang, delete_endpoint, user, webhook)
    return Response(status_code=204, headers={"cache-control": "no-store"})


@router.post(
    "/v1/webhooks/{webhook}/rotate",
    operation_id="rotate_webhook_secret",
    response_model=SecretOut,
    responses=problems(401, 403, 404, 413, 422, 503),
    summary="Replace the secret of an endpoint",
)
async def rotate_webhook_secret(
    request: Request, webhook: Number, body: RotationIn, query: Annotated[LangQuery, Query()]
) -> Response:
    """Return a new secret. Until the overlap is over, messages are signed with the old one too."""
    user = await caller(request, query.lang, "submit", "admin")
    overlap = timedelta(hours=body.overlap_hours)
    secret = await storage_of(request).run(query.lang, rotate_secret, user, webhook, overlap)
    return stored({"secret": secret})


@router.post(
    "/v1/webhooks/{webhook}/test",
    operation_id="test_webhook",
    response_model=QueuedMessage,
    status_code=202,
    responses=problems(401, 403, 404, 409, 422, 503),
    summary="Try an endpoint",
)
async def test_webhook(request: Request, webhook: Number, query: Annotated[LangQuery, Query()]) -> Response:
    """Send a message of the kind `webhook.test`."""
    user = await caller(request, query.lang, "submit", "admin")
    return stored({"message_id": await storage_of(request).run(query.lang, send_test, user, webhook)}, 202)


@router.get(
    "/v1/webhooks/{webhook}/messages",
    operation_id="list_webhook_messages",
    response_model=MessageList,
    responses=problems(401, 403, 404, 422, 503),
    summary="List the messages of an endpoint",
)
async def list_webhook_messages(
    request: Request, webhook: Number, query: Annotated[MessagesQuery, Query()]
) -> Response:
    """Return messages, the newest first; `state=dead` lists the dead letters."""
    user = await caller(request, query.lang, "submit", "read", "admin")
    found, following = await storage_of(request).run(
        query.lang, list_messages, user, webhook, query.state, query.cursor, query.limit
    )
    return stored({"messages": [_written(one) for one in found], "next": following})


@router.get(
    "/v1/webhooks/{webhook}/attempts",
    operation_id="list_webhook_attempts",
    response_model=AttemptList,
    responses=problems(401, 403, 404, 422, 503),
    summary="List the last attempts to deliver",
)
async def list_webhook_attempts(
    request: Request, webhook: Number, query: Annotated[LangQuery, Query()]
) -> Response:
    """Return the last 50 attempts with body, answer and time."""
    user = await caller(request, query.lang, "submit", "read", "admin")
    found = await storage_of(request).run(query.lang, list_attempts, user, webhook)
    return stored({"attempts": [_written(one) for one in found]})


@router.post(
    "/v1/webhooks/{webhook}/messages/{message}/resend",
    operation_id="resend_webhook_message",
    response_model=QueuedMessage,
    status_code=202,
    responses=problems(401, 403, 404, 409, 422, 503),
    summary="Send a message again",
)
async def resend_webhook_message(
    request: Request, webhook: Number, message: MessageId, query: Annotated[LangQuery, Query()]
) -> Response:
    """Send a message again, with the same id and body."""
    user = await caller(request, query.lang, "submit", "admin")
    await storage_of(request).run(query.lang, resend, user, webhook, message)
    return stored({"message_id": message}, 202)


@router.post(
    "/v1/webhooks/{webhook}/replay",
    operation_id="replay_webhook",
    response_model=Queued,
    status_code=202,
    responses=problems(401, 403, 404, 413, 422, 503),
    summary="Send all dead messages again",
)
async def replay_webhook(
    request: Request, webhook: Number, body: ReplayIn, query: Annotated[LangQuery, Query()]
) -> Response:
    """Send the dead messages of an endpoint again."""
    user = await caller(request, query.lang, "submit", "admin")
    return stored(
        {"messages": await storage_of(request).run(query.lang, replay_dead, user, webhook, body.since)}, 202
    )


def _private(request: Request) -> bool:
    return service_of(request).settings.webhook_private


def _written(found: Any) -> dict[str, Any]:
    """Return a dataclass of the store as JSON."""
    return {
        name: text_of(value) if isinstance(value, datetime) else value
        for name, value in asdict(found).items()
    }
