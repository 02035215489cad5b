"""The options of `smsvet audit` that no other command has."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .help import both


class Engine(StrEnum):
    """The kind of workers that review the shards of an audit."""

    LOCAL = "local"
    SPARK = "spark"


Source = Annotated[
    str,
    typer.Argument(
        metavar="IN",
        help=both(
            "文件、文件夹或通配符：Parquet、CSV、JSONL、JSON、xlsx；数据库表如 postgresql://主机/库#表、sqlite:///文件#表；"
            "写 verify 则核对 OUT",
            "File, folder or glob: Parquet, CSV, JSONL, JSON, xlsx; a table such as postgresql://HOST/DATABASE#TABLE or "
            "sqlite:///FILE#TABLE; the word verify checks OUT.",
        ),
    ),
]
Target = Annotated[
    Path | None,
    typer.Argument(metavar="[OUT]", help=both("输出文件夹", "Output folder.")),
]
Where = Annotated[
    str | None,
    typer.Option(
        metavar="CONDITION",
        help=both(
            "只审核符合条件的行，如 \"provider='tencent' and dt>='2026-01-01'\"",
            "Only rows that meet a condition, such as \"provider='tencent' and dt>='2026-01-01'\".",
        ),
    ),
]
Sample = Annotated[
    str | None,
    typer.Option(
        metavar="SHARE", help=both("按 id 的哈希抽样，如 1%", "A sample by hash of id, such as 1%.")
    ),
]
Limit = Annotated[
    int | None, typer.Option(min=1, metavar="N", help=both("最多审核的行数", "Maximum number of rows."))
]
Jobs = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=256,
        metavar="N",
        help=both("工作进程数；默认为处理器数", "Worker processes; one per processor if omitted."),
    ),
]
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
ShardRows = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=1_000_000,
        metavar="N",
        help=both(
            "每个分片的行数；默认按总行数选取",
            "Rows of a shard; chosen by the size of the input if omitted.",
        ),
    ),
]
RowSeconds = Annotated[
    float,
    typer.Option(
        min=0.1,
        metavar="N",
        help=both(
            "一行的审核最多用时；超过的行记为错误",
            "Maximum seconds for one row; a row that takes longer is an error.",
        ),
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help=both(
            "除 Parquet 外还写：csv、jsonl、xlsx；可多次给出",
            "Also write the tables as csv, jsonl or xlsx, beside Parquet. Can be repeated.",
        ),
    ),
]
Keep = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help=both("只保留最近 N 次完成的运行", "Keep only the N newest finished runs."),
    ),
]
Metrics = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help=both(
            "把结果写成 Prometheus textfile 采集器的指标文件",
            "Write the figures for the textfile collector of Prometheus.",
        ),
    ),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        metavar="THRESHOLD",
        help=both(
            "达到时退出状态为 1，如 'reject>0.5%'、'error>0'；可多次给出",
            "Exit with status 1 if met, such as 'reject>0.5%' or 'error>0'. Can be repeated.",
        ),
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help=both("只显示列的对应关系和前五个结果", "Only show the columns and the first five verdicts."),
    ),
]
NewRun = Annotated[
    bool,
    typer.Option(
        "--new-run",
        help=both(
            "放弃输入或选项不同的未完成运行", "Discard an unfinished run with another input or options."
        ),
    ),
]
AsJson = Annotated[
    bool,
    typer.Option("--json", help=both("摘要输出为一行 JSON", "Print the summary as one line of JSON.")),
]
