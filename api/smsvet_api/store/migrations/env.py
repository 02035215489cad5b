"""Runs migrations on the connection that `smsvet_api.store.upgrading` provides."""

from __future__ import annotations

from typing import Literal

from alembic import context

from smsvet_api.store import schema
from smsvet_api.store.documents import Document
from smsvet_api.store.instants import Instant


def _column_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Return how a generated migration writes a column type of ours, False for any other."""
    return f"{type(item).__name__}()" if kind == "type" and isinstance(item, Document | Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    render_as_batch=True,  # SQLite changes a column by writing the table anew
    compare_type=True,
    render_item=_column_type,
)
with context.begin_transaction():
    context.run_migrations()
