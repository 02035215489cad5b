"""Opens the store for a command."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from smsvet.model import Lang

from ..configuration.precedence import Effective
from ..files.rows import InputError
from ..wording import say
from .database_option import chosen_database, require_store_packages

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


@contextlib.contextmanager
def opened_store(config: Effective, given: str | None) -> Iterator[Store]:
    """Provide the store, upgraded. Raises InputError."""
    with opened(config, given) as store:
        from ..store.upgrading import upgrade  # noqa: PLC0415 - an extra

        upgrade(store.database)
        yield store


@contextlib.contextmanager
def store_errors(lang: Lang, shown: str) -> Iterator[None]:
    """Turn refusals of the store inside the context into InputErrors; `shown` names the database."""
    from ..store.errors import StoreDownError, StoreError  # noqa: PLC0415 - an extra

    try:
        yield
    except StoreDownError as error:
        wrong = say(lang, "数据库不可用", "the database cannot be used")
        raise InputError(f"{shown}: {wrong}: {error.reason.splitlines()[0]}") from error
    except StoreError as error:
        raise InputError(error.say(lang)) from error
