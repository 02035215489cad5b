"""Audits on Apache Spark: of a DataFrame inside the caller's session, or of an archive with Spark as the scheduler.

Needs the extra `spark`.
"""

from .dataframes import findings, review

__all__ = ["findings", "review"]
