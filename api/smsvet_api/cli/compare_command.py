"""The command `compare`: two contents, dates or runs, with audits of the sides that are not stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from smsvet.model import Lang

from .. import dates
from ..audit.comparison.comparison import Choices, Sources, summary
from ..audit.comparison.review_load import MINUTES
from ..audit.comparison.sides import Runs, SideName, parse_side, run_place
from ..files.rows import InputError
from ..wording import say
from . import audit_options, comparing, options
from .audit_settings import audit_settings
from .audit_workers import check_extra
from .help import both
from .reviewing import write_line
from .watching import watched


def compare(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help=both(
                "旧的一方：审计输出、run:ID、rules:文件夹、policy:文件、date:日期，或 column:列名",
                "The old side: an audit's output, run:ID, rules:DIR, policy:FILE, date:YYYY-MM-DD or column:NAME.",
            ),
        ),
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help=both("新的一方，写法相同", "The new side, in the same form."))
    ],
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[IN]",
            help=both(
                "要审核的输入；两方都是已有的运行时不需要", "Input to review; not needed for two stored runs."
            ),
        ),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="OUT",
            help=both("输出文件夹；默认在新的运行旁边", "Output folder; beside the new run if omitted."),
        ),
    ] = None,
    columns: options.ColumnNames = None,
    jobs: audit_options.Jobs = None,
    per_day: comparing.PerDay = None,
    minutes: comparing.Minutes = MINUTES,
    account: comparing.Account = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=both("输出一行 JSON", "Print one line of JSON."))
    ] = False,
    provider: options.Provider = None,
    as_of: options.AsOf = None,
    lang: options.Language = None,
    rules: options.RuleFolders = None,
    policy: options.PolicyFile = None,
    no_config: options.NoConfig = False,
) -> None:
    """Compare the verdicts of two contents, dates or runs on the same items."""
    config = options.configured(lang, no_config, rules, policy, provider)
    lang = config.lang
    check_extra(lang)
    sides = parse_side(old, "OLD", lang, guess=True), parse_side(new, "NEW", lang, guess=True)
    settings, reviewer = audit_settings(config, source or "", target, columns, as_of, dates.today(), jobs)
    runs = comparing.runs_of(settings, reviewer, lambda one, other: watched(one, other, lang), account)
    sources = _sources(runs, *sides, source, target, lang)
    folder = target or sources.new.folder.parent
    found = comparing.written(sources, folder, Choices(per_day, minutes), runs)
    if as_json:
        write_line(json.dumps({**summary(found), "folder": str(found.folder)}, ensure_ascii=False))
    else:
        comparing.show(found, lang)


def _sources(
    runs: Runs,
    old: SideName,
    new: SideName,
    source: str | None,
    target: Path | None,
    lang: Lang,
) -> Sources:
    """Return the sources of a comparison; sides that are not stored are audited. Raises InputError."""
    if new.kind == "column":
        raise InputError(
            say(lang, f"NEW {new.label}：列只能是 OLD", f"NEW {new.label}: only OLD can be a column")
        )
    stored = new.kind == "run" and old.kind in ("run", "column")
    if not stored and (source is None or target is None):
        raise InputError(
            say(
                lang,
                "要审核的一方需要输入 IN 和输出文件夹 --out",
                "a side that has to be reviewed needs the input IN and the output folder --out",
            )
        )
    if new.kind == "run":
        run = runs.stored(run_place(new.value, runs.settings.out))
    else:
        settings, side_reviewer = runs.of(new, runs.settings)
        run = runs.stored(runs.audited(settings, side_reviewer).run.folder)
    return runs.against(old, run, new.label)
