"""The kinds of messages to submitters' systems, and their data. No message quotes submitted text."""

from __future__ import annotations

from typing import Any, Final

IN_REVIEW: Final = "submission.in_review"
"""A person will decide: after the machine's verdict, an appeal, or a reopened case."""
DECIDED: Final = "submission.decided"
"""The status is final: by the machine at once, by a person once the decision can no longer be withdrawn."""
TEST: Final = "webhook.test"
"""Sent on request, so that an endpoint can be tried."""

KINDS: Final = (IN_REVIEW, DECIDED, TEST)
LONGEST: Final = 1500
"""Code points of a person's message: twelve bytes each in the worst case, so that a body stays below 20 kB."""


def status_message(
    submission: Any, status: str, decided_by: str | None = None, message: str = ""
) -> dict[str, Any]:
    """Return the data of a message on the status of a submission, which is a row of `submissions`.

    `decided_by` is `machine` or `person`, None while nobody has decided. `message` is a person's message to the submitter.
    """
    return {
        "id": submission.client_id,
        "submission": submission.id,
        "kind": submission.kind,
        "status": status,
        "decided_by": decided_by,
        "message": message if len(message) <= LONGEST else f"{message[: LONGEST - 1]}…",
    }
