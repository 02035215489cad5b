"""What the store and the caller get to know of content: a loaded revision, or why there is none."""

from __future__ import annotations

from typing import Any

import smsvet
from smsvet import ContentError
from smsvet.model import Lang

from ..store.content.revisions import Loaded
from ..wording import say
from .problems import ProblemError
from .revision import Revision


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
