"""Load test of the HTTP service with one worker: ordinary single reviews beside hostile requests.

    python -m bench.speed.load --seconds 120

It first measures health checks until the rules are loaded, then only ordinary single reviews, then these beside one batch of
1,000 after another. Then it adds hostile texts, batches of them, large bodies, malformed
requests and slow clients. It times health checks and samples the memory of the service. It exits with 1 if a
bound of docs/http.md does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle
from pathlib import Path

from bench.generator import templates
from bench.speed.http_service import request, service
from bench.speed.timing import PURPOSE

ORDINARY_PAUSE, HEALTH_PAUSE, START_PAUSE = 0.02, 0.05, 0.005
"""Seconds between two ordinary reviews of a client, two health checks, and two health checks during the start."""
DOCUMENTED = {200, 400, 408, 413, 415, 422, 503}
BAITS = (
    "加微信", "你看看", "名师授课", "无抵押贷款", "立减", "微❤信", "点com ", "ﷺ", "你好", "${aaaa}", "{1}", "t.cn/Ab3 ",
    "13912345678 ", "加V信💰澳門赌場 ", "贷款免息名师授课加微信立减", "【云雀】", "退订回T",
)  # fmt: skip
"""Texts whose repetition was slow in some part of the engine, or finds something in every repetition."""
TIMEOUT = 60.0
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
READY = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"

Answered = Callable[[int, float], None]
"""Takes the status of a response, 0 for a connection that ended without one, and its seconds."""


def main() -> None:
    """Run the load test and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="duration of the mixed load")
    parser.add_argument(
        "--quiet", type=float, default=15.0, help="duration of the measurement without hostile load"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with service(wait=False) as port:
        loading = asyncio.run(start(port))
        quiet, _, _ = asyncio.run(phase(port, options.quiet, options.seed, hostile=False))
        batches, _, _ = asyncio.run(phase(port, options.quiet, options.seed, hostile=False, batches=True))
        mixed, statuses, memory = asyncio.run(phase(port, options.seconds, options.seed, hostile=True))
    figures = {
        "loading": {"health": figure(loading)},
        "quiet": {name: figure(times) for name, times in quiet.items()},
        "batches": {name: figure(times) for name, times in batches.items()},
        "mixed": {name: figure(times) for name, times in mixed.items()},
        "statuses": dict(sorted(statuses.items())),
        "memory_mib": memory,
    }
    factor = percentile(mixed["ordinary"], 0.99) / percentile(quiet["ordinary"], 0.99)
    beside = percentile(batches["ordinary"], 0.99) / percentile(quiet["ordinary"], 0.99)
    bounds = {
        f"p99 of ordinary reviews beside a batch of 1,000 is {beside:.1f} times its quiet p99, at most 5": beside
        <= 5,
        f"p99 of ordinary reviews is {factor:.1f} times its quiet p99, below 10": factor < 10,
        "health checks answer within 50 ms (p99)": percentile(mixed["health"], 0.99) < 0.05,
        "health checks answer within 50 ms (p99) while the rules are loaded": percentile(loading, 0.99)
        < 0.05,
        "no status but the documented ones": set(statuses) <= DOCUMENTED,
        "memory stays flat: its peak in the second half is at most 10 % above that in the first": (
            max(memory[len(memory) // 2 :]) < 1.1 * max(memory[: len(memory) // 2])
        ),
    }
    print(json.dumps(figures, indent=1))
    for bound, holds in bounds.items():
        print("holds  " if holds else "BROKEN ", bound)
    sys.exit(not all(bounds.values()))


async def start(port: int) -> list[float]:
    """Return the seconds of each health check until the service is ready."""
    times: list[float] = []
    states: list[int] = []
    while 200 not in states:
        until = time.perf_counter() + 0.2
        await client(port, cycle([HEALTH]), until, lambda _, took: times.append(took), START_PAUSE)
        await client(
            port, cycle([READY]), time.perf_counter() + 0.2, lambda status, _: states.append(status), 0.2
        )
    return times


async def phase(
    port: int, seconds: float, seed: int, hostile: bool, batches: bool = False
) -> tuple[dict[str, list[float]], Counter[int], list[int]]:
    """Return the seconds of each kind of request, the number of each status, and the memory every tenth of the time."""
    until = time.perf_counter() + seconds
    times: dict[str, list[float]] = {}
    statuses: Counter[int] = Counter()

    def answered(kind: str) -> Answered:
        kept = times.setdefault(kind, [])

        def record(status: int, took: float) -> None:
            kept.append(took)
            statuses[status] += 1

        return record

    texts = cycle(
        [request("/v1/review", {"body": text, "purpose": PURPOSE}) for text in templates(2000, 0.1)]
    )
    clients: list[Awaitable[None]] = [
        client(port, texts, until, answered("ordinary"), ORDINARY_PAUSE),
        client(port, texts, until, answered("ordinary"), ORDINARY_PAUSE),
        client(port, cycle([HEALTH]), until, answered("health"), HEALTH_PAUSE),
    ]
    if batches:
        texts_of_batch = [{"body": text, "purpose": PURPOSE} for text in templates(1000, 0.1)]
        batch = request("/v1/review/batch", {"submissions": texts_of_batch})
        clients.append(client(port, cycle([batch]), until, answered("batch of 1,000"), 0))
    if hostile:
        chance = random.Random(seed)
        clients += [
            client(port, hostile_texts(chance), until, answered("hostile"), 0),
            client(port, hostile_texts(chance), until, answered("hostile"), 0),
            client(port, hostile_batches(chance), until, answered("hostile batch"), 0),
            client(port, refused(chance), until, answered("refused"), 0.2),
            slow_clients(port, until),
        ]
    memory: list[int] = []
    clients.append(sample(until, seconds / 10, memory))
    await asyncio.gather(*clients)
    return times, statuses, memory


async def client(
    port: int, requests: Iterator[bytes], until: float, answered: Answered, pause: float
) -> None:
    """Send one request after another, over one connection while the service keeps it."""
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while time.perf_counter() < until:
        sent = next(requests)
        begun = time.perf_counter()
        try:
            connection = connection or await asyncio.open_connection("127.0.0.1", port)
            reader, writer = connection
            writer.write(sent)
            async with asyncio.timeout(TIMEOUT):
                head = await reader.readuntil(b"\r\n\r\n")
                fields = dict(
                    line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line
                )
                await reader.readexactly(int(fields[b"content-length"]))
            status = int(head.split(b" ", 2)[1])
            closes = fields.get(b"connection") == b"close"
        except (OSError, EOFError, TimeoutError):
            status, closes = 0, True
        answered(status, time.perf_counter() - begun)
        if closes and connection:
            connection[1].close()
            connection = None
        await asyncio.sleep(pause)
    if connection:
        connection[1].close()


def hostile_texts(chance: random.Random) -> Iterator[bytes]:
    """Yield requests with repeated baits, from 50 to 3,000 code points, or with many values."""
    while True:
        bait = chance.choice(BAITS)
        length = chance.choice((50, 200, 500, 1000, 3000))
        submission: dict[str, object] = {
            "body": (bait * length)[:length],
            "purpose": chance.choice(("marketing", "notification", None)),
            "provider": chance.choice(("tencent", "aliyun")),
        }
        if chance.random() < 0.1:
            submission |= {"body": "您的订单{1}已发货", "params": [bait] * chance.choice((10, 100, 20_000))}
        yield request("/v1/review", submission)


def hostile_batches(chance: random.Random) -> Iterator[bytes]:
    """Yield batches of 1,000 ordinary violating messages, or of 20 repeated baits."""
    while True:
        if chance.random() < 0.5:
            texts = ["加微信领取贷款优惠，点击 http://t.cn/Ab3 ，退订回T"] * 1000
        else:
            texts = [(chance.choice(BAITS) * 1000)[:1000] for _ in range(20)]
        yield request(
            "/v1/review/batch", {"submissions": [{"body": text, "purpose": "marketing"} for text in texts]}
        )


def refused(chance: random.Random) -> Iterator[bytes]:
    """Yield requests that the service refuses."""
    head = b"POST /v1/review HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    kinds = (
        request("/v1/review", {"body": 1}),
        head + b"Content-Length: 2\r\n\r\n{]",
        head + b"Content-Length: 2000000\r\n\r\n" + b" " * 2_000_000,
        head + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        head + b"Content-Length: 1000000\r\n\r\n" + b"[" * 1_000_000,
        b"PO\tST / HTTP/1.1\r\n\r\n",
    )
    while True:
        yield chance.choice(kinds)


async def slow_clients(port: int, until: float) -> None:
    """Keep 20 connections open that have sent half a request."""
    head = (
        b"POST /v1/review HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
    )
    while time.perf_counter() < until:
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
        for _, writer in opened:
            writer.write(head)
        await asyncio.sleep(min(5.0, max(0.0, until - time.perf_counter())))
        for _, writer in opened:
            writer.close()


async def sample(until: float, every: float, memory: list[int]) -> None:
    """Append the resident memory of the service and its review processes, in MiB, at regular intervals."""
    while time.perf_counter() < until:
        await asyncio.sleep(every)
        memory.append(resident())


def resident() -> int:
    """Return the resident memory of the descendants of this process, in MiB. Linux only."""
    pids, pages = children(os.getpid()), 0
    while pids:
        pid = pids.pop()
        with contextlib.suppress(OSError):  # it ended meanwhile
            pages += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
            pids += children(pid)
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024**2


def children(pid: int) -> list[int]:
    """Return the ids of the child processes of a process."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]


def percentile(times: list[float], share: float) -> float:
    """Return a percentile of some seconds."""
    return sorted(times)[int(share * (len(times) - 1))]


def figure(times: list[float]) -> dict[str, float]:
    """Return the number of requests, and the median, p99 and maximum of their milliseconds."""
    shares = {"p50_ms": 0.5, "p99_ms": 0.99, "max_ms": 1.0}
    return {"requests": len(times)} | {
        name: round(1000 * percentile(times, share), 2) for name, share in shares.items()
    }


if __name__ == "__main__":
    main()
