"""The progress bar of a long review."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from smsvet.model import Lang

from ..files.rows import Row, Unreadable
from ..wording import say
from .terminal import err

LONG = 500
"""Number of rows above which a progress bar appears."""


def counted(
    rows: Iterator[Row | Unreadable], source: str, stack: ExitStack, lang: Lang, scrolling: bool = True
) -> Iterator[Row | Unreadable]:
    """Yield the rows; a progress bar appears on standard error after LONG rows, if it is a terminal.

    `scrolling` is set if verdicts are printed: on the same terminal, they show the progress themselves.
    """
    wanted = sys.stderr.isatty() and not (scrolling and sys.stdout.isatty())
    bar: Progress | None = None
    task = TaskID(0)
    for number, row in enumerate(rows, start=1):
        if wanted and number == LONG + 1:
            total = lines_in(source)
            bar = stack.enter_context(
                Progress(
                    TextColumn(say(lang, "审核", "reviewing")),
                    BarColumn(),
                    MofNCompleteColumn(),
                    TimeRemainingColumn(),
                    console=err(),
                )
            )
            task = bar.add_task("", total=total, completed=LONG)
        if bar is not None:
            bar.advance(task)
        yield row


def lines_in(source: str) -> int | None:
    """Return the approximate number of lines of a file, or None if counting is expensive."""
    if source == "-" or not source.lower().endswith((".jsonl", ".ndjson", ".csv")):
        return None
    with Path(source).open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
