"""Verdicts that are to be replayed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ..errors import NotFoundError
from ..store import Store
from ..submissions.tables import submissions, verdicts

_OTHER_LANGUAGE: Final = "en"
"""The key of a stored finding with its English texts; the others are Chinese."""


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A stored submission and its verdict as JSON; both None once retention deleted the text."""

    revision: str
    submission: dict[str, Any] | None
    verdict: dict[str, Any] | None


def stored_verdict(store: Store, submission_id: int) -> StoredVerdict:
    """Return the machine's verdict on a submission, to be judged again on the same date. Raises NotFoundError."""
    with store.database.reading() as connection:
        row = connection.execute(
            sa.select(
                submissions.c.document.label("submission"),
                verdicts.c.document,
                verdicts.c.revision,
                verdicts.c.as_of,
            )
            .join(verdicts, verdicts.c.submission_id == submissions.c.id)
            .where(submissions.c.id == submission_id)
            .order_by(verdicts.c.id)
            .limit(1)
        ).one_or_none()
    if row is None:
        raise NotFoundError(
            "没有这件提交，或尚无结论", "There is no such submission, or no verdict on it yet"
        )
    if row.submission is None or row.document is None:
        return StoredVerdict(row.revision, None, None)
    return StoredVerdict(row.revision, {**row.submission, "as_of": row.as_of}, row.document)


def same_verdict(stored: dict[str, Any], replayed: dict[str, Any]) -> bool:
    """Return whether two verdicts are equal, both with Chinese texts."""
    return _compared(stored) == _compared(replayed)


def _compared(verdict: dict[str, Any]) -> dict[str, Any]:
    findings = [
        {key: value for key, value in finding.items() if key != _OTHER_LANGUAGE}
        for finding in verdict["findings"]
    ]
    return {**verdict, "findings": findings}
