"""The tables of review quality."""

from __future__ import annotations

import sqlalchemy as sa

from ..instants import Instant
from ..metadata import key, metadata

golden_items = sa.Table(
    "golden_items",
    metadata,
    key(),
    sa.Column(
        "case_id",
        sa.ForeignKey("cases.id"),
        nullable=False,
        unique=True,
        comment="the case it was taken from",
    ),
    sa.Column("decision", sa.String(16), nullable=False, comment="on which two reviewers and a lead agreed"),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, comment="the lead who made it"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("retired_at", Instant),
)

samples = sa.Table(
    "samples",
    metadata,
    key(),
    sa.Column(
        "case_id",
        sa.ForeignKey("cases.id"),
        nullable=False,
        unique=True,
        comment="the case shown to a reviewer",
    ),
    sa.Column("kind", sa.String(16), nullable=False, comment="second or golden"),
    sa.Column("first_case_id", sa.ForeignKey("cases.id"), comment="of a second review"),
    sa.Column("golden_id", sa.ForeignKey("golden_items.id")),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("outcome", sa.String(16), comment="agreed or differed, once it is decided"),
    sa.Index("ix_samples_kind_outcome", "kind", "outcome"),
    sa.Index("ix_samples_kind_created_at", "kind", "created_at"),
    sa.Index("ix_samples_first_case_id", "first_case_id"),
    sa.Index("ix_samples_golden_id", "golden_id"),
)

examples = sa.Table(
    "examples",
    metadata,
    key(),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("rule", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False, comment="flag or pass"),
    sa.Column("added_at", Instant, nullable=False),
    sa.UniqueConstraint("user_id", "case_id", "rule"),
)
