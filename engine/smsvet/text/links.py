"""Find web addresses in a folded text: written out, bare, numeric, disguised, or made from a placeholder.

Source of the forms: standards sections 8.1 (lnk.detect), 10 (obf.dot_word) and 18. What is a domain is
decided by the ICANN part of the public suffix list bundled with `publicsuffixlist`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..model import Link, Placeholder
from .domains import (
    ABOUT_NAMES,
    CUE,
    CUE_BEFORE,
    DIGITS_ONLY,
    FOLLOWED,
    FRAMEWORKS,
    HAN,
    LETTER,
    Suffixes,
    host_prefix,
    is_ip,
    is_sure,
)
from .short_links import Hosts, looks_short
from .text import HOLE, Text

__all__ = ["Hosts", "Suffixes", "find_links", "looks_short"]

_LABEL = f"[{LETTER}_{HOLE}-]{{1,200}}"
_TAIL = re.compile(rf"(?:\.(?:{_LABEL}|[{HAN}]{{1,20}})){{1,10}}")
_LEFT_LABEL = re.compile(rf"{_LABEL}\Z")
_LEFT_HAN = re.compile(rf"[{HAN}]{{1,20}}\Z")
_PORT = re.compile(r":[0-9]{1,5}(?![0-9])")
_PATH = re.compile(rf"[/?#\\][a-z0-9._~:/?#\\@$&'*+=%|{HOLE}-]*")
_SCHEME = re.compile(
    r"h[tx]{2}p(s?) ?(?:[:;] ?[/\\] ?[/\\]? ?|//)"
    rf"|(?<![a-z0-9])((?!h[tx]{{2}}p)[a-z](?:(?!h[tx]{{2}}p)[a-z0-9+.-]){{1,20}}|{HOLE}{{1,40}})://"
)
_AUTHORITY = re.compile(
    rf"(?:[a-z0-9._~-]{{1,64}}@)?((?:{_LABEL}|[{HAN}]{{1,20}})(?:\.(?:{_LABEL}|[{HAN}]{{1,20}})){{0,10}})"
)
_HOLE_PATH = re.compile(rf"{HOLE}+/[a-z0-9]{{2}}")
_HOLE_RUN = re.compile(f"{HOLE}+")

_HAN_CUT = re.compile(rf".*(?:{CUE}|请上|就上|可上|[是为请的到见至在用])(?=..)")


_UNITS = re.compile(r"[号日月年期条章节楼层版点折元]")
_VERSION = re.compile(r"(?:版本|固件|系统|ver|version|ios|android|v|ip|ip地址)[号是为]?[ :(]*\Z")

_DOT_WORD = r" ?(?:。|·|•|丶|点|店|、|\[\.\]|\(\.\)|[\[({] ?(?:dot|点) ?[\])}]) ?| +dot +| \. | \.|\. "
_COMMON = r"com(?:\.cn)?|cn|net(?:\.cn)?|org(?:\.cn)?|cc|xyz|top|io|vip|shop|club|info|tv|me"
_DISGUISED = re.compile(rf"({_DOT_WORD})({_COMMON})(?![a-z0-9_-])")
_DISGUISED_LEFT = re.compile(
    rf"[a-z0-9_{HOLE}-]{{1,200}}(?:(?:{_DOT_WORD}|\.)[a-z0-9_{HOLE}-]{{1,200}}){{0,5}}\Z"
)
_PLAIN_COMMON = DIGITS_ONLY | {"org.cn", "xyz", "io"}
_ANY_DOT = re.compile(rf"{_DOT_WORD}|\.")


_DOT_THEN_NAME = re.compile(
    rf"\.[ \])]?(?:[a-z{HOLE}\u00df-\u024f\u0370-\u052f]|xn--|中国|公司|网络|集团)|\.[0-9]{{1,3}}\.[0-9]"
)
_WORD_THEN_NAME = re.compile(r"[。、] ?[a-z]{2}")
_POINT_THEN_NAME = re.compile(r"[点店丶] ?[\])}]? ?[a-z0-9]{2}")
_MIXED = re.compile(r"[a-z][0-9-]*[\u0370-\u052f]|[\u0370-\u052f][0-9-]*[a-z]")
_POINT = re.compile("[点店丶]")
_DOUBTFUL_DOT = frozenset("店、")


@dataclass(slots=True)
class _Place:
    start: int
    host: tuple[int, int]
    end: int
    labels: str
    scheme: str | None = None
    disguised: bool = False
    ip: bool = False
    path: int = 0


def find_links(text: Text, suffixes: Suffixes) -> tuple[Link, ...]:
    """Return the web addresses of a text in order; they do not overlap."""
    folded = text.folded
    if not may_have_link(folded, bool(text.placeholders)):
        return ()
    worded = _is_worded(folded)
    dotted = "." in folded and _DOT_THEN_NAME.search(folded) is not None
    schemed = "//" in folded or "http" in folded or "hxxp" in folded
    held = bool(text.placeholders) and "/" in folded
    places: list[_Place] = []
    covered = bytearray(len(folded))
    if worded or " ." in folded or ". " in folded or "[.]" in folded or "(.)" in folded:
        _add(text, places, covered, _disguised(folded, suffixes))
    if schemed:
        _add(text, places, covered, _schemed(text, suffixes))
    if dotted:
        _add(text, places, covered, _bare(text, suffixes))
    if held:
        _add(text, places, covered, _held(folded))
    places.sort(key=lambda place: place.start)
    return tuple(_link(text, place, suffixes) for place in places)


CUES = "./·•点丶abcdefghijklmnopqrstuvwxyz"
"""Characters of which every address has one."""


def may_have_link(folded: str, holes: bool) -> bool:
    """Return whether a folded text, with placeholders or not, may have a web address."""
    return (
        ("." in folded and _DOT_THEN_NAME.search(folded) is not None)
        or "//" in folded
        or "http" in folded
        or "hxxp" in folded
        or (holes and "/" in folded)
        or _is_worded(folded)
    )


def _is_worded(folded: str) -> bool:
    # A full stop after Chinese words is everywhere, so it counts only with Latin letters behind it.
    return (
        (("。" in folded or "、" in folded) and _WORD_THEN_NAME.search(folded) is not None)
        or (_POINT.search(folded) is not None and _POINT_THEN_NAME.search(folded) is not None)
        or "dot" in folded
        or "·" in folded
        or "•" in folded
    )


def _add(text: Text, places: list[_Place], covered: bytearray, found: Iterable[_Place]) -> None:
    """Keep the places that touch none kept before, each with the path behind its host."""
    for place in found:
        port = _PORT.match(text.folded, place.host[1])
        place.path = port.end() if port else place.host[1]
        path = _PATH.match(text.folded, place.path)
        place.end = _path_end(text, path) if path else place.path
        if 1 not in covered[place.start : place.end]:
            covered[place.start : place.end] = b"\x01" * (place.end - place.start)
            places.append(place)


def _scheme_before(folded: str, start: int) -> re.Match[str] | None:
    for match in _SCHEME.finditer(folded, max(0, start - 12), start):
        if match.end() == start:
            return match
    return None


def _disguised(folded: str, suffixes: Suffixes) -> Iterator[_Place]:
    for match in _DISGUISED.finditer(folded):
        left = _DISGUISED_LEFT.search(folded, max(0, match.start() - 80), match.start())
        if left is None:
            continue
        names = _ANY_DOT.sub(".", left.group()).strip(".")
        scheme = _scheme_before(folded, left.start())
        name = names.rpartition(".")[2]
        already = suffixes.suffix(names) if "." in names else None
        if already in _PLAIN_COMMON and suffixes.suffix(f"{names}.{match.group(2)}") == match.group(2):
            continue
        start, suffix, dot = left.start(), match.group(2), match.group(1)
        sure = bool(scheme or names.startswith("www.") or FOLLOWED.match(folded, match.end()))
        if not sure:
            if dot.strip() in _DOUBTFUL_DOT:
                continue
            blank = not dot.strip(" .")
            if suffix not in _PLAIN_COMMON or (blank and suffix not in ("com", "cn", "com.cn")):
                continue
            if (
                (name.isdigit() and suffix not in DIGITS_ONLY)
                or name in FRAMEWORKS
                or ABOUT_NAMES.match(folded, match.end())
            ):
                continue
            if blank and dot == ". " and "." not in names and not any(c.isdigit() for c in name):
                continue
        if start and folded[start - 1] == "@":
            continue
        end = match.end()
        yield _Place(
            scheme.start() if scheme else start, (start, end), end, f"{names}.{suffix}", _name(scheme), True
        )


def _name(scheme: re.Match[str] | None) -> str | None:
    if scheme is None:
        return None
    return f"http{scheme.group(1)}" if scheme.group(2) is None else scheme.group(2).replace(HOLE, "") or None


def _schemed(text: Text, suffixes: Suffixes) -> Iterator[_Place]:
    folded = text.folded
    for scheme in _SCHEME.finditer(folded):
        match = _AUTHORITY.match(folded, scheme.end())
        if match is None:
            continue
        labels, start = match.group(1), match.start(1)
        first = labels.partition(".")[0]
        if is_ip(labels):
            yield _Place(scheme.start(), match.span(1), match.end(), labels, _name(scheme), ip=True)
            continue
        known = host_prefix(labels, suffixes)
        if known is None:
            # Host names of a private network have no public suffix; a Chinese sentence is not a host.
            local = re.match(rf"{_LABEL}(?:\.{_LABEL})*", labels)
            known = local.group() if local else None
        if known is None or (not known.strip("-_.") and HOLE not in first):
            continue
        yield _Place(scheme.start(), (start, start + len(known)), start + len(known), known, _name(scheme))


def _bare(text: Text, suffixes: Suffixes) -> Iterator[_Place]:
    folded, position = text.folded, 0
    while (dot := folded.find(".", position)) != -1:
        position = dot + 1
        tail = _TAIL.match(folded, dot)
        left = _LEFT_LABEL.search(folded, max(0, dot - 200), dot)
        han = None if left else _LEFT_HAN.search(folded, max(0, dot - 20), dot)
        if tail is None or (left or han) is None:
            continue
        start = left.start() if left else _han_start(han.group(), han.start()) if han else dot
        www = folded.startswith("www.", dot - 3) and left is not None and left.group().strip(HOLE) == "www"
        if www:
            start = dot - 3
        elif left:
            start += len(left.group()) - len(left.group().lstrip("-_"))
        if start >= dot or (start and folded[start - 1] in "@."):
            continue
        labels = folded[start : tail.end()]
        place = _judge(text, labels, start, www, suffixes)
        if place is not None:
            yield place
            position = place.end
        elif is_ip(labels):
            position = tail.end()


def _han_start(run: str, start: int) -> int:
    cut = _HAN_CUT.match(run)
    if cut:
        return start + cut.end()
    return start if len(run) <= 8 else start + len(run) - 4


def _judge(text: Text, labels: str, start: int, www: bool, suffixes: Suffixes) -> _Place | None:
    folded = text.folded
    if is_ip(labels):
        end = start + len(labels)
        sure = (
            _PORT.match(folded, end)
            or FOLLOWED.match(folded, end)
            or CUE_BEFORE.search(folded, max(0, start - 16), start)
        )
        plain = not _UNITS.match(folded, end) and max(int(part) for part in labels.split(".")) > 31
        if (sure or plain) and not _VERSION.search(folded, max(0, start - 12), start):
            return _Place(start, (start, end), end, labels, ip=True)
        return None
    host = host_prefix(labels, suffixes)
    if host is None:
        if not www or labels.count(".") < 1:
            return None
        match = re.match(rf"www(?:\.{_LABEL})+", labels)
        if match is None:
            return None
        host = match.group().rstrip("-_")
    end = start + len(host)
    if folded.startswith("@", end) or (not www and not is_sure(text, host, start, end, suffixes)):
        return None
    return _Place(start, (start, end), end, host)


def _held(folded: str) -> Iterator[_Place]:
    for match in _HOLE_PATH.finditer(folded):
        start, end = match.start(), match.end() - 3
        if CUE_BEFORE.search(folded, max(0, start - 16), start):
            yield _Place(start, (start, end), end, folded[start:end])


def _holds(text: Text, start: int, end: int) -> tuple[Placeholder, ...]:
    span = text.span(start, end)
    return tuple(p for p in text.placeholders if p.span.start < span.end and span.start < p.span.end)


def _link(text: Text, place: _Place, suffixes: Suffixes) -> Link:
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
        "" if whole else _with_holds(text, labels, _holds(text, *place.host)),
        None if held or place.ip else suffixes.registrable(labels),
        _as_submitted(text, place.path, end),
        place.scheme,
        _holds(text, place.start, end),
    )


def _path_end(text: Text, path: re.Match[str]) -> int:
    end = path.end()
    if text.origins is not None:
        for index in range(path.start(), end):
            # Full-width marks fold to ASCII but end a sentence, never stand inside an address.
            if text.original[text.origins[index]] in "：？＃＊＂＇":
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
    """Return folded code points with their submitted case: short links are told by mixed case."""
    letters: list[str] = []
    for index in range(start, end):
        folded = text.folded[index]
        origin = index if text.origins is None else text.origins[index]
        given = unicodedata.normalize("NFKC", text.original[origin])
        letters.append(given if folded == HOLE or given.lower() == folded else folded)
    return "".join(letters)
