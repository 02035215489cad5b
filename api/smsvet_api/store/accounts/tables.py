"""The tables of users, API keys and sessions. Secrets are stored as digests."""

from __future__ import annotations

import sqlalchemy as sa

from ..documents import Document
from ..instants import Instant
from ..metadata import key, metadata

users = sa.Table(
    "users",
    metadata,
    key(),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password", sa.Text, comment="argon2id; null: signs in by OIDC, or not at all"),
    sa.Column(
        "must_change", sa.Boolean, nullable=False, default=False, comment="the password was given once"
    ),
    sa.Column("oidc_issuer", sa.Text, comment="null: the one of the first login will be it"),
    sa.Column("oidc_subject", sa.String(255), comment="of the issuer, which alone makes it unique"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("disabled_at", Instant),
    sa.Column("seen_at", Instant),
    sa.Column("preferences", Document, nullable=False, comment="lang, theme, shortcuts, saved views"),
    sa.UniqueConstraint("oidc_issuer", "oidc_subject"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    key(),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("prefix", sa.String(16), nullable=False, unique=True, comment="the part that is shown"),
    sa.Column("digest", sa.String(64), nullable=False, comment="SHA-256 of the key"),
    sa.Column("scopes", Document, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    sa.Column("used_at", Instant),
    sa.Column("revoked_at", Instant),
)

sessions = sa.Table(
    "sessions",
    metadata,
    key(),
    sa.Column("digest", sa.String(64), nullable=False, unique=True, comment="SHA-256 of the cookie"),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("agent", sa.String(200), nullable=False),
)

login_failures = sa.Table(
    "login_failures",
    metadata,
    sa.Column("subject", sa.String(80), primary_key=True, comment="digest of a name or an address"),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failed_at", Instant, nullable=False),
    sa.Column("blocked_until", Instant),
)

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", Document, nullable=False),
)
