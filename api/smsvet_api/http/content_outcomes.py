"""Outcomes of loading content: the record for the store, or the problem for the caller."""

from __future__ import annotations

import contextlib
from typing import Any

import smsvet
from smsvet import ContentError
from smsvet.model import Lang

from ..store.content import revision_list
from ..store.content.revision_list import InService
from ..store.content.revisions import Loaded, record_refused
from ..wording import say
from .logs import LOGGER
from .own_content import OwnContent, Places
from .problems import ProblemError
from .revision import Revision
from .storage import Storage


def revision_gone(lang: Lang, name: str) -> ProblemError:
    """Return the problem for a revision whose content cannot be loaded any more."""
    detail = say(
        lang,
        f"版本 {name} 的内容已无法载入：未存档，或属于另一版本的 smsvet",
        f"The content of revision {name} cannot be loaded any more: it was not archived, or belongs to another smsvet",
    )
    return ProblemError("revision-gone", detail, lang=lang)


def content_refused(error: ContentError, lang: Lang) -> ProblemError:
    """Return the problem for content with errors, one for each line of its detail."""
    return ProblemError("content-refused", error.say(lang), lang=lang)


def loaded_of(revision: Revision, places: dict[str, Any] | None = None) -> Loaded:
    """Return a revision as it is recorded."""
    content = revision.content
    return Loaded(revision.name, places or content.shown, content.digest, content.archive, smsvet.__version__)


async def stored_state(storage: Storage) -> InService | None:
    """Return the revisions that should be in service; None while the store is down."""
    try:
        return await storage.run("en", revision_list.in_service)
    except ProblemError:
        return None


async def archived(storage: Storage, name: str) -> OwnContent | None:
    """Return the archived content of a revision, None without one and while the store is down."""
    try:
        archive = await storage.run("en", revision_list.archive_of, name)
    except ProblemError:
        return None
    return None if archive is None else OwnContent(archive.data)


async def refuse(storage: Storage, actor: str, places: Places, error: ContentError) -> None:
    """Log and record refused content; while the store is down, only the log has it."""
    lines = zip(error.chinese.split("\n"), str(error).split("\n"), strict=False)
    errors = [{"zh": chinese, "en": english} for chinese, english in lines]
    LOGGER.error("content refused", extra={"facts": {"errors": [line["en"] for line in errors]}})
    with contextlib.suppress(ProblemError):
        await storage.run("en", record_refused, actor, places.shown, errors, smsvet.__version__)
