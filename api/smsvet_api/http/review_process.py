"""A review process: it builds a Reviewer once, then answers one task after another over its standard streams.

A frame is an 8-byte length and a pickle. The first frame to the process holds the settings, each later one a task
and its arguments. The process writes one frame when it is ready, and one for each task. It ends with its input.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from smsvet import Reviewer

from .judging import judge, read_draft
from .loading import build
from .logs import LOGGER, configure
from .problems import ProblemError, internal_error
from .restating import restate_body
from .reviewing import review_body, review_slice, split_batch
from .settings import Settings
from .trials import correct_body, explain_body

LENGTH = struct.Struct("<Q")

TASKS: Mapping[str, Callable[..., Any]] = {
    task.__name__: task
    for task in (
        review_body,
        split_batch,
        review_slice,
        read_draft,
        judge,
        correct_body,
        explain_body,
        restate_body,
    )
}


def frame(value: object) -> bytes:
    """Return a value as a frame."""
    data = pickle.dumps(value)
    return LENGTH.pack(len(data)) + data


def main() -> None:
    """Serve the process that started this one until it closes the connection."""
    tasks, answers = own_streams()
    settings: Settings = receive(tasks)
    configure(settings.log_level)
    reviewer = build(settings)
    gc.collect()
    gc.freeze()
    _send(answers, reviewer.revision)
    while (task := receive(tasks)) is not None:
        _limit(2 * settings.deadline_ms / 1000)
        _send(answers, _run(reviewer, *task))
        _limit(0)


def _run(reviewer: Reviewer, name: str, arguments: tuple[Any, ...]) -> object:
    try:
        return TASKS[name](reviewer, *arguments)
    except ProblemError as problem:
        return problem
    except Exception as error:  # noqa: BLE001 - its text may quote a message, so only its type is logged
        inside = internal_error(arguments[-1])
        LOGGER.error("failed", exc_info=error, extra={"facts": {"instance": inside.instance}})
        return inside


def _limit(seconds: float) -> None:
    """End this process after a time, in case the service that enforces the deadline is gone; 0 for no limit."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return the streams of frames from and to the service, which no rule can read or print to."""
    # The service ends this process: a signal to the whole group must not lose the requests in work.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device, not a path of the user
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # what a rule prints must not end up between the answers
    return tasks, answers


def receive(stream: BinaryIO) -> Any:
    """Return the value of the next frame, None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return pickle.loads(stream.read(*LENGTH.unpack(head)))  # noqa: S301 - the service that started this process wrote it


def _send(stream: BinaryIO, value: object) -> None:
    stream.write(frame(value))
    stream.flush()
