"""Throughput of the HTTP service over loopback with one worker: single submissions compared with batches."""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

from bench.generator import templates
from bench.speed.timing import PURPOSE, ratio

CONNECTIONS = {"single": 16, "batch": 2}
"""Number of concurrent connections."""
BATCH = 100
READY_TIMEOUT = 120
"""Maximum seconds until the service is ready."""


def measure(rounds: int, seconds: float, firing: float) -> dict[str, Any]:
    """Return submissions per second, single and in batches, and the ratio, without the first round."""
    texts = list(templates(2000, firing))
    bodies = [{"body": text, "purpose": PURPOSE} for text in texts]
    requests = {
        "single": [request("/v1/review", body) for body in bodies],
        "batch": [
            request("/v1/review/batch", {"submissions": bodies[start : start + BATCH]})
            for start in range(0, len(bodies), BATCH)
        ],
    }
    found: dict[str, list[float]] = {"single": [], "batch": []}
    slowest: dict[str, list[float]] = {"single": [], "batch": []}
    with service() as port:
        for number in range(rounds + 1):
            for name, prepared in requests.items():
                times, elapsed = asyncio.run(load(port, prepared, CONNECTIONS[name], seconds))
                if number:
                    items = len(times) * (BATCH if name == "batch" else 1)
                    found[name].append(items / elapsed)
                    slowest[name].append(sorted(times)[int(0.99 * (len(times) - 1))] * 1000)
    rows = {
        name: {
            "per_second": statistics.median(found[name]),
            "p99_ms": statistics.median(slowest[name]),
            "connections": CONNECTIONS[name],
        }
        for name in found
    }
    return {"rows": rows, "batch_of": BATCH, "times_single": ratio(found["batch"], found["single"])}


def request(path: str, body: object) -> bytes:
    """Return the bytes of a POST request."""
    data = json.dumps(body, ensure_ascii=False).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(data)}"
    return head.encode() + b"\r\n\r\n" + data


@contextmanager
def service(wait: bool = True, workers: int = 1, **variables: str) -> Iterator[int]:
    """Run `smsvet serve` inside the context, without a database unless `variables` names one; yield its port.

    It then is ready, or without `wait` still loads the rules.
    """
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "smsvet_api", "serve", "--port", "0", "--workers", str(workers)]
            environment = {**os.environ, "SMSVET_DATABASE": "none", **variables}
            process = subprocess.Popen(command, stdout=stream, stderr=stream, env=environment)
        try:
            yield ready(process, log) if wait else listening(process, log)
        finally:
            process.terminate()
            process.wait(30)


def ready(process: subprocess.Popen[bytes], log: Path) -> int:
    """Return the port of a service once it is ready. Raises RuntimeError with its log if it does not get ready."""
    port = listening(process, log)
    deadline = time.monotonic() + READY_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz"):
                return port
        except OSError:
            time.sleep(0.1)  # the status is 503 until the rules are loaded
    raise RuntimeError(f"the service did not get ready:\n{log.read_text(encoding='utf-8')}")


def listening(process: subprocess.Popen[bytes], log: Path) -> int:
    """Return the port of a service once it takes connections. Raises RuntimeError with its log if it does not start."""
    deadline = time.monotonic() + READY_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"running on http://127\.0\.0\.1:([0-9]+)", log.read_text(encoding="utf-8")):
            return int(found[1])
        time.sleep(0.005)
    raise RuntimeError(f"the service did not start:\n{log.read_text(encoding='utf-8')}")


async def load(
    port: int, requests: Sequence[bytes], connections: int, seconds: float
) -> tuple[list[float], float]:
    """Return the seconds of each answered request and the total seconds, for a number of busy connections."""
    loop = asyncio.get_running_loop()
    stream = cycle(requests)
    times: list[float] = []
    begun = time.perf_counter()
    clients = []
    for _ in range(connections):
        _, client = await loop.create_connection(
            lambda: Client(stream, times, begun + seconds), "127.0.0.1", port
        )
        clients.append(client)
    await asyncio.gather(*(client.done for client in clients))
    return times, time.perf_counter() - begun


class Client(asyncio.Protocol):
    """One connection that sends the next request as soon as the previous one is answered."""

    def __init__(self, requests: Iterator[bytes], times: list[float], until: float) -> None:
        self.requests, self.times, self.until = requests, times, until
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.received = bytearray()
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.send()

    def send(self) -> None:
        """Send the next request."""
        self.sent = time.perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        """Record the time of a complete response, and send the next request until time is up."""
        self.received += data
        head = self.received.find(b"\r\n\r\n")
        if head < 0:
            return
        length = re.search(rb"(?i)content-length: ([0-9]+)", self.received[:head])
        if not self.received.startswith(b"HTTP/1.1 200 ") or length is None:
            self.done.set_exception(RuntimeError(bytes(self.received).decode(errors="replace")))
            self.transport.close()
        elif len(self.received) >= head + 4 + int(length[1]):
            now = time.perf_counter()
            self.times.append(now - self.sent)
            self.received.clear()
            if now < self.until:
                self.send()
            else:
                self.done.set_result(None)
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail if the service closed the connection during a request."""
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("the service closed the connection"))
