"""Comparisons on the command line: the options, the sides they name, and the printed result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from smsvet import MissingExtraError, Reviewer
from smsvet.model import Lang

from ..audit.comparison.comparison import (
    MOVED,
    Choices,
    Comparison,
    Sources,
    compare,
    summary,
)
from ..audit.comparison.series import parse_series
from ..audit.comparison.sides import Audited, Runs, SideName, parse_side
from ..audit.report.page import REPORT, write_report
from ..audit.run import Outcome, Settings
from ..files.rows import InputError
from ..files.words import provider_names
from ..wording import say
from .comparison_view import draw_comparison
from .help import both
from .reviewing import load_reviewer, note
from .terminal import out

Against = Annotated[
    str | None,
    typer.Option(
        metavar="SIDE",
        help=both(
            "与另一方对比：run:ID、rules:文件夹、policy:文件、date:日期、column:列名",
            "Compare with run:ID, rules:DIR, policy:FILE, date:YYYY-MM-DD or column:NAME.",
        ),
    ),
]
Series = Annotated[
    str | None,
    typer.Option(
        "--as-of-series",
        metavar="DATES",
        help=both(
            "按日期序列对比：2021-06-01..2026-11-28（取规则变化的日子）、…/6m，或逗号隔开的日期",
            "Compare over dates: 2021-06-01..2026-11-28 (the days when the content changes), …/6m, or a list with commas.",
        ),
    ),
]
PerDay = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help=both(
            "每天提交的条数，用于估算复核工作量", "Items submitted per day, to estimate the review load."
        ),
    ),
]
Minutes = Annotated[
    float,
    typer.Option(
        min=0.01,
        metavar="M",
        help=both("每件复核所需分钟", "Minutes that a person takes for a case."),
    ),
]
Account = Annotated[
    str | None,
    typer.Option(
        metavar="HEADING",
        help=both(
            "按账号统计所用的列；默认按列名识别",
            "Column with the account; recognised by its heading if omitted.",
        ),
    ),
]


def is_series(as_of: str) -> bool:
    """Return whether a value of `--as-of` is a list or range of dates."""
    return "," in as_of or ".." in as_of


@dataclass(frozen=True, slots=True)
class Question:
    """The comparison that the options describe: a side, or the dates of a series."""

    side: SideName | None
    days: tuple[date, ...]
    choices: Choices
    account: str | None


def question_of(
    against: str | None,
    series: str | None,
    choices: Choices,
    account: str | None,
    reviewer: Reviewer,
    lang: Lang,
) -> Question | None:
    """Return the comparison that the options name, None without one. Raises InputError."""
    if against is not None and series is not None:
        raise InputError(
            say(lang, "--against 与 --as-of-series 只能给一个", "give either --against or --as-of-series")
        )
    if against is None and series is None:
        return None
    side = None if against is None else parse_side(against, "--against", lang)
    days = () if series is None else parse_series(series, reviewer, lang)
    return Question(side, days, choices, account)


def compared(
    question: Question, settings: Settings, reviewer: Reviewer, outcome: Outcome, audited: Audited
) -> Comparison:
    """Return the comparison of a finished audit with another side, after its files are written. Raises InputError."""
    runs = runs_of(settings, reviewer, audited, question.account)
    new = runs.stored(outcome.run.folder)
    if question.side is None:
        sources = runs.series(question.days, new)
    else:
        sources = runs.against(question.side, new, f"date:{new.manifest['as_of']}")
    return written(sources, settings.out, question.choices, runs)


def runs_of(settings: Settings, reviewer: Reviewer, audited: Audited, account: str | None) -> Runs:
    """Return the maker of the runs of both sides."""
    return Runs(settings, reviewer, provider_names(reviewer.providers), audited, load_reviewer, note, account)


def written(sources: Sources, target: Path, choices: Choices, runs: Runs) -> Comparison:
    """Return a comparison, after its table, its summary and its report are written. Raises InputError."""
    lang = runs.lang
    try:
        found = compare(sources, target, choices, runs.reviewers)
        try:
            write_report(found, lang)
        except MissingExtraError as error:
            note(say(lang, f"{error.chinese}；没有写报告", f"{error}; no report was written"))
    except OSError as error:
        raise InputError(
            say(
                lang,
                f"{target}：无法写入：{error.strerror or error}",
                f"{target}: cannot write: {error.strerror or error}",
            )
        ) from error
    return found


def as_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as a key of the summary of an audit."""
    return {"comparison": {**summary(found), "folder": str(found.folder)}}


def show(found: Comparison, lang: Lang) -> None:
    """Print a comparison as tables, and the places of its files."""
    for part in draw_comparison(found, lang):
        out().print(part)
    out().print(str(found.folder / MOVED), soft_wrap=True)
    if (found.folder / REPORT).exists():
        out().print(str(found.folder / REPORT), soft_wrap=True)
