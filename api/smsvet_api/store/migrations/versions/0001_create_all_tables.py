"""Create all tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from smsvet_api.store.documents import Document
from smsvet_api.store.instants import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False, comment="as hashed"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False, comment="such as case:2031"),
        sa.Column("body", sa.Text(), nullable=False, comment="canonical JSON, as hashed"),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_kind", ["kind", "seq"], unique=False)
        batch_op.create_index("ix_events_subject", ["subject", "seq"], unique=False)

    op.create_table(
        "login_failures",
        sa.Column("subject", sa.String(length=80), nullable=False, comment="digest of a name or an address"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", Instant(), nullable=False),
        sa.Column("blocked_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_login_failures")),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "revision", sa.String(length=64), nullable=False, comment="digest of all content; empty: refused"
        ),
        sa.Column(
            "state", sa.String(length=16), nullable=False, comment="active, shadow, earlier or refused"
        ),
        sa.Column("origin", Document(), nullable=False, comment="folders of rules, policy and model"),
        sa.Column(
            "archive",
            sa.LargeBinary(),
            nullable=True,
            comment="the operator's own content, so that it can be replayed",
        ),
        sa.Column(
            "version",
            sa.String(length=32),
            nullable=False,
            comment="of smsvet, whose shipped content took part",
        ),
        sa.Column("loaded_at", Instant(), nullable=False),
        sa.Column("loaded_by", sa.Text(), nullable=False),
        sa.Column("errors", Document(), nullable=False, comment="why it was refused: file, line, key"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revisions_revision"), ["revision"], unique=False)
        batch_op.create_index("ix_revisions_state", ["state"], unique=False)

    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", Document(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "shadow_counts",
        sa.Column("active", sa.String(length=64), nullable=False),
        sa.Column("shadow", sa.String(length=64), nullable=False),
        sa.Column("relation", sa.String(length=8), nullable=False, comment="same, stricter or milder"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("active", "shadow", "relation", name=op.f("pk_shadow_counts")),
    )
    op.create_table(
        "trail_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_trail_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column(
            "password", sa.Text(), nullable=True, comment="argon2id; null: signs in by OIDC, or not at all"
        ),
        sa.Column("must_change", sa.Boolean(), nullable=False, comment="the password was given once"),
        sa.Column(
            "oidc_issuer", sa.Text(), nullable=True, comment="null: the one of the first login will be it"
        ),
        sa.Column(
            "oidc_subject",
            sa.String(length=255),
            nullable=True,
            comment="of the issuer, which alone makes it unique",
        ),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("preferences", Document(), nullable=False, comment="lang, theme, shortcuts, saved views"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
        sa.UniqueConstraint("oidc_issuer", "oidc_subject", name=op.f("uq_users_oidc_issuer_oidc_subject")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False, comment="the part that is shown"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the key"),
        sa.Column("scopes", Document(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_keys_prefix")),
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_keys_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie"),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column(
            "client_id",
            sa.String(length=128),
            nullable=False,
            comment="the owner's own id; repeats are recognised by it",
        ),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column(
            "salt",
            sa.String(length=32),
            nullable=True,
            comment="of the digest in the trail; deleted with the text",
        ),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "document",
            Document(),
            nullable=True,
            comment="the submission as JSON; null once its text was deleted",
        ),
        sa.Column("forgotten_at", Instant(), nullable=True, comment="when retention deleted the text"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=True),
        sa.Column("account", sa.String(length=128), nullable=True, comment="name of the applicant"),
        sa.Column(
            "status", sa.String(length=16), nullable=False, comment="received, in_review, approved, rejected"
        ),
        sa.Column(
            "final_at",
            Instant(),
            nullable=True,
            comment="when the status may be given out; within 15 s a decision is withdrawn",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_submissions_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("owner_id", "client_id", name=op.f("uq_submissions_owner_id_client_id")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_submissions_account", ["owner_id", "account", "received_at", "status", "id"], unique=False
        )
        batch_op.create_index("ix_submissions_owner_id_id", ["owner_id", "id"], unique=False)
        batch_op.create_index(
            "ix_submissions_received_at", ["received_at", "provider", "purpose"], unique=False
        )

    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", Document(), nullable=False, comment="kinds that are sent; empty: all"),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("old_secret", sa.String(length=100), nullable=True),
        sa.Column(
            "old_secret_until", Instant(), nullable=True, comment="until then messages are signed with both"
        ),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("slowed_until", Instant(), nullable=True, comment="the endpoint answered 429, 502 or 504"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_webhooks_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    with op.batch_alter_table("webhooks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhooks_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "shadow_differences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("active", sa.String(length=64), nullable=False),
        sa.Column("shadow", sa.String(length=64), nullable=False),
        sa.Column("relation", sa.String(length=8), nullable=False),
        sa.Column("active_decision", sa.String(length=16), nullable=False),
        sa.Column("shadow_decision", sa.String(length=16), nullable=False),
        sa.Column(
            "rules",
            Document(),
            nullable=False,
            comment="rules of which one side has findings, the other none",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_shadow_differences_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow_differences")),
    )
    with op.batch_alter_table("shadow_differences", schema=None) as batch_op:
        batch_op.create_index(
            "ix_shadow_differences_shadow_relation", ["shadow", "relation", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_shadow_differences_submission_id"), ["submission_id"], unique=False
        )

    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column(
            "document",
            Document(),
            nullable=True,
            comment="the verdict as JSON, which quotes the text; null once that was deleted",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_verdicts_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdicts_revision"), ["revision"], unique=False)
        batch_op.create_index(batch_op.f("ix_verdicts_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("verdict_id", sa.Integer(), nullable=False),
        sa.Column(
            "origin",
            sa.String(length=16),
            nullable=False,
            comment="verdict, second, golden, disagreement, appeal, report",
        ),
        sa.Column(
            "first_case_id",
            sa.Integer(),
            nullable=True,
            comment="of a second review, a disagreement or an appeal",
        ),
        sa.Column("blind", sa.Boolean(), nullable=False, comment="verdict and earlier decisions are hidden"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="open, held, escalated, decided"),
        sa.Column("for_leads", sa.Boolean(), nullable=False, comment="escalated, also while a lead holds it"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False, comment="lower is reviewed first: 100 - risk"),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column(
            "cluster",
            sa.String(length=64),
            nullable=True,
            comment="digest of the text's skeleton; equal for similar texts",
        ),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("locked_at", Instant(), nullable=True, comment="when the holder claimed it"),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.Column("held_until", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column(
            "search_text",
            sa.Text(),
            nullable=True,
            comment="what a search compares; null once the text was deleted",
        ),
        sa.ForeignKeyConstraint(["first_case_id"], ["cases.id"], name=op.f("fk_cases_first_case_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["users.id"], name=op.f("fk_cases_holder_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_cases_submission_id")),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name=op.f("fk_cases_verdict_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_cluster_state", ["cluster", "state"], unique=False)
        batch_op.create_index("ix_cases_decided_at", ["decided_at", "provider", "purpose"], unique=False)
        batch_op.create_index(
            "ix_cases_due_at", ["due_at", "decided_at", "provider", "purpose"], unique=False
        )
        batch_op.create_index(
            "ix_cases_holder_id_state",
            ["holder_id", "state"],
            unique=False,
            sqlite_where=sa.text("holder_id IS NOT NULL"),
            postgresql_where=sa.text("holder_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_cases_locked_until",
            ["locked_until"],
            unique=False,
            sqlite_where=sa.text("locked_until IS NOT NULL"),
            postgresql_where=sa.text("locked_until IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_cases_opened_at", ["opened_at", "origin", "provider", "purpose"], unique=False
        )
        batch_op.create_index("ix_cases_queue", ["state", "priority", "due_at", "id"], unique=False)
        batch_op.create_index(
            "ix_cases_state_due_at",
            [
                "state",
                "due_at",
                "id",
                "priority",
                "opened_at",
                "origin",
                "first_case_id",
                "kind",
                "provider",
                "purpose",
                "blind",
                "verdict_id",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_cases_state_opened_at",
            ["state", "opened_at", "origin", "first_case_id", "provider", "purpose"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_cases_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index("ix_cases_verdict_id", ["verdict_id"], unique=False)

    op.create_table(
        "verdict_rules",
        sa.Column("verdict_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=128), nullable=False),
        sa.Column(
            "decision", sa.String(length=16), nullable=False, comment="the strictest of the rule's findings"
        ),
        sa.Column(
            "alone", sa.Boolean(), nullable=False, comment="no other rule asks for the verdict's decision"
        ),
        sa.Column(
            "decisive", sa.Boolean(), nullable=False, comment="the rule asks for the verdict's decision"
        ),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=True),
        sa.Column(
            "outcome",
            sa.String(length=16),
            nullable=True,
            comment="rejected, cleared or overturned, once a person decided",
        ),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name=op.f("fk_verdict_rules_verdict_id")),
        sa.PrimaryKeyConstraint("verdict_id", "rule", name=op.f("pk_verdict_rules")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("verdict_rules", schema=None) as batch_op:
        batch_op.create_index(
            "ix_verdict_rules_rule_at",
            ["rule", "at", "decision", "decisive", "alone", "outcome", "provider", "purpose"],
            unique=False,
        )

    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_activity_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_activity_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_at", ["at"], unique=False)
        batch_op.create_index(
            "ix_activity_user_id_kind_case_id", ["user_id", "kind", "case_id"], unique=False
        )

    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.String(length=16), nullable=False, comment="held, escalated, reassigned or reopened"
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="internal"),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notes_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notes_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_notes_kind_at", ["kind", "at"], unique=False)

    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_appeals_case_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_appeals_submission_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_appeals_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("case_id", name=op.f("uq_appeals_case_id")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeals_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "examples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="flag or pass"),
        sa.Column("added_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_examples_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_examples_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examples")),
        sa.UniqueConstraint("user_id", "case_id", "rule", name=op.f("uq_examples_user_id_case_id_rule")),
    )
    with op.batch_alter_table("examples", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_examples_user_id"), ["user_id"], unique=False)

    op.create_table(
        "golden_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False, comment="the case it was taken from"),
        sa.Column(
            "decision",
            sa.String(length=16),
            nullable=False,
            comment="on which two reviewers and a lead agreed",
        ),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="the lead who made it"),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_golden_items_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_golden_items_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_golden_items")),
        sa.UniqueConstraint("case_id", name=op.f("uq_golden_items_case_id")),
    )
    op.create_table(
        "resolutions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "idem",
            sa.String(length=64),
            nullable=False,
            comment="made with the form: a repeated request has the same",
        ),
        sa.Column("decision", sa.String(length=16), nullable=False, comment="approve or reject"),
        sa.Column("reasons", Document(), nullable=False, comment="rules, or reasons of the house"),
        sa.Column(
            "overturn",
            sa.String(length=16),
            nullable=True,
            comment="why the machine's finding is not followed",
        ),
        sa.Column("note", sa.Text(), nullable=False, comment="internal"),
        sa.Column("message", sa.Text(), nullable=False, comment="to the submitter"),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("final_at", Instant(), nullable=False, comment="until then it can be withdrawn"),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("bulk_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_resolutions_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_resolutions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
        sa.UniqueConstraint("user_id", "idem", name=op.f("uq_resolutions_user_id_idem")),
    )
    with op.batch_alter_table("resolutions", schema=None) as batch_op:
        batch_op.create_index("ix_resolutions_at", ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_resolutions_bulk_id"), ["bulk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_resolutions_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_resolutions_user_id_at", ["user_id", "at", "withdrawn_at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False, comment="the same in every attempt"),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="the bytes that are signed and sent"),
        sa.Column("resolution_id", sa.Integer(), nullable=True, comment="withdrawn with it"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="waiting, sent, dead, withdrawn"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("leased_until", Instant(), nullable=True, comment="a process is sending it"),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["resolution_id"], ["resolutions.id"], name=op.f("fk_outbox_resolution_id")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_outbox_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_resolution_id"), ["resolution_id"], unique=False)
        batch_op.create_index("ix_outbox_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_outbox_webhook_id_id", ["webhook_id", "id"], unique=False)

    op.create_table(
        "samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False, comment="the case shown to a reviewer"),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="second or golden"),
        sa.Column("first_case_id", sa.Integer(), nullable=True, comment="of a second review"),
        sa.Column("golden_id", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column(
            "outcome", sa.String(length=16), nullable=True, comment="agreed or differed, once it is decided"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_samples_case_id")),
        sa.ForeignKeyConstraint(["first_case_id"], ["cases.id"], name=op.f("fk_samples_first_case_id")),
        sa.ForeignKeyConstraint(["golden_id"], ["golden_items.id"], name=op.f("fk_samples_golden_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("case_id", name=op.f("uq_samples_case_id")),
    )
    with op.batch_alter_table("samples", schema=None) as batch_op:
        batch_op.create_index("ix_samples_first_case_id", ["first_case_id"], unique=False)
        batch_op.create_index("ix_samples_golden_id", ["golden_id"], unique=False)
        batch_op.create_index("ix_samples_kind_created_at", ["kind", "created_at"], unique=False)
        batch_op.create_index("ix_samples_kind_outcome", ["kind", "outcome"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True, comment="null: no answer"),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column(
            "answer", sa.String(length=500), nullable=False, comment="the beginning of the body, or the error"
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_deliveries_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_outbox_id"), ["outbox_id"], unique=False)
    op.execute(
        "INSERT INTO trail_head (id, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')"
    )


def downgrade() -> None:
    """Undo this migration."""
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_outbox_id"))

    op.drop_table("deliveries")
    with op.batch_alter_table("samples", schema=None) as batch_op:
        batch_op.drop_index("ix_samples_kind_outcome")
        batch_op.drop_index("ix_samples_kind_created_at")
        batch_op.drop_index("ix_samples_golden_id")
        batch_op.drop_index("ix_samples_first_case_id")

    op.drop_table("samples")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_webhook_id_id")
        batch_op.drop_index("ix_outbox_state_due_at")
        batch_op.drop_index(batch_op.f("ix_outbox_resolution_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("resolutions", schema=None) as batch_op:
        batch_op.drop_index("ix_resolutions_user_id_at")
        batch_op.drop_index(batch_op.f("ix_resolutions_case_id"))
        batch_op.drop_index(batch_op.f("ix_resolutions_bulk_id"))
        batch_op.drop_index("ix_resolutions_at")

    op.drop_table("resolutions")
    op.drop_table("golden_items")
    with op.batch_alter_table("examples", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_examples_user_id"))

    op.drop_table("examples")
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeals_submission_id"))

    op.drop_table("appeals")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index("ix_notes_kind_at")
        batch_op.drop_index(batch_op.f("ix_notes_case_id"))

    op.drop_table("notes")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_user_id_kind_case_id")
        batch_op.drop_index("ix_activity_at")

    op.drop_table("activity")
    with op.batch_alter_table("verdict_rules", schema=None) as batch_op:
        batch_op.drop_index("ix_verdict_rules_rule_at")

    op.drop_table("verdict_rules")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_verdict_id")
        batch_op.drop_index(batch_op.f("ix_cases_submission_id"))
        batch_op.drop_index("ix_cases_state_opened_at")
        batch_op.drop_index("ix_cases_state_due_at")
        batch_op.drop_index("ix_cases_queue")
        batch_op.drop_index("ix_cases_opened_at")
        batch_op.drop_index(
            "ix_cases_locked_until",
            sqlite_where=sa.text("locked_until IS NOT NULL"),
            postgresql_where=sa.text("locked_until IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_cases_holder_id_state",
            sqlite_where=sa.text("holder_id IS NOT NULL"),
            postgresql_where=sa.text("holder_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_cases_due_at")
        batch_op.drop_index("ix_cases_decided_at")
        batch_op.drop_index("ix_cases_cluster_state")

    op.drop_table("cases")
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdicts_submission_id"))
        batch_op.drop_index(batch_op.f("ix_verdicts_revision"))

    op.drop_table("verdicts")
    with op.batch_alter_table("shadow_differences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shadow_differences_submission_id"))
        batch_op.drop_index("ix_shadow_differences_shadow_relation")

    op.drop_table("shadow_differences")
    with op.batch_alter_table("webhooks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhooks_owner_id"))

    op.drop_table("webhooks")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index("ix_submissions_received_at")
        batch_op.drop_index("ix_submissions_owner_id_id")
        batch_op.drop_index("ix_submissions_account")

    op.drop_table("submissions")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_user_id"))

    op.drop_table("sessions")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_keys_user_id"))

    op.drop_table("api_keys")
    op.drop_table("users")
    op.drop_table("trail_head")
    op.drop_table("shadow_counts")
    op.drop_table("settings")
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.drop_index("ix_revisions_state")
        batch_op.drop_index(batch_op.f("ix_revisions_revision"))

    op.drop_table("revisions")
    op.drop_table("login_failures")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_subject")
        batch_op.drop_index("ix_events_kind")

    op.drop_table("events")
