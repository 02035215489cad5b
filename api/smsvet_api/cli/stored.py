"""Opens the database of the service for a command."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from smsvet.extras import MissingExtraError, check_installed
from smsvet.model import Said

from ..configuration.database_url import VARIABLE, database_url
from ..configuration.precedence import Effective
from ..files.rows import InputError
from ..wording import say
from .help import both

if TYPE_CHECKING:
    from ..store.store import Store

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help=both(
            "sqlite:///文件 或 postgresql://…；默认取 SMSVET_DATABASE、配置文件，否则为用户数据文件夹中的文件",
            "sqlite:///FILE or postgresql://...; else SMSVET_DATABASE, the configuration file, or a file of the user.",
        ),
    ),
]


@contextlib.contextmanager
def opened(config: Effective, given: str | None) -> Iterator[Store]:
    """Provide the store, whose tables may have any version. Raises InputError, also for an error of the store inside."""
    try:
        check_installed(
            ("sqlalchemy", "alembic"), "service", Said("数据库命令", "The database of the service")
        )
    except MissingExtraError as error:
        raise InputError(error.say(config.lang)) from error
    from ..store.database import open_database  # noqa: PLC0415 - slow to load
    from ..store.errors import StoreDownError, StoreError  # noqa: PLC0415
    from ..store.store import Store  # noqa: PLC0415

    lang = config.lang
    url = database_url(given, config.configuration)
    if url is None:
        raise InputError(
            say(
                lang,
                f"未指定数据库：请给出 --database 或设置 {VARIABLE}",
                f"no database: give --database or set {VARIABLE}",
            )
        )
    database = open_database(url, lang)
    try:
        yield Store(database)
    except StoreDownError as error:
        raise InputError(
            say(
                lang,
                f"{database.shown}：数据库不可用：{error.reason}",
                f"{database.shown}: the database is down: {error.reason}",
            )
        ) from None  # the cause may hold the password
    except StoreError as error:
        raise InputError(f"{database.shown}: {error.say(lang)}") from error
    finally:
        database.dispose()


@contextlib.contextmanager
def opened_current(config: Effective, given: str | None) -> Iterator[Store]:
    """Provide the store, whose tables are those of this release. Raises InputError."""
    with opened(config, given) as store:
        from ..store.upgrading import require_current  # noqa: PLC0415 - slow to load

        require_current(store.database)
        yield store
