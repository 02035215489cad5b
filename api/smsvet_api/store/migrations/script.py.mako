"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from smsvet_api.store.documents import Document
from smsvet_api.store.instants import Instant

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Undo this migration."""
    ${downgrades if downgrades else "pass"}
