"""Find web addresses that are spelled letter by letter, or have a sign or a digit inserted into the host.

Sources: A-NOTIFY, B-TPL, Q-TPL, OWN.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile

from ..model import Link
from ..text.domains import Suffixes
from ..text.links import find_links
from ..text.text import HOLE, Text

_SPELLED = re.compile(r"(?<![a-z0-9.:/])[a-z0-9] (?:[a-z0-9.:/。点] ){2,80}[a-z0-9/]")
SIGN = r"[^\w\s.,:;!?/\\@#%&=+()<>\[\]{}\"'$¥。、…·•-]"
"""A sign that no address contains. Inside a host it is ignored."""
_SIGN = re.compile(rf"{SIGN}(?<=[a-z0-9./].)(?=[a-z0-9./])(?!{HOLE})")
_ZERO = re.compile(r"(?<=[.。点丶])c0m(?![a-z0-9-])")
_MAY_SPELL = re.compile(r"[a-z0-9.:/。点] [a-z0-9.:/。点] [a-z0-9.:/。点] ")


def find_hidden_links(text: Text, found: Sequence[Link], suffixes: Suffixes) -> tuple[Link, ...]:
    """Return `found` together with the links that appear once blanks and signs are removed, in text order."""
    if not may_hide_link(text.folded):
        return tuple(found)
    left_out, substituted = _changes(text.folded)
    if not left_out and not substituted:
        return tuple(found)
    positions = [place for place in range(len(text.folded)) if place not in left_out]
    origins = [place if text.origins is None else text.origins[place] for place in positions]
    plain = replace(
        text,
        folded="".join(substituted.get(place, text.folded[place]) for place in positions),
        origins=[*origins, len(text.original)],
    )
    changed = sorted(
        text.offset + (place if text.origins is None else text.origins[place])
        for place in (*left_out, *substituted)
    )
    links: dict[Link, None] = dict.fromkeys(found)
    ends = [link.span.end for link in found]
    added: list[Link] = []
    for link in find_links(plain, suffixes):
        place = bisect_right(changed, link.span.start)
        if place == len(changed) or changed[place] >= link.span.end:
            continue
        # Links are in order and do not overlap, so only neighbours can.
        first = bisect_right(ends, link.span.start)
        near = (*takewhile(partial(_overlap, link), found[first:]), *added[-1:])
        inside = [other for other in near if other in links and _overlap(link, other)]
        # A sign between two addresses does not join them.
        if len(inside) < 2 and all(_within(other, link) for other in inside):
            for other in inside:
                del links[other]
            added.append(link if link.kind == "variable" else replace(link, kind="disguised"))
            links[added[-1]] = None
    return tuple(sorted(links, key=lambda link: link.span))


def may_hide_link(folded: str) -> bool:
    """Return whether a normalised text may contain a disguised address."""
    # Three separate searches: one alternation would try every option at every position.
    return (
        (" " in folded and _MAY_SPELL.search(folded) is not None)
        or "c0m" in folded
        or _SIGN.search(folded) is not None
    )


def _changes(folded: str) -> tuple[set[int], dict[int, str]]:
    """Return the places to remove, and the replacement characters by place."""
    left_out = {
        place
        for run in _SPELLED.finditer(folded)
        for place in range(run.start(), run.end())
        if folded[place] == " "
    }
    left_out.update(match.start() for match in _SIGN.finditer(folded))
    return left_out, {match.start() + 1: "o" for match in _ZERO.finditer(folded)}


def _overlap(one: Link, other: Link) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


def _within(inner: Link, outer: Link) -> bool:
    return outer.span.start <= inner.span.start and inner.span.end <= outer.span.end
