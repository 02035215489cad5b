"""What was worked out from content, kept in a file of one's own for the next start.

The file holds JSON and the bytes of automata, never objects that Python would build by running code. Nothing
about it is an error: a file that is missing, damaged or could have been written by somebody else is passed
over, and a folder that cannot be written to leaves everything to be worked out each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")

FORMAT = b"smsvet cache 1\n"
KEPT = 4
"""Cache files that stay in a folder: those written last."""
LARGEST = 256 * 1024 * 1024
"""Bytes beyond which a file is none of ours."""

_LEFT_OVER = 3600
"""Seconds after which a file that was not finished has nobody who writes it."""
_NAME = re.compile(r"[0-9a-f]{64}\.cache")
_UNFINISHED = re.compile(r"[0-9a-f]{64}\.cache\.[0-9]+\.[0-9]+")
_OWNED = hasattr(os, "geteuid") and hasattr(os, "O_NOFOLLOW") and os.open in os.supports_dir_fd
"""Whether the system can tell whose a file is; where it cannot, nothing is kept."""


class ContentCache:
    """What was kept under a key, or a place to keep it. Used by one thread, while content is loaded.

    `found` tells that the content named by the key was loaded before without an error.
    """

    def __init__(self, folder: Path | None = None, key: str = "") -> None:
        """Read what `folder` keeps under `key`, 64 hexadecimal digits; without a folder nothing is kept."""
        self._folder = folder if _OWNED else None
        self._name = f"{key}.cache"
        self._values: dict[str, Any] = {}
        self._bytes: dict[str, bytes] = {}
        read = self._read()
        self.found = read is not None
        if read is not None:
            self._values, self._bytes = read

    @property
    def is_writing(self) -> bool:
        """Return whether what is worked out now will be kept."""
        return self._folder is not None and not self.found

    def get(self, name: str) -> Any:
        """Return the JSON value kept under a name, None where there is none."""
        return self._values.get(name)

    def put(self, name: str, value: object) -> None:
        """Keep a JSON value other than null for the next start."""
        if self.is_writing:
            self._values[name] = value

    def value(self, name: str, make: Callable[[], Made]) -> Made:
        """Return the JSON value kept under a name, or the one that `make` returns, which is kept.

        Lists come back as lists: what is made of them must not depend on their being tuples.
        """
        value = self._values.get(name)
        if value is None:
            value = make()
            self.put(name, value)
        return value

    def words(self, name: str, make: Callable[[], list[str]]) -> list[str]:
        """Return the same for a long list of words, which JSON reads slowly."""
        data = self._bytes.get(name)
        if data is not None:
            return data.decode("utf-8", "surrogatepass").split("\n")
        recalled: list[str] | None = self.get(name)
        if recalled is not None:
            return recalled
        words = make()
        if not words or any("\n" in word for word in words):
            self.put(name, words)
        else:
            self.put_bytes(name, "\n".join(words).encode("utf-8", "surrogatepass"))
        return words

    def get_bytes(self, name: str) -> bytes | None:
        """Return the bytes kept under a name, None where there are none."""
        return self._bytes.get(name)

    def put_bytes(self, name: str, data: bytes) -> None:
        """Keep bytes for the next start."""
        if self.is_writing:
            self._bytes[name] = data

    def write(self) -> None:
        """Write what was kept, at once or not at all, and remove the cache files written longest ago."""
        if not self.is_writing or self._folder is None:
            return
        unfinished = f"{self._name}.{os.getpid()}.{threading.get_ident()}"
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _opened(self._folder) as folder:
                try:
                    _write(folder, unfinished, _packed(self._values, self._bytes))
                    os.replace(unfinished, self._name, src_dir_fd=folder, dst_dir_fd=folder)
                except OSError:
                    os.unlink(unfinished, dir_fd=folder)
                    raise
                _tidy(folder, self._name)

    def _read(self) -> tuple[dict[str, Any], dict[str, bytes]] | None:
        if self._folder is None:
            return None
        try:
            with _opened(self._folder) as folder:
                data = _read(folder, self._name)
            return _unpacked(data)
        except (OSError, ValueError, LookupError, TypeError):
            return None


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """Open a folder that nobody else may write to; raises OSError for any other.

    All that follows goes through the open folder, so that nobody can put another in its place meanwhile.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _check(os.fstat(handle), stat.S_ISDIR)
        yield handle
    finally:
        os.close(handle)


def _check(status: os.stat_result, is_kind: Callable[[int], bool]) -> None:
    """Raise OSError unless a file is of a kind, our own, and nobody else may write to it."""
    if not is_kind(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise PermissionError("not our own alone")


def _read(folder: int, name: str) -> bytes:
    # Not blocking: a named pipe would wait for a writer for ever.
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        _check(status, stat.S_ISREG)
        if status.st_size > LARGEST:
            raise ValueError("too large")
        return stream.read()


def _write(folder: int, name: str, data: bytes) -> None:
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)


def _tidy(folder: int, newest: str) -> None:
    """Remove the cache files beyond those kept, and what others left unfinished long before the newest."""
    written: dict[str, float] = {}
    for name in os.listdir(folder):
        if _NAME.fullmatch(name) or _UNFINISHED.fullmatch(name):
            with contextlib.suppress(FileNotFoundError):
                written[name] = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime
    finished = sorted(
        (name for name in written if _NAME.fullmatch(name) and name != newest),
        key=lambda name: written[name],
        reverse=True,
    )
    left = [
        name
        for name in written
        if _UNFINISHED.fullmatch(name) and written[name] < written.get(newest, 0) - _LEFT_OVER
    ]
    for name in (*finished[KEPT - 1 :], *left):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)


def _packed(values: dict[str, Any], parts: dict[str, bytes]) -> bytes:
    """Return an content_cache: format, digest of the rest, length of the JSON, the JSON, and the bytes."""
    sizes = [[name, len(data)] for name, data in parts.items()]
    text = json.dumps([sizes, values], ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    written = text.encode("utf-8", "surrogatepass")
    rest = b"".join([len(written).to_bytes(8, "big"), written, *parts.values()])
    return FORMAT + hashlib.sha256(rest).digest() + rest


def _unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the values and bytes of an content_cache; raises ValueError, LookupError or TypeError for what is none."""
    start = len(FORMAT) + hashlib.sha256().digest_size
    rest = memoryview(data)[start:]
    if not data.startswith(FORMAT) or hashlib.sha256(rest).digest() != data[len(FORMAT) : start]:
        raise ValueError("not an content_cache, or a damaged one")
    at = 8 + int.from_bytes(rest[:8], "big")
    sizes, values = json.loads(str(rest[8:at], "utf-8", "surrogatepass"))
    parts: dict[str, bytes] = {}
    for name, size in sizes:
        parts[name] = bytes(rest[at : at + size])
        at += size
    return values, parts
