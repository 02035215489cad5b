"""Prometheus metrics of the service."""

from __future__ import annotations

import os
from collections import Counter as Counts
from pathlib import Path
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from smsvet.model import Verdict

CONTENT_TYPE = CONTENT_TYPE_LATEST
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable with the folder where the processes of one service share their counters."""

Tally = Counts[tuple[str, ...]]
"""Numbers of verdicts, findings, faults and unreviewed submissions, each with its labels."""

_METHODS = frozenset(("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"))
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class Metrics:
    """The counters of one application, in a separate registry. Times are in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "smsvet_requests", "HTTP requests.", ("method", "route", "status"), registry=self.registry
        )
        self._latency = Histogram(
            "smsvet_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=self.registry
        )
        self._reviews = Counter(
            "smsvet_reviews", "Verdicts given.", ("decision", "provider", "kind"), registry=self.registry
        )
        self._findings = Counter(
            "smsvet_findings", "Findings made.", ("rule", "decision"), registry=self.registry
        )
        self._faults = Counter("smsvet_faults", "Rules that raised.", ("rule",), registry=self.registry)
        self._unreviewed = Counter(
            "smsvet_unreviewed", "Submissions without a verdict.", ("reason",), registry=self.registry
        )
        self._batches = Histogram(
            "smsvet_batch_size", "Submissions in a batch.", buckets=_SIZES, registry=self.registry
        )
        self._ready = Gauge(
            "smsvet_ready",
            "1 once the rules are loaded.",
            registry=self.registry,
            multiprocess_mode="livemin",
        )
        self._content = Gauge(
            "smsvet_content_info",
            "The content that decides.",
            ("revision",),
            registry=self.registry,
            multiprocess_mode="livemax",
        )
        self._revision: str | None = None
        self._ready.set(0)
        _forget_dead()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._latency.labels(route).observe(seconds)

    def reviews(self, tally: Tally) -> None:
        """Add the tallied verdicts, findings and faults of one request to the counters."""
        counters = {
            "review": self._reviews,
            "finding": self._findings,
            "fault": self._faults,
            "unreviewed": self._unreviewed,
        }
        for (what, *labels), number in tally.items():
            counters[what].labels(*labels).inc(number)

    def batch(self, size: int) -> None:
        """Count one batch of `size` submissions."""
        self._batches.observe(size)

    def ready(self, revision: str) -> None:
        """Record the revision of the loaded content."""
        self._ready.set(1)
        if os.environ.get(FOLDER):  # a label cannot be removed there
            if self._revision not in (None, revision):
                self._content.labels(self._revision).set(0)
        else:
            self._content.clear()
        self._content.labels(revision).set(1)
        self._revision = revision

    def text(self) -> bytes:
        """Return the metrics of all processes of the service in the Prometheus text format."""
        shared = self.registry
        if os.environ.get(FOLDER):
            shared = CollectorRegistry()
            MultiProcessCollector(shared)  # type: ignore[no-untyped-call] # the package leaves its types out
        return generate_latest(shared)


def _forget_dead() -> None:
    """Remove the gauges of processes that were killed: their states are no longer those of the service."""
    folder = os.environ.get(FOLDER)
    for file in Path(folder).glob("gauge_live*_*.db") if folder else ():
        pid = int(file.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid)  # type: ignore[no-untyped-call] # as above
        except PermissionError:
            continue


# One tally per request saves a batch thousands of label look-ups.
def tally_verdict(tally: Tally, verdict: Verdict) -> None:
    """Add a verdict, its findings and its faults to a tally."""
    tally["review", verdict.decision.value, verdict.provider, verdict.kind] += 1
    for finding in verdict.findings:
        tally["finding", finding.rule, finding.decision.value] += 1
    for fault in verdict.faults:
        tally["fault", fault.rule] += 1


def tally_unreviewed(tally: Tally, reason: Literal["invalid", "internal"]) -> None:
    """Add a submission without a verdict to a tally."""
    tally["unreviewed", reason] += 1
