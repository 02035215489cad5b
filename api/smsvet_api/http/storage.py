"""Calls the store from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, Final, ParamSpec, TypeVar

from smsvet.model import Lang

from ..store.accounts.failures import ThrottledError
from ..store.accounts.passwords import HASHERS
from ..store.database import CONNECTIONS
from ..store.errors import RefusedError, StoreDownError, StoreError
from ..store.store import Store
from ..store.upgrading import require_current
from ..wording import say
from .logs import LOGGER
from .problems import FieldError, ProblemError, invalid_fields

P = ParamSpec("P")
T = TypeVar("T")

MAX_HASHING: Final = 20
"""Logins in work and waiting, beyond which others are refused: each takes about a quarter of a second."""


class Storage:
    """Runs functions of the store in threads of their own, at most one for each connection.

    The threads of `asyncio.to_thread` are left to the reviews, so that a slow database does not hold them up.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="store")
        self.hashers = ThreadPoolExecutor(HASHERS, thread_name_prefix="passwords")
        self._hashing = 0
        self._is_current = False

    async def run(
        self, lang: Lang, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `function(store, ...)`. Raises ProblemError for a StoreError; its status is 503 if the database is down."""
        return await self._run(self.threads, lang, lambda: function(self.store, *args, **kwargs))

    async def run_hashing(
        self, lang: Lang, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `function(store, ...)` for a function that hashes passwords, in threads of its own.

        Raises ProblemError as `run` does, and 503 while too many others wait.
        """
        if self._hashing >= MAX_HASHING:
            detail = say(lang, "登录请求过多，请稍后重试", "Too many logins at once; try again later")
            raise ProblemError("busy", detail, lang=lang, headers={"retry-after": "5"})
        self._hashing += 1
        try:
            return await self._run(self.hashers, lang, lambda: function(self.store, *args, **kwargs))
        finally:
            self._hashing -= 1

    def _call(self, function: Callable[[], T]) -> T:
        if not self._is_current:  # a database that was down at the start may have other tables
            require_current(self.store.database)
            self._is_current = True
        return function()

    async def _run(self, threads: ThreadPoolExecutor, lang: Lang, function: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(threads, self._call, function)
        except ThrottledError as error:
            headers = {"retry-after": str(error.seconds)}
            raise ProblemError(error.name, error.say(lang), lang=lang, headers=headers) from error
        except StoreDownError as error:
            LOGGER.error("store down", extra={"facts": {"reason": error.reason}})
            raise ProblemError(
                error.name, error.say(lang), lang=lang, headers={"retry-after": "5"}
            ) from error
        except RefusedError as error:
            raise invalid_fields([FieldError(field=error.field, message=error.say(lang))], lang) from error
        except StoreError as error:
            raise ProblemError(error.name, error.say(lang), lang=lang, extension=error.extension) from error

    def close(self) -> None:
        """Wait for the calls in work, and close all connections."""
        self.threads.shutdown()
        self.hashers.shutdown()
        self.store.database.dispose()
