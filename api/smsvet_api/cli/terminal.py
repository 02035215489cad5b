"""Terminal output, exit statuses, and the handling of errors, closed pipes and Ctrl-C."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from smsvet import ContentError, SubmissionError
from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say
from .whole_lines import OutputError, write_whole_lines

APPROVED: Final = 0
REJECTED: Final = 1
PERSON: Final = 2
WRONG: Final = 3
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141

_USAGE_ERROR: type[BaseException] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)
"""The base of typer's usage errors, which come from click or from typer's own copy of it."""

_NARROWEST = 40
_WIDEST = 110


class Finished(SystemExit):
    """Ends a command with an exit status."""


class Screen(Console):
    """A console for lines that are already wrapped."""

    @property
    def columns(self) -> int:
        """Return the width in terminal columns."""
        return max(_NARROWEST, min(self.width, _WIDEST))

    def lines(self, lines: Iterable[Text]) -> None:
        """Print rendered lines unchanged."""
        for line in lines:
            self.print(line, soft_wrap=True)

    def on_broken_pipe(self) -> NoReturn:
        """Exit quietly, since the reader closed the output."""
        leave_pipe()


def out(width: int | None = None) -> Screen:
    """Return standard output as a screen with the width of the terminal or `width` columns."""
    return Screen(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def err() -> Screen:
    """Return standard error as a screen."""
    return Screen(file=sys.stderr, highlight=False, markup=False, emoji=False)


def leave_pipe() -> NoReturn:
    """Exit with the status for a closed output pipe, without an error message at shutdown."""
    discard_output()
    raise Finished(PIPE_CLOSED)


def discard_output() -> None:
    """Send the rest of standard output nowhere, so that Python does not try to write it again at shutdown."""
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    finally:
        os.close(null)


def fail(message: str) -> NoReturn:
    """Print an error and exit with the status for wrong input."""
    with contextlib.suppress(OSError):
        err().lines(Text(f"smsvet: {line}", "red") for line in message.split("\n"))
    raise Finished(WRONG) from None


def fail_writing(error: OutputError, lang: Lang) -> NoReturn:
    """Report that standard output cannot be written, and exit."""
    discard_output()
    fail(say(lang, f"无法写入标准输出：{error.strerror}", f"cannot write standard output: {error.strerror}"))


def fail_inside(error: BaseException, lang: Lang) -> NoReturn:
    """Report an unexpected exception with the line that raised it, and exit."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    wrong = f"{type(error).__name__}: {error}{place}"
    fail(say(lang, f"内部错误：{wrong}", f"internal error: {wrong}"))


def lang_of(arguments: Sequence[str]) -> Lang:
    """Return the language that the arguments name, for errors outside a command."""
    joined = " ".join(arguments)
    return "en" if "--lang en" in joined or "--lang=en" in joined else "zh"


class Commands(TyperGroup):
    """The command group, with the documented exit statuses: 3 for wrong usage, wrong input and every failure."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line and raise SystemExit with its status."""
        given = kwargs.get("args") or (args[0] if args else None) or sys.argv[1:]
        lang = lang_of(given)
        if sys.stderr is None:
            sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the process ends
        if sys.stdout is None:
            fail(say(lang, "标准输出已关闭", "standard output is closed"))
        write_whole_lines()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                sys.stdout.flush()
        except Finished:
            raise
        except SystemExit as exit_:
            raise SystemExit(WRONG if exit_.code else APPROVED) from None
        except BrokenPipeError:
            leave_pipe()
        except OutputError as error:
            fail_writing(error, lang)
        except Exception as error:  # noqa: BLE001 - the status of an uncaught exception means "rejected"
            fail_inside(error, lang)

    def invoke(self, ctx: Any) -> Any:
        """Run one command; report every failure in one line, without a traceback."""
        lang = lang_of(sys.argv[1:])
        try:
            try:
                super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except (Finished, typer.Exit, typer.Abort, _USAGE_ERROR):
            raise
        except BrokenPipeError:
            leave_pipe()
        except KeyboardInterrupt:
            raise Finished(INTERRUPTED) from None
        except (InputError, ContentError, SubmissionError) as error:
            fail(str(error))
        except OutputError as error:
            fail_writing(error, lang)
        except BaseException as error:
            # A rule that calls sys.exit(0) must not end the process as if everything were approved.
            if isinstance(error, SystemExit) and error.code:
                raise
            fail_inside(error, lang)
