"""A file that appears under its name only when it is complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose content takes the name of `path` at the end; after an error nothing is left of it.

    A file that is replaced keeps its permissions, and a symbolic link its place. Raises OSError.
    """
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=".smsvet-", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with cast("BinaryIO", os.fdopen(handle, "wb")) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_permissions(target))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _permissions(target: Path) -> int:
    """Return the permissions of a file, or those that a new one gets."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
