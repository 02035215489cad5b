"""The commands `keys add`, `keys list` and `keys revoke`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say
from . import options
from .command_groups import command_group
from .command_help import ABOUT
from .database_option import DatabaseUrl, store_configuration
from .help import Command, both
from .stored import opened_store
from .terminal import out
from .users_commands import ACTOR

if TYPE_CHECKING:
    from ..store.accounts.keys import Key
    from ..store.accounts.roles import Scope

keys_app = command_group("keys")


@keys_app.command(cls=Command, **ABOUT["keys add"])
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help=both("密钥的名称", "Name of the key."))],
    user: Annotated[
        str, typer.Option("--user", metavar="USER", help=both("密钥所属的用户", "User of the key."))
    ],
    scopes: Annotated[
        list[str],
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help=both(
                "submit、review、cases、read、export、rules 或 admin，限于角色所有；可多次给出",
                "submit, review, cases, read, export, rules or admin, within the user's role; can be repeated.",
            ),
        ),
    ],
    expires: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help=both(
                "期限，如 90d（天）、12h（小时），或日期；默认不过期",
                "Life such as 90d or 12h, or a date; if omitted, the key does not expire.",
            ),
        ),
    ] = None,
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Add an API key and print it, once."""
    config = store_configuration(lang, no_config)
    from ..store.accounts.keys import add_key  # noqa: PLC0415 - an extra
    from ..store.accounts.users import find_user  # noqa: PLC0415

    wanted: list[Scope] = [known_scope(scope, config.lang) for scope in scopes]
    with opened_store(config, database) as store:
        end = read_expiry(expires, store.now(), config.lang)
        key = add_key(store, find_user(store, user).id, name, wanted, ACTOR, end)
    out().print(key, soft_wrap=True)
    out().lines(
        [
            Text(
                say(
                    config.lang,
                    "请妥善保存，此后不再显示。用法：Authorization: Bearer <密钥>",
                    "Keep it: it is not shown again. Send it as Authorization: Bearer <key>.",
                ),
                "dim",
            )
        ]
    )


@keys_app.command("list", cls=Command, **ABOUT["keys list"])
def list_all(
    database: DatabaseUrl = None, lang: options.Language = None, no_config: options.NoConfig = False
) -> None:
    """List all keys, one a line: prefix, name, user, scopes, state, last used."""
    config = store_configuration(lang, no_config)
    from ..store.accounts.keys import list_keys  # noqa: PLC0415 - an extra

    with opened_store(config, database) as store:
        last, now = 0, store.now()
        while page := list_keys(store, last):
            for key in page:
                used = f"{key.used_at:%Y-%m-%dT%H:%MZ}" if key.used_at else "-"
                cells = (key.prefix, key.name, key.user_name, ",".join(key.scopes))
                state = key_state(key, now, config.lang)
                out().print("\t".join((*cells, state, used)), soft_wrap=True)
            last = page[-1].id


@keys_app.command(cls=Command, **ABOUT["keys revoke"])
def revoke(
    prefix: Annotated[
        str,
        typer.Argument(
            metavar="PREFIX",
            help=both("密钥中显示的部分，见 keys list", "Shown part of the key, as in keys list."),
        ),
    ],
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Revoke a key for ever."""
    config = store_configuration(lang, no_config)
    from ..store.accounts.keys import find_key, revoke_key  # noqa: PLC0415 - an extra

    with opened_store(config, database) as store:
        key = find_key(store, prefix)
        revoke_key(store, key.id, ACTOR)
    out().print(say(config.lang, f"已吊销 {key.prefix}", f"{key.prefix} is revoked"))


def key_state(key: Key, now: datetime, lang: Lang) -> str:
    """Return whether a key is revoked or expired, and when it expires."""
    if key.revoked_at:
        return say(lang, "已吊销", "revoked")
    if key.expires_at is None:
        return say(lang, "不过期", "no expiry")
    day = f"{key.expires_at:%Y-%m-%dT%H:%MZ}"
    if key.expires_at <= now:
        return say(lang, f"{day} 已过期", f"expired {day}")
    return say(lang, f"{day} 到期", f"expires {day}")


def known_scope(scope: str, lang: Lang) -> Scope:
    """Return a scope. Raises InputError naming the known ones."""
    from ..store.accounts.roles import SCOPES  # noqa: PLC0415 - an extra

    for known in SCOPES:
        if scope == known:
            return known
    listed = ", ".join(SCOPES)
    raise InputError(
        say(lang, f"权限应为 {listed} 之一：{scope}", f"a scope is one of {listed}, not {scope}")
    )


def read_expiry(text: str | None, now: datetime, lang: Lang) -> datetime | None:
    """Return the end of a key's life: days `90d` or hours `12h` from now, or the beginning of a date in UTC."""
    if text is None:
        return None
    try:
        if found := re.fullmatch("([0-9]{1,5})([dh])", text):
            number = int(found[1])
            return now + (timedelta(days=number) if found[2] == "d" else timedelta(hours=number))
        end = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise InputError(
            say(
                lang,
                f"--expires: 应为 90d、12h 或日期 2027-01-31：{text}",
                f"--expires: expected 90d, 12h or a date such as 2027-01-31: {text}",
            )
        ) from error
    return end if end.tzinfo else end.replace(tzinfo=UTC)
