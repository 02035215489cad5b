"""Many submissions at once: template texts are looked at together, and those that need no rule are not judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from .facts import GIVEN
from .model import Decision, Lang, Submission, Verdict
from .sieve import Setting

if TYPE_CHECKING:
    from .review import Reviewer

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
        for submission, setting in zip(batch, cleared(reviewer, batch), strict=True):
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


def cleared(reviewer: Reviewer, batch: Sequence[Submission]) -> list[Setting | None]:
    """Return the settings of those submissions that are templates in which no rule can find anything; None for others."""
    settings = [setting_of(reviewer, submission) for submission in batch]
    asked = [place for place, setting in enumerate(settings) if setting is not None]
    clean = reviewer.sieve.clean(
        [batch[place].body or "" for place in asked], [one for one in settings if one is not None]
    )
    for place, is_clean in zip(asked, clean, strict=True):
        if not is_clean:
            settings[place] = None
    return settings


def setting_of(reviewer: Reviewer, submission: Submission) -> Setting | None:
    """Return the setting of a body that has a purpose and nothing else that a rule could read; else None."""
    body, purpose = submission.body, submission.purpose
    if body is None or purpose is None or submission.provider not in reviewer.providers:
        return None
    if _BESIDE(submission) != _NOTHING:
        return None
    day = submission.as_of or reviewer.catalogue.released
    return Setting(submission.provider, day, submission.region, purpose)
