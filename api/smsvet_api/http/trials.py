"""Corrects and explains the submission in a request body. It runs in a review process, as reviews do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Final

from smsvet import Decision, Reviewer
from smsvet.explain import Explanation, explain_rule, explain_term
from smsvet.model import Lang

from ..audit.fixes.correcting import FIELDS, MOST_REVIEWS, candidates, corrected, counting, is_better
from .reviewing import submission_in


@dataclass(frozen=True, slots=True)
class Fix:
    """A text for one field after which fewer findings count. `cured` is how many fewer."""

    field: str
    text: str
    cured: int


@dataclass(frozen=True, slots=True)
class Corrections:
    """The suggestions that a second review confirmed, each by itself, and what all of them lead to."""

    single: tuple[Fix, ...] = ()
    together: tuple[Fix, ...] = ()
    """One for each field that changes; `cured` counts the findings of the whole submission."""
    decision: Decision | None = None
    """The decision after `together`."""


NO_CORRECTIONS: Final = Corrections()


def correct_body(reviewer: Reviewer, body: bytes, lang: Lang) -> Corrections:
    """Return the confirmed corrections of the submission in a body. Raises ProblemError naming each wrong field."""
    submission = submission_in(reviewer, body, lang)
    before = reviewer.review(submission, lang)
    single: dict[tuple[str, str], Fix] = {}
    for candidate in islice(candidates(submission, before), MOST_REVIEWS):
        field = next(name for name in FIELDS if getattr(candidate, name) != getattr(submission, name))
        text = getattr(candidate, field)
        if (field, text) in single:
            continue
        again = reviewer.review(candidate, lang)
        if is_better(again, before):
            single[field, text] = Fix(field, text, len(counting(before)) - len(counting(again)))
    whole = corrected(submission, reviewer, lang) if single else None
    if whole is None:
        return Corrections(tuple(single.values()))
    cured = len(counting(whole.verdict)) - len(counting(whole.again))
    together = tuple(Fix(name, getattr(whole.after, name), cured) for name in whole.fields)
    return Corrections(tuple(single.values()), together, whole.again.decision)


def explain_body(reviewer: Reviewer, body: bytes, about: str, lang: Lang) -> Explanation:
    """Return why a rule, given by id or title, or else a word, was or was not flagged in the submission in a body.

    Raises ProblemError naming each wrong field.
    """
    submission = submission_in(reviewer, body, lang)
    named = about.strip()
    for rule in reviewer.rules:
        if named in (rule.id, rule.file.title.say("zh"), rule.file.title.say("en")):
            return explain_rule(reviewer, submission, rule.id, lang)
    return explain_term(reviewer, submission, named, lang)
