"""A revision in service: its Reviewer, the processes that review with it, and the requests that are in work with it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from smsvet import ContentError, Reviewer
from smsvet.explain import Explanation
from smsvet.model import Fault, Lang

from ..store.submissions.drafts import Draft
from .judging import Judged, judge, read_draft, unjudgeable
from .loading import build
from .logs import LOGGER
from .metrics import Metrics
from .own_content import OwnContent
from .problems import ProblemError, encode, internal_error
from .processes import DeadlineError, DiedError, ReviewProcesses
from .restating import restate_body
from .reviewing import Answer, fault_in_body, fault_in_item, review_body, review_slice, split_batch
from .settings import Settings
from .switches import frequent_switches
from .trials import NO_CORRECTIONS, Corrections, correct_body, explain_body


@dataclass(slots=True, eq=False)
class Revision:
    """One revision of the content. `processes` is None where reviews run on the event loop."""

    settings: Settings
    metrics: Metrics
    content: OwnContent
    reviewer: Reviewer
    processes: ReviewProcesses | None = None
    _users: int = 0
    _unused: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def name(self) -> str:
        """Return the digest of all content."""
        return self.reviewer.revision

    @contextlib.contextmanager
    def in_use(self) -> Iterator[Revision]:
        """Keep the processes running inside the context."""
        self._users += 1
        try:
            yield self
        finally:
            self._users -= 1
            if not self._users:
                self._unused.set()

    async def retire(self) -> None:
        """Wait for the requests in work with this revision, then end its processes."""
        while self._users:
            self._unused.clear()
            await self._unused.wait()
        await self.stop()

    async def stop(self) -> None:
        """End the processes."""
        if self.processes is not None:
            await self.processes.stop()

    async def review(self, body: bytes, lang: Lang) -> Answer:
        """Return the verdict on the submission in a request body.

        A review that exceeds the deadline, or that ends its process twice, gets manual review with a fault. Raises
        ProblemError naming each wrong field.
        """
        if self.processes is None:
            return review_body(self.reviewer, body, lang)
        result = await self.attempt("review_body", body, lang, size=len(body))
        if isinstance(result, Fault):  # a thread: reading a large body must not hold the event loop
            return await asyncio.to_thread(fault_in_body, self.reviewer, body, result, lang)
        answer: Answer = result
        return answer

    async def review_batch(self, body: bytes, lang: Lang) -> AsyncIterator[Answer]:
        """Yield the results of a batch, slice by slice. Raises ProblemError for a wrong body."""
        most, size = self.settings.max_batch, len(body)
        if self.processes is None:
            slices = split_batch(self.reviewer, body, most, lang)
        else:
            split = await self.attempt("split_batch", body, most, lang, size=size)
            if isinstance(split, Fault):
                raise internal_error(lang)
            slices = split
        self.metrics.batch(sum(map(len, slices)))
        first = 0
        for items in slices:
            if self.processes is None:
                yield review_slice(self.reviewer, first, items, lang)
                await asyncio.sleep(0)
            else:
                async for answer in self._review_slice(self.processes, first, items, size, lang):
                    yield answer
            first += len(items)

    async def read_draft(self, body: bytes, lang: Lang) -> Draft:
        """Return the submission in a request body, without a review. Raises ProblemError naming each wrong field."""
        if self.processes is None:
            return read_draft(self.reviewer, body, lang)
        result = await self.attempt("read_draft", body, lang, size=len(body))
        if isinstance(result, Fault):
            return await asyncio.to_thread(read_draft, self.reviewer, body, lang)
        draft: Draft = result
        return draft

    async def judge(self, document: dict[str, Any], kind: str, provider: str, lang: Lang) -> Judged:
        """Return the verdict on a stored submission, `manual_review` with a fault if it cannot be reviewed.

        Raises ProblemError only if a later attempt can succeed: the service is busy, loading or stopping.
        """
        try:
            if self.processes is None:
                return judge(self.reviewer, document, lang)
            result = await self.attempt("judge", document, lang, size=len(encode(document)))
        except ProblemError as problem:
            if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            result = Fault(problem.name, "the submission could not be reviewed")
        except Exception as error:  # noqa: BLE001 - a person decides what the machine cannot
            LOGGER.error("failed", exc_info=error)
            result = Fault("internal", "the review failed")
        if isinstance(result, Fault):
            return unjudgeable(self.reviewer, document, kind, provider, result)
        judged: Judged = result
        return judged

    async def corrections(self, body: bytes, lang: Lang) -> Corrections:
        """Return the corrections of the submission in a body; none if looking for them exceeds the deadline."""
        if self.processes is None:
            return correct_body(self.reviewer, body, lang)
        result = await self.attempt("correct_body", body, lang, size=len(body))
        found: Corrections = NO_CORRECTIONS if isinstance(result, Fault) else result
        return found

    async def explanation(self, body: bytes, about: str, lang: Lang) -> Explanation | Fault:
        """Return why a rule or a word was or was not flagged in a body, or the fault that prevented the answer."""
        if self.processes is None:
            return explain_body(self.reviewer, body, about, lang)
        found: Explanation | Fault = await self.attempt("explain_body", body, about, lang, size=len(body))
        return found

    async def restatements(self, body: bytes, lang: Lang) -> dict[str, dict[str, Any]]:
        """Return the submission in a body as providers with other placeholders write it; none beyond the deadline."""
        if self.processes is None:
            return restate_body(self.reviewer, body, lang)
        result = await self.attempt("restate_body", body, lang, size=len(body))
        found: dict[str, dict[str, Any]] = {} if isinstance(result, Fault) else result
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
            result = await self.attempt("review_slice", index, [item], lang, size=size)
            if isinstance(result, Fault):
                result = await asyncio.to_thread(fault_in_item, self.reviewer, item, result, lang)
            yield result

    async def attempt(self, task: str, *arguments: Any, size: int) -> Any:
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


async def load_revision(
    settings: Settings, metrics: Metrics, content: OwnContent, processes: int | None
) -> Revision:
    """Return a revision whose processes are ready; none are started for `processes` None.

    The Reviewer is built in a thread, so that the event loop stays free. With processes, this process needs the content
    only: building the automaton and the dictionary would hold the interpreter, and with it `/healthz`, for long. Raises
    ContentError with the paths of the original files.
    """
    reading = await asyncio.to_thread(content.unpacked, settings)
    check = content.trust if content.check_trust is not None else None
    try:
        with frequent_switches():
            reviewer = await asyncio.to_thread(build, reading, processes is None, check)
    except ContentError as error:
        raise content.explained(error) from error
    # The loaded content lives long: the garbage collector need not scan it again. Collecting first would hold the event
    # loop for half a second.
    gc.freeze()
    revision = Revision(settings, metrics, content, reviewer)
    if processes is not None:  # not earlier, since they read the startup cache that this one wrote
        revision.processes = ReviewProcesses(
            settings, processes, lambda: content.unpacked(settings), reviewer.revision
        )
        try:
            await revision.processes.start()
        except asyncio.CancelledError:
            await revision.stop()
            raise
    return revision
