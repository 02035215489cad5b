"""Terminal output, exit statuses, and the handling of closed pipes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Final, NoReturn

from rich.console import Console
from rich.text import Text

APPROVED: Final = 0
REJECTED: Final = 1
PERSON: Final = 2
WRONG: Final = 3
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141

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


def flush() -> None:
    """Flush standard output. Raises Finished if the reader closed it, and OutputError."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        leave_pipe()
