"""Calls the store from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from smsvet.model import Lang

from ..store.database import CONNECTIONS
from ..store.errors import RefusedError, StoreDownError, StoreError
from ..store.store import Store
from .logs import LOGGER
from .problems import FieldError, ProblemError, invalid_fields

P = ParamSpec("P")
T = TypeVar("T")


class Storage:
    """Runs functions of the store in threads of their own, at most one for each connection.

    The threads of `asyncio.to_thread` are left to the reviews, so that a slow database does not hold them up.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="store")

    async def run(
        self, lang: Lang, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `function(store, ...)`. Raises ProblemError for a StoreError; its status is 503 if the database is down."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self.threads, lambda: function(self.store, *args, **kwargs))
        except StoreDownError as error:
            LOGGER.error("store down", extra={"facts": {"reason": error.reason}})
            raise ProblemError(
                error.name, error.say(lang), lang=lang, headers={"retry-after": "5"}
            ) from error
        except RefusedError as error:
            raise invalid_fields([FieldError(field=error.field, message=error.say(lang))], lang) from error
        except StoreError as error:
            raise ProblemError(error.name, error.say(lang), lang=lang) from error

    def close(self) -> None:
        """Wait for the calls in work, and close all connections."""
        self.threads.shutdown()
        self.store.database.dispose()
