"""The metadata to which every table of the service belongs."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    # Alembic can only change a constraint that has a name.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> sa.Column[int]:
    """Return the primary key of a table: a number that is never given twice."""
    return sa.Column("id", sa.Integer, primary_key=True)
