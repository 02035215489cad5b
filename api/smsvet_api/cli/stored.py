"""Opens the database of the service for a command that does not upgrade it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..configuration.precedence import Effective
from ..files.rows import InputError
from ..wording import say
from .database_option import chosen_database, require_store_packages, store_errors

if TYPE_CHECKING:
    from ..store.store import Store


@contextlib.contextmanager
def opened(config: Effective, given: str | None) -> Iterator[Store]:
    """Provide the store, whose tables may have any version. Raises InputError, also for an error of the store inside."""
    lang = config.lang
    require_store_packages(lang)
    url = chosen_database(given, config)
    if url is None:
        raise InputError(
            say(lang, "未设置数据库：请给出 --database", "no database is configured: give --database")
        )
    from ..store.database import open_database  # noqa: PLC0415 - an extra
    from ..store.store import Store  # noqa: PLC0415

    database = open_database(url, lang)
    try:
        with store_errors(lang, database.shown):
            yield Store(database)
    finally:
        database.dispose()


@contextlib.contextmanager
def opened_current(config: Effective, given: str | None) -> Iterator[Store]:
    """Provide the store, whose tables are those of this release. Raises InputError."""
    with opened(config, given) as store:
        from ..store.upgrading import require_current  # noqa: PLC0415 - an extra

        require_current(store.database)
        yield store
