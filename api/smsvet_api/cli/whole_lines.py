"""Standard output that never ends in half a line when the disk is full."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import sys


class OutputError(OSError):
    """Standard output cannot be written, for another reason than a closed pipe."""


class WholeLines(io.FileIO):
    """Standard output without a buffer. A failed write removes the unfinished line from a regular file."""

    def __init__(self, handle: int) -> None:
        super().__init__(handle, "w", closefd=False)
        self._unfinished = 0

    def write(self, data: object) -> int:
        """Write bytes and return the number written. Raises OutputError, or BrokenPipeError for a closed pipe."""
        view = memoryview(data)  # type: ignore[arg-type] # the writer above passes bytes or a view of them
        try:
            written = super().write(view)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._remove_unfinished()
            raise OutputError(error.errno, error.strerror) from error
        if written:
            last = bytes(view[:written]).rfind(b"\n")
            self._unfinished = self._unfinished + written if last < 0 else written - last - 1
        return written

    def _remove_unfinished(self) -> None:
        with contextlib.suppress(OSError):
            status = os.fstat(self.fileno())
            end = os.lseek(self.fileno(), 0, os.SEEK_CUR)
            # Only bytes of this process are removed, and only if nobody has written after them.
            if stat.S_ISREG(status.st_mode) and status.st_size == end:
                os.ftruncate(self.fileno(), end - self._unfinished)
                self._unfinished = 0


def write_whole_lines() -> None:
    """Replace standard output by one that writes through WholeLines. Does nothing for an output in memory."""
    old = sys.stdout
    # Unbuffered Python has a FileIO as its buffer.
    if isinstance(old, io.TextIOWrapper) and isinstance(getattr(old.buffer, "raw", old.buffer), io.FileIO):
        old.flush()
        raw = WholeLines(old.fileno())
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(raw), old.encoding, old.errors, line_buffering=old.line_buffering
        )
