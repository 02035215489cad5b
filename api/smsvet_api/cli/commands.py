"""The group of commands: its exit statuses, its help and its errors, in the requested language."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from smsvet import ContentError, SubmissionError
from smsvet.model import Lang

from ..files.rows import InputError
from .help import help_text, requested_language, translate
from .terminal import APPROVED, INTERRUPTED, WRONG, Finished, err, flush, leave_pipe
from .usage_errors import UsageError, describe_usage_error, unknown_command


class Commands(TyperGroup):
    """The command group, with the documented exit statuses: 3 for wrong usage and wrong input."""

    lang: Lang = "zh"

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line and raise SystemExit with its status."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        given = args[0] if args else kwargs.get("args")
        translate(self, requested_language(sys.argv[1:] if given is None else given))
        kwargs |= {"standalone_mode": False, "prog_name": "smsvet"}
        try:
            status = super().main(*args, **kwargs)
        except UsageError as error:
            flush()
            self._show(error)
            raise SystemExit(WRONG) from None
        except typer.Abort:
            raise SystemExit(INTERRUPTED) from None
        raise SystemExit(WRONG if status else APPROVED)

    def _show(self, error: Any) -> None:
        if type(error).__name__ == "NoArgsIsHelpError":
            err().lines(map(Text, str(error.message).split("\n")))
        else:
            first, *more = describe_usage_error(error, self.lang)
            complain(first)
            err().lines(map(Text, more))

    def invoke(self, ctx: Any) -> Any:
        """Run one command; report user errors without a traceback."""
        try:
            super().invoke(ctx)
            sys.stdout.flush()
        except Finished:
            flush()
            raise
        except BrokenPipeError:
            leave_pipe()
        except KeyboardInterrupt:
            raise Finished(INTERRUPTED) from None
        except (InputError, ContentError, SubmissionError) as error:
            flush()
            complain(str(error))
            raise Finished(WRONG) from None

    @staticmethod
    def names(ctx: Any) -> list[str]:
        """Return the names of the commands of a context."""
        return list(ctx.command.commands)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name, the command and its arguments; raises InputError if there is no such command."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise InputError(unknown_command(args[0], list(self.commands), self.lang))
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """Return the help text in the requested language."""
        return help_text(self, ctx, self.lang)


def complain(message: str) -> None:
    """Print an error on standard error, each line headed by the program's name."""
    lines: Iterable[str] = message.split("\n")
    err().lines(Text(f"smsvet: {line}", "red") for line in lines)
