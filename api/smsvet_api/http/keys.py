"""API keys, as admins manage them."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from ..store.accounts import keys as store_keys
from ..store.accounts.roles import Scope
from ..store.cursors import cursor_of_id
from .identity import caller, storage_of
from .json_bodies import JsonBody, Text, answer, body_of, takes
from .parameters import Language, Page, RowId
from .problems import user_body_responses, user_responses

router = APIRouter(redirect_slashes=False, tags=["accounts"])


class KeyIn(JsonBody):
    """A new key."""

    user: int = Field(ge=1, le=2**31 - 1, description="id of the user whose key it is")
    name: Text = Field(min_length=1, max_length=64)
    scopes: list[Scope] = Field(min_length=1, max_length=6, description="within those of the user's role")
    expires_at: AwareDatetime | None = Field(None, description="with a time zone; null: it does not expire")


class KeyOut(BaseModel):
    """A key without its secret."""

    id: int
    name: str
    user: int = Field(description="id of the user")
    user_name: str
    prefix: str = Field(description="the part that is shown: smsvet_PREFIX_...")
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None = Field(description="to the minute")
    revoked_at: datetime | None


class NewKeyOut(BaseModel):
    """A new key. It is shown only here."""

    key: str
    prefix: str


class KeyList(BaseModel):
    """A page of keys."""

    keys: list[KeyOut]
    next: str | None = Field(description="cursor of the next page; null after the last one")


@router.get(
    "/v1/keys",
    operation_id="list_keys",
    response_model=KeyList,
    responses=user_responses(),
    summary="List the API keys",
)
async def list_keys(request: Request, query: Page) -> Response:
    """Return keys by id, without their secrets."""
    await caller(request, query.lang, "admin")
    after = query.last_id() or 0
    found = await storage_of(request).run(query.lang, store_keys.list_keys, after, query.limit + 1)
    page = found[: query.limit]
    following = page[-1].id if len(found) > query.limit else None
    shown = [
        {
            "id": key.id,
            "name": key.name,
            "user": key.user_id,
            "user_name": key.user_name,
            "prefix": key.prefix,
            "scopes": key.scopes,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
            "used_at": key.used_at,
            "revoked_at": key.revoked_at,
        }
        for key in page
    ]
    return answer({"keys": shown, "next": cursor_of_id(following)})


@router.post(
    "/v1/keys",
    operation_id="add_key",
    openapi_extra=takes(KeyIn),
    status_code=201,
    response_model=NewKeyOut,
    responses=user_body_responses(404, 409),
    summary="Add an API key",
)
async def add_key(request: Request, query: Language) -> Response:
    """Add a key and return it. The service stores only its digest."""
    lang = query.lang
    admin = await caller(request, lang, "admin")
    given = await body_of(request, KeyIn, lang)
    key = await storage_of(request).run(
        lang,
        store_keys.add_key,
        given.user,
        given.name,
        given.scopes,
        admin.actor,
        given.expires_at,
    )
    return answer({"key": key, "prefix": store_keys.prefix_of(key)}, 201)


@router.delete(
    "/v1/keys/{id}",
    operation_id="revoke_key",
    status_code=204,
    response_class=Response,
    responses=user_responses(404),
    summary="Revoke an API key",
)
async def revoke_key(request: Request, key: RowId, query: Language) -> Response:
    """Revoke a key for ever."""
    admin = await caller(request, query.lang, "admin")
    await storage_of(request).run(query.lang, store_keys.revoke_key, key, admin.actor)
    return Response(status_code=204)
