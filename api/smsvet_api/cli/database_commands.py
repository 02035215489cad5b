"""The commands `db upgrade` and `db backup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..wording import say
from . import options
from .command_help import ABOUT
from .commands import Commands
from .help import Command, both
from .stored import DatabaseUrl, opened, opened_current
from .terminal import out

db_app = typer.Typer(cls=Commands, no_args_is_help=True, rich_markup_mode=None)


@db_app.callback(**ABOUT["db"])
def start(ctx: typer.Context, lang: options.Language = None) -> None:
    """Pass a language that is given before the command on to the command."""
    if lang is not None:
        ctx.default_map = {name: {"lang": lang} for name in Commands.names(ctx)}


@db_app.command(cls=Command, **ABOUT["db upgrade"])
def upgrade(
    database: DatabaseUrl = None, lang: options.Language = None, no_config: options.NoConfig = False
) -> None:
    """Create the tables of the service, or bring them to the version of this release."""
    config = options.configured(lang, no_config)
    with opened(config, database) as store:
        from ..store.upgrading import needed_version  # noqa: PLC0415 - slow to load
        from ..store.upgrading import upgrade as upgraded  # noqa: PLC0415

        found, needed = upgraded(store.database), needed_version()
        was = found or say(config.lang, "空", "empty")
        changed = say(
            config.lang,
            f"✓ 已升级到版本 {needed}（原为 {was}）",
            f"✓ upgraded to version {needed} (it was {was})",
        )
        current = say(config.lang, f"✓ 版本已是 {needed}", f"✓ already at version {needed}")
        out().print(f"{store.database.shown}: {current if found == needed else changed}", soft_wrap=True)


@db_app.command(cls=Command, **ABOUT["db backup"])
def backup(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help=both("写入的新文件", "File to write; an existing one is not replaced.")
        ),
    ],
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Write the database to a new file while the service runs."""
    config = options.configured(lang, no_config)
    with opened_current(config, database) as store:
        from ..store.backing_up import back_up  # noqa: PLC0415 - slow to load

        written = back_up(store.database, file)
        out().print(
            say(
                config.lang,
                f"✓ {written.path}：{written.size:,} 字节，已落盘并读回检查",
                f"✓ {written.path}: {written.size:,} bytes, on the disk and read back",
            ),
            soft_wrap=True,
        )
