"""The command `review`: reviews submissions row by row and derives the exit status."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from smsvet import ContentError, Reviewer
from smsvet.fields import wrong_value
from smsvet.model import Lang, Verdict
from smsvet.schema import write_verdict

from ..configuration.precedence import Effective
from ..environment import cache_folder
from ..files.inputs import read_rows
from ..files.results import ResultFile
from ..files.rows import InputError, Row, Unreadable
from ..files.words import provider_names
from ..wording import say
from .answers import Answer, Answering
from .progress import counted
from .summary_view import draw_rules, draw_summary
from .tally import UNREADABLE, Tally
from .terminal import APPROVED, PERSON, REJECTED, WRONG, Screen, err, out
from .verdict_view import draw_missing, draw_unreadable, draw_verdict

TOGETHER = 512
"""Number of rows of a file reviewed in one batch."""

Shown = Literal["verdicts", "summary", "nothing"]
"""The printed part: the verdicts and then the summary, only the summary, or nothing."""


@dataclass(slots=True)
class Run:
    """One call of `review`: how rows are answered, the outputs, and the counts."""

    answering: Answering
    output: Literal["text", "jsonl"] = "text"
    shown: Shown = "verdicts"
    only: frozenset[str] = frozenset()
    """Decisions whose rows are printed and written; all if empty. Unreadable rows always are."""

    target: Path | None = None
    """The file of the results."""

    every_rule: bool = False
    """Whether the summary lists all rules."""

    tally: Tally = field(default_factory=Tally)
    screen: Screen = field(default_factory=out)
    printed: int = 0

    @property
    def lang(self) -> Lang:
        """Return the language of the output."""
        return self.answering.lang

    @property
    def status(self) -> int:
        """Return the exit status for the worst result."""
        decisions = self.tally.decisions
        if decisions[UNREADABLE]:
            return WRONG
        if decisions["reject"]:
            return REJECTED
        return PERSON if decisions["manual_review"] else APPROVED


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
    """Review the submission given as options and return the exit status.

    Raises InputError, and ResultFileError if the file of the results cannot be written.
    """
    row = Row(1, data)
    with ExitStack() as stack:
        results = result_file(run, None, stack)
        answer = next(run.answering.answers([row]))
        if isinstance(answer, Unreadable):
            raise InputError(answer.error)
        show(run, row, answer, "", results)
        finish(run, results)
    return run.status


def review_all(run: Run, source: str, columns: Sequence[str] = ()) -> int:
    """Review every row of a file or of standard input and return the exit status.

    `columns` assigns headings to fields, such as `body=文案`. Raises InputError, and ResultFileError if the file of
    the results cannot be written.
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
    providers = provider_names(run.answering.reviewer.providers)
    streaming = source == "-"
    with ExitStack() as stack:
        # The loaded content lives until the end: the garbage collector need not scan it again.
        gc.freeze()
        stack.callback(gc.unfreeze)
        results = result_file(run, source, stack)
        rows = read_rows(
            source,
            run.lang,
            providers,
            provider=run.answering.provider,
            columns=columns,
            note=ignore if run.shown == "nothing" else note,
        )
        with ExitStack() as bar:
            if run.shown != "nothing":
                rows = counted(rows, source, bar, run.lang, scrolling=run.shown == "verdicts")
            # Rows from a pipe are answered one by one, as they arrive.
            while batch := list(islice(rows, 1 if streaming else TOGETHER)):
                for row, answer in zip(batch, run.answering.answers(batch), strict=True):
                    show(run, row, answer, source, results)
                if streaming:
                    sys.stdout.flush()
        finish(run, results)
    return run.status


def result_file(run: Run, source: str | None, stack: ExitStack) -> ResultFile | None:
    """Return the file of the results, closed with `stack`; None if none is wanted. Raises ResultFileError."""
    if run.target is None:
        return None
    return stack.enter_context(ResultFile(run.target, source, run.lang))


def note(line: str) -> None:
    """Print a line on standard error, which is not an error."""
    err().print(line, soft_wrap=True)


def ignore(line: str) -> None:
    """Print nothing."""


def known_providers(provider: str, reviewer: Reviewer, lang: Lang) -> str:
    """Return the error for an unknown provider, with similar names as suggestions."""
    return wrong_value("provider", provider, reviewer.providers).say(lang)


def show(
    run: Run, row: Row | Unreadable, answer: Answer, source: str, results: ResultFile | None = None
) -> None:
    """Count an answer, and write it in the requested format and to the file of the results."""
    verdict = answer if isinstance(answer, Unreadable) else answer[1]
    run.tally.add(verdict)
    if run.only and isinstance(verdict, Verdict) and verdict.decision.value not in run.only:
        return
    if results is not None:
        results.add(row, verdict)
    if run.shown != "verdicts":
        return
    run.printed += 1
    if run.output == "jsonl":
        if isinstance(verdict, Unreadable):
            data: dict[str, Any] = {"id": verdict.id, "line": verdict.line, "error": verdict.error}
        else:
            data = write_verdict(verdict)
        write_line(json.dumps(data, ensure_ascii=False, default=str))
        return
    if run.printed > 1:
        run.screen.print()
    width = run.screen.columns
    if isinstance(answer, Unreadable):
        name = say(run.lang, "标准输入", "standard input") if source == "-" else source
        run.screen.lines(draw_unreadable(answer, name, run.lang, width))
    else:
        submission, verdict = answer
        reviewer = run.answering.reviewer
        provider = service(reviewer, verdict, run.lang)
        run.screen.lines(draw_verdict(submission, verdict, provider, reviewer.sources, run.lang, width))


def finish(run: Run, results: ResultFile | None) -> None:
    """Write the file of the results, then print the summary. Raises ResultFileError."""
    if results is not None:
        results.save()
    if run.shown == "nothing":
        return
    reviewer, tally, width = run.answering.reviewer, run.tally, run.screen.columns
    if run.output == "jsonl":
        if run.shown == "summary":
            write_line(json.dumps(tally.as_json(reviewer.revision), ensure_ascii=False))
        return
    if tally.missing:
        if run.printed > 1:
            run.screen.print()
        run.screen.lines(draw_missing(tally.missing, run.lang, width))
    if tally.total > 1 or run.shown == "summary":
        if run.printed or tally.missing:
            run.screen.print()
        run.screen.lines(draw_rules(tally, run.every_rule, run.lang, width))
        run.screen.lines(draw_summary(tally, reviewer.revision, run.lang, width))
    if results is not None:
        show_written(run, results)


def show_written(run: Run, results: ResultFile) -> None:
    """Print the name of the file of the results, and the number of its rows."""
    words = say(
        run.lang,
        f"已写入 {results.path}：{results.count} 条",
        f"wrote {results.path}: {results.count} {'row' if results.count == 1 else 'rows'}",
    )
    if results.left_out:
        words += say(
            run.lang, f"；另有 {results.left_out} 列过多，未写入", f"; {results.left_out} columns too many"
        )
    run.screen.print(words, soft_wrap=True)


def service(reviewer: Reviewer, verdict: Verdict, lang: Lang) -> str:
    """Return the provider of a verdict as people call it."""
    return reviewer.providers[verdict.provider].title.short(lang)


def write_line(line: str) -> None:
    """Write one line of JSON, always in UTF-8."""
    buffer = sys.stdout.buffer
    buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
