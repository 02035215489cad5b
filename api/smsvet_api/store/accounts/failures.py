"""Failed logins by name and by address, and the wait that follows many of them."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from ..errors import StoreError
from .tables import login_failures

FREE_BY_NAME: Final = 5
"""Failures of one name after which the next login waits."""
FREE_BY_ADDRESS: Final = 20
"""Failures from one address after which the next login waits. An office has one address for many people."""
LONGEST_WAIT: Final = timedelta(minutes=5)
FORGOTTEN: Final = timedelta(hours=1)
"""Time without a failure after which the count begins anew."""


class ThrottledError(StoreError):
    """Too many logins failed. `seconds` is the time until the next one is looked at, 1 or more."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "too-many-requests",
            f"登录失败次数过多，请 {seconds} 秒后再试",
            f"Too many logins failed; try again in {seconds} seconds",
        )
        self.seconds = seconds


def count_attempt(connection: sa.Connection, at: datetime, name: str, address: str) -> int:
    """Count a login as failed, before its password is looked at; return the longer wait that begins, in seconds.

    Counting first keeps many attempts at the same moment from being looked at together; `clear_failures` and
    `forgive_address` take it back. Raises ThrottledError during a wait, which is then not prolonged.
    """
    rows = [(*_counted(connection, at, subject), free) for subject, free in _subjects(name, address)]
    blocked = max((until for _, _, until, _ in rows if until and until > at), default=None)
    if blocked:
        raise ThrottledError(math.ceil((blocked - at).total_seconds()))
    longest = 0
    for subject, failures, _, free in rows:
        wait = wait_after(failures + 1, free)
        longest = max(longest, wait)
        until = at + timedelta(seconds=wait) if wait else None
        values = {"failures": failures + 1, "failed_at": at, "blocked_until": until}
        connection.execute(login_failures.update().where(login_failures.c.subject == subject).values(values))
    return longest


def wait_after(failures: int, free: int) -> int:
    """Return the wait after so many failures, in seconds: none, then 1, 2, 4, ... up to `LONGEST_WAIT`."""
    longest = int(LONGEST_WAIT.total_seconds())
    return 0 if failures < free else min(2 ** min(failures - free, 20), longest)


def clear_failures(connection: sa.Connection, name: str) -> None:
    """Forget the failures of a name."""
    connection.execute(login_failures.delete().where(login_failures.c.subject == _digest("name", name)))


def forgive_address(connection: sa.Connection, address: str) -> None:
    """Take back one failure of an address: the login that was counted has succeeded."""
    subject = _digest("address", network_of(address))
    row = connection.execute(
        sa.select(login_failures).where(login_failures.c.subject == subject)
    ).one_or_none()
    if row is not None:
        values = {"failures": max(0, row.failures - 1), "blocked_until": None}
        connection.execute(login_failures.update().where(login_failures.c.subject == subject).values(values))


def network_of(address: str) -> str:
    """Return an IPv4 address, or the /64 network of an IPv6 address: all of it belongs to one client."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


def _counted(connection: sa.Connection, at: datetime, subject: str) -> tuple[str, int, datetime | None]:
    """Return the failures of a subject and the end of its wait, and lock its row."""
    query = sa.select(login_failures).where(login_failures.c.subject == subject).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        _insert(connection, at, subject)
        row = connection.execute(query).one()
    if abs(at - row.failed_at) >= FORGOTTEN:  # or a clock that was set back
        return subject, 0, None
    return subject, row.failures, row.blocked_until


def _insert(connection: sa.Connection, at: datetime, subject: str) -> None:
    """Insert the row of a subject unless another login is faster."""
    values = {"subject": subject, "failures": 0, "failed_at": at}
    connection.execute(insert_or_ignore(connection, login_failures).values(values))


def insert_or_ignore(connection: sa.Connection, table: sa.Table) -> sa.Insert:
    """Return an insert that does nothing where the key is taken."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - the dialect in use

        return sqlite.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table).on_conflict_do_nothing()


def purge_failures(connection: sa.Connection, at: datetime) -> None:
    """Delete what is forgotten anyway."""
    connection.execute(login_failures.delete().where(login_failures.c.failed_at <= at - FORGOTTEN))


def _subjects(name: str, address: str) -> Iterator[tuple[str, int]]:
    yield _digest("name", name), FREE_BY_NAME
    yield _digest("address", network_of(address)), FREE_BY_ADDRESS


def _digest(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode("utf-8", "surrogatepass")).hexdigest()
