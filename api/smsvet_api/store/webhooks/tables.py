"""The tables of webhooks: endpoints, the outbox, and attempts to deliver."""

from __future__ import annotations

import sqlalchemy as sa

from ..documents import Document
from ..instants import Instant
from ..metadata import key, metadata

webhooks = sa.Table(
    "webhooks",
    metadata,
    key(),
    sa.Column("owner_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("events", Document, nullable=False, comment="kinds that are sent; empty: all"),
    sa.Column("secret", sa.String(100), nullable=False),
    sa.Column("old_secret", sa.String(100)),
    sa.Column("old_secret_until", Instant, comment="until then messages are signed with both"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("disabled_at", Instant),
    sa.Column("slowed_until", Instant, comment="the endpoint answered 429, 502 or 504"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    key(),
    sa.Column("webhook_id", sa.ForeignKey("webhooks.id"), nullable=False),
    sa.Column("message_id", sa.String(64), nullable=False, unique=True, comment="the same in every attempt"),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False, comment="the bytes that are signed and sent"),
    sa.Column("resolution_id", sa.ForeignKey("resolutions.id"), index=True, comment="withdrawn with it"),
    sa.Column("state", sa.String(16), nullable=False, comment="waiting, sent, dead, withdrawn"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("leased_until", Instant, comment="a process is sending it"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("ix_outbox_state_due_at", "state", "due_at"),
    sa.Index("ix_outbox_webhook_id_id", "webhook_id", "id"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    key(),
    sa.Column("outbox_id", sa.ForeignKey("outbox.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("status", sa.Integer, comment="null: no answer"),
    sa.Column("milliseconds", sa.Integer, nullable=False),
    sa.Column("answer", sa.String(500), nullable=False, comment="the beginning of the body, or the error"),
)
