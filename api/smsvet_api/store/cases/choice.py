"""A reviewer's decision as it is sent, and which reason it owes where it does not follow the machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from ..errors import RefusedError

Decision = Literal["approve", "reject"]
Overturn = Literal["false_alarm", "documents_added", "rule_outdated", "purpose_allows", "other"]
OVERTURNS: Final[tuple[Overturn, ...]] = get_args(Overturn)
"""Why a machine's finding is not followed; the numerator of a rule's precision."""

MOST_REASONS: Final = 20
LONGEST_NOTE: Final = 4000
LONGEST_MESSAGE: Final = 2000
_REASON: Final = re.compile("[a-z0-9][a-z0-9/_.-]{0,127}")
_IDEM: Final = re.compile("[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision as it is sent."""

    decision: Decision
    reasons: tuple[str, ...] = ()
    """Ids of rules, or reasons of the house: `house/NAME`. A reject has at least one."""
    overturn: Overturn | None = None
    note: str = ""
    """Internal."""
    message: str = ""
    """To the submitter."""


def check_choice(choice: Choice, idem: str) -> None:
    """Raise RefusedError naming the first field that cannot be taken."""
    if choice.decision not in get_args(Decision):
        raise RefusedError("decision", "应为 approve 或 reject", "expected approve or reject")
    if not _IDEM.fullmatch(idem):
        raise RefusedError(
            "idem", "应为 8 至 64 个字母、数字、- 或 _", "expected 8 to 64 letters, digits, - or _"
        )
    if len(choice.reasons) > MOST_REASONS or len(set(choice.reasons)) < len(choice.reasons):
        raise RefusedError(
            "reasons", f"最多 {MOST_REASONS} 个，不能重复", f"at most {MOST_REASONS}, each once"
        )
    if not all(map(_REASON.fullmatch, choice.reasons)):
        raise RefusedError("reasons", "应为规则 id 或 house/名称", "expected ids of rules, or house/NAME")
    if choice.decision == "reject" and not choice.reasons:
        raise RefusedError("reasons", "拒绝时至少选择一个原因", "a reject needs a reason at least")
    if choice.overturn is not None and choice.overturn not in OVERTURNS:
        known = ", ".join(OVERTURNS)
        raise RefusedError("overturn", f"应为 {known} 之一", f"expected one of {known}")
    for field, text, most in (
        ("note", choice.note, LONGEST_NOTE),
        ("message", choice.message, LONGEST_MESSAGE),
    ):
        check_text(field, text, most)
    if choice.overturn == "other" and not choice.note.strip():
        raise RefusedError("note", "选择“其他”时请说明", "explain the reason other")


def check_text(field: str, text: str, most: int) -> None:
    """Raise RefusedError for a text that is too long, or has a character that PostgreSQL refuses."""
    if len(text) > most:
        raise RefusedError(field, f"最多 {most} 字", f"at most {most} characters")
    if "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise RefusedError(field, "含有无法保存的字符", "has a character that cannot be stored")


def needs_overturn(document: dict[str, Any] | None, choice: Choice) -> bool:
    """Return whether a choice contradicts a verdict: an approve against a reject finding, a reject without any finding.

    `document` is the verdict as JSON, None once its text was deleted.
    """
    strictness = {one["decision"] for one in (document or {}).get("findings", ())} - {"approve"}
    return "reject" in strictness if choice.decision == "approve" else not strictness


def check_overturn(document: dict[str, Any] | None, choice: Choice, *, blind: bool) -> None:
    """Raise RefusedError if the reason of an overturn is missing, or given where nothing is overturned.

    A blind case needs none: the demand would show the verdict.
    """
    if document is None and not blind:
        return
    needed = not blind and needs_overturn(document, choice)
    if needed and choice.overturn is None:
        raise RefusedError(
            "overturn",
            "与机器结论不符，请选择原因",
            "this contradicts the machine's findings: give the reason",
        )
    if not needed and choice.overturn is not None:
        raise RefusedError("overturn", "没有推翻机器结论", "this contradicts no finding")
