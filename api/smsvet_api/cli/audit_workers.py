"""The workers of an audit: processes of this machine, or Spark."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from smsvet import MissingExtraError
from smsvet.extras import check_installed
from smsvet.model import Lang, Said

from ..audit.spark.pool import SparkPool
from ..audit.spark.session import check_extra as check_spark
from ..audit.worker import Task
from ..files.rows import InputError
from ..wording import say
from .audit_options import Engine

_AUDITING = Said("批量审计", "An audit")


def check_extra(lang: Lang) -> None:
    """Raise InputError if the extra that audits need is not installed."""
    try:
        check_installed(("pyarrow", "numpy"), "tables", _AUDITING)
    except MissingExtraError as error:
        raise InputError(say(lang, error.chinese, str(error))) from error


def workers_of(
    engine: Engine, master: str | None, jobs: int | None, lang: Lang
) -> Callable[[Task, int], SparkPool] | None:
    """Return what runs the shards, None for local processes. Raises InputError for an option of the other engine."""
    if engine is Engine.LOCAL:
        if master is not None:
            raise InputError(say(lang, "--master 需要 --engine spark", "--master needs --engine spark"))
        return None
    if jobs is not None:
        raise InputError(
            say(
                lang,
                "--jobs 只用于本机进程；Spark 用 --master local[N] 或集群的设置",
                "--jobs is for local processes; with Spark, use --master local[N] or the settings of the cluster",
            )
        )
    try:
        check_spark()
    except MissingExtraError as error:
        raise InputError(say(lang, error.chinese, str(error))) from error
    return partial(SparkPool, master or "local[*]")


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
