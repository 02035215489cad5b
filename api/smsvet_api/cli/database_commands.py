"""The commands `db upgrade`, `db backup` and `db retain`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..files.rows import InputError
from ..wording import say
from . import options
from .command_groups import command_group
from .command_help import ABOUT
from .database_option import DatabaseUrl
from .help import Command, both
from .stored import opened, opened_current
from .terminal import out

db_app = command_group("db")


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


@db_app.command(cls=Command, **ABOUT["db retain"])
def retain(
    approved: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            min=1,
            envvar="SMSVET_RETAIN_APPROVED_DAYS",
            help=both(
                "通过的提交在多少天后删除文本", "Days after which texts of approved submissions are deleted."
            ),
        ),
    ] = None,
    rejected: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            min=1,
            envvar="SMSVET_RETAIN_REJECTED_DAYS",
            help=both(
                "驳回的提交在多少天后删除文本", "Days after which texts of rejected submissions are deleted."
            ),
        ),
    ] = None,
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Delete old texts; statuses, decisions and the trail stay."""
    config = options.configured(lang, no_config)
    days = {name: number for name, number in (("approved", approved), ("rejected", rejected)) if number}
    if not days:
        raise InputError(
            say(
                config.lang,
                "请给出 --approved 或 --rejected：没有默认天数",
                "give --approved or --rejected: there is no default number of days",
            )
        )
    with opened_current(config, database) as store:
        from ..store.retention import retain as delete_old  # noqa: PLC0415 - slow to load

        result = delete_old(store, days, "command")
    kept = ", ".join(f"{status} {number:,}" for status, number in result.kept.items()) or "0"
    out().print(
        say(
            config.lang,
            f"✓ 已删除 {result.deleted:,} 份提交的文本（此前 {result.deleted_earlier:,} 份）；保留文本：{kept}",
            f"✓ deleted the texts of {result.deleted:,} submissions ({result.deleted_earlier:,} earlier); with text: {kept}",
        ),
        soft_wrap=True,
    )
