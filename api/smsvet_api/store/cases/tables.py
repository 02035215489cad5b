"""The tables of cases, resolutions, appeals, notes and activity."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..documents import Document
from ..instants import Instant
from ..metadata import key, metadata


def _where(condition: str) -> dict[str, Any]:
    """Return the arguments of an index that has only the rows for which a condition holds."""
    return {f"{dialect}_where": sa.text(condition) for dialect in ("sqlite", "postgresql")}


cases = sa.Table(
    "cases",
    metadata,
    key(),
    sa.Column("submission_id", sa.ForeignKey("submissions.id"), nullable=False, index=True),
    sa.Column("verdict_id", sa.ForeignKey("verdicts.id"), nullable=False),
    sa.Column(
        "origin",
        sa.String(16),
        nullable=False,
        comment="verdict, second, golden, disagreement, appeal, report",
    ),
    sa.Column(
        "first_case_id", sa.ForeignKey("cases.id"), comment="of a second review, a disagreement or an appeal"
    ),
    sa.Column("blind", sa.Boolean, nullable=False, comment="verdict and earlier decisions are hidden"),
    sa.Column("state", sa.String(16), nullable=False, comment="open, held, escalated, decided"),
    sa.Column(
        "for_leads",
        sa.Boolean,
        nullable=False,
        default=False,
        comment="escalated, also while a lead holds it",
    ),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("provider", sa.String(32), nullable=False),
    sa.Column("purpose", sa.String(16)),
    sa.Column("priority", sa.Integer, nullable=False, comment="lower is reviewed first: 100 - risk"),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("cluster", sa.String(64), comment="digest of the text's skeleton; equal for similar texts"),
    sa.Column("holder_id", sa.ForeignKey("users.id")),
    sa.Column("locked_at", Instant, comment="when the holder claimed it"),
    sa.Column("locked_until", Instant),
    sa.Column("held_until", Instant),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("decided_at", Instant),
    # Here and not beside the submission: a search reads it in the pass that counts the queue.
    sa.Column("search_text", sa.Text, comment="what a search compares; null once the text was deleted"),
    # The order of the queue; the claim and the page of the queue read it from here.
    sa.Index("ix_cases_queue", "state", "priority", "due_at", "id"),
    # The counts of the queue and its order by time read nothing but this, the ages of open cases the next one.
    sa.Index(
        "ix_cases_state_due_at",
        *("state", "due_at", "id", "priority", "opened_at", "origin", "first_case_id"),
        *("kind", "provider", "purpose", "blind", "verdict_id"),
    ),
    sa.Index(
        "ix_cases_state_opened_at", "state", "opened_at", "origin", "first_case_id", "provider", "purpose"
    ),
    # Nearly all cases are nobody's: without the condition, planners expect as many rows for each holder.
    sa.Index("ix_cases_holder_id_state", "holder_id", "state", **_where("holder_id IS NOT NULL")),
    sa.Index("ix_cases_locked_until", "locked_until", **_where("locked_until IS NOT NULL")),
    sa.Index("ix_cases_cluster_state", "cluster", "state"),
    sa.Index("ix_cases_verdict_id", "verdict_id"),
    # The figures of a period read nothing but these.
    sa.Index("ix_cases_opened_at", "opened_at", "origin", "provider", "purpose"),
    sa.Index("ix_cases_decided_at", "decided_at", "provider", "purpose"),
    sa.Index("ix_cases_due_at", "due_at", "decided_at", "provider", "purpose"),
)

resolutions = sa.Table(
    "resolutions",
    metadata,
    key(),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column(
        "idem", sa.String(64), nullable=False, comment="made with the form: a repeated request has the same"
    ),
    sa.Column("decision", sa.String(16), nullable=False, comment="approve or reject"),
    sa.Column("reasons", Document, nullable=False, comment="rules, or reasons of the house"),
    sa.Column("overturn", sa.String(16), comment="why the machine's finding is not followed"),
    sa.Column("note", sa.Text, nullable=False, comment="internal"),
    sa.Column("message", sa.Text, nullable=False, comment="to the submitter"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("final_at", Instant, nullable=False, comment="until then it can be withdrawn"),
    sa.Column("withdrawn_at", Instant),
    sa.Column("bulk_id", sa.String(36), index=True),
    sa.UniqueConstraint("user_id", "idem"),
    sa.Index("ix_resolutions_user_id_at", "user_id", "at", "withdrawn_at"),
    sa.Index("ix_resolutions_at", "at"),
)

appeals = sa.Table(
    "appeals",
    metadata,
    key(),
    sa.Column("submission_id", sa.ForeignKey("submissions.id"), nullable=False, index=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, unique=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

notes = sa.Table(
    "notes",
    metadata,
    key(),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False, comment="held, escalated, reassigned or reopened"),
    sa.Column("text", sa.Text, nullable=False, comment="internal"),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_notes_kind_at", "kind", "at"),
)

# Claims, heartbeats, skips and releases: many, and nobody's decision, so they stay out of the trail.
activity = sa.Table(
    "activity",
    metadata,
    key(),
    sa.Column("at", Instant, nullable=False),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False),
    sa.Index("ix_activity_user_id_kind_case_id", "user_id", "kind", "case_id"),
    sa.Index("ix_activity_at", "at"),
)
