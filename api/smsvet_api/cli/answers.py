"""The answer to a row of the input: its submission and verdict, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from smsvet import Reviewer
from smsvet.model import Lang, Verdict
from smsvet.submission import Submission, SubmissionError

from ..files.inputs import to_submission
from ..files.rows import Row, Unreadable
from ..wording import say

Answer = tuple[Submission, Verdict] | Unreadable


@dataclass(frozen=True, slots=True)
class Answering:
    """A reviewer with the language and the defaults for missing fields."""

    reviewer: Reviewer
    provider: str | None
    as_of: date
    lang: Lang

    def answers(self, rows: Sequence[Row | Unreadable]) -> Iterator[Answer]:
        """Yield the answer to each row, in order."""
        read = [self._submission(row) for row in rows]
        submissions = [one for one in read if isinstance(one, Submission)]
        verdicts: list[Verdict] | None = None
        if len(submissions) > 1:
            # If the batch fails, reviewing each row by itself finds the one at fault.
            with suppress(Exception):
                verdicts = list(self.reviewer.review_many(submissions, self.lang))
        together = iter(verdicts or ())
        for row, one in zip(rows, read, strict=True):
            if isinstance(one, Unreadable):
                yield one
            else:
                yield (one, next(together)) if verdicts is not None else self._reviewed(row.line, one)

    def _submission(self, row: Row | Unreadable) -> Submission | Unreadable:
        if isinstance(row, Unreadable):
            return row
        submission = to_submission(row, self.provider, self.as_of, self.lang)
        if isinstance(submission, Submission):
            try:
                self.reviewer.check(submission, self.lang)
            except SubmissionError as error:
                return Unreadable(row.line, error.say(self.lang), submission.id)
        return submission

    def _reviewed(self, line: int, submission: Submission) -> Answer:
        try:
            return submission, self.reviewer.review(submission, self.lang)
        except Exception as error:  # noqa: BLE001 - one row must not stop the others; it is reported and counted
            wrong = f"{type(error).__name__}: {error}"
            return Unreadable(
                line, say(self.lang, f"内部错误：{wrong}", f"internal error: {wrong}"), submission.id
            )
