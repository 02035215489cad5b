"""Opening of regular files only: reading a pipe or a device may never end."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRegularError(OSError):
    """The path is a pipe, a device or a socket."""


def open_regular(path: Path) -> io.FileIO:
    """Open a regular file for reading, without a buffer.

    Raises NotRegularError for a pipe, a device or a socket, and OSError for a folder and for any other failure.
    """
    check_regular(path)
    # The file may have been replaced after the first check: opening a pipe must not wait for a writer.
    handle = os.open(path, _FLAGS)
    try:
        _check(os.fstat(handle), path)
        return io.FileIO(handle)
    except OSError:
        os.close(handle)
        raise


def check_regular(path: Path) -> int:
    """Return the size of a regular file in bytes; raises as `open_regular` does."""
    status = path.stat()  # opening a device may already have an effect
    _check(status, path)
    return status.st_size


def _check(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(errno.EINVAL, "not a regular file", str(path))
