"""The form that loads a shadow revision: the places of its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from smsvet.model import Lang

from ...http.content_places import shadow_places
from ...http.own_content import Places
from ...http.problems import FieldError, invalid_fields
from ...http.settings import Settings
from ...wording import say

MOST_FOLDERS: Final = 20
LONGEST: Final = 1000
LONGEST_NOTE: Final = 2000
"""Code points, as in the API."""


@dataclass(frozen=True, slots=True)
class ShadowForm:
    """The places as they were sent. An empty one stands for the service's own, unless `without_` is set."""

    rules: str = ""
    policy: str = ""
    model: str = ""
    without_policy: bool = False
    without_model: bool = False

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> ShadowForm:
        """Return the form as it was sent."""
        most = LONGEST * MOST_FOLDERS
        rules, policy, model = (sent.get(name, "").strip()[:most] for name in ("rules", "policy", "model"))
        return cls(rules, policy, model, "without_policy" in sent, "without_model" in sent)

    def places(self, settings: Settings, lang: Lang) -> Places:
        """Return the places. Raises ProblemError for one that the operator does not allow."""
        folders = [line.strip() for line in self.rules.split("\n") if line.strip()]
        if len(folders) > MOST_FOLDERS:
            message = say(lang, f"最多 {MOST_FOLDERS} 个文件夹", f"{MOST_FOLDERS} folders at most")
            raise invalid_fields([FieldError(field="rules", message=message)], lang)
        return shadow_places(
            settings,
            folders or None,
            "" if self.without_policy else self.policy or None,
            "" if self.without_model else self.model or None,
            lang,
        )


def required_note(sent: Mapping[str, str], lang: Lang) -> str:
    """Return the note of a form. Raises ProblemError without one."""
    note = sent.get("note", "").strip()[:LONGEST_NOTE]
    if not note:
        message = say(lang, "请写明为什么启用此版本", "Say why this revision becomes the active one")
        raise invalid_fields([FieldError(field="note", message=message)], lang)
    return note
