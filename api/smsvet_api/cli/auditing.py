"""The command `audit`: reviews an archive of templates, or verifies the output of an audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from smsvet.model import Lang

from .. import dates
from ..audit.comparison.comparison import Choices, Comparison
from ..audit.comparison.review_load import MINUTES
from ..audit.deadline import ROW_SECONDS
from ..audit.exports import parse_formats
from ..audit.fail_on import parse_share, parse_threshold
from ..audit.manifest import verify
from ..audit.metrics import write_metrics
from ..audit.preview import Preview, preview
from ..audit.run import Outcome
from ..files.rows import InputError, Unreadable
from ..wording import say
from . import addition_options, audit_options, comparing, options
from .audit_additions import Report, counted_decisions, follow_up
from .audit_settings import audit_settings
from .audit_view import (
    decision_name,
    mapping_lines,
    summary_json,
    summary_lines,
    verified_lines,
)
from .audit_workers import check_extra, workers_of
from .reviewing import note, write_line
from .terminal import APPROVED, PERSON, REJECTED, WRONG, Finished, out
from .watching import watched

VERIFY = "verify"
_SHOWN_TEXT = 60


def audit(
    source: audit_options.Source,
    target: audit_options.Target = None,
    columns: options.ColumnNames = None,
    where: audit_options.Where = None,
    sample: audit_options.Sample = None,
    limit: audit_options.Limit = None,
    jobs: audit_options.Jobs = None,
    engine: audit_options.EngineName = audit_options.Engine.LOCAL,
    master: audit_options.Master = None,
    shard_rows: audit_options.ShardRows = None,
    row_seconds: audit_options.RowSeconds = ROW_SECONDS,
    formats: audit_options.Formats = None,
    keep: audit_options.Keep = None,
    metrics: audit_options.Metrics = None,
    fail_on: audit_options.FailOn = None,
    dry_run: audit_options.DryRun = False,
    new_run: audit_options.NewRun = False,
    as_json: audit_options.AsJson = False,
    clusters: addition_options.Clusters = False,
    write_fixes: addition_options.WriteFixes = None,
    baseline: addition_options.BaselineFile = None,
    baseline_add: addition_options.BaselineAdd = False,
    baseline_prune: addition_options.BaselinePrune = False,
    until: addition_options.Until = None,
    reason: addition_options.Reason = None,
    owner: addition_options.Owner = None,
    against: comparing.Against = None,
    series: comparing.Series = None,
    per_day: comparing.PerDay = None,
    minutes: comparing.Minutes = MINUTES,
    account: comparing.Account = None,
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
    check_extra(lang)
    workers = workers_of(engine, master, jobs, lang)
    if source == VERIFY and target is not None:
        raise Finished(_verify(target, lang))
    thresholds = [parse_threshold(one, lang) for one in fail_on or ()]
    share = None if sample is None else parse_share(sample, lang)
    if target is None and not dry_run:
        raise InputError(say(lang, "缺少输出文件夹 OUT", "missing the output folder OUT"))
    today = dates.today()
    chosen = addition_options.Chosen(
        clusters, write_fixes, baseline, baseline_add, baseline_prune, until, reason, owner
    )
    chosen.check_apart(source, lang)
    acceptance, additions = chosen.acceptance(today, lang), chosen.additions(today, lang)
    if as_of is not None and comparing.is_series(as_of):
        as_of, series = None, series or as_of
    local_jobs = jobs if workers is None else 1
    settings, reviewer = audit_settings(config, source, target, columns, as_of, today, local_jobs)
    question = comparing.question_of(against, series, Choices(per_day, minutes), account, reviewer, lang)
    if question is not None and question.days:
        settings = replace(settings, as_of=question.days[-1])
    if dry_run:
        _show_preview(preview(source, settings.how, settings.as_of or today, reviewer, note), lang)
        return
    settings = replace(
        settings, where=where, sample=share, limit=limit, shard_rows=shard_rows, new_run=new_run, workers=workers,
        additions=additions, row_seconds=row_seconds, formats=parse_formats(formats or (), lang), keep=keep,
    )  # fmt: skip
    outcome = watched(settings, reviewer, lang)
    met = [one.written for one in thresholds if one.met(counted_decisions(outcome.manifest))]
    report = follow_up(outcome, chosen, additions, acceptance, lang)
    if metrics is not None:
        _write_metrics(metrics, outcome, lang)
    found = None
    if question is not None:
        found = comparing.compared(
            question, settings, reviewer, outcome, lambda one, other: watched(one, other, lang, quiet=True)
        )
    if as_json:
        compared = {} if found is None else comparing.as_json(found)
        write_line(summary_json(outcome, met, report.data | compared))
    else:
        _show_outcome(outcome, met, report, found, lang)
    raise Finished(REJECTED if met else PERSON if report.expired else APPROVED)


def _show_outcome(
    outcome: Outcome, met: Sequence[str], report: Report, found: Comparison | None, lang: Lang
) -> None:
    _print([*summary_lines(outcome, lang), *report.lines])
    if found is not None:
        comparing.show(found, lang)
    _print([say(lang, f"达到 --fail-on {one}", f"--fail-on {one} is met") for one in met])


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


def _verify(target: Path, lang: Lang) -> int:
    found = verify(target, lang)
    _print(verified_lines(found, lang))
    return WRONG if found.wrong else 0


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        out().print(line, soft_wrap=True)
