"""Web addresses in a normalised text: full URLs, bare domains, IP addresses, disguised ones, and placeholders.

A domain ends with a suffix from the ICANN part of the public suffix list bundled with `publicsuffixlist`. Sources of
the forms: SEED, H-VAR, OWN.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from itertools import takewhile
from typing import Literal

from ..model import Link, Placeholder
from .domains import (
    Suffixes,
)
from .link_places import PORT, LinkPlace, bare_places, disguised_places, held_places, schemed_places
from .text import HOLE, Text

_PATH = re.compile(rf"[/?#\\][a-z0-9._~:/?#\\@$&'*+=%|{HOLE}-]*")
_HOLE_RUN = re.compile(f"{HOLE}+")


_DOT_THEN_NAME = re.compile(
    rf"\.[ \])]?(?:[a-z{HOLE}\u00df-\u024f\u0370-\u052f]|xn--|中国|公司|网络|集团)|\.[0-9]{{1,3}}\.[0-9]"
)
_WORD_THEN_NAME = re.compile(r"[。、] ?[a-z]{2}")
_POINT_THEN_NAME = re.compile(r"[点店丶] ?[\])}]? ?[a-z0-9]{2}")
_MIXED = re.compile(r"[a-z][0-9-]*[\u0370-\u052f]|[\u0370-\u052f][0-9-]*[a-z]")
_POINT = re.compile("[点店丶]")
_WIDE_MARKS = "：？＃＊＂＇"
_WIDE_MARK = re.compile(f"[{_WIDE_MARKS}]")


def find_links(text: Text, suffixes: Suffixes) -> tuple[Link, ...]:
    """Return the web addresses of a text, in order and without overlaps."""
    folded = text.folded
    if not may_have_link(folded, bool(text.placeholders)):
        return ()
    worded = _is_worded(folded)
    dotted = "." in folded and _DOT_THEN_NAME.search(folded) is not None
    schemed = "//" in folded or "http" in folded or "hxxp" in folded
    held = bool(text.placeholders) and "/" in folded
    places: list[LinkPlace] = []
    covered = bytearray(len(folded))
    if worded or " ." in folded or ". " in folded or "[.]" in folded or "(.)" in folded:
        _add(text, places, covered, disguised_places(folded, suffixes))
    if schemed:
        _add(text, places, covered, schemed_places(text, suffixes))
    if dotted:
        _add(text, places, covered, bare_places(text, suffixes))
    if held:
        _add(text, places, covered, held_places(folded))
    places.sort(key=lambda place: place.start)
    return tuple(_link(text, place, suffixes) for place in places)


CUES = "./·•点丶abcdefghijklmnopqrstuvwxyz"
"""Every web address contains at least one of these characters."""


def may_have_link(folded: str, holes: bool) -> bool:
    """Return whether a normalised text may contain a web address; `holes` is true if it has placeholders."""
    return (
        ("." in folded and _DOT_THEN_NAME.search(folded) is not None)
        or "//" in folded
        or "http" in folded
        or "hxxp" in folded
        or (holes and "/" in folded)
        or _is_worded(folded)
    )


def _is_worded(folded: str) -> bool:
    # A Chinese full stop is common in prose, so it counts only before Latin letters.
    return (
        (("。" in folded or "、" in folded) and _WORD_THEN_NAME.search(folded) is not None)
        or (_POINT.search(folded) is not None and _POINT_THEN_NAME.search(folded) is not None)
        or "dot" in folded
        or "·" in folded
        or "•" in folded
    )


def _add(text: Text, places: list[LinkPlace], covered: bytearray, found: Iterable[LinkPlace]) -> None:
    """Append the places that do not overlap earlier ones, each extended by the port and path after its host."""
    for place in found:
        port = PORT.match(text.folded, place.host[1])
        place.path = port.end() if port else place.host[1]
        path = _PATH.match(text.folded, place.path)
        place.end = _path_end(text, path) if path else place.path
        if 1 not in covered[place.start : place.end]:
            covered[place.start : place.end] = b"\x01" * (place.end - place.start)
            places.append(place)


def _holds(text: Text, start: int, end: int) -> tuple[Placeholder, ...]:
    if not text.placeholders:
        return ()
    span = text.span(start, end)
    if span.start >= text.placeholders[-1].span.end:
        return ()
    first = bisect_right(text.placeholders, span.start, key=lambda one: one.span.end)
    return tuple(takewhile(lambda one: one.span.start < span.end, text.placeholders[first:]))


def _link(text: Text, place: LinkPlace, suffixes: Suffixes) -> Link:
    folded, end = text.folded, place.end
    labels = place.labels
    held = HOLE in labels
    kind: Literal["url", "domain", "ip", "disguised", "variable"] = "domain"
    if held:
        kind = "variable"
    elif place.disguised or _MIXED.search(labels):
        kind = "disguised"
    elif place.ip:
        kind = "ip"
    elif place.scheme is not None or folded[place.start : place.host[0]]:
        kind = "url"
    span = text.span(place.start, end)
    whole = not labels.replace(HOLE, "").strip(".")
    return Link(
        span,
        text.quote(span),
        kind,
        "" if whole else _with_holds(text, labels, _holds(text, *place.host)) if held else labels,
        None if held or place.ip else suffixes.registrable(labels),
        _as_submitted(text, place.path, end),
        place.scheme,
        _holds(text, place.start, end),
    )


def _path_end(text: Text, path: re.Match[str]) -> int:
    end = path.end()
    if text.origins is not None and _WIDE_MARK.search(text.original):
        for index in range(path.start(), end):
            # Full-width marks become ASCII when normalised. They end a sentence and are never part of an address.
            if text.original[text.origins[index]] in _WIDE_MARKS:
                end = index
                break
    while end > path.start() and text.folded[end - 1] in ".:?#'*|\\$&+~@":
        end -= 1
    return end


def _with_holds(text: Text, labels: str, holds: tuple[Placeholder, ...]) -> str:
    left = iter(holds)

    def stand(run: re.Match[str]) -> str:
        taken, size = "", len(run.group())
        while len(taken) < size and (hold := next(left, None)) is not None:
            taken += hold.text
        return taken

    return _HOLE_RUN.sub(stand, labels)


def _as_submitted(text: Text, start: int, end: int) -> str:
    """Return [start, end) of the normalised text with the submitted case, because short links have mixed case."""
    if start == end:
        return ""
    plain = text.folded[start:end]
    first = start if text.origins is None else text.origins[start]
    submitted = text.original[first : first + end - start]
    if submitted.isascii() and submitted.lower() == plain:
        return submitted
    letters: list[str] = []
    for index in range(start, end):
        folded = text.folded[index]
        origin = index if text.origins is None else text.origins[index]
        given = unicodedata.normalize("NFKC", text.original[origin])
        letters.append(given if folded == HOLE or given.lower() == folded else folded)
    return "".join(letters)
