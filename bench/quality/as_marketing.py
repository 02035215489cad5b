"""Banned advertisements sent as marketing: with a salutation, an opt-out and the purpose `marketing`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from bench.quality.content_findings import about_content
from bench.quality.labelled_sets import read
from smsvet import Reviewer, Submission

COUNT, SEED = 400, 2026

_LABELS = ("IL:", "FR:", "AD:Loan")
_NOT_BANNED = {"marketing", "contact", "link"}
"""Categories that an advertisement may have as well."""


def banned_as_marketing(data: Path) -> Iterator[Submission]:
    """Yield COUNT messages of the banned labels, chosen with SEED."""
    rows = [
        row.text for row in read(data, "fake_base_station_sms", "filled") if row.label.startswith(_LABELS)
    ]
    for text in random.Random(SEED).sample(rows, min(COUNT, len(rows))):
        yield Submission(body=f"尊敬的会员，{text}拒收请回复R", purpose="marketing")


def held(reviewer: Reviewer, data: Path) -> tuple[int, int]:
    """Return the number of messages held by a finding of a banned category, and the number of messages."""
    verdicts = [reviewer.review(submission) for submission in banned_as_marketing(data)]
    caught = sum(
        any(item.category not in _NOT_BANNED for item in about_content(verdict.findings))
        for verdict in verdicts
    )
    return caught, len(verdicts)
