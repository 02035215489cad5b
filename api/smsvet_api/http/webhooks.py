"""Endpoints of submitters' systems: make, change, rotate, try; their messages and attempts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

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
from .json_bodies import answer, body_of, takes
from .parameters import Language, Page
from .problems import user_body_responses, user_responses
from .routes import service_of
from .submissions import Number
from .webhook_models import (
    AttemptList,
    EndpointChange,
    EndpointIn,
    EndpointList,
    EndpointOut,
    MessageList,
    MessagesQuery,
    NewEndpointOut,
    Queued,
    QueuedMessage,
    ReplayIn,
    RotationIn,
    SecretOut,
)

router = APIRouter(redirect_slashes=False, tags=["webhooks"])

MessageId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


@router.post(
    "/v1/webhooks",
    operation_id="add_webhook",
    response_model=NewEndpointOut,
    status_code=201,
    responses=user_body_responses(409),
    openapi_extra=takes(EndpointIn),
    summary="Add an endpoint",
)
async def add_webhook(request: Request, query: Language) -> Response:
    """Add an endpoint for one's own submissions and return its secret, which is shown once."""
    user = await caller(request, query.lang, "submit", "admin")
    body = await body_of(request, EndpointIn, query.lang)
    endpoint, secret = await storage_of(request).run(
        query.lang, add_endpoint, user, body.url, body.events, body.owner, private=_private(request)
    )
    return answer(asdict(endpoint) | {"secret": secret}, 201)


@router.get(
    "/v1/webhooks",
    operation_id="list_webhooks",
    response_model=EndpointList,
    responses=user_responses(),
    summary="List endpoints",
)
async def list_webhooks(request: Request, query: Page) -> Response:
    """Return one's own endpoints; with the scopes `read` or `admin` those of everybody."""
    user = await caller(request, query.lang, "submit", "read", "admin")
    found, following = await storage_of(request).run(
        query.lang, list_endpoints, user, query.cursor, query.limit
    )
    return answer({"webhooks": found, "next": following})


@router.get(
    "/v1/webhooks/{webhook}",
    operation_id="get_webhook",
    response_model=EndpointOut,
    responses=user_responses(404),
    summary="Read an endpoint",
)
async def get_webhook(request: Request, webhook: Number, query: Language) -> Response:
    """Return an endpoint, without its secret."""
    user = await caller(request, query.lang, "submit", "read", "admin")
    return answer(await storage_of(request).run(query.lang, read_endpoint, user, webhook))


@router.patch(
    "/v1/webhooks/{webhook}",
    operation_id="change_webhook",
    response_model=EndpointOut,
    responses=user_body_responses(404),
    openapi_extra=takes(EndpointChange),
    summary="Change, disable or enable an endpoint",
)
async def change_webhook(request: Request, webhook: Number, query: Language) -> Response:
    """Change an endpoint. A disabled one gets no messages; those that wait follow once it is enabled."""
    user = await caller(request, query.lang, "submit", "admin")
    body = await body_of(request, EndpointChange, query.lang)
    endpoint = await storage_of(request).run(
        query.lang, change_endpoint, user, webhook, **body.model_dump(), private=_private(request)
    )
    return answer(endpoint)


@router.delete(
    "/v1/webhooks/{webhook}",
    operation_id="delete_webhook",
    status_code=204,
    responses=user_responses(404),
    summary="Delete an endpoint",
)
async def delete_webhook(request: Request, webhook: Number, query: Language) -> Response:
    """Delete an endpoint with its messages."""
    user = await caller(request, query.lang, "submit", "admin")
    await storage_of(request).run(query.lang, delete_endpoint, user, webhook)
    return Response(status_code=204)


@router.post(
    "/v1/webhooks/{webhook}/rotate",
    operation_id="rotate_webhook_secret",
    response_model=SecretOut,
    responses=user_body_responses(404),
    openapi_extra=takes(RotationIn),
    summary="Replace the secret of an endpoint",
)
async def rotate_webhook_secret(request: Request, webhook: Number, query: Language) -> Response:
    """Return a new secret. Until the overlap is over, messages are signed with the old one too."""
    user = await caller(request, query.lang, "submit", "admin")
    body = await body_of(request, RotationIn, query.lang)
    overlap = timedelta(hours=body.overlap_hours)
    secret = await storage_of(request).run(query.lang, rotate_secret, user, webhook, overlap)
    return answer({"secret": secret})


@router.post(
    "/v1/webhooks/{webhook}/test",
    operation_id="test_webhook",
    response_model=QueuedMessage,
    status_code=202,
    responses=user_responses(404, 409),
    summary="Try an endpoint",
)
async def test_webhook(request: Request, webhook: Number, query: Language) -> Response:
    """Send a message of the kind `webhook.test`."""
    user = await caller(request, query.lang, "submit", "admin")
    return answer({"message_id": await storage_of(request).run(query.lang, send_test, user, webhook)}, 202)


@router.get(
    "/v1/webhooks/{webhook}/messages",
    operation_id="list_webhook_messages",
    response_model=MessageList,
    responses=user_responses(404),
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
    return answer({"messages": found, "next": following})


@router.get(
    "/v1/webhooks/{webhook}/attempts",
    operation_id="list_webhook_attempts",
    response_model=AttemptList,
    responses=user_responses(404),
    summary="List the last attempts to deliver",
)
async def list_webhook_attempts(request: Request, webhook: Number, query: Language) -> Response:
    """Return the last 50 attempts with body, answer and time."""
    user = await caller(request, query.lang, "submit", "read", "admin")
    found = await storage_of(request).run(query.lang, list_attempts, user, webhook)
    return answer({"attempts": found})


@router.post(
    "/v1/webhooks/{webhook}/messages/{message}/resend",
    operation_id="resend_webhook_message",
    response_model=QueuedMessage,
    status_code=202,
    responses=user_responses(404, 409),
    summary="Send a message again",
)
async def resend_webhook_message(
    request: Request, webhook: Number, message: MessageId, query: Language
) -> Response:
    """Send a message again, with the same id and body."""
    user = await caller(request, query.lang, "submit", "admin")
    await storage_of(request).run(query.lang, resend, user, webhook, message)
    return answer({"message_id": message}, 202)


@router.post(
    "/v1/webhooks/{webhook}/replay",
    operation_id="replay_webhook",
    response_model=Queued,
    status_code=202,
    responses=user_body_responses(404),
    openapi_extra=takes(ReplayIn),
    summary="Send all dead messages again",
)
async def replay_webhook(request: Request, webhook: Number, query: Language) -> Response:
    """Send the dead messages of an endpoint again."""
    user = await caller(request, query.lang, "submit", "admin")
    body = await body_of(request, ReplayIn, query.lang)
    return answer(
        {"messages": await storage_of(request).run(query.lang, replay_dead, user, webhook, body.since)}, 202
    )


def _private(request: Request) -> bool:
    return service_of(request).settings.webhook_private
