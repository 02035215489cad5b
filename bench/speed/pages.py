"""Measures how fast the pages of the console answer with many cases in the database."""

from __future__ import annotations

import http.client
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Final
from urllib.parse import quote

import sqlalchemy as sa

from bench.speed.http_service import service
from bench.speed.many_cases import fill_with_cases, open_cases
from smsvet_api.http.transport import SECURE_COOKIE
from smsvet_api.store.accounts.sessions import begin_session
from smsvet_api.store.accounts.tables import users
from smsvet_api.store.cases.tables import cases
from smsvet_api.store.database import Database, open_database
from smsvet_api.store.store import Store
from smsvet_api.store.submissions.tables import submissions
from smsvet_api.store.upgrading import upgrade

REQUESTS: Final = 40
"""Requests for each page, after some that are not counted."""
WARM_UP: Final = 5

Times = dict[str, tuple[float, float, float]]
"""The least, the 50th and the 95th percentile of each page, in milliseconds. Other work on the machine changes the least
one little."""


def table(found: Mapping[str, Times]) -> str:
    """Return the rows of the table, a column for each database."""
    lines = ["| page | " + " | ".join(f"{name} least / p50 / p95 ms" for name in found) + " |"]
    lines.append("| --- |" + " --- |" * len(found))
    for page in next(iter(found.values())):
        cells = [" / ".join(f"{one:.0f}" for one in times[page]) for times in found.values()]
        lines.append(f"| `{page}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def measure(url: str, number: int, requests: int = REQUESTS) -> Times:
    """Return the times of each page of a service with `number` cases."""
    database = open_database(url, "en")
    try:
        upgrade(database)
        fill_with_cases(database, number)
        asked = pages(database)
        cookies = {user: cookie(database, user) for user in {user for user, _ in asked.values()}}
        with service(SMSVET_DATABASE=url, SMSVET_REQUESTS_PER_MINUTE="100000000") as port:
            return {
                page: times(port, cookies[user], paths, requests) for page, (user, paths) in asked.items()
            }
    finally:
        database.dispose()


def pages(database: Database) -> dict[str, tuple[str, Sequence[str]]]:
    """Return each page with a user who has it, and the addresses to request in turn."""
    waiting = list(open_cases(database, 20))
    with database.reading() as connection:
        clusters = (
            connection.execute(
                sa.select(cases.c.cluster)
                .where(cases.c.id.in_(waiting), cases.c.cluster.is_not(None))
                .distinct()
            )
            .scalars()
            .all()
        )
        owned = (
            connection.execute(
                sa.select(submissions.c.id).join(users).where(users.c.name == "shop-yunque").limit(20)
            )
            .scalars()
            .all()
        )
    return {
        "/queue": ("lin", ["/queue"]),
        "/queue?q=…": ("lin", ["/queue?q=微信", "/queue?q=订单"]),
        "/queue?provider=…": ("lin", ["/queue?provider=tencent", "/queue?purpose=marketing"]),
        "/cases/{id}": ("lin", [f"/cases/{number}" for number in waiting]),
        "/clusters/{id}": ("zhao", [f"/clusters/{cluster}" for cluster in clusters[:10]]),
        "/decisions (own)": ("lin", ["/decisions"]),
        "/decisions (all)": ("zhao", ["/decisions"]),
        "/rules": ("zhao", ["/rules"]),
        "/rules/{id}": ("zhao", ["/rules/content/loan", "/rules/template/marketing-content"]),
        "/dashboard": ("zhao", ["/dashboard"]),
        "/quality": ("zhao", ["/quality"]),
        "/submissions": ("shop-yunque", ["/submissions"]),
        "/submissions/{id}": ("shop-yunque", [f"/submissions/{number}" for number in owned]),
        "/revisions": ("rules", ["/revisions"]),
        "/trail": ("audit", ["/trail"]),
        "/try": ("lin", ["/try"]),
    }  # fmt: skip


def cookie(database: Database, user: str) -> str:
    """Begin a session for a user, and return its cookie."""
    store = Store(database)
    with database.transaction() as connection:
        connection.execute(users.update().where(users.c.name == user).values(must_change=False))
        row = connection.execute(users.select().where(users.c.name == user)).one()
        return f"{SECURE_COOKIE}={begin_session(connection, store.now(), row, secrets.token_hex(4)).cookie}"


def times(port: int, cookie: str, paths: Sequence[str], requests: int) -> tuple[float, float, float]:
    """Return the least, the 50th and 95th percentile of the milliseconds of one page.

    Raises RuntimeError unless its status is 200.
    """
    found = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for number in range(WARM_UP + requests):
            path = quote(paths[number % len(paths)], safe="/?=&")
            begun = time.perf_counter()
            connection.request("GET", path, headers={"cookie": cookie, "accept": "text/html"})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"{path}: {response.status}")
            if number >= WARM_UP:
                found.append(1000 * (time.perf_counter() - begun))
    found.sort()
    return found[0], found[len(found) // 2], found[int(0.95 * (len(found) - 1))]
