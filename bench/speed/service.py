"""Measures the service with its database: submissions per second, latency and errors, and the pages of the console.

    python -m bench.speed.service --seconds 10 --cases 100000 \\
        --postgresql postgresql://smsvet:smsvet@127.0.0.1/smsvet_bench

It prints the tables of docs/performance.md. Each submission is stored, reviewed, recorded in the trail, and answered with
its verdict. Pages are requested one after another with `--cases` cases in the database. The database of PostgreSQL must
be empty.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from tempfile import TemporaryDirectory

from bench.generator import templates
from bench.speed import pages
from bench.speed.http_service import service
from bench.speed.timing import PURPOSE
from smsvet_api.store.accounts.keys import add_key
from smsvet_api.store.accounts.users import add_user
from smsvet_api.store.database import open_database
from smsvet_api.store.store import Store
from smsvet_api.store.trail.verifying import verify
from smsvet_api.store.upgrading import upgrade

WORKERS = (1, 2)
CONNECTIONS = 8
"""Clients at the same time, each with one submission in work."""
TEXTS, FIRING = 2000, 0.2
"""Different texts, and the share of them that break a rule."""
WARM_UP = 2.0
"""Seconds of load that are not counted."""


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="duration of each measurement")
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    parser.add_argument(
        "--cases", type=int, default=0, help="cases with which pages are measured; 0 leaves them out"
    )
    options = parser.parse_args()
    print("| database | workers | submissions/s | p50 ms | p99 ms | errors | events verified/s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for workers in WORKERS:
        with TemporaryDirectory() as folder:
            print(row("SQLite", f"sqlite:///{folder}/smsvet.sqlite", workers, options.seconds), flush=True)
    for workers in WORKERS if options.postgresql else ():
        print(row("PostgreSQL", options.postgresql, workers, options.seconds), flush=True)
    if options.cases:
        with TemporaryDirectory() as folder:
            found = {"SQLite": pages.measure(f"sqlite:///{folder}/smsvet.sqlite", options.cases)}
        if options.postgresql:
            found["PostgreSQL"] = pages.measure(options.postgresql, options.cases)
        print(f"\n{pages.table(found)}")


def row(name: str, url: str, workers: int, seconds: float) -> str:
    """Return a row of the table."""
    with stored(url, f"load-{workers}") as (store, key):
        with service(workers=workers, SMSVET_DATABASE=url, SMSVET_REQUESTS_PER_MINUTE="100000000") as port:
            asyncio.run(load(port, key, WARM_UP))
            times, statuses, elapsed = asyncio.run(load(port, key, seconds))
        begun = time.perf_counter()
        verified = verify(store)
        pace = verified.events / (time.perf_counter() - begun)
        damage = "" if verified.damage is None else f" ({verified.damage.say('en')})"
    times.sort()
    p50, p99 = (1000 * times[int(share * (len(times) - 1))] for share in (0.5, 0.99))
    errors = statuses.total() - statuses[201]
    return f"| {name} | {workers} | {len(times) / elapsed:,.0f} | {p50:.1f} | {p99:.1f} | {errors} | {pace:,.0f}{damage} |"


@contextmanager
def stored(url: str, name: str) -> Iterator[tuple[Store, str]]:
    """Provide the store at a URL with a submitter, and the submitter's key."""
    database = open_database(url, "en")
    try:
        upgrade(database)
        store = Store(database)
        account, _ = add_user(store, name, "submitter", "command")
        yield store, add_key(store, account.id, "load", ["submit"], "command")
    finally:
        database.dispose()


async def load(port: int, key: str, seconds: float) -> tuple[list[float], Counter[int], float]:
    """Return the seconds of each stored submission, all statuses, and the total seconds."""
    requests = cycle([request(key, text) for text in templates(TEXTS, FIRING)])
    times: list[float] = []
    statuses: Counter[int] = Counter()
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as clients:
        for _ in range(CONNECTIONS):
            clients.create_task(client(port, requests, begun + seconds, times, statuses))
    return times, statuses, time.perf_counter() - begun


def request(key: str, text: str) -> bytes:
    """Return the bytes of a submission without an id, which the service then makes."""
    data = json.dumps({"body": text, "purpose": PURPOSE}, ensure_ascii=False).encode()
    head = (
        f"POST /v1/submissions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


async def client(
    port: int, requests: Iterator[bytes], until: float, times: list[float], statuses: Counter[int]
) -> None:
    """Send one submission after another on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        sent = time.perf_counter()
        writer.write(next(requests))
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length: ")[2].split(b"\r\n")[0]))
        status = int(head.split(b" ")[1])
        statuses[status] += 1
        if status == 201:
            times.append(time.perf_counter() - sent)
    writer.close()


if __name__ == "__main__":
    main()
