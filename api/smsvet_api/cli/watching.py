"""Runs an audit under the eyes of a person: live progress, and Ctrl-C that leaves a run to be continued."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from smsvet import Reviewer
from smsvet.model import Lang

from ..audit.run import InterruptedAuditError, Outcome, Settings, Watcher
from ..audit.run import audit as run_audit
from ..wording import say
from .audit_view import LiveProgress, mapping_lines
from .reviewing import note
from .terminal import INTERRUPTED, Finished


def watched(settings: Settings, reviewer: Reviewer, lang: Lang, quiet: bool = False) -> Outcome:
    """Return the finished run; its progress is shown if standard error is a terminal. `quiet` omits the columns."""
    bar = LiveProgress(lang) if sys.stderr.isatty() else None

    def mapped(columns: Sequence[tuple[str, str | None]]) -> None:
        for line in mapping_lines(columns, lang):
            note(line)

    with _first_interrupt() as found:
        watcher = Watcher(stopping=lambda: bool(found))
        if not quiet:
            watcher = replace(watcher, note=note, mapped=mapped)
        if bar is not None:
            watcher = replace(watcher, began=bar.begin, advanced=bar.advance)
        try:
            return run_audit(settings, reviewer, watcher)
        except InterruptedAuditError:
            note(
                say(
                    lang,
                    "已中断；完成的分片已保留，再次运行同一命令即可继续",
                    "interrupted; the finished shards are kept, run the same command again to continue",
                )
            )
            raise Finished(INTERRUPTED) from None
        finally:
            if bar is not None:
                bar.end()


@contextmanager
def _first_interrupt() -> Iterator[list[int]]:
    """Provide a list that is no longer empty after Ctrl-C; a second Ctrl-C raises KeyboardInterrupt."""
    found: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        if found:
            raise KeyboardInterrupt
        found.append(number)

    try:
        before = signal.signal(signal.SIGINT, handle)
    except ValueError:  # not in the main thread
        yield found
        return
    try:
        yield found
    finally:
        signal.signal(signal.SIGINT, before)
