"""Recognition of opt-out wordings in marketing messages. Sources: T-ERR, A-TPL, H-IOT, B-TPL, OWN."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..text.text import HOLE

Wording = Literal["current", "legacy", "fixable"]


@dataclass(frozen=True, slots=True)
class Optout:
    """An opt-out wording found in a normalised text.

    `start` and `end` are half-open offsets in code points of the normalised text. `wording` is `current` (required
    by carriers today), `legacy` (the TD/T/N forms required before 2025) or `fixable` (understandable, but it must be
    rewritten). `at_end` is true if only closing marks or a trailing 【signature】 follow.
    """

    start: int
    end: int
    wording: Wording
    at_end: bool


_BEGIN = rf"(?<![a-z0-9{HOLE}])"
_STOP = rf"(?![a-z0-9{HOLE}])"
_QUOTE = "[\"'“”‘’「」:]?"
_REPLY = r"(?:请)?(?:直接)?(?:回复|回|发送|发)"
_OLD = rf"{_QUOTE} ?{_BEGIN}(?:td|t|n){_STOP} ?{_QUOTE}"
_NEW = rf"{_QUOTE} ?{_BEGIN}(?:r|0000|qx){_STOP} ?{_QUOTE}"
_OPEN = r"(?:退订|拒收)"
_TAIL = re.compile(r"[。.!~,;)\]》 \n]*(?:【[^【】]{1,40}】[。.! \n]*)?\Z")
_OTHER_REPLY = re.compile(r"(?:回复|回|发送|发) ?[\"'“‘「]?(?:[a-z](?![a-z])|[0-9](?![0-9]))")

_OTHER_CODE = re.compile(r"0000|qx")

_CURRENT = re.compile(rf"拒收请回复r{_STOP}")
_LEGACY = re.compile(
    rf"{_OPEN} ?,?{_REPLY} ?{_OLD}|{_REPLY} ?{_OLD}(?:退订|拒收)|{_REPLY} ?{_OLD}(?P<cancel>取消)"
    rf"|{_REPLY} ?{_QUOTE}{_BEGIN}(?P<bare>td|t|n){_STOP}{_QUOTE}"
)
_FIXABLE = re.compile(
    rf"{_OPEN} ?,?{_REPLY} ?{_NEW}|{_REPLY} ?{_NEW}(?:退订|拒收|取消)"
    rf"|{_REPLY} ?{_OLD}退(?!订|款|货|出|费|票|还)"
    rf"|退(?!订){_REPLY} ?{_OLD}|{_BEGIN}(?:td|t|r|n|qx|0000) ?(?:退订|拒收)"
    rf"|{_OPEN} ?:?{_BEGIN}(?:td|t|r|n|qx|0000){_STOP}"
    rf"|{_REPLY} ?{_QUOTE}{_BEGIN}(?P<bare>0000|qx){_STOP}{_QUOTE}"
)
OPTOUT_WORDINGS = (_CURRENT, _LEGACY, _FIXABLE)
"""Every wording that `find_optout` returns matches one of these patterns."""
_RANK: dict[Wording, int] = {"current": 2, "legacy": 1, "fixable": 0}


def find_optout(folded: str) -> Optout | None:
    """Return the opt-out wording of a normalised text, None where there is none.

    Of several, the current wording is preferred to the legacy one, and that to a fixable one. Ties go to the wording
    at the end, then to the last one.
    """
    if "回" not in folded and "发" not in folded and "退" not in folded and "拒收" not in folded:
        return None
    # Every wording contains a reply word.
    if "t" not in folded and "n" not in folded and "r" not in folded and not _OTHER_CODE.search(folded):
        return None
    found = [*_matches(folded, _CURRENT, "current"), *_matches(folded, _LEGACY, "legacy")]
    found = found or _matches(folded, _FIXABLE, "fixable")
    return max(found, key=lambda one: (_RANK[one.wording], one.at_end, one.start), default=None)


def _matches(folded: str, pattern: re.Pattern[str], wording: Wording) -> list[Optout]:
    found: list[Optout] = []
    for match in pattern.finditer(folded):
        groups = match.groupdict()
        at_end = _TAIL.match(folded, match.end()) is not None
        # "Reply N" and "reply N to cancel" may also be the answer to a question in the message.
        ambiguous = groups.get("bare") or groups.get("cancel")
        if ambiguous and (not at_end or _OTHER_REPLY.search(folded, 0, match.start())):
            continue
        if groups.get("bare") == "n":
            continue
        found.append(Optout(match.start(), match.end(), wording, at_end))
    return found
