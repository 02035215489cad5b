"""Startup cache: data computed from content files, stored in a private file.

The file holds JSON and serialised automata, never pickled objects, so loading it runs no code. Cache problems are
never errors. A file that is missing, damaged or writable by another user is ignored. If the folder is not
writable, the data is computed again at every startup.
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

FORMAT = b"smsvet cache 2\n"
MAX_FILES = 4
"""Number of cache files that stay in a folder; the oldest are removed."""
MAX_BYTES = 256 * 1024 * 1024
"""Greatest size of a cache file in bytes; a larger one is ignored."""

_NAME = re.compile(r"[0-9a-f]{64}\.cache")
_UNFINISHED = re.compile(r"[0-9a-f]{64}\.cache\.[0-9]+\.[0-9]+")
_OWNED = hasattr(os, "geteuid") and hasattr(os, "O_NOFOLLOW") and os.open in os.supports_dir_fd
"""Whether the system has file owners and safe file opening; without them nothing is cached."""


class ContentCache:
    """The cached values for one version of the content. Used by one thread, while content is loaded.

    `found` is true if a cache file exists for the key. The same content then loaded without errors before.
    """

    def __init__(self, folder: Path | None = None, key: str = "") -> None:
        """Read the cache file for `key`, 64 hexadecimal digits. Nothing is cached if `folder` is None."""
        self._folder = folder if _OWNED else None
        self._name = f"{key}.cache"
        self._values: dict[str, bytes] = {}
        self._bytes: dict[str, bytes] = {}
        stored = self._read()
        self.found = stored is not None
        if stored is not None:
            self._values, self._bytes = stored

    @property
    def is_writing(self) -> bool:
        """Return whether new values will be written to the cache file."""
        return self._folder is not None and not self.found

    def get(self, name: str) -> Any:
        """Return the cached JSON value of a name, None where there is none.

        Each call parses it again. Values are parsed one by one, because a service that loads content in a thread stands
        still while JSON is parsed.
        """
        data = self._values.get(name)
        return None if data is None else json.loads(str(data, "utf-8", "surrogatepass"))

    def put(self, name: str, value: object) -> None:
        """Store a JSON value other than null under a name."""
        if self.is_writing:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            self._values[name] = text.encode("utf-8", "surrogatepass")

    def value(self, name: str, make: Callable[[], Made]) -> Made:
        """Return the cached JSON value of a name; on a miss, call `make` and store its result.

        A cached tuple comes back as a list, so callers must accept both.
        """
        cached: Made | None = self.get(name)
        if cached is not None:
            return cached
        value = make()
        self.put(name, value)
        return value

    def words(self, name: str, make: Callable[[], list[str]]) -> list[str]:
        """Return the cached list of words of a name; on a miss, call `make` and store its result.

        A long list of words is stored as lines, because JSON is slow to parse.
        """
        data = self._bytes.get(name)
        if data is not None:
            return data.decode("utf-8", "surrogatepass").split("\n")
        cached: list[str] | None = self.get(name)
        if cached is not None:
            return cached
        words = make()
        if not words or any("\n" in word for word in words):
            self.put(name, words)
        else:
            self.put_bytes(name, "\n".join(words).encode("utf-8", "surrogatepass"))
        return words

    def get_bytes(self, name: str) -> bytes | None:
        """Return the cached bytes of a name, None where there are none."""
        return self._bytes.get(name)

    def put_bytes(self, name: str, data: bytes) -> None:
        """Store bytes under a name."""
        if self.is_writing:
            self._bytes[name] = data

    def write(self) -> None:
        """Write the cache file atomically, then remove the oldest cache files."""
        if not self.is_writing or self._folder is None:
            return
        unfinished = f"{self._name}.{os.getpid()}.{threading.get_ident()}"
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _opened(self._folder) as folder:
                try:
                    _write(folder, unfinished, self._name, _packed(self._values, self._bytes))
                except OSError:
                    os.unlink(unfinished, dir_fd=folder)
                    raise
                _remove_old(folder, self._name)

    def _read(self) -> tuple[dict[str, bytes], dict[str, bytes]] | None:
        if self._folder is None:
            return None
        try:
            with _opened(self._folder) as folder:
                _remove_abandoned(folder)
                data = _read(folder, self._name)
            return _unpacked(data)
        except (OSError, ValueError, LookupError, TypeError):
            return None


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """Open a folder that only its owner may write to; raises OSError for any other folder.

    Callers use the returned descriptor, so that replacing the folder meanwhile has no effect.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _check(os.fstat(handle), stat.S_ISDIR)
        yield handle
    finally:
        os.close(handle)


