"""Names the browser of a session."""

from __future__ import annotations

from typing import Final

_BROWSERS: Final = (
    ("MicroMessenger/", "WeChat"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"), ("python", "Python"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_LONGEST: Final = 60


def browser_name(agent: str) -> str:
    """Return a browser's name and system, such as `Firefox · Windows`; an unknown one's own words; else an empty text.

    `agent` is the header `User-Agent`. Browsers name others too, so the first match counts.
    """
    found = (next((name for part, name in names if part in agent), None) for names in (_BROWSERS, _SYSTEMS))
    known = [name for name in found if name]
    return " · ".join(known) if known else agent.strip()[:_LONGEST]
