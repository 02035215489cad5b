"""The state shared by all requests: settings, metrics and the revision in service."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

from smsvet import ContentError, Reviewer
from smsvet.explain import Explanation
from smsvet.model import Fault, Lang

from ..store.submissions.drafts import Draft
from ..wording import say
from .judging import Judged
from .logs import LOGGER
from .metrics import Metrics
from .own_content import OwnContent, places_of, read_content
from .problems import ProblemError
from .processes import ReviewProcesses
from .reviewing import Answer
from .revision import Revision, load_revision
from .settings import Settings
from .trials import Corrections


@dataclass(slots=True)
class Service:
    """The state of one application."""

    settings: Settings
    metrics: Metrics = field(default_factory=Metrics)
    active: Revision | None = None
    """The revision that answers; a request is answered wholly by the one that was active when it began."""
    failure: str | None = None
    """Why the rules could not be loaded: one line for each error, with file, line and key."""
    _retiring: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def reviewer(self) -> Reviewer | None:
        """Return the Reviewer of the active revision, None before it is loaded."""
        return None if self.active is None else self.active.reviewer

    @property
    def processes(self) -> ReviewProcesses | None:
        """Return the processes that review; None: reviews run on the event loop."""
        return None if self.active is None else self.active.processes

    async def start(self) -> None:
        """Load the rules, then start the review processes; on failure, set `failure`."""
        await self.load(self.settings.review_processes)

    async def load(self, processes: int | None = None) -> None:
        """Load the rules; with `processes`, review in so many processes. On failure, set `failure`."""
        if self.active is not None:
            return
        try:
            content = await asyncio.to_thread(read_content, places_of(self.settings))
            await self.switch(await load_revision(self.settings, self.metrics, content, processes))
        except Exception as error:  # noqa: BLE001 - the service stays up, so that /readyz can report the failure
            self.failed(error)

    def failed(self, error: Exception) -> None:
        """Record and log why the rules could not be loaded."""
        if isinstance(error, ContentError):
            self.failure = str(error)
            LOGGER.error("rules not loaded", extra={"facts": {"errors": self.failure.split("\n")}})
        else:
            self.failure = type(error).__name__
            LOGGER.error("rules not loaded", exc_info=error)

    async def prepare(self, content: OwnContent) -> Revision:
        """Return a revision that can take over. Raises ContentError, also if none of its processes could start."""
        revision = await load_revision(self.settings, self.metrics, content, self.settings.review_processes)
        if revision.processes is not None and not revision.processes.alive:
            await revision.stop()
            raise ContentError("no review process could start", "审核进程无法启动")
        return revision

    async def reload(self) -> Revision:
        """Read the content at the configured places again and switch to it; return the active revision.

        Raises ContentError if it is refused: the active revision stays.
        """
        content = await asyncio.to_thread(read_content, places_of(self.settings))
        revision = await self.prepare(content)
        if self.active is not None and revision.name == self.active.name:
            await self.discard(revision)
            return self.active
        await self.switch(revision)
        return revision

    async def switch(self, revision: Revision) -> None:
        """Answer all further requests with a revision; the one before ends after the requests in work with it."""
        before, self.active, self.failure = self.active, revision, None
        self.metrics.ready(revision.name)
        facts = {"revision": revision.name, "rules": len(revision.reviewer.rules)}
        LOGGER.info("ready", extra={"facts": facts})
        if before is not None:
            task = asyncio.create_task(self.discard(before))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    async def discard(self, revision: Revision) -> None:
        """End a revision after the requests in work with it, and free its memory."""
        await revision.retire()
        del revision
        gc.unfreeze()  # frozen objects are never collected, and the content has cycles
        gc.collect()
        gc.freeze()

    async def settled(self) -> None:
        """Wait until all earlier revisions have ended."""
        await asyncio.gather(*self._retiring)

    async def stop(self) -> None:
        """End the review processes."""
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        if self.active is not None:
            await self.active.stop()

    def ready(self, lang: Lang) -> Reviewer:
        """Return the Reviewer. Raises ProblemError with the reason if it is not loaded."""
        return self.loaded(lang).reviewer

    def loaded(self, lang: Lang) -> Revision:
        """Return the active revision. Raises ProblemError with the reason if none is loaded."""
        if self.active is not None:
            return self.active
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

    @contextlib.contextmanager
    def revision(self, lang: Lang) -> Iterator[Revision]:
        """Provide the active revision for one request. Raises ProblemError with the reason if none is loaded."""
        with self.loaded(lang).in_use() as revision:
            yield revision

    async def review(self, body: bytes, lang: Lang) -> Answer:
        """Return the verdict on the submission in a request body, as `Revision.review` does."""
        with self.revision(lang) as revision:
            return await revision.review(body, lang)

    async def review_batch(self, body: bytes, lang: Lang) -> AsyncIterator[Answer]:
        """Yield the results of a batch, as `Revision.review_batch` does."""
        with self.revision(lang) as revision:
            async for answer in revision.review_batch(body, lang):
                yield answer

    async def read_draft(self, body: bytes, lang: Lang) -> Draft:
        """Return the submission in a request body, as `Revision.read_draft` does."""
        with self.revision(lang) as revision:
            return await revision.read_draft(body, lang)

    async def judge(self, document: dict[str, Any], kind: str, provider: str, lang: Lang) -> Judged:
        """Return the verdict on a stored submission, as `Revision.judge` does."""
        with self.revision(lang) as revision:
            return await revision.judge(document, kind, provider, lang)

    async def corrections(self, body: bytes, lang: Lang) -> Corrections:
        """Return the corrections of the submission in a body, as `Revision.corrections` does."""
        with self.revision(lang) as revision:
            return await revision.corrections(body, lang)

    async def explanation(self, body: bytes, about: str, lang: Lang) -> Explanation | Fault:
        """Return why a rule or a word was or was not flagged in a body, as `Revision.explanation` does."""
        with self.revision(lang) as revision:
            return await revision.explanation(body, about, lang)

    async def restatements(self, body: bytes, lang: Lang) -> dict[str, dict[str, Any]]:
        """Return the submission in a body as other providers write it, as `Revision.restatements` does."""
        with self.revision(lang) as revision:
            return await revision.restatements(body, lang)
