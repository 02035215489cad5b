"""Changes the content in service: reload, shadow, promotion, roll-back; and follows what another worker changed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Final

from smsvet import ContentError
from smsvet.model import Lang

from ..store.content import revision_list, revisions
from ..store.content.revision_list import CONFIGURED, InService, StoredRevision
from ..store.content.revisions import Loaded
from ..wording import say
from .content_outcomes import archived, content_refused, loaded_of, refuse, revision_gone, stored_state
from .logs import LOGGER
from .own_content import OwnContent, Places, places_of, read_content
from .problems import ProblemError
from .revision import Revision, load_revision
from .service import Service
from .shadow import Shadow
from .storage import Storage

FOLLOW: Final = 3.0
"""Seconds between two looks at the active revision in the store."""
SHADOW_PROCESSES: Final = 1
SYSTEM: Final = "system"


class ContentControl:
    """Keeps the revision in service the same in the store, in this worker and in the others."""

    def __init__(self, service: Service, storage: Storage) -> None:
        self.service = service
        self.storage = storage
        self.shadow: Shadow | None = None
        self._changing = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None
        self._unloadable: set[str] = set()
        self._unrecorded: Loaded | None = None

    async def start(self) -> None:
        """Load the configured content, or the revision that a promotion or a roll-back has put in service since.

        Content that is refused leaves the active revision of the store in service. Without either, the service is not
        ready.
        """
        try:
            await self._load_first()
        except Exception as error:  # noqa: BLE001 - the service stays up, so that /readyz can report the failure
            self.service.failed(error)
        self._following = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Stop to follow, and end the shadow's processes."""
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following
        if self.shadow is not None:
            await self.shadow.stop()

    def offer(self, submission_id: int, document: dict[str, Any], verdict: dict[str, Any]) -> None:
        """Have a stored submission judged by the shadow as well, if there is one. Returns at once."""
        if self.shadow is not None:
            self.shadow.offer(submission_id, document, verdict)

    async def reload(self, lang: Lang, actor: str) -> StoredRevision | None:
        """Switch to the content at the configured places if it has changed since it was read last.

        Returns the active revision. Raises ProblemError `content-refused` with file, line and key: the active revision
        stays.
        """
        places = places_of(self.service.settings)
        async with self._changing:
            state = await self.storage.run(lang, revision_list.in_service)
            revision = None
            try:
                content = await asyncio.to_thread(read_content, places)
                if state.configured != content.digest or self.service.active is None:
                    revision = await self.service.prepare(content)
            except ContentError as error:
                await refuse(self.storage, actor, places, error)
                raise content_refused(error, lang) from error
            if revision is not None:
                await self._switch(lang, revision, revisions.record_loaded, actor, loaded_of(revision))
        return (await self.follow(lang)).active

    async def begin_shadow(self, lang: Lang, actor: str, places: Places) -> StoredRevision:
        """Load a shadow revision beside the active one, in place of another shadow, and return it.

        Raises ProblemError `content-refused`.
        """
        async with self._changing:
            try:
                content = await asyncio.to_thread(read_content, places)
                revision = await self._load_shadow(content)
            except ContentError as error:
                raise content_refused(error, lang) from error
            try:
                row = await self.storage.run(lang, revisions.record_shadow, actor, loaded_of(revision))
            except ProblemError:
                await self.service.discard(revision)
                raise
            await self._set_shadow(Shadow(revision, self.storage))
        return row

    async def end_shadow(self, lang: Lang, actor: str) -> StoredRevision:
        """End the shadow and return it. Raises ProblemError without one."""
        async with self._changing:
            row = await self.storage.run(lang, revisions.end_shadow, actor)
            await self._set_shadow(None)
        return row

    async def promote(self, lang: Lang, actor: str, note: str) -> StoredRevision:
        """Make the shadow the active revision, and return it. Raises ProblemError without one."""
        await self.follow(lang)
        async with self._changing:
            if self.shadow is None:
                raise ProblemError(
                    "not-found", say(lang, "没有影子版本", "There is no shadow revision"), lang=lang
                )
            try:
                revision = await self.service.prepare(self.shadow.revision.content)
            except ContentError as error:
                raise content_refused(error, lang) from error
            row = await self._switch(
                lang, revision, revisions.record_promoted, actor, loaded_of(revision), note
            )
            await self._set_shadow(None)
        return row

    async def roll_back(self, lang: Lang, actor: str, note: str, name: str | None) -> StoredRevision:
        """Make an earlier revision the active one again, and return it; by default the one before.

        Raises ProblemError: `not-found`, or `revision-gone` if its content cannot be loaded any more.
        """
        async with self._changing:
            target = await self.storage.run(lang, revision_list.earlier_revision, name)
            state = await self.storage.run(lang, revision_list.in_service)
            revision = await self.archived_revision(
                lang, target.revision, self.service.settings.review_processes
            )
            seen = None if state.active is None else state.active.id
            return await self._switch(
                lang,
                revision,
                revisions.record_rolled_back,
                actor,
                loaded_of(revision, target.places),
                note,
                seen,
            )

    async def archived_revision(self, lang: Lang, name: str, processes: int) -> Revision:
        """Return a revision loaded from its archive. Raises ProblemError `revision-gone`."""
        content = await archived(self.storage, name)
        if content is not None:
            with contextlib.suppress(ContentError):
                revision = await load_revision(
                    self.service.settings, self.service.metrics, content, processes
                )
                if revision.name == name and revision.processes is not None and revision.processes.alive:
                    return revision
                await self.service.discard(revision)
        raise revision_gone(lang, name)

    async def follow(self, lang: Lang) -> InService:
        """Load what the store says should be in service, and return it. Raises ProblemError if the store is down."""
        async with self._changing:
            state = await self.storage.run(lang, revision_list.in_service)
            if self._unrecorded is not None:
                if state.configured != self._unrecorded.content:
                    await self.storage.run(lang, revisions.record_loaded, SYSTEM, self._unrecorded)
                    state = await self.storage.run(lang, revision_list.in_service)
                self._unrecorded = None
            active = self.service.active
            if state.active is not None and (active is None or active.name != state.active.revision):
                revision = await self._followed(state.active.revision, self.service.settings.review_processes)
                if revision is not None:
                    await self.service.switch(revision)
            shadow = None if self.shadow is None else self.shadow.revision.name
            if state.shadow is None and self.shadow is not None:
                await self._set_shadow(None)
            elif state.shadow is not None and state.shadow.revision != shadow:
                revision = await self._followed(state.shadow.revision, SHADOW_PROCESSES)
                if revision is not None:
                    await self._set_shadow(Shadow(revision, self.storage))
        return state

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(FOLLOW)
            try:
                await self.follow("en")
            except ProblemError:  # the store is down: the revision in service stays
                continue
            except Exception as error:  # noqa: BLE001 - the next look may succeed
                LOGGER.error("revision not followed", exc_info=error)

    async def _followed(self, name: str, processes: int) -> Revision | None:
        """Return a revision that another worker put in service, None if it cannot be loaded; it is tried only once."""
        if name in self._unloadable:
            return None
        try:
            return await self.archived_revision("en", name, processes)
        except ProblemError as problem:
            self._unloadable.add(name)
            LOGGER.error("revision not followed", extra={"facts": {"revision": name, "why": problem.detail}})
            return None

    async def _switch(
        self, lang: Lang, revision: Revision, record: Callable[..., StoredRevision], *arguments: Any
    ) -> StoredRevision:
        """Record a revision, then answer with it. Without the record there is not a switch."""
        try:
            row = await self.storage.run(lang, record, *arguments)
        except ProblemError:
            await self.service.discard(revision)
            raise
        await self.service.switch(revision)
        return row

    async def _load_shadow(self, content: OwnContent) -> Revision:
        return await load_revision(self.service.settings, self.service.metrics, content, SHADOW_PROCESSES)

    async def _set_shadow(self, shadow: Shadow | None) -> None:
        before, self.shadow = self.shadow, shadow
        if shadow is not None:
            shadow.start()
        if before is not None:
            await before.stop()

    async def _load_first(self) -> None:
        state = await stored_state(self.storage)
        content, error = await self._chosen(state)
        if content is not None:
            try:
                await self._begin(content, state)
            except ContentError as refused:
                await refuse(self.storage, SYSTEM, places_of(self.service.settings), refused)
                error = refused
        if (
            self.service.active is None
            and error is not None
            and state is not None
            and state.active is not None
        ):
            content = await archived(self.storage, state.active.revision)
            if content is not None:
                with contextlib.suppress(ContentError):
                    await self._begin(content, state)
        if self.service.active is None and error is not None:
            raise error

    async def _chosen(self, state: InService | None) -> tuple[OwnContent | None, ContentError | None]:
        """Return the content to start with, or why there is none."""
        places = places_of(self.service.settings)
        try:
            configured = await asyncio.to_thread(read_content, places)
        except ContentError as error:
            await refuse(self.storage, SYSTEM, places, error)
            return None, error
        if state is None or state.active is None or state.configured != configured.digest:
            return configured, None
        if state.active.content == configured.digest:
            return configured, None
        return await archived(self.storage, state.active.revision) or configured, None

    async def _begin(self, content: OwnContent, state: InService | None) -> None:
        revision = await load_revision(
            self.service.settings, self.service.metrics, content, self.service.settings.review_processes
        )
        await self.service.switch(revision)
        way = CONFIGURED if content.shown else state.active.way if state and state.active else CONFIGURED
        places = content.shown or (state.active.places if state and state.active else {})
        loaded = loaded_of(revision, places)
        try:
            await self.storage.run("en", revisions.record_loaded, SYSTEM, loaded, way)
        except ProblemError:  # the store is down: it learns of the revision when it is back
            self._unrecorded = loaded
