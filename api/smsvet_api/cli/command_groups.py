"""Groups of commands below `smsvet`, such as `smsvet users`."""

from __future__ import annotations

import typer

from . import options
from .command_help import ABOUT
from .commands import Commands


def command_group(name: str) -> typer.Typer:
    """Return a group without commands; `ABOUT` has its help. A language given before a command applies to the command."""
    group = typer.Typer(cls=Commands, no_args_is_help=True, rich_markup_mode=None)

    @group.callback(**ABOUT[name])
    def start(ctx: typer.Context, lang: options.Language = None) -> None:
        Commands.pass_on(ctx, lang)

    return group
