"""Starts the Spark session of `smsvet audit --engine spark`, and checks the extra `spark`."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from smsvet.extras import check_installed
from smsvet.model import Lang, Said

from ...files.rows import InputError
from ...wording import say

if TYPE_CHECKING:
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

ATTEMPTS: Final = 4
"""Attempts of a task before Spark ends a job; a local master allows one unless its name says otherwise."""
_LOCAL: Final = re.compile(r"local(?:\[([0-9]+|\*)\])?")
_SETTINGS: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.task.maxFailures": str(ATTEMPTS),
}


def check_extra() -> None:
    """Raise MissingExtraError if a package of the extra `spark` is not installed."""
    check_installed(
        ("pyspark", "pandas", "pyarrow", "numpy"), "spark", Said("在 Spark 上审计", "An audit on Spark")
    )


def with_attempts(master: str) -> str:
    """Return the master with which the death of a Python worker does not end the job: `local[2]` as `local[2,4]`."""
    local = _LOCAL.fullmatch(master)
    return f"local[{local[1] or '1'},{ATTEMPTS}]" if local else master


@contextmanager
def session(master: str, lang: Lang) -> Iterator[SparkSession]:
    """Provide a Spark session and stop it at the end. Raises InputError if Spark does not start.

    The handler of Ctrl-C stays: Spark would replace it.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 - slow  # pyright: ignore[reportMissingImports]

    if _LOCAL.match(master):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("smsvet audit").master(with_attempts(master))
    for key, value in _SETTINGS.items():
        builder = builder.config(key, value)
    main = threading.current_thread() is threading.main_thread()
    handler = signal.getsignal(signal.SIGINT)
    try:
        spark = builder.getOrCreate()
    except Exception as error:
        raise InputError(
            say(
                lang,
                f"Spark 无法启动（master 为 {master}；需要 Java 17 或更高版本）：{error}",
                f"Spark does not start with the master {master}; it needs Java 17 or newer: {error}",
            )
        ) from error
    finally:
        if main:
            signal.signal(signal.SIGINT, handler)
    try:
        yield spark
    finally:
        with suppress(Exception):  # it fails if Java has died, and the job has failed before
            spark.stop()
