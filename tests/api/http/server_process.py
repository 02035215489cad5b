"""Runs the service in a separate process."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

Found = TypeVar("Found")
SERVE = ("-m", "smsvet_api", "serve", "--port", "0")
PATIENCE = 300
"""Seconds after which a service counts as hung, on a machine however busy."""
HEAD = b"POST /v1/review HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@dataclass(frozen=True)
class ServerProcess:
    """A running service that is ready."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        """Return whether the service is ready; several workers listen only some time after the address is known."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=PATIENCE).status_code == 200
        except httpx.ConnectError:
            return False

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def review(self, **submission: Any) -> Any:
        response = httpx.post(f"{self.url}/v1/review", json=submission, timeout=PATIENCE)
        assert response.status_code == 200, response.text
        return response.json()

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Return the log lines of an event. `serve` itself writes plain lines about the database before them."""
        written = self.log.read_text(encoding="utf-8").splitlines()
        lines = [json.loads(line) for line in written if line.startswith("{") and line.endswith("}")]
        return [line for line in lines if line["event"] == event]

    def review_pids(self) -> list[int]:
        """Return the ids of the review processes that run."""
        # A dropped process takes a moment to end.
        ended = {
            line["pid"]
            for event in ("review process dropped", "review process ended")
            for line in self.logged(event)
        }
        return [line["pid"] for line in self.logged("review process ready") if line["pid"] not in ended]


@contextmanager
def running(folder: Path, command: Sequence[str] = SERVE, **variables: str) -> Iterator[ServerProcess]:
    """Run the service inside the context, with its log in `folder`, and stop it at the end."""
    log = folder / "log"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | variables
    with log.open("wb") as stream:
        process = subprocess.Popen([sys.executable, *command], stdout=stream, stderr=stream, env=environment)
    try:
        found = wait(lambda: re.search(r"running on http://127\.0\.0\.1:([0-9]+)", log.read_text()), log)
        server = ServerProcess(process, int(found[1]), log)
        wait(server.is_ready, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()


def wait(until: Callable[[], Found | None], log: Path, pause: float = 0.05) -> Found:
    """Return what a function returns once it is true; fail with the log if that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not (found := until()):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(pause)
    return found


def read_all(connection: socket.socket) -> bytes:
    """Return everything the server sends until it closes the connection."""
    answer = b""
    while part := connection.recv(65536):
        answer += part
    return answer
