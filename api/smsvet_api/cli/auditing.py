"""The command `audit`: reviews an archive of templates, or verifies the output of an audit."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from smsvet import MissingExtraError, Reviewer
from smsvet.extras import check_installed
from smsvet.model import Lang, Said

from .. import dates
from ..audit.deadline import ROW_SECONDS
from ..audit.exports import parse_formats
from ..audit.fail_on import parse_share, parse_threshold
from ..audit.manifest import verify
from ..audit.metrics import write_metrics
from ..audit.preview import Preview, preview
from ..audit.run import InterruptedAuditError, Outcome, Settings, Watcher
from ..audit.run import audit as run_audit
from ..audit.sources import Interpretation
from ..environment import cache_folder
from ..files.rows import InputError, Unreadable
from ..wording import say
from . import options
from .audit_view import (
    LiveProgress,
    decision_name,
    mapping_lines,
    summary_json,
    summary_lines,
    verified_lines,
)
from .help import both
from .reviewing import load_reviewer, note, provider_names, write_line
from .terminal import INTERRUPTED, REJECTED, WRONG, Finished, out

VERIFY = "verify"
_SHOWN_TEXT = 60
_AUDITING = Said("批量审计", "An audit")


def audit(
    source: Annotated[
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
    ],
    target: Annotated[
        Path | None,
        typer.Argument(metavar="[OUT]", help=both("输出文件夹", "Output folder.")),
    ] = None,
    columns: options.ColumnNames = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="CONDITION",
            help=both(
                "只审核符合条件的行，如 \"provider='tencent' and dt>='2026-01-01'\"",
                "Only rows that meet a condition, such as \"provider='tencent' and dt>='2026-01-01'\".",
            ),
        ),
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE", help=both("按 id 的哈希抽样，如 1%", "A sample by hash of id, such as 1%.")
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help=both("最多审核的行数", "Maximum number of rows."))
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            metavar="N",
            help=both("工作进程数；默认为处理器数", "Worker processes; one per processor if omitted."),
        ),
    ] = None,
    shard_rows: Annotated[
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
    ] = None,
    row_seconds: Annotated[
        float,
        typer.Option(
            min=0.1,
            metavar="N",
            help=both(
                "一行的审核最多用时；超过的行记为错误",
                "Maximum seconds for one row; a row that takes longer is an error.",
            ),
        ),
    ] = ROW_SECONDS,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            metavar="THRESHOLD",
            help=both(
                "达到时退出状态为 1，如 'reject>0.5%'、'error>0'；可多次给出",
                "Exit with status 1 if met, such as 'reject>0.5%' or 'error>0'. Can be repeated.",
            ),
        ),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=both(
                "除 Parquet 外还写：csv、jsonl、xlsx；可多次给出",
                "Also write the tables as csv, jsonl or xlsx, beside Parquet. Can be repeated.",
            ),
        ),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=both("只保留最近 N 次完成的运行", "Keep only the N newest finished runs."),
        ),
    ] = None,
    metrics: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=both(
                "把结果写成 Prometheus textfile 采集器的指标文件",
                "Write the figures for the textfile collector of Prometheus.",
            ),
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help=both("只显示列的对应关系和前五个结果", "Only show the columns and the first five verdicts."),
        ),
    ] = False,
    new_run: Annotated[
        bool,
        typer.Option(
            "--new-run",
            help=both(
                "放弃输入或选项不同的未完成运行", "Discard an unfinished run with another input or options."
            ),
        ),
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help=both("摘要输出为一行 JSON", "Print the summary as one line of JSON.")),
    ] = False,
    provider: options.Provider = None,
    as_of: options.AsOf = None,
    lang: options.Language = None,
    rules: options.RuleFolders = None,
    policy: options.PolicyFile = None,
    no_config: options.NoConfig = False,
) -> None:
    """Review an archive of templates in worker processes, exactly once, or verify the output of an audit."""
    config = options.configured(lang, no_config, rules, policy, provider)
    lang = config.lang
    _check_extra(lang)
    if source == VERIFY and target is not None:
        raise Finished(_verify(target, lang))
    thresholds = [parse_threshold(one, lang) for one in fail_on or ()]
    share = None if sample is None else parse_share(sample, lang)
    if target is None and not dry_run:
        raise InputError(say(lang, "缺少输出文件夹 OUT", "missing the output folder OUT"))
    reviewer = load_reviewer(config)
    how = Interpretation(lang, provider_names(reviewer), config.provider, tuple(columns or ()))
    today = dates.today()
    day = None if as_of is None else options.read_day(as_of, lang)
    if dry_run or target is None:
        _show_preview(preview(source, how, day or today, reviewer, note), lang)
        return
    settings = Settings(
        source, target, config, cache_folder(), how, day, today, where, share, limit, shard_rows,
        jobs or _processors(), new_run, row_seconds, parse_formats(formats or (), lang), keep,
    )  # fmt: skip
    outcome = _watched(settings, reviewer, lang)
    met = [one.written for one in thresholds if one.met(outcome.manifest["decisions"])]
    if metrics is not None:
        _write_metrics(metrics, outcome, lang)
    if as_json:
        write_line(summary_json(outcome, met))
    else:
        _print(summary_lines(outcome, lang))
        _print([say(lang, f"达到 --fail-on {one}", f"--fail-on {one} is met") for one in met])
    raise Finished(REJECTED if met else 0)


def _write_metrics(path: Path, outcome: Outcome, lang: Lang) -> None:
    seconds = None if outcome.progress is None else outcome.progress.elapsed
    try:
        write_metrics(path, outcome.manifest, seconds)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(
            say(lang, f"{path}：无法写入：{why}", f"{path}: cannot be written: {why}")
        ) from error


def _show_preview(found: Preview, lang: Lang) -> None:
    _print([say(lang, f"{len(found.files)} 个文件；列的对应：", f"{len(found.files)} files; columns:")])
    _print(mapping_lines(found.columns, lang))
    for row in found.rows:
        if isinstance(row, Unreadable):
            _print([f"{decision_name('error', lang)}  {row.error}"])
            continue
        submission, verdict = row
        rules = ", ".join(dict.fromkeys(one.rule for one in verdict.findings))
        text = submission.body or submission.text or submission.signature or ""
        _print([f"{decision_name(verdict.decision.value, lang)}  {text[:_SHOWN_TEXT]}  {rules}"])


def _watched(settings: Settings, reviewer: Reviewer, lang: Lang) -> Outcome:
    """Return the finished run; its progress is shown if standard error is a terminal."""
    bar = LiveProgress(lang) if sys.stderr.isatty() else None

    def mapped(columns: Sequence[tuple[str, str | None]]) -> None:
        for line in mapping_lines(columns, lang):
            note(line)

    with _first_interrupt() as found:
        watcher = Watcher(note=note, mapped=mapped, stopping=lambda: bool(found))
        if bar is not None:
            watcher = replace(watcher, began=bar.begin, advanced=bar.advance)
        try:
            return run_audit(settings, reviewer, watcher)
        except InterruptedAuditError:
            note(
                say(
                    lang,
                    "已中断；完成的分片已保留，再次运行同一命令即可继续",
                    "interrupted; the finished shards are kept, run the same command again to continue",
                )
            )
            raise Finished(INTERRUPTED) from None
        finally:
            if bar is not None:
                bar.end()


def _verify(target: Path, lang: Lang) -> int:
    found = verify(target, lang)
    _print(verified_lines(found, lang))
    return WRONG if found.wrong else 0


def _check_extra(lang: Lang) -> None:
    try:
        check_installed(("pyarrow", "numpy"), "tables", _AUDITING)
    except MissingExtraError as error:
        raise InputError(say(lang, error.chinese, str(error))) from error


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        out().print(line, soft_wrap=True)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _first_interrupt() -> Iterator[list[int]]:
    """Provide a list that is no longer empty after Ctrl-C; a second Ctrl-C raises KeyboardInterrupt."""
    found: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        if found:
            raise KeyboardInterrupt
        found.append(number)

    try:
        before = signal.signal(signal.SIGINT, handle)
    except ValueError:  # not in the main thread
        yield found
        return
    try:
        yield found
    finally:
        signal.signal(signal.SIGINT, before)
