"""The command `review`: reviews submissions row by row and derives the exit status."""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from smsvet import ContentError, Reviewer
from smsvet.fields import wrong_value
from smsvet.model import Lang, Verdict
from smsvet.schema import write_verdict
from smsvet.submission import Submission, SubmissionError

from ..configuration.precedence import Effective
from ..environment import cache_folder
from ..files.inputs import read_rows, to_submission
from ..files.rows import InputError, Row, Unreadable
from ..files.words import plain
from ..wording import say
from .terminal import APPROVED, PERSON, REJECTED, WRONG, Screen, err, out
from .verdict_view import (
    UNREADABLE,
    draw_missing,
    draw_summary,
    draw_unreadable,
    draw_verdict,
    missing_facts,
)

TOGETHER = 512
"""Number of rows of a file reviewed in one batch."""
LONG = 500
"""Number of rows above which a progress bar appears."""


@dataclass(slots=True)
class Run:
    """One call of `review`: the reviewer, the defaults for missing fields, and the counts."""

    reviewer: Reviewer
    provider: str | None
    as_of: date
    lang: Lang
    output: Literal["text", "jsonl"]
    counts: Counter[str] = field(default_factory=Counter)
    missing: dict[str, set[str]] = field(default_factory=dict)
    """Facts that were not supplied, each with the rules that could not be checked without it."""

    screen: Screen = field(default_factory=out)

    @property
    def status(self) -> int:
        """Return the exit status for the worst result."""
        if self.counts[UNREADABLE]:
            return WRONG
        if self.counts["reject"]:
            return REJECTED
        return PERSON if self.counts["manual_review"] else APPROVED


def load_reviewer(config: Effective, words_only: bool = False) -> Reviewer:
    """Return a Reviewer; `words_only` applies only the policy's terms and allowlist phrases.

    Raises InputError if a content file is wrong or the configured provider does not exist.
    """
    try:
        reviewer = Reviewer(
            config.folders,
            config.policy,
            cache=cache_folder(),
            words_only=words_only,
            check_trust=config.check_trust,
            model=None if words_only else config.model,
        )
    except ContentError as error:
        raise InputError(error.say(config.lang)) from error
    if config.provider is not None and config.provider not in reviewer.providers:
        raise InputError(
            f"{config.provider_place}: {known_providers(config.provider, reviewer, config.lang)}"
        )
    return reviewer


def review_one(run: Run, data: dict[str, Any]) -> int:
    """Review the submission given as options and return the exit status. Raises InputError."""
    answer = answer_to(run, Row(1, data))
    if isinstance(answer, Unreadable):
        raise InputError(answer.error)
    show(run, answer, "")
    show_missing(run)
    return run.status


def review_all(run: Run, source: str, columns: Sequence[str] = ()) -> int:
    """Review every row of a file or of standard input and return the exit status. Raises InputError.

    `columns` assigns headings to fields, such as `body=文案`.
    """
    if source == "-" and sys.stdin is None:
        raise InputError(say(run.lang, "标准输入已关闭", "standard input is closed"))
    if source == "-" and sys.stdin.isatty():
        err().print(
            say(
                run.lang,
                "从标准输入读取 JSONL，Ctrl-D 结束",
                "reading JSONL from standard input, Ctrl-D ends",
            )
        )
    providers = provider_names(run.reviewer)
    streaming = source == "-"
    with ExitStack() as stack:
        # The loaded content lives until the end: the garbage collector need not scan it again.
        gc.freeze()
        stack.callback(gc.unfreeze)
        rows = counted(
            read_rows(source, run.lang, providers, provider=run.provider, columns=columns, note=note),
            source,
            stack,
            run.lang,
        )
        # Rows from a pipe are answered one by one, as they arrive.
        while batch := list(islice(rows, 1 if streaming else TOGETHER)):
            for answer in answers_to(run, batch):
                show(run, answer, source)
            if streaming:
                sys.stdout.flush()
    show_missing(run)
    if run.output == "text" and run.counts.total() > 1:
        run.screen.lines(draw_summary(run.counts, run.reviewer.revision, run.lang, run.screen.columns))
    return run.status


def note(line: str) -> None:
    """Print a line on standard error, which is not an error."""
    err().print(line, soft_wrap=True)


def provider_names(reviewer: Reviewer) -> dict[str, str]:
    """Return provider ids by the names that tables may use: id, title, shortened title."""
    names: dict[str, str] = {}
    for key, provider in reviewer.providers.items():
        title = provider.title.short("zh")
        names |= {
            plain(name): key
            for name in (key, provider.title.zh, provider.title.en, title, title.removesuffix("云"))
        }
    return names


Answer = tuple[Submission, Verdict] | Unreadable


def answer_to(run: Run, row: Row | Unreadable) -> Answer:
    """Return the submission and verdict of a row, or the reason why there is none."""
    return next(iter(answers_to(run, [row])))


