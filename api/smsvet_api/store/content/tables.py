"""The tables of content revisions and of the differences of a shadow."""

from __future__ import annotations

import sqlalchemy as sa

from ..documents import Document
from ..instants import Instant
from ..metadata import key, metadata

revisions = sa.Table(
    "revisions",
    metadata,
    key(),
    sa.Column(
        "revision", sa.String(64), nullable=False, index=True, comment="digest of all content; empty: refused"
    ),
    sa.Column("state", sa.String(16), nullable=False, comment="active, shadow, earlier or refused"),
    sa.Column("origin", Document, nullable=False, comment="folders of rules, policy and model"),
    sa.Column("archive", sa.LargeBinary, comment="the operator's own content, so that it can be replayed"),
    sa.Column("version", sa.String(32), nullable=False, comment="of smsvet, whose shipped content took part"),
    sa.Column("loaded_at", Instant, nullable=False),
    sa.Column("loaded_by", sa.Text, nullable=False),
    sa.Column("errors", Document, nullable=False, comment="why it was refused: file, line, key"),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_revisions_state", "state"),
)

shadow_counts = sa.Table(
    "shadow_counts",
    metadata,
    sa.Column("active", sa.String(64), primary_key=True),
    sa.Column("shadow", sa.String(64), primary_key=True),
    sa.Column("relation", sa.String(8), primary_key=True, comment="same, stricter or milder"),
    sa.Column("number", sa.Integer, nullable=False),
)

shadow_differences = sa.Table(
    "shadow_differences",
    metadata,
    key(),
    sa.Column("submission_id", sa.ForeignKey("submissions.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("active", sa.String(64), nullable=False),
    sa.Column("shadow", sa.String(64), nullable=False),
    sa.Column("relation", sa.String(8), nullable=False),
    sa.Column("active_decision", sa.String(16), nullable=False),
    sa.Column("shadow_decision", sa.String(16), nullable=False),
    sa.Column(
        "rules", Document, nullable=False, comment="rules of which one side has findings, the other none"
    ),
    sa.Index("ix_shadow_differences_shadow_relation", "shadow", "relation", "id"),
)
