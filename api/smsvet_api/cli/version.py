"""The option `--version`."""

from __future__ import annotations

from typing import Any

import typer

import smsvet
from smsvet.files.digest import content_revision

from ..wording import say
from .terminal import out


def show_version(ctx: typer.Context, wanted: bool) -> None:
    """Print the version of the package and the revision of its content, then exit; does nothing if not wanted."""
    if not wanted or ctx.resilient_parsing:
        return
    command: Any = ctx.command
    revision = content_revision()
    out().print(
        say(
            command.lang,
            f"smsvet {smsvet.__version__}（规则版本 {revision}）",
            f"smsvet {smsvet.__version__} (content revision {revision})",
        )
    )
    raise typer.Exit
