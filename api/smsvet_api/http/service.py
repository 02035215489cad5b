"""The state shared by all requests: settings, metrics, the Reviewer and the review processes."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from smsvet import ContentError, Reviewer
from smsvet.explain import Explanation
from smsvet.model import Fault, Lang

from ..store.submissions.drafts import Draft
from ..wording import say
from .judging import Judged, judge, read_draft, unjudgeable
from .loading import build
from .logs import LOGGER
from .metrics import Metrics
from .problems import ProblemError, encode, internal_error
from .processes import DeadlineError, DiedError, ReviewProcesses
from .reviewing import Answer, fault_in_body, fault_in_item, review_body, review_slice, split_batch
from .settings import Settings
from .trials import NO_CORRECTIONS, Corrections, correct_body, explain_body

SWITCH_INTERVAL = 0.0005
"""Seconds after which a thread that loads gives way to the event loop. A request waits for this several times."""


@contextlib.contextmanager
def frequent_switches() -> Iterator[None]:
    """Shorten the interpreter's switch interval inside the context."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@dataclass(slots=True)
class Service:
    """The state of one application."""

    settings: Settings
    metrics: Metrics = field(default_factory=Metrics)
    reviewer: Reviewer | None = None
    processes: ReviewProcesses | None = None
    """The processes that review; None: reviews run on the event loop."""
    failure: str | None = None
    """Why the rules could not be loaded: one line for each error, with file, line and key."""

    async def load(self, processes: ReviewProcesses | None = None) -> None:
        """Build the Reviewer in a thread, so that the event loop stays free; on failure, set `failure`.

        With `processes`, start them before the service is ready, and review in them. This process then needs the content
        only: building the automaton and the dictionary would hold the interpreter, and with it `/healthz`, for long.
        """
        if self.reviewer is not None:
            return
        try:
            with frequent_switches():
                reviewer = await asyncio.to_thread(build, self.settings, processes is None)
        except ContentError as error:
            self.failure = str(error)
            LOGGER.error("rules not loaded", extra={"facts": {"errors": self.failure.split("\n")}})
            return
        except Exception as error:  # noqa: BLE001 - the service stays up, so that /readyz can report the failure
            self.failure = type(error).__name__
            LOGGER.error("rules not loaded", exc_info=error)
            return
        # The loaded content lives as long as the process: the garbage collector need not scan it again. Collecting first
        # would hold the event loop for half a second.
        gc.freeze()
        if processes is not None:  # not earlier, since they read the startup cache that this one wrote
            await processes.start()
            self.processes = processes
        self.reviewer = reviewer
        self.metrics.ready(reviewer.revision)
        LOGGER.info("ready", extra={"facts": {"revision": reviewer.revision, "rules": len(reviewer.rules)}})

    async def start(self) -> None:
        """Load the rules, then start the review processes."""
        processes = ReviewProcesses(self.settings)
        try:
            await self.load(processes)
        except asyncio.CancelledError:
            await processes.stop()
            raise

    async def stop(self) -> None:
        """End the review processes."""
        if self.processes is not None:
            await self.processes.stop()

    def ready(self, lang: Lang) -> Reviewer:
        """Return the Reviewer. Raises ProblemError with the reason if it is not loaded."""
        if self.reviewer is not None:
            return self.reviewer
        if self.failure is not None:
            raise ProblemError("not-ready", self.failure, lang=lang)
        detail = say(lang, "正在加载规则", "The rules are being loaded")
        raise ProblemError("not-ready", detail, lang=lang, headers={"retry-after": "1"})

    def able(self, lang: Lang) -> Reviewer:
        """Return the Reviewer. Raises ProblemError if it is not loaded or no review process runs."""
        reviewer = self.ready(lang)
        if self.processes is not None and not self.processes.alive:
            detail = say(lang, "没有可用的审核进程", "No review process is running")
            raise ProblemError("not-ready", detail, lang=lang, headers={"retry-after": "1"})
        return reviewer

    async def review(self, body: bytes, lang: Lang) -> Answer:
        """Return the verdict on the submission in a request body.

        A review that exceeds the deadline, or that ends its process twice, gets manual review with a fault. Raises
        ProblemError naming each wrong field.
        """
        reviewer = self.ready(lang)
        if self.processes is None:
            return review_body(reviewer, body, lang)
        result = await self._attempt("review_body", body, lang, size=len(body))
        if isinstance(result, Fault):  # a thread: reading a large body must not hold the event loop
            return await asyncio.to_thread(fault_in_body, reviewer, body, result, lang)
        answer: Answer = result
        return answer

    async def review_batch(self, body: bytes, lang: Lang) -> AsyncIterator[Answer]:
        """Yield the results of a batch, slice by slice. Raises ProblemError for a wrong body."""
        reviewer = self.ready(lang)
        most, size = self.settings.max_batch, len(body)
        if self.processes is None:
            slices = split_batch(reviewer, body, most, lang)
        else:
            split = await self._attempt("split_batch", body, most, lang, size=size)
            if isinstance(split, Fault):
                raise internal_error(lang)
            slices = split
        self.metrics.batch(sum(map(len, slices)))
        first = 0
        for items in slices:
            if self.processes is None:
                yield review_slice(reviewer, first, items, lang)
                await asyncio.sleep(0)
            else:
                async for answer in self._review_slice(self.processes, first, items, size, lang):
                    yield answer
            first += len(items)

    async def read_draft(self, body: bytes, lang: Lang) -> Draft:
        """Return the submission in a request body, without a review. Raises ProblemError naming each wrong field."""
        reviewer = self.ready(lang)
        if self.processes is None:
            return read_draft(reviewer, body, lang)
        result = await self._attempt("read_draft", body, lang, size=len(body))
        if isinstance(result, Fault):
            return await asyncio.to_thread(read_draft, reviewer, body, lang)
        draft: Draft = result
        return draft

    async def judge(self, document: dict[str, Any], kind: str, provider: str, lang: Lang) -> Judged:
        """Return the verdict on a stored submission, `manual_review` with a fault if it cannot be reviewed.

        Raises ProblemError only if a later attempt can succeed: the service is busy, loading or stopping.
        """
        reviewer = self.ready(lang)
        try:
            if self.processes is None:
                return judge(reviewer, document, lang)
            size = len(encode(document))
            result = await self._attempt("judge", document, lang, size=size)
        except ProblemError as problem:
            if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            result = Fault(problem.name, "the submission could not be reviewed")
        except Exception as error:  # noqa: BLE001 - a person decides what the machine cannot
            LOGGER.error("failed", exc_info=error)
            result = Fault("internal", "the review failed")
        if isinstance(result, Fault):
            return unjudgeable(reviewer, document, kind, provider, result)
        judged: Judged = result
        return judged

    async def corrections(self, body: bytes, lang: Lang) -> Corrections:
        """Return the corrections of the submission in a body; none if looking for them exceeds the deadline."""
        reviewer = self.ready(lang)
        if self.processes is None:
            return correct_body(reviewer, body, lang)
        result = await self._attempt("correct_body", body, lang, size=len(body))
        found: Corrections = NO_CORRECTIONS if isinstance(result, Fault) else result
        return found

    async def explanation(self, body: bytes, about: str, lang: Lang) -> Explanation | Fault:
        """Return why a rule or a word was or was not flagged in a body, or the fault that prevented the answer."""
        reviewer = self.ready(lang)
        if self.processes is None:
            return explain_body(reviewer, body, about, lang)
        found: Explanation | Fault = await self._attempt("explain_body", body, about, lang, size=len(body))
        return found

    async def _review_slice(
        self, processes: ReviewProcesses, first: int, items: list[bytes], size: int, lang: Lang
    ) -> AsyncIterator[Answer]:
        try:
            yield await processes.run("review_slice", first, items, lang, size=size, lang=lang)
            return
        except (DeadlineError, DiedError):
            pass  # reviewing each by itself finds the one at fault
        for index, item in enumerate(items, start=first):
            result = await self._attempt("review_slice", index, [item], lang, size=size)
            if isinstance(result, Fault):
                result = await asyncio.to_thread(fault_in_item, self.ready(lang), item, result, lang)
            yield result

    async def _attempt(self, task: str, *arguments: Any, size: int) -> Any:
        """Return the result of a task, whose last argument is the language, or the fault that prevented it."""
        assert self.processes is not None  # noqa: S101 - the callers checked
        for _ in range(2):  # a process may have ended for another reason, such as a lack of memory
            try:
                return await self.processes.run(task, *arguments, size=size, lang=arguments[-1])
            except DeadlineError:
                limit = self.settings.deadline_ms
                return Fault("deadline", f"the review took longer than {limit} ms and was stopped")
            except DiedError:
                continue
        return Fault("process", "the review process ended during the review")
