"""Options of `smsvet audit` for baselines, clusters and fixes, and what they mean together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from glob import glob
from pathlib import Path
from typing import Annotated

import typer

from smsvet import MissingExtraError
from smsvet.extras import check_installed
from smsvet.model import Lang, Said

from ..audit.additions import Additions
from ..audit.baseline.baseline_file import read_baseline, wrong_until
from ..audit.baseline.maintenance import Acceptance
from ..audit.fixes.fixes_table import check_format
from ..files.rows import InputError
from ..wording import say
from .help import both

Clusters = Annotated[
    bool,
    typer.Option(
        "--clusters",
        help=both("把相近的未通过模板归为同类", "Cluster near-duplicate templates that are not approved."),
    ),
]
WriteFixes = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help=both(
            "把复审后问题减少的改后文本写入 CSV 或 Parquet",
            "Write corrected texts with fewer findings on a second review to CSV or Parquet.",
        ),
    ),
]
BaselineFile = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help=both("在期限内接受的发现（JSONL）", "Findings that are accepted until a date (JSONL)."),
    ),
]
BaselineAdd = Annotated[
    bool,
    typer.Option(
        "--baseline-add",
        help=both("把未被接受的发现加入基线，从不删除", "Add findings to the baseline; removes nothing."),
    ),
]
BaselinePrune = Annotated[
    bool,
    typer.Option(
        "--baseline-prune",
        help=both(
            "从基线删除不再需要的条目，从不添加", "Remove useless entries from the baseline; adds nothing."
        ),
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help=both("接受到哪一天，最多两年", "Last day of added entries, at most two years ahead."),
    ),
]
Reason = Annotated[
    str | None, typer.Option(metavar="TEXT", help=both("接受的原因", "Why added entries are accepted."))
]
Owner = Annotated[
    str | None, typer.Option(metavar="NAME", help=both("由谁负责", "Who is responsible for added entries."))
]

_CLUSTERING = Said("归类", "Clustering")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The options as given."""

    clusters: bool = False
    write_fixes: Path | None = None
    baseline: Path | None = None
    baseline_add: bool = False
    baseline_prune: bool = False
    until: str | None = None
    reason: str | None = None
    owner: str | None = None

    def acceptance(self, today: date, lang: Lang) -> Acceptance | None:
        """Return what `--baseline-add` adds, None without it. Raises InputError for options that do not fit."""
        self._check_combination(lang)
        if not self.baseline_add:
            return None
        until = _until(self.until or "", lang)
        if until < today:
            raise InputError(say(lang, f"--until {until}：已经过去", f"--until {until}: is in the past"))
        if (wrong := wrong_until(until, today, lang)) is not None:
            raise InputError(f"--{wrong}")
        return Acceptance(until, (self.reason or "").strip(), (self.owner or "").strip(), today)

    def additions(self, today: date, lang: Lang) -> Additions:
        """Return the additions of the audit. Raises InputError for a damaged baseline and a missing extra."""
        if self.clusters:
            try:
                check_installed(("rensa", "rapidfuzz"), "audit", _CLUSTERING)
            except MissingExtraError as error:
                raise InputError(error.say(lang)) from error
        if self.write_fixes is not None:
            check_format(self.write_fixes, lang)
        baseline = None
        if self.baseline is not None:
            baseline = read_baseline(self.baseline, today, lang, may_be_missing=self.baseline_add)
        return Additions(self.clusters, self.write_fixes is not None, baseline)

    def check_apart(self, source: str, lang: Lang) -> None:
        """Raise InputError if a file that is written would be, or is, part of the input."""
        folder = Path(source).resolve()
        inputs = {folder, *(Path(one).resolve() for one in glob(source, recursive=True))}  # noqa: PTH207 - as typed
        for name, path in (("--write-fixes", self.write_fixes), ("--baseline", self.baseline)):
            if path is not None and (
                path.resolve() in inputs or (folder.is_dir() and path.resolve().is_relative_to(folder))
            ):
                raise InputError(
                    say(
                        lang,
                        f"{name} {path}：不能与输入重叠",
                        f"{name} {path}: must be apart from the input",
                    )
                )

    def _check_combination(self, lang: Lang) -> None:
        details = {"--until": self.until, "--reason": self.reason, "--owner": self.owner}
        given = [name for name, value in details.items() if value is not None]
        change = [
            name
            for name, value in (
                ("--baseline-add", self.baseline_add),
                ("--baseline-prune", self.baseline_prune),
            )
            if value
        ]
        if len(change) == 2:
            wrong = say(
                lang,
                "--baseline-add 与 --baseline-prune 只能用一个",
                "only one of --baseline-add and --baseline-prune",
            )
        elif self.baseline is None and (change or given):
            name = [*change, *given][0]
            wrong = say(lang, f"{name} 需要 --baseline FILE", f"{name} needs --baseline FILE")
        elif given and not self.baseline_add:
            wrong = say(lang, f"{given[0]} 需要 --baseline-add", f"{given[0]} needs --baseline-add")
        elif self.baseline_add and (
            missing := [name for name, value in details.items() if not (value or "").strip()]
        ):
            names = ", ".join(missing)
            wrong = say(lang, f"--baseline-add 还需要 {names}", f"--baseline-add also needs {names}")
        else:
            return
        raise InputError(wrong)


def _until(text: str, lang: Lang) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            say(
                lang,
                f"--until {text}：应为 ISO 日期，如 2027-03-31",
                f"--until {text}: not an ISO date such as 2027-03-31",
            )
        ) from error
