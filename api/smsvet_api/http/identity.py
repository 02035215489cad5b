"""Who sends a request: the user of an API key."""

from __future__ import annotations

from fastapi import Request

from smsvet.model import Lang

from ..store.accounts.keys import user_of_key
from ..store.accounts.roles import Scope
from ..store.accounts.users import User
from ..wording import say
from .problems import ProblemError
from .storage import Storage


def storage_of(request: Request) -> Storage:
    """Return the store of the application, which has one wherever its routes are included."""
    storage: Storage = request.app.state.storage
    return storage


async def caller(request: Request, lang: Lang, *scopes: Scope) -> User:
    """Return who sends a request. Raises ProblemError: 401 for nobody known, 403 without one of the scopes."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    user = (
        await storage_of(request).run(lang, user_of_key, key.strip()) if scheme.lower() == "bearer" else None
    )
    if user is None:
        detail = say(
            lang, "请在 Authorization 请求头中发送 Bearer 密钥", "Send a key as Authorization: Bearer"
        )
        raise ProblemError("unauthorized", detail, lang=lang, headers={"www-authenticate": "Bearer"})
    if not any(map(user.may, scopes)):
        detail = say(
            lang, f"此密钥没有 {' 或 '.join(scopes)} 权限", f"This key lacks the scope {' or '.join(scopes)}"
        )
        raise ProblemError("forbidden", detail, lang=lang)
    return user
