"""Many submissions at once: what a sieve lets through has a verdict without findings, the rest is reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

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
    waiting, size = iter(submissions), FIRST
    while batch := list(islice(waiting, size)):
        for submission, passed in zip(batch, passing(reviewer, batch), strict=True):
            yield clean(reviewer, submission) if passed else reviewer.review(submission, lang)
        size = min(size * 2, AHEAD)


def passing(reviewer: Reviewer, submissions: Sequence[Submission]) -> list[bool]:
    """Return for each submission whether its verdict has no findings for sure."""
    places = [place for place, submission in enumerate(submissions) if sifted(reviewer, submission)]
    passed = [False] * len(submissions)
    bodies = [body_of(reviewer, submissions[place]) for place in places]
    for place, held in zip(places, reviewer.sieve.held(bodies), strict=True):
        passed[place] = not held
    return passed


def sifted(reviewer: Reviewer, submission: Submission) -> bool:
    """Return whether a submission is a body with a purpose and nothing else that a rule could read."""
    return (
        submission.body is not None
        and submission.purpose is not None
        and _BESIDE(submission) == _NOTHING
        and submission.provider in reviewer.providers
    )


def body_of(reviewer: Reviewer, submission: Submission) -> Body:
    """Return the body of a submission that is sifted."""
    assert submission.body is not None and submission.purpose is not None  # noqa: S101, PT018 - what `sifted` says
    return Body(
        submission.body,
        submission.provider,
        submission.as_of or reviewer.catalogue.released,
        submission.region,
        submission.purpose,
    )


def clean(reviewer: Reviewer, submission: Submission) -> Verdict:
    """Return the verdict on a body in which nothing was found."""
    as_of = submission.as_of or reviewer.catalogue.released
    return Verdict(
        submission.id, "template", Decision.APPROVE, submission.provider, as_of, revision=reviewer.revision
    )
