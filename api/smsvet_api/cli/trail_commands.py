"""The commands `trail verify` and `trail checkpoint`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say
from . import options
from .command_groups import command_group
from .command_help import ABOUT
from .database_option import DatabaseUrl
from .help import Command, both
from .stored import opened_current
from .terminal import Finished, err, out

if TYPE_CHECKING:
    from ..store.trail.checkpoints import Checkpoint
    from ..store.trail.verifying import Verification

DAMAGED = 1

trail_app = command_group("trail")


@trail_app.command("verify", cls=Command, **ABOUT["trail verify"])
def verify_trail(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help=both(
                "检查点文件，每行一个；也可以是服务的日志。可多次给出",
                "File of checkpoints, one per line, or a log of the service; can be repeated.",
            ),
        ),
    ] = None,
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Verify the audit trail, and name its first damage."""
    config = options.configured(lang, no_config)
    kept = [one for file in checkpoint or () for one in read_checkpoints(file, config.lang)]
    with opened_current(config, database) as store:
        from ..store.trail.verifying import verify  # noqa: PLC0415 - slow to load

        result = verify(store, kept)
    if result.damage is not None:
        intact = say(
            config.lang, f"完好的事件：{result.events:,}", f"intact events before it: {result.events:,}"
        )
        out().print(f"✗ {result.damage.say(config.lang)}", soft_wrap=True)
        out().print(f"  {intact}", soft_wrap=True)
        raise Finished(DAMAGED)
    out().print(_intact(result, config.lang), soft_wrap=True)
    if not kept:
        err().print(
            say(
                config.lang,
                "未给检查点：若末尾连同链头被截去，或整条链被重写，则无法发现（--checkpoint）",
                "No checkpoint was given: neither a tail cut together with the head nor a trail written anew can be found"
                " (--checkpoint)",
            ),
            soft_wrap=True,
        )


@trail_app.command("checkpoint", cls=Command, **ABOUT["trail checkpoint"])
def write_checkpoint(
    target: Annotated[
        Path | None,
        typer.Option(
            "-o",
            metavar="FILE",
            help=both("在此文件末尾追加一行", "Append a line to this file instead of printing it."),
        ),
    ] = None,
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Print a checkpoint of the audit trail, to be kept outside the database."""
    config = options.configured(lang, no_config)
    with opened_current(config, database) as store:
        from ..store.trail.checkpoints import append_to, take_checkpoint  # noqa: PLC0415 - slow to load

        taken = take_checkpoint(store)
        if target is None:
            out().print(json.dumps(taken.document()), soft_wrap=True)
            return
        try:
            append_to(target, taken)
        except OSError as error:
            why = error.strerror
            raise InputError(
                say(config.lang, f"{target}：无法写入（{why}）", f"{target}: cannot be written ({why})")
            ) from error
    out().print(
        say(
            config.lang,
            f"✓ {target}：检查点，事件 {taken.seq:,}",
            f"✓ {target}: checkpoint at event {taken.seq:,}",
        ),
        soft_wrap=True,
    )


def read_checkpoints(file: Path, lang: Lang) -> list[Checkpoint]:
    """Return the checkpoints in a file. Raises InputError naming file and line."""
    from ..store.trail.checkpoints import read_checkpoint  # noqa: PLC0415 - slow to load

    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(say(lang, f"{file}：无法读取", f"{file}: cannot be read")) from error
    found: list[Checkpoint] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            read = read_checkpoint(line)
        except ValueError as error:
            raise InputError(
                say(lang, f"{file}:{number}：不是检查点", f"{file}:{number}: not a checkpoint")
            ) from error
        if read is not None:
            found.append(read)
    if not found:
        raise InputError(say(lang, f"{file}：没有检查点", f"{file}: no checkpoint"))
    return found


def _intact(result: Verification, lang: Lang) -> str:
    if result.since is None:
        return say(lang, "✓ 审计记录为空", "✓ the trail is empty")
    return say(
        lang,
        f"✓ {result.events:,} 个事件首尾相接，始于 {result.since}；与 {result.checkpoints} 个检查点一致",
        f"✓ {result.events:,} events form one chain since {result.since}; {result.checkpoints} checkpoints agree",
    )
