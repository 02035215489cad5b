"""The tables of the trail."""

from __future__ import annotations

import sqlalchemy as sa

from ..metadata import metadata

events = sa.Table(
    "events",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(27), nullable=False, comment="as hashed"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(128), nullable=False, comment="such as case:2031"),
    sa.Column("body", sa.Text, nullable=False, comment="canonical JSON, as hashed"),
    sa.Column("prev", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("ix_events_subject", "subject", "seq"),
    sa.Index("ix_events_kind", "kind", "seq"),
)

trail_head = sa.Table(
    "trail_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.CheckConstraint("id = 1", name="single"),
)
