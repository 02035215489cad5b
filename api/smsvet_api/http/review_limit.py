"""The limit of review requests of one API key, or of one address without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request

from smsvet.extras import check_installed
from smsvet.model import Lang, Said

from .problems import ProblemError
from .transport import address_of

if TYPE_CHECKING:
    from .rates import Rates


def add_review_limit(app: FastAPI, per_minute: int | None) -> None:
    """Limit the requests that review; None: they are not limited. Raises MissingExtraError."""
    app.state.review_rates = None
    if per_minute is not None:
        check_installed(("limits",), "service", Said("限制请求数", "A limit of requests"))
        from .rates import Rates  # noqa: PLC0415 - an extra

        app.state.review_rates = Rates(per_minute)


async def count_review(request: Request, lang: Lang) -> None:
    """Count a request that reviews. Raises ProblemError (429) above the limit."""
    rates: Rates | None = request.app.state.review_rates
    if rates is not None:
        rates.count(await _sender(request, lang), lang)


async def _sender(request: Request, lang: Lang) -> str:
    """Return who is counted: a key that is in force, else the address. Reviews need no store, so it may be down."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if request.app.state.storage is not None and scheme.lower() == "bearer":
        from ..store.accounts.keys import prefix_of, user_of_key  # noqa: PLC0415 - an extra

        try:
            if prefix_of(key.strip()):
                user = await request.app.state.storage.run(lang, user_of_key, key.strip())
                if user is not None:
                    return f"key:{user.key_prefix}"
        except ProblemError:
            pass
    return f"address:{address_of(request)}"
