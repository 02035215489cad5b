"""Suggest known names for a name that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

_MOST = 3
"""Suggestions for one name."""

_LIKE = 0.55
"""Similarity from which on a name is suggested, from 0 to 1."""


def suggestions(name: str, known: Iterable[str], titles: Mapping[str, str] | None = None) -> list[str]:
    """Return the known names closest to `name`, best first. `titles` maps further names to known ones."""
    known, titles = list(known), titles or {}
    lowered = name.casefold()
    titled = [known_name for title, known_name in titles.items() if lowered == title.casefold()]
    near = difflib.get_close_matches(lowered, known, _MOST, _LIKE)
    inside = [other for other in known if len(lowered) > 2 and lowered in other]
    named = [
        known_name for title, known_name in titles.items() if len(name) > 1 and lowered in title.casefold()
    ]
    if not lowered.isascii():
        near = []
    return list(dict.fromkeys([*titled, *inside[:1], *near, *inside, *named]))[:_MOST]


def did_you_mean(found: Iterable[str]) -> tuple[str, str]:
    """Return a question with suggestions in English and in Chinese, to append to an error; empty if there are none."""
    found = list(found)
    if not found:
        return "", ""
    return f"; did you mean {', '.join(found)}?", f"；是否为 {'、'.join(found)}？"
