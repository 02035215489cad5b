"""The options of `audit` that choose what runs its shards: processes of this machine, or Spark."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from smsvet import MissingExtraError
from smsvet.model import Lang

from ..audit.spark.pool import SparkPool
from ..audit.spark.session import check_extra
from ..audit.worker import Task
from ..files.rows import InputError
from ..wording import say
from .help import both


class Engine(StrEnum):
    """The ways to run the shards of an audit."""

    LOCAL = "local"
    SPARK = "spark"


EngineName = Annotated[
    Engine,
    typer.Option(
        help=both(
            "local：本机的工作进程；spark：Spark 作业（需要附加包 spark）",
            "local: processes of this machine; spark: a Spark job (extra spark).",
        ),
    ),
]
Master = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help=both(
            "Spark 的 master，如 local[4]、yarn；默认 local[*]",
            "Spark's master, such as local[4] or yarn; local[*] if omitted.",
        ),
    ),
]


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
        check_extra()
    except MissingExtraError as error:
        raise InputError(say(lang, error.chinese, str(error))) from error
    return partial(SparkPool, master or "local[*]")


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
