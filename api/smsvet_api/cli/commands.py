"""The group of commands: its exit statuses, its help and its errors, in the requested language."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.text import Text
from typer.core import TyperGroup

from smsvet import ContentError, SubmissionError
from smsvet.model import Lang

from ..configuration.configuration_file import ConfigurationError, find_configuration
from ..configuration.precedence import DEFAULT_LANG
from ..files.results import ResultFileError
from ..files.rows import InputError
from ..wording import say
from .help import help_text, requested_language, translate
from .terminal import APPROVED, INTERRUPTED, WRONG, Finished, discard_output, err, flush, leave_pipe
from .usage_errors import UsageError, describe_usage_error, unknown_command
from .whole_lines import OutputError, write_whole_lines


class Commands(TyperGroup):
    """The command group, with the documented exit statuses: 3 for wrong usage, wrong input and every failure."""

    lang: Lang = "zh"

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line and raise SystemExit with its status."""
        given = args[0] if args else kwargs.get("args")
        arguments = sys.argv[1:] if given is None else given
        translate(self, requested_language(arguments, configured_language("--no-config" in arguments)))
        kwargs |= {"standalone_mode": False, "prog_name": "smsvet"}
        if sys.stderr is None:
            sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the process ends
        if sys.stdout is None:
            fail(say(self.lang, "标准输出已关闭", "standard output is closed"))
        write_whole_lines()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            status = super().main(*args, **kwargs)
            flush()
        except UsageError as error:
            flush()
            self._show(error)
            raise SystemExit(WRONG) from None
        except typer.Abort:
            raise SystemExit(INTERRUPTED) from None
        except Exception as error:  # noqa: BLE001 - Python ends with the status of a rejection
            self._report(error)
        raise SystemExit(WRONG if status else APPROVED)

    def _show(self, error: Any) -> None:
        if type(error).__name__ == "NoArgsIsHelpError":
            err().lines(map(Text, str(error.message).split("\n")))
        else:
            first, *more = describe_usage_error(error, self.lang)
            complain(first)
            err().lines(map(Text, more))

    def invoke(self, ctx: Any) -> Any:
        """Run one command; report every failure without a traceback."""
        try:
            try:
                super().invoke(ctx)
            finally:
                flush()
        except (Finished, UsageError, typer.Exit, typer.Abort):
            raise
        except KeyboardInterrupt:
            raise Finished(INTERRUPTED) from None
        except BaseException as error:  # noqa: BLE001 - a rule may call sys.exit(0)
            self._report(error)

    def _report(self, error: BaseException) -> NoReturn:
        """Report an error, with the place of an unexpected one, and exit. The status is never that of a verdict."""
        if isinstance(error, BrokenPipeError):
            leave_pipe()
        if isinstance(error, InputError | ContentError | ResultFileError | SubmissionError):
            fail(str(error))
        if isinstance(error, OutputError):
            discard_output()
            why = error.strerror
            fail(say(self.lang, f"无法写入标准输出：{why}", f"cannot write standard output: {why}"))
        if isinstance(error, SystemExit) and error.code:
            raise Finished(WRONG)  # the server has said why
        frames = traceback.extract_tb(error.__traceback__)
        place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
        wrong = f"{type(error).__name__}: {error}{place}"
        fail(say(self.lang, f"内部错误：{wrong}", f"internal error: {wrong}"))

    @staticmethod
    def pass_on(ctx: Any, lang: Lang | None) -> None:
        """Make a language that is given before a command the default of the command's own option."""
        if lang is not None:
            ctx.default_map = {name: {"lang": lang} for name in ctx.command.commands}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name, the command and its arguments; raises InputError if there is no such command."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise InputError(unknown_command(args[0], list(self.commands), self.lang))
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """Return the help text in the requested language."""
        return help_text(self, ctx, self.lang)


def configured_language(no_config: bool) -> Lang:
    """Return the language of the configuration file, Chinese without one; errors in the file are reported later."""
    try:
        return (None if no_config else find_configuration().lang) or DEFAULT_LANG
    except ConfigurationError as error:
        return "en" if error.lang == "en" else DEFAULT_LANG


def fail(message: str) -> NoReturn:
    """Print an error and exit with the status for wrong input."""
    with contextlib.suppress(OSError):
        complain(message)
    raise Finished(WRONG) from None


def complain(message: str) -> None:
    """Print an error on standard error, each line headed by the program's name."""
    lines: Iterable[str] = message.split("\n")
    err().lines(Text(f"smsvet: {line}", "red") for line in lines)
