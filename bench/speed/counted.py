"""The program whose instructions are counted: reviews texts with the engine on its path.

It imports only names that every checkout's engine has. bench/speed/instructions.py starts it.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from smsvet import Reviewer, Submission

MARK = "getppid"
"""The C function whose call ends a part of the count: nothing else calls it."""

Rows = Sequence[Mapping[str, Any]]
Work = Callable[[], object]


def review(reviewer: Reviewer, rows: Rows) -> Work:
    """Return a call that reviews the submissions one by one."""
    items = [Submission(**row) for row in rows]
    return lambda: [reviewer.review(item) for item in items]


def review_many(reviewer: Reviewer, rows: Rows) -> Work:
    """Return a call that reviews the submissions together."""
    items = [Submission(**row) for row in rows]
    return lambda: list(reviewer.review_many(items))


def review_table(reviewer: Reviewer, rows: Rows) -> Work:
    """Return a call that reviews the submissions as an Arrow table."""
    return partial(reviewer.review_table, pa.Table.from_pylist(list(rows)))


WAYS = {"review": review, "review_many": review_many, "review_table": review_table}


def main(job: str, absent: str, backend: str, cache: str) -> None:
    """Review the submissions on standard input: to print which are approved, or to be counted."""
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(filter(None, absent.split(","))))
    reviewer = Reviewer(backend=backend, cache=Path(cache))
    reviewer.warm()
    kinds = {
        kind: [{"purpose": "notification", **row} for row in rows]
        for kind, rows in json.load(sys.stdin).items()
    }
    if job == "approved":
        print(json.dumps({kind: approvals(reviewer, rows) for kind, rows in kinds.items()}))
        return
    for way in job.split(","):
        for rows in kinds.values():
            count(partial(WAYS[way], reviewer), rows)


def approvals(reviewer: Reviewer, rows: Rows) -> list[bool]:
    """Return for each submission whether it is approved."""
    return [reviewer.review(Submission(**row)).decision == "approve" for row in rows]


def count(way: Callable[[Rows], Work], rows: Rows) -> None:
    """Review the submissions as a warm-up, and then once more between two marks."""
    work = way(rows)
    work()
    gc.collect()
    gc.disable()
    # Loading and warming up take most of the time, and run several times as fast uncounted.
    instrument("on")
    os.getppid()
    work()
    os.getppid()
    instrument("off")
    gc.enable()


def instrument(state: str) -> None:
    """Switch callgrind's counting of this process `on` or `off`."""
    subprocess.run(
        ["callgrind_control", f"--instr={state}", str(os.getpid())], stdout=subprocess.DEVNULL, check=True
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
