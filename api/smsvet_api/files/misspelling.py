"""Headings that are probably a misspelt name of ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_ALIKE: Final = (
    "板版扳",
    "模摸膜",
    "容荣溶",
    "型形性行",
    "签鉴笺簽",
    "名明铭",
    "码玛",
    "短段",
    "信讯",
    "数树",
    "参叁",
    "备倍",
    "注住",
)
"""Characters that input methods and eyes confuse."""
_FIRST: Final = {ord(other): group[0] for group in _ALIKE for other in group}
_SHORTEST: Final = 4
"""Code points of the longer word from which one more, one fewer or two exchanged are a slip and not another word."""
_SHORTEST_LATIN: Final = 5
_LONGEST: Final = 24


def misspelt(heading: str, names: Iterable[str]) -> str | None:
    """Return the name that a heading most likely misspells, None for a name itself and for any other word.

    In Chinese another character is another word (客户名称, 账户名称) unless the two are easily confused: 模版, 模板.
    """
    if not 2 <= len(heading) <= _LONGEST or heading in names:
        return None
    alike = heading.translate(_FIRST)
    return next((name for name in names if alike == name.translate(_FIRST) or _is_slip(heading, name)), None)


def _is_slip(heading: str, name: str) -> bool:
    """Return whether one character is added, left out or exchanged with the next; letters may be replaced too."""
    latin = name.isascii()
    shorter, longer = sorted((heading, name), key=len)
    if len(longer) < (_SHORTEST_LATIN if latin else _SHORTEST) or latin != heading.isascii():
        return False
    if any(one.isdigit() for one in heading) or len(longer) - len(shorter) > 1:
        return False
    if len(shorter) < len(longer):
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    places = [at for at in range(len(name)) if heading[at] != name[at]]
    if len(places) == 1:
        return latin
    return (
        len(places) == 2
        and heading == name[: places[0]] + name[places[1]] + name[places[0]] + name[places[1] + 1 :]
    )