def _check(status: os.stat_result, is_kind: Callable[[int], bool]) -> None:
    """Raise OSError unless a file has the right type, belongs to this user and is writable by nobody else."""
    if not is_kind(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise PermissionError("not a private file or folder of this user")


def _read(folder: int, name: str) -> bytes:
    # Without O_NONBLOCK, opening a named pipe would wait for a writer forever.
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        _check(status, stat.S_ISREG)
        if status.st_size > MAX_BYTES:
            raise ValueError("too large")
        return stream.read()


def _write(folder: int, unfinished: str, name: str, data: bytes) -> None:
    """Write a file under a temporary name and rename it; it stays locked for as long as its writer lives."""
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
    with os.fdopen(handle, "wb") as stream:
        _lock(handle)
        stream.write(data)
        stream.flush()
        os.replace(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)


def _lock(handle: int) -> None:
    """Lock an open file until it is closed. Raises OSError if another process or thread has locked it."""
    import fcntl  # noqa: PLC0415 - systems without file owners have no such module

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove_abandoned(folder: int) -> None:
    """Remove the unfinished files of writers that were killed, which nobody has locked."""
    for name in os.listdir(folder):
        if _UNFINISHED.fullmatch(name):
            with contextlib.suppress(OSError):
                handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
                try:
                    _lock(handle)
                    os.unlink(name, dir_fd=folder)
                finally:
                    os.close(handle)


def _remove_old(folder: int, newest: str) -> None:
    """Remove the oldest cache files beyond MAX_FILES."""
    written: dict[str, float] = {}
    for name in os.listdir(folder):
        if _NAME.fullmatch(name):
            with contextlib.suppress(FileNotFoundError):
                written[name] = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime
    finished = sorted(
        (name for name in written if name != newest),
        key=lambda name: written[name],
        reverse=True,
    )
    for name in finished[MAX_FILES - 1 :]:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)


def _packed(values: dict[str, bytes], parts: dict[str, bytes]) -> bytes:
    """Return the bytes of a cache file: format, digest of the rest, length of the table of contents, the table, the parts.

    The table is JSON: the names and sizes in bytes of the JSON values, then those of the other parts.
    """
    sizes = [[[name, len(data)] for name, data in group.items()] for group in (values, parts)]
    table = json.dumps(sizes).encode()
    rest = b"".join([len(table).to_bytes(8, "big"), table, *values.values(), *parts.values()])
    return FORMAT + hashlib.sha256(rest).digest() + rest


def _unpacked(data: bytes) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the JSON values and the other parts of a cache file.

    Raises ValueError, LookupError or TypeError for data that is not a valid cache file.
    """
    start = len(FORMAT) + hashlib.sha256().digest_size
    rest = memoryview(data)[start:]
    if not data.startswith(FORMAT) or hashlib.sha256(rest).digest() != data[len(FORMAT) : start]:
        raise ValueError("not a cache file, or a damaged one")
    at = 8 + int.from_bytes(rest[:8], "big")
    values: dict[str, bytes] = {}
    parts: dict[str, bytes] = {}
    for group, sizes in zip((values, parts), json.loads(bytes(rest[8:at])), strict=True):
        for name, size in sizes:
            group[name] = bytes(rest[at : at + size])
            at += size
    return values, parts
