"""Prepares the database before the service starts: upgrades it, and adds the first admin where there is no user."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.text import Text

from smsvet.model import Lang

from ..wording import say
from .terminal import err
from .users_commands import password_lines

if TYPE_CHECKING:
    from ..store.database import Database

PAUSE: Final = 5.0
"""Seconds between two attempts to reach a database."""


def prepare_database(url: str, lang: Lang) -> None:
    """Upgrade the database of a URL, and show the first admin's password on the terminal.

    A database that cannot be reached is tried again in a thread until it can: the service reviews meanwhile. Raises
    InputError for a URL that cannot be used.
    """
    from ..store.database import open_database  # noqa: PLC0415 - an extra
    from ..store.errors import StoreDownError  # noqa: PLC0415

    database = open_database(url, lang)
    try:
        _prepare(database, lang)
    except StoreDownError as error:
        reason = error.reason.splitlines()[0] if error.reason else ""
        err().lines([Text(f"smsvet: {database.shown}: {error.say(lang)} ({reason})", "red")])
        threading.Thread(target=_keep_trying, args=(database, lang), daemon=True).start()
    else:
        database.dispose()


def _keep_trying(database: Database, lang: Lang) -> None:
    from ..store.errors import StoreDownError  # noqa: PLC0415 - an extra

    while True:
        time.sleep(PAUSE)
        try:
            _prepare(database, lang)
        except StoreDownError:
            continue
        database.dispose()
        return


def _prepare(database: Database, lang: Lang) -> None:
    from ..store.accounts.users import FIRST_ADMIN, add_first_admin  # noqa: PLC0415 - an extra
    from ..store.store import Store  # noqa: PLC0415
    from ..store.upgrading import found_version, needed_version, upgrade  # noqa: PLC0415

    before = found_version(database)
    upgrade(database)
    err().lines(_said(database.shown, before, needed_version(), lang))
    password = add_first_admin(Store(database))
    if password:
        added = say(
            lang, f"还没有用户，已添加管理员：{FIRST_ADMIN}", f"there was no user; added one: {FIRST_ADMIN}"
        )
        err().lines([Text(f"smsvet: {added}"), *password_lines(password, lang)])


def _said(shown: str, before: str | None, now: str, lang: Lang) -> Iterator[Text]:
    name = say(lang, "数据库", "database")
    yield Text(f"smsvet: {name} {shown}")
    if before != now:
        was = before or say(lang, "空", "none")
        yield Text(
            f"smsvet: {say(lang, f'数据库已由版本 {was} 升级到 {now}', f'the database was upgraded from version {was} to {now}')}"
        )
