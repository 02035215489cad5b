"""Candidate places of web addresses in a normalised text: with a scheme, bare, disguised, or after a placeholder.

Sources of the forms: SEED, H-VAR, OWN.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
from .text import HOLE, Text

_LABEL = f"[{LETTER}_{HOLE}-]{{1,200}}"
_TAIL = re.compile(rf"(?:\.(?:{_LABEL}|[{HAN}]{{1,20}})){{1,10}}")
_LABEL_RUN = re.compile(_LABEL)
_HAN_RUN = re.compile(rf"[{HAN}]{{1,20}}")
PORT = re.compile(r":[0-9]{1,5}(?![0-9])")
_SCHEME = re.compile(
    r"h[tx]{2}p(s?) ?(?:[:;] ?[/\\] ?[/\\]? ?|//)"
    rf"|(?<![a-z0-9])((?!h[tx]{{2}}p)[a-z](?:(?!h[tx]{{2}}p)[a-z0-9+.-]){{1,20}}|{HOLE}{{1,40}})://"
)
_AUTHORITY = re.compile(
    rf"(?:[a-z0-9._~-]{{1,64}}@)?((?:{_LABEL}|[{HAN}]{{1,20}})(?:\.(?:{_LABEL}|[{HAN}]{{1,20}})){{0,10}})"
)
_HOLE_PATH = re.compile(rf"(?<!{HOLE}){HOLE}+/[a-z0-9]{{2}}")
_HAN_CUT = re.compile(rf".*(?:{CUE}|请上|就上|可上|[是为请的到见至在用])(?=..)")
_UNITS = re.compile(r"[号日月年期条章节楼层版点折元]")
_VERSION = re.compile(
    r"(?:版本号?|固件|系统|升级[到至为]|更新[到至为]|发布|ver|version|ios|android|v|ip|ip地址)[号是为]?[ :(]*\Z"
)
_HOST_CUE = re.compile(
    r"(?:主机|服务器|节点|网关|地址|机器|实例|设备|dns|host|server|node|gateway|address)[名号是为]?[ :(\"]*\Z"
)
_PRIVATE = re.compile(r"10\.|127\.|172\.(?:1[6-9]|2[0-9]|3[01])\.")
"""Beginnings of addresses in private networks whose numbers are small enough for a version (RFC 1918)."""
_DOT_WORD = r" ?(?:。|·|•|丶|点|店|、|\[\.\]|\(\.\)|[\[({] ?(?:dot|点) ?[\])}]) ?|(?<! ) +dot +| \. | \.|\. "
_COMMON = r"com(?:\.cn)?|cn|net(?:\.cn)?|org(?:\.cn)?|cc|xyz|top|io|vip|shop|club|info|tv|me"
_DISGUISED = re.compile(rf"({_DOT_WORD})({_COMMON})(?![a-z0-9_-])")
_DISGUISED_LEFT = re.compile(
    rf"[a-z0-9_{HOLE}-]{{1,200}}(?:(?:{_DOT_WORD}|\.)[a-z0-9_{HOLE}-]{{1,200}}){{0,5}}\Z"
)
_PLAIN_COMMON = DIGITS_ONLY | {"org.cn", "xyz", "io"}
_ANY_DOT = re.compile(rf"{_DOT_WORD}|\.")
_BEFORE, _AFTER = 16, 24
"""Code points before and after a bare host that may decide whether it is an address."""
_DOUBTFUL_DOT = frozenset("店、")


@dataclass(slots=True)
class LinkPlace:
    """A candidate web address, with offsets in code points of the normalised text."""

    start: int
    host: tuple[int, int]
    end: int
    labels: str
    scheme: str | None = None
    disguised: bool = False
    ip: bool = False
    path: int = 0


def _scheme_before(folded: str, start: int) -> re.Match[str] | None:
    for match in _SCHEME.finditer(folded, max(0, start - 12), start):
        if match.end() == start:
            return match
    return None


def disguised_places(folded: str, suffixes: Suffixes) -> Iterator[LinkPlace]:
    """Yield hosts with a disguised dot: a word, another sign, or a dot between spaces."""
    names_before: dict[str, str | None] = {}
    for match in _DISGUISED.finditer(folded):
        # One code point more than is searched: a dot may depend on what is before it.
        before = folded[max(0, match.start() - 81) : match.start()]
        if before not in names_before:
            left = _DISGUISED_LEFT.search(folded, max(0, match.start() - 80), match.start())
            names_before[before] = left.group() if left else None
        written = names_before[before]
        if written is None:
            continue
        names = _ANY_DOT.sub(".", written).strip(".")
        start = match.start() - len(written)
        scheme = _scheme_before(folded, start)
        name = names.rpartition(".")[2]
        already = suffixes.suffix(names) if "." in names else None
        if already in _PLAIN_COMMON and suffixes.suffix(f"{names}.{match.group(2)}") == match.group(2):
            continue
        suffix, dot = match.group(2), match.group(1)
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
        yield LinkPlace(
            scheme.start() if scheme else start, (start, end), end, f"{names}.{suffix}", _name(scheme), True
        )


def _name(scheme: re.Match[str] | None) -> str | None:
    if scheme is None:
        return None
    return f"http{scheme.group(1)}" if scheme.group(2) is None else scheme.group(2).replace(HOLE, "") or None


def schemed_places(text: Text, suffixes: Suffixes) -> Iterator[LinkPlace]:
    """Yield addresses with a scheme."""
    folded = text.folded
    for scheme in _SCHEME.finditer(folded):
        match = _AUTHORITY.match(folded, scheme.end())
        if match is None:
            continue
        labels, start = match.group(1), match.start(1)
        first = labels.partition(".")[0]
        if is_ip(labels):
            yield LinkPlace(scheme.start(), match.span(1), match.end(), labels, _name(scheme), ip=True)
            continue
        known = host_prefix(labels, suffixes)
        if known is None:
            # A host name of a private network has no public suffix. Chinese text is not accepted as a host name.
            local = re.match(rf"{_LABEL}(?:\.{_LABEL})*", labels)
            known = local.group() if local else None
        if known is None or (not known.strip("-_.") and HOLE not in first):
            continue
        yield LinkPlace(scheme.start(), (start, start + len(known)), start + len(known), known, _name(scheme))


def bare_places(text: Text, suffixes: Suffixes) -> Iterator[LinkPlace]:
    """Yield hosts without a scheme."""
    folded, position = text.folded, 0
    # What ends at a dot begins after it in the reversed text.
    backwards, size = folded[::-1], len(folded)
    # Repetitions are judged once: nothing else around a host decides whether it is one.
    known: dict[tuple[str, bool, str, str], LinkPlace | None] = {}
    while (dot := folded.find(".", position)) != -1:
        position = dot + 1
        if dot > 1 and folded[dot - 2] in "@.":  # a label of one character, which continues an address
            continue
        tail = _TAIL.match(folded, dot)
        if tail is None:
            continue
        left = _LABEL_RUN.match(backwards, size - dot)
        run = left or _HAN_RUN.match(backwards, size - dot)
        if run is None:
            continue
        start = size - run.end()
        label = folded[start:dot]
        www = folded.startswith("www.", dot - 3) and left is not None and label.strip(HOLE) == "www"
        if www:
            start = dot - 3
        elif left:
            start += len(label) - len(label.lstrip("-_"))
        else:
            start = _han_start(label, start)
        if start >= dot or (start and folded[start - 1] in "@."):
            continue
        labels = folded[start : tail.end()]
        after = folded[tail.end() : tail.end() + _AFTER]
        key = labels, www, folded[max(0, start - _BEFORE) : start], after
        if key in known:
            place = known[key]
        else:
            place = _judge(text, labels, start, www, suffixes)
            if after.strip("/?#\\"):
                known[key] = place
        if place is not None:
            end = start + len(place.labels)
            place = LinkPlace(start, (start, end), end, place.labels, ip=place.ip)
            yield place
            position = place.end
        elif is_ip(labels):
            position = tail.end()


def _han_start(run: str, start: int) -> int:
    cut = _HAN_CUT.match(run)
    if cut:
        return start + cut.end()
    return start if len(run) <= 8 else start + len(run) - 4


def _judge(text: Text, labels: str, start: int, www: bool, suffixes: Suffixes) -> LinkPlace | None:
    folded = text.folded
    if is_ip(labels):
        end = start + len(labels)
        sure = (
            PORT.match(folded, end)
            or FOLLOWED.match(folded, end)
            or CUE_BEFORE.search(folded, max(0, start - 16), start)
        )
        before = folded[max(0, start - 12) : start]
        plain = not _UNITS.match(folded, end) and (
            max(map(int, labels.split("."))) > 31
            or _PRIVATE.match(labels) is not None
            or _HOST_CUE.search(before) is not None
            or folded.strip(" \n") == labels
        )
        if (sure or plain) and not _VERSION.search(before):
            return LinkPlace(start, (start, end), end, labels, ip=True)
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
    return LinkPlace(start, (start, end), end, host)


def held_places(folded: str) -> Iterator[LinkPlace]:
    """Yield placeholders followed by a path, after a word such as 点击."""
    for match in _HOLE_PATH.finditer(folded):
        start, end = match.start(), match.end() - 3
        if CUE_BEFORE.search(folded, max(0, start - 16), start):
            yield LinkPlace(start, (start, end), end, folded[start:end])
