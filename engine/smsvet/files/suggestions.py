"""Suggest known names for a name that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

_MOST = 3
"""Suggestions for one name."""

_LIKE = 0.55
"""Similarity from which on a name is suggested, from 0 to 1."""

_MARGIN = 0.07
"""Similarity by which a suggestion may fall behind the best one."""


def suggestions(name: str, known: Iterable[str], titles: Mapping[str, str] | None = None) -> list[str]:
    """Return the known names closest to `name`, best first. `titles` maps further names to known ones."""
    known, titles = list(known), titles or {}
    lowered = name.casefold()
    titled = [known_name for title, known_name in titles.items() if lowered == title.casefold()]
    near = _near(lowered, known) if lowered.isascii() else []
    inside = [other for other in known if len(lowered) > 2 and lowered in other]
    named = [
        known_name for title, known_name in titles.items() if len(name) > 1 and lowered in title.casefold()
    ]
    return list(dict.fromkeys([*titled, *inside[:1], *near, *inside, *named]))[:_MOST]


def _near(name: str, known: list[str]) -> list[str]:
    """Return the names almost as similar as the most similar one."""
    found = difflib.get_close_matches(name, known, _MOST, _LIKE)
    ratios = [difflib.SequenceMatcher(None, other, name).ratio() for other in found]
    return [other for other, ratio in zip(found, ratios, strict=True) if ratio > ratios[0] - _MARGIN]


def did_you_mean(found: Iterable[str]) -> tuple[str, str]:
    """Return a question with suggestions in English and in Chinese, to append to an error; empty if there are none."""
    found = list(found)
    if not found:
        return "", ""
    return f"; did you mean {', '.join(found)}?", f"；是否为 {'、'.join(found)}？"
