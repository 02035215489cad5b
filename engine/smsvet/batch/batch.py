"""Many submissions at once: template texts are looked at together, and those that need no rule are not judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from ..model import Decision, Lang, Verdict
from ..rules.triggers import GIVEN
from ..submission import Submission
from .sieve import Setting

if TYPE_CHECKING:
    from ..reviewer import Reviewer

FIRST, AHEAD = 16, 2048
"""Submissions that are read ahead at first and at most."""

_READ = ("signature", "text", *(name for name in GIVEN if name != "purpose"))
_BESIDE, _NOTHING = attrgetter(*_READ), (None,) * len(_READ)


def verdicts(reviewer: Reviewer, submissions: Iterable[Submission], lang: Lang) -> Iterator[Verdict]:
    """Yield the verdict on each submission, in order; raises SubmissionError for an unknown provider."""
    nameless: dict[Setting, Verdict] = {}
    # What is there already need not be waited for.
    waiting, size = iter(submissions), AHEAD if isinstance(submissions, Sequence) else FIRST
    while batch := list(islice(waiting, size)):
        settings = [setting_of(reviewer, submission) for submission in batch]
        bodies = [submission.body for submission in batch]
        for submission, setting in zip(batch, cleared(reviewer, bodies, settings), strict=True):
            if setting is None:
                yield reviewer.review(submission, lang)
            elif submission.id is not None:
                yield clean(reviewer, setting, submission.id)
            else:
                # Nothing tells one of these from another, so all have the same verdict.
                if setting not in nameless:
                    nameless[setting] = clean(reviewer, setting)
                yield nameless[setting]
        size = min(size * 2, AHEAD)


def clean(reviewer: Reviewer, setting: Setting, name: str | None = None) -> Verdict:
    """Return the verdict on a template without findings, under its own id."""
    return Verdict(
        name,
        "template",
        Decision.APPROVE,
        setting.provider,
        setting.as_of,
        revision=reviewer.revision,
    )


def cleared(
    reviewer: Reviewer, bodies: Sequence[str | None], settings: Sequence[Setting | None]
) -> list[Setting | None]:
    """Return the settings of those bodies in which no rule can find anything, None for others.

    A body without a setting is not looked at.
    """
    asked = [
        (place, body, setting)
        for place, (body, setting) in enumerate(zip(bodies, settings, strict=True))
        if body is not None and setting is not None
    ]
    found: list[Setting | None] = [None] * len(settings)
    for (place, _, setting), is_clean in zip(
        asked,
        reviewer.sieve.clean([body for _, body, _ in asked], [setting for *_, setting in asked]),
        strict=True,
    ):
        if is_clean:
            found[place] = setting
    return found


def setting_of(reviewer: Reviewer, submission: Submission) -> Setting | None:
    """Return the setting of a body that has a purpose and nothing else that a rule could read; else None."""
    body, purpose = submission.body, submission.purpose
    if body is None or purpose is None or submission.provider not in reviewer.providers:
        return None
    if _BESIDE(submission) != _NOTHING:
        return None
    day = submission.as_of or reviewer.catalogue.released
    return Setting(submission.provider, day, submission.region, purpose)