def answers_to(run: Run, rows: Sequence[Row | Unreadable]) -> Iterator[Answer]:
    """Yield the submission and verdict of each row, or the reason why there is none."""
    read = [submission_in(run, row) for row in rows]
    submissions = [one for one in read if isinstance(one, Submission)]
    verdicts: list[Verdict] | None = None
    if len(submissions) > 1:
        # If the batch fails, reviewing each row by itself finds the one at fault.
        with suppress(Exception):
            verdicts = list(run.reviewer.review_many(submissions, run.lang))
    together = iter(verdicts or ())
    for row, one in zip(rows, read, strict=True):
        if isinstance(one, Unreadable):
            yield one
        else:
            yield (one, next(together)) if verdicts is not None else reviewed(run, row.line, one)


def submission_in(run: Run, row: Row | Unreadable) -> Submission | Unreadable:
    """Return the submission of a row, or the reason why there is none."""
    if isinstance(row, Unreadable):
        return row
    submission = to_submission(row, run.provider, run.as_of, run.lang)
    if isinstance(submission, Submission):
        try:
            run.reviewer.check(submission, run.lang)
        except SubmissionError as error:
            return Unreadable(row.line, error.say(run.lang), submission.id)
    return submission


def reviewed(run: Run, line: int, submission: Submission) -> Answer:
    """Return the verdict on a submission, or the failure."""
    try:
        return submission, run.reviewer.review(submission, run.lang)
    except Exception as error:  # noqa: BLE001 - one row must not stop the others; it is reported and counted
        wrong = f"{type(error).__name__}: {error}"
        return Unreadable(
            line, say(run.lang, f"内部错误：{wrong}", f"internal error: {wrong}"), submission.id
        )


def known_providers(provider: str, reviewer: Reviewer, lang: Lang) -> str:
    """Return the error for an unknown provider, with similar names as suggestions."""
    return wrong_value("provider", provider, reviewer.providers).say(lang)


def show(run: Run, answer: Answer, source: str) -> None:
    """Write an answer in the requested format and count it."""
    run.counts[UNREADABLE if isinstance(answer, Unreadable) else answer[1].decision.value] += 1
    if run.output == "jsonl":
        if isinstance(answer, Unreadable):
            data: dict[str, Any] = {"id": answer.id, "line": answer.line, "error": answer.error}
        else:
            data = write_verdict(answer[1])
        write_line(json.dumps(data, ensure_ascii=False, default=str))
        return
    if run.counts.total() > 1:
        run.screen.print()
    width = run.screen.columns
    if isinstance(answer, Unreadable):
        name = say(run.lang, "标准输入", "standard input") if source == "-" else source
        run.screen.lines(draw_unreadable(answer, name, run.lang, width))
    else:
        submission, verdict = answer
        provider = service(run.reviewer, verdict, run.lang)
        run.screen.lines(draw_verdict(submission, verdict, provider, run.reviewer.sources, run.lang, width))
        for fact, rules in missing_facts(verdict.findings).items():
            run.missing.setdefault(fact, set()).update(rules)


def show_missing(run: Run) -> None:
    """Print one line on all facts that were not supplied."""
    if run.output == "text" and run.missing:
        if run.counts.total() > 1:
            run.screen.print()
        run.screen.lines(draw_missing(run.missing, run.lang, run.screen.columns))


def service(reviewer: Reviewer, verdict: Verdict, lang: Lang) -> str:
    """Return the provider of a verdict as people call it."""
    return reviewer.providers[verdict.provider].title.short(lang)


def write_line(line: str) -> None:
    """Write one line of JSON, always in UTF-8."""
    buffer = sys.stdout.buffer
    buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")


def counted(
    rows: Iterator[Row | Unreadable], source: str, stack: ExitStack, lang: Lang
) -> Iterator[Row | Unreadable]:
    """Yield the rows; a progress bar appears after LONG rows if only standard error is a terminal."""
    # If verdicts scroll on the same terminal, they show the progress.
    wanted = sys.stderr.isatty() and not sys.stdout.isatty()
    bar: Progress | None = None
    task = TaskID(0)
    for number, row in enumerate(rows, start=1):
        if wanted and number == LONG + 1:
            total = lines_in(source)
            bar = stack.enter_context(
                Progress(
                    TextColumn(say(lang, "审核", "reviewing")),
                    BarColumn(),
                    MofNCompleteColumn(),
                    TimeRemainingColumn(),
                    console=err(),
                )
            )
            task = bar.add_task("", total=total, completed=LONG)
        if bar is not None:
            bar.advance(task)
        yield row


def lines_in(source: str) -> int | None:
    """Return the approximate number of lines of a file, or None if counting is expensive."""
    if source == "-" or not source.lower().endswith((".jsonl", ".ndjson", ".csv")):
        return None
    with Path(source).open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
