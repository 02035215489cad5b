"""Reads submissions that are to be stored, and reviews them. It runs in a review process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from smsvet.model import Fault, Lang
from smsvet.reviewer import Reviewer
from smsvet.schema import write_verdict

from .. import dates
from ..skeletons import Skeletons
from ..store.cases.cluster_key import cluster_key
from ..store.submissions.drafts import Draft
from ..wording import say
from .bodies import parse_body
from .metrics import Tally, tally_verdict
from .problems import FieldError, invalid_fields
from .reviewing import validated

MOST_ID, MOST_ACCOUNT = 128, 128
"""Code points of an id and of the applicant's name that is shown in lists."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a stored submission as JSON, in Chinese and, inside each finding under `en`, in English."""

    verdict: dict[str, Any]
    cluster: str | None
    """Equal for texts that differ only in signature, values and punctuation; None if the text was not read."""
    tally: Tally


def read_draft(reviewer: Reviewer, body: bytes, lang: Lang) -> Draft:
    """Return the submission in a request body. Raises ProblemError naming each wrong field."""
    data = parse_body(body, lang)
    submission = validated(reviewer, data, lang)
    name = submission.id
    if name is not None and (not 1 <= len(name) <= MOST_ID or "\0" in name):
        message = say(
            lang,
            f"应为 1 至 {MOST_ID} 个字符，不含字符 0",
            f"expected 1 to {MOST_ID} characters without the character 0",
        )
        raise invalid_fields([FieldError(field="id", message=message)], lang)
    account = submission.account.name if submission.account else None
    return Draft(
        data,
        submission.kind,
        submission.provider,
        submission.purpose,
        account.replace("\0", "")[:MOST_ACCOUNT] if account else None,
    )


def judge(reviewer: Reviewer, document: dict[str, Any], lang: Lang) -> Judged:
    """Return the verdict on a stored submission. Raises ProblemError if the loaded content cannot read it any more."""
    submission = validated(reviewer, document, lang)
    verdict = reviewer.review(submission, "zh")
    tally: Tally = Counter()
    tally_verdict(tally, verdict)
    written = write_verdict(verdict)
    if verdict.findings:
        english = reviewer.review(submission, "en").findings
        for finding, other in zip(written["findings"], english, strict=True):
            finding["en"] = {"title": other.title, "message": other.message, "fix": other.fix}
    cluster = cluster_key(Skeletons(reviewer), submission.kind, submission.provider, document)
    return Judged(written, cluster, tally)


def unjudgeable(
    reviewer: Reviewer, document: dict[str, Any], kind: str, provider: str, fault: Fault
) -> Judged:
    """Return the verdict `manual_review` with a fault on a stored submission, without reviewing it."""
    verdict = {
        "id": document.get("id"),
        "kind": kind,
        "decision": "manual_review",
        "provider": provider,
        "as_of": str(document.get("as_of") or dates.today()),
        "findings": [],
        "faults": [{"rule": fault.rule, "error": fault.error}],
        "revision": reviewer.revision,
    }
    tally: Tally = Counter({("review", "manual_review", provider, kind): 1, ("fault", fault.rule): 1})
    return Judged(verdict, None, tally)
