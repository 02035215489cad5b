"""Many submissions at once: template texts are read together, and those that need no rule are not judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from .document import Text
from .model import Decision, Lang, Submission, Verdict
from .sieve import Body

if TYPE_CHECKING:
    from .review import Reviewer

FIRST, AHEAD = 16, 1024
"""Submissions that are read ahead at first and at most."""

_BESIDE = attrgetter(
    "signature",
    "text",
    "params",
    "remark",
    "source",
    "documents",
    "variables",
    "samples",
    "account",
    "recipients",
    "sent_at",
    "history",
)
_NOTHING = (None,) * 12


def verdicts(reviewer: Reviewer, submissions: Iterable[Submission], lang: Lang) -> Iterator[Verdict]:
    """Yield the verdict on each submission, in order; raises SubmissionError for an unknown provider."""
    # What is there already need not be waited for.
    waiting, size = iter(submissions), AHEAD if isinstance(submissions, Sequence) else FIRST
    while batch := list(islice(waiting, size)):
        bodies = [body_of(reviewer, submission) for submission in batch]
        texts = iter(reviewer.sieve.read([body for body in bodies if body is not None]))
        for submission, body in zip(batch, bodies, strict=True):
            if body is None:
                yield reviewer.review(submission, lang)
            elif (text := next(texts)) is None:
                yield clean(reviewer, submission.id, body)
            else:
                yield judged(reviewer, submission, body, text, lang)
        size = min(size * 2, AHEAD)


def body_of(reviewer: Reviewer, submission: Submission) -> Body | None:
    """Return the body of a submission that has a purpose and nothing else that a rule could read; else None."""
    if submission.body is None or submission.purpose is None or _BESIDE(submission) != _NOTHING:
        return None
    if submission.provider not in reviewer.providers:
        return None
    return Body(
        submission.body,
        submission.provider,
        submission.as_of or reviewer.catalogue.released,
        submission.region,
        submission.purpose,
    )


def judged(reviewer: Reviewer, submission: Submission, body: Body, text: Text, lang: Lang) -> Verdict:
    """Return the verdict on a submission whose body was read."""
    provider = reviewer.providers[body.provider]
    reader = reviewer.catalogue.reader
    return reviewer.judge(reader.document(submission, provider, body.as_of, {"body": text}, {}), lang)


def clean(reviewer: Reviewer, name: str | None, body: Body) -> Verdict:
    """Return the verdict on a body in which nothing was found, under the submission's own id."""
    return Verdict(name, "template", Decision.APPROVE, body.provider, body.as_of, revision=reviewer.revision)
