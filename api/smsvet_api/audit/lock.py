"""Locks an output folder, so that two audits never write to it at once."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say

NAME = ".lock"


@contextmanager
def locked(folder: Path, lang: Lang) -> Iterator[None]:
    """Hold the lock of a folder. Raises InputError, naming process and host, if another audit holds it.

    The system releases the lock when the process ends, however it ends.
    """
    path = folder / NAME
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _take(handle):
            raise InputError(_taken(path, lang))
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode(), 0)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        os.lseek(handle, 1 << 20, os.SEEK_SET)  # a lock on bytes that hold no text: others can read the text
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _taken(path: Path, lang: Lang) -> str:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        pid, host = held["pid"], held["host"]
    except (OSError, ValueError, KeyError, TypeError):
        pid, host = "?", "?"
    return say(
        lang,
        f"{path.parent}：另一个审计正在写入（进程 {pid}，主机 {host}）；等它结束，或换一个输出文件夹",
        f"{path.parent}: another audit is writing here (process {pid} on {host}); wait for it, or name another folder",
    )
