"""Corrects a submission with the suggestions of its findings, and reviews the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from smsvet import Decision, Finding, Reviewer, Submission, SubmissionError, Verdict
from smsvet.model import Lang

MOST_REVIEWS: Final = 8
"""Maximum number of corrections that are reviewed for one item."""
FIELDS: Final = ("signature", "body", "text")
"""The fields that are corrected. Suggestions about anything else are options or values."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected submission with its verdicts before and after. Fewer findings count after, and none is stricter."""

    before: Submission
    after: Submission
    verdict: Verdict
    again: Verdict

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields that changed."""
        return tuple(name for name in FIELDS if getattr(self.before, name) != getattr(self.after, name))

    @property
    def cured(self) -> tuple[str, ...]:
        """Return the rules that no longer flag the item, sorted."""
        return tuple(sorted(set(_rules(self.verdict)) - set(_rules(self.again))))

    @property
    def remaining(self) -> tuple[str, ...]:
        """Return the rules that still flag the item, sorted."""
        return tuple(sorted(set(_rules(self.again))))


def corrected(submission: Submission, reviewer: Reviewer, lang: Lang) -> Correction | None:
    """Return the correction with the fewest findings that the suggestions lead to; None if they remove none.

    A suggestion corrects one problem of a text. The corrected text is reviewed, and its suggestions are applied in
    turn. A correction after which no fewer findings count is dropped.
    """
    first = best = _review(submission, reviewer, lang)
    if first is None or best is None:
        return None
    now, left = submission, MOST_REVIEWS
    tried = {_texts(submission)}
    waiting = candidates(now, best)
    while left and best.decision is not Decision.APPROVE:
        candidate = next((one for one in waiting if _texts(one) not in tried), None)
        if candidate is None:
            break
        tried.add(_texts(candidate))
        left -= 1
        again = _review(candidate, reviewer, lang)
        if again is not None and is_better(again, best):
            now, best = candidate, again
            waiting = candidates(now, best)
    return None if now is submission else Correction(submission, now, first, best)


def counting(verdict: Verdict) -> list[Finding]:
    """Return the findings of a verdict that are not advice."""
    return [one for one in verdict.findings if one.decision is not Decision.APPROVE]


def _review(submission: Submission, reviewer: Reviewer, lang: Lang) -> Verdict | None:
    """Return the verdict, None if there is none: such a text is not a correction."""
    try:
        return reviewer.review(submission, lang)
    except Exception:  # noqa: BLE001 - a correction is a service; its failure must not stop the audit
        return None


def is_better(again: Verdict, before: Verdict) -> bool:
    """Return whether a correction has fewer findings that count, no stricter decision and no fault."""
    fewer = len(counting(again)) < len(counting(before))
    return fewer and again.decision <= before.decision and not again.faults


def candidates(submission: Submission, verdict: Verdict) -> Iterator[Submission]:
    """Yield the submission with each suggestion applied, those of the strictest findings first."""
    for one in sorted(counting(verdict), key=lambda one: one.decision.rank, reverse=True):
        field, suggestion = one.field, one.suggestion
        if field not in FIELDS or not suggestion or not suggestion.strip():
            continue
        if suggestion != getattr(submission, field):
            try:
                yield _with(submission, field, suggestion)
            except SubmissionError:
                continue


def _with(submission: Submission, field: str, text: str) -> Submission:
    """Return a submission with another text in one of FIELDS. Raises SubmissionError."""
    if field == "signature":
        return replace(submission, signature=text)
    return replace(submission, body=text) if field == "body" else replace(submission, text=text)


def _texts(submission: Submission) -> tuple[str | None, ...]:
    return submission.signature, submission.body, submission.text


def _rules(verdict: Verdict) -> Iterator[str]:
    return (one.rule for one in counting(verdict))
