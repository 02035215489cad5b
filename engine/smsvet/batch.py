"""Many submissions at once: template texts are read together, and those that need no rule are not judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from .document import Text
from .facts import BITS, given
from .model import Decision, Lang, Submission, Verdict
from .sieve import Body

if TYPE_CHECKING:
    from .review import Reviewer

FIRST, AHEAD = 16, 1024
"""Submissions that are read ahead at first and at most."""

_PURPOSE = BITS["purpose"]


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
    body, purpose = submission.body, submission.purpose
    if body is None or purpose is None or submission.text is not None or submission.signature is not None:
        return None
    if given(submission) != _PURPOSE or submission.provider not in reviewer.providers:
        return None
    return Body(
        body,
        submission.provider,
        submission.as_of or reviewer.catalogue.released,
        submission.region,
        purpose,
    )


def judged(reviewer: Reviewer, submission: Submission, body: Body, text: Text, lang: Lang) -> Verdict:
    """Return the verdict on a submission whose body was read."""
    provider = reviewer.providers[body.provider]
    reader = reviewer.catalogue.reader
    return reviewer.judge(reader.document(submission, provider, body.as_of, {"body": text}, {}), lang)


def clean(reviewer: Reviewer, name: str | None, body: Body) -> Verdict:
    """Return the verdict on a body in which nothing was found, under the submission's own id."""
    return Verdict(name, "template", Decision.APPROVE, body.provider, body.as_of, revision=reviewer.revision)
