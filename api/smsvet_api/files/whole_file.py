"""Writes files that are complete or absent, also after a crash: temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Provide a temporary path beside `path`, and rename it to `path` at the end. Raises OSError.

    The temporary name starts with a dot, so that readers of the folder skip it. It is removed after an error. It is
    unique: processes of several machines may write the same file.
    """
    temporary = path.with_name(f".smsvet-{uuid4().hex}.tmp")
    try:
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def replacing_stream(path: Path) -> Iterator[BinaryIO]:
    """Provide a stream whose content takes the name of `path` at the end; after an error nothing is left of it.

    A file that is replaced keeps its permissions, and a symbolic link its place. Raises OSError.
    """
    target = path.resolve()
    with replacing(target) as temporary, temporary.open("xb") as stream:
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o777)
        yield stream


def sync(path: Path) -> None:
    """Flush a file or folder to the disk; a folder that cannot be opened is skipped, as all are on Windows."""
    try:
        handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    except PermissionError:
        if path.is_dir():
            return
        raise
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
