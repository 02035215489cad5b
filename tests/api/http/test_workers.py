"""Several workers: one address, one set of metrics, one turn of each daily task."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import httpx
import pytest

from .client import CLEAN
from .server_process import PATIENCE, SERVE, ServerProcess, running, wait

pytestmark = pytest.mark.slow
REVIEWS = 12


def metric(server: ServerProcess, pattern: str) -> float:
    """Return the value of a metric, asked on a connection of its own, which either worker may take."""
    text = httpx.get(f"{server.url}/metrics", timeout=PATIENCE).text
    found = re.search(rf"(?m)^{pattern} ([0-9.e+]+)$", text)
    return float(found[1]) if found else 0.0


def reviews(server: ServerProcess) -> float:
    return metric(server, r'smsvet_requests_total\{method="POST",route="/v1/review",status="200"\}')


def test_two_workers_share_their_metrics_and_their_turns(tmp_path: Path) -> None:
    variables = {"SMSVET_DATABASE": f"sqlite:///{tmp_path}/smsvet.sqlite", "SMSVET_REVIEW_PROCESSES": "1"}
    with running(tmp_path, (*SERVE, "--workers", "2"), SMSVET_CONFIG="", **variables) as server:
        wait(lambda: len(server.logged("ready")) == 2, server.log)
        for _ in range(REVIEWS):
            server.review(**CLEAN)
        for _ in range(4):
            assert reviews(server) == REVIEWS
            assert metric(server, "smsvet_ready") == 1
            assert metric(server, "smsvet_store_up") == 1
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).json()["store"] == "up"
        wait(lambda: server.logged("trail checkpoint"), server.log)
        assert len(server.logged("trail checkpoint")) == 1

        victim = worker_pids(server)[0]
        os.kill(victim, signal.SIGKILL)
        wait(lambda: len(server.logged("ready")) == 3, server.log)
        server.review(**CLEAN)
        assert reviews(server) == REVIEWS + 1
        wait(lambda: metric(server, "smsvet_ready") == 1, server.log)


def worker_pids(server: ServerProcess) -> list[int]:
    """Return the ids of the worker processes."""
    parent = server.process.pid
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return found
