"""The tables of submissions and of the machine's verdicts."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from ..documents import Document
from ..instants import Instant
from ..metadata import key, metadata

STATUS_OF: Final = {"approve": "approved", "reject": "rejected", "manual_review": "in_review"}
"""The status of a submission by the decision on it, of the machine or a person."""

submissions = sa.Table(
    "submissions",
    metadata,
    key(),
    sa.Column("owner_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column(
        "client_id",
        sa.String(128),
        nullable=False,
        comment="the owner's own id; repeats are recognised by it",
    ),
    sa.Column("request_digest", sa.String(64), nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("salt", sa.String(32), comment="of the digest in the trail; deleted with the text"),
    sa.Column("text_digest", sa.String(64), nullable=False),
    sa.Column("document", Document, comment="the submission as JSON; null once its text was deleted"),
    sa.Column("forgotten_at", Instant, comment="when retention deleted the text"),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("provider", sa.String(32), nullable=False),
    sa.Column("purpose", sa.String(16)),
    sa.Column("account", sa.String(128), comment="name of the applicant"),
    sa.Column("status", sa.String(16), nullable=False, comment="received, in_review, approved, rejected"),
    sa.Column(
        "final_at", Instant, comment="when the status may be given out; within 15 s a decision is withdrawn"
    ),
    sa.UniqueConstraint("owner_id", "client_id"),
    sa.Index("ix_submissions_owner_id_id", "owner_id", "id"),
    # A case shows how many submissions of its applicant there were of late.
    sa.Index("ix_submissions_account", "owner_id", "account", "received_at", "status", "id"),
    sa.Index("ix_submissions_received_at", "received_at", "provider", "purpose"),
)

verdicts = sa.Table(
    "verdicts",
    metadata,
    key(),
    sa.Column("submission_id", sa.ForeignKey("submissions.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("as_of", sa.String(10), nullable=False),
    sa.Column("revision", sa.String(64), nullable=False, index=True),
    sa.Column(
        "document", Document, comment="the verdict as JSON, which quotes the text; null once that was deleted"
    ),
)

verdict_rules = sa.Table(
    "verdict_rules",
    metadata,
    sa.Column("verdict_id", sa.ForeignKey("verdicts.id"), primary_key=True),
    sa.Column("rule", sa.String(128), primary_key=True),
    sa.Column("decision", sa.String(16), nullable=False, comment="the strictest of the rule's findings"),
    sa.Column("alone", sa.Boolean, nullable=False, comment="no other rule asks for the verdict's decision"),
    sa.Column("decisive", sa.Boolean, nullable=False, comment="the rule asks for the verdict's decision"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("provider", sa.String(32), nullable=False),
    sa.Column("purpose", sa.String(16)),
    sa.Column("outcome", sa.String(16), comment="rejected, cleared or overturned, once a person decided"),
    # The figures of rules read nothing but this.
    sa.Index(
        "ix_verdict_rules_rule_at",
        *("rule", "at", "decision", "decisive", "alone", "outcome", "provider", "purpose"),
    ),
    sqlite_with_rowid=False,  # rows lie in the order of the key, so that the rules of a verdict are read together
)
