"""The processes of an audit on Spark: the driver in Python and Java, and the Python workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ...cli.command_line import ROOT, surroundings

SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Options that let Java start sooner and run slower."""
LONG = 600
"""Seconds after which a test gives up on a process; a busy machine takes minutes to start Spark."""


def started(arguments: list[str]) -> subprocess.Popen[bytes]:
    """Start the command line. Spark's web page is off, and it uses no network beyond this machine."""
    return subprocess.Popen(
        [sys.executable, "-m", "smsvet_api", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(
            SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable, JAVA_TOOL_OPTIONS=SHORT_LIVED
        ),
        cwd=ROOT,
    )


def parents() -> Iterator[tuple[int, int]]:
    """Yield each process that is alive, with its parent."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, above = (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[:2]
        except (OSError, ValueError, IndexError):
            continue
        if state != "Z":
            yield int(folder.name), int(above)


def below(process: int) -> list[int]:
    """Return the descendants of a process that are alive."""
    found, pairs = [process], list(parents())
    for above in found:
        found += [one for one, parent in pairs if parent == above]
    return found[1:]


def alive(processes: list[int]) -> bool:
    """Return whether any of the processes is alive."""
    return not {one for one, _ in parents()}.isdisjoint(processes)


def arguments_of(process: int) -> list[bytes]:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def java(process: int) -> list[int]:
    """Return the Java process of a driver."""
    return [one for one in below(process) if any(name.endswith(b"java") for name in arguments_of(one)[:1])]


def python_workers(process: int) -> list[int]:
    """Return the Python workers of a driver: forks of the daemon that Java starts."""
    daemons = {one for one in below(process) if b"pyspark.daemon" in arguments_of(one)}
    return [one for one, above in parents() if above in daemons and one in daemons]


def kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def until(condition: Callable[[], bool], seconds: float = LONG) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
