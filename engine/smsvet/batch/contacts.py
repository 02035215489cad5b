"""Select the texts that may have a link or a contact, by their characters, for all texts at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_lowercase, digits

import numpy as np
from numpy.typing import NDArray

from ..evasion import contacts as hidden_contacts
from ..evasion import links as hidden_links
from ..text import contacts, links
from ..text.text import HOLE
from .joined import POINTS, JoinedTexts, Mask, Places, Points, membership, to_text

_NAMED = f"{ascii_lowercase}{HOLE}{''.join(map(chr, (*range(0xDF, 0x250), *range(0x370, 0x530))))}"
_FOLLOWED = (
    (".", f"{_NAMED}{digits} ])中公网集"),
    ("/", "/"),
    ("h", "tx"),
    ("d", "o"),
    ("c", "0"),
    ("。、", f" {ascii_lowercase}"),
    ("点店丶", f" ])}}{ascii_lowercase}{digits}"),
)
"""Pairs of characters that indicate an address: one of the first set followed by one of the second."""
_PAIRS = len(_FOLLOWED)
_BEGINS = (1 << _PAIRS) - 1
_EVERY = "".join(map(chr, range(POINTS)))

(_DOT, _SLASH, _IN_HOST, _SPELLED, _BLANK, _SIGN, _DIGIT, _GAP, _AT, _IN_ID, _CALLED, _NUMERAL, _HIDDEN, _DOUBLED,
    _ADDING, _LETTER, _CHINESE, _MARK) = (1 << place for place in range(2 * _PAIRS, 2 * _PAIRS + 18))  # fmt: skip
_SETS = {
    _DOT: "·•",
    _SLASH: "/",
    _IN_HOST: f"{ascii_lowercase}{digits}./",
    _SPELLED: f"{ascii_lowercase}{digits}.:/。点",
    _BLANK: " ",
    _DIGIT: digits,
    _GAP: " ()-",
    _AT: "@",
    _IN_ID: f"{ascii_lowercase}{digits}_-",
    _CALLED: contacts.CUES,
    _NUMERAL: hidden_contacts.DIGITS,
    _HIDDEN: hidden_contacts.CUES,
    _DOUBLED: hidden_contacts.DOUBLED,
    _ADDING: hidden_contacts.ADDING,
    _LETTER: ascii_lowercase,
    _CHINESE: map(chr, range(0x4E00, 0xA000)),
}

ID = 5
"""Minimum length of an id's run of letters and digits."""
NUMERALS = 5
"""Minimum number of numerals in a disguised contact that is not an id."""
BEFORE, AFTER = 16, 8
"""Code points before and after a disguised number where a cue for its kind may be."""


class ContactCandidates:
    """The characters of links and contacts, as bits by code point. Immutable."""

    def __init__(self) -> None:
        self._bits = np.zeros(POINTS, np.uint32)
        for place, (begins, follows) in enumerate(_FOLLOWED):
            self._set(1 << place, begins)
            self._set(1 << (place + _PAIRS), follows)
        for bit, inside in _SETS.items():
            self._set(bit, inside)
        self._set(_SIGN, re.findall(hidden_links.SIGN, _EVERY))
        self._set(_MARK, re.findall(hidden_contacts.SIGN, _EVERY))

    def _set(self, bit: int, inside: Iterable[str]) -> None:
        self._bits[membership(inside)] |= np.uint32(bit)

    def rows(self, joined: JoinedTexts, folded: Points, holes: Mask) -> Mask:
        """Return which normalised texts may have a link or a contact; `holes` marks those with placeholders."""
        signs = self._bits.take(folded)
        text = to_text(folded)
        found = np.zeros(len(joined), np.bool_)
        starts, ends = joined.starts.tolist(), joined.ends.tolist()
        for row in np.flatnonzero(self._may_have_link(joined, signs, holes)).tolist():
            one = text[starts[row] : ends[row]]
            found[row] = links.may_have_link(one, bool(holes[row])) or hidden_links.may_hide_link(one)
        for row in np.flatnonzero(self._may_have_contact(joined, folded, signs, text) & ~found).tolist():
            found[row] = contacts.may_have_contact(text[starts[row] : ends[row]])
        for row in np.flatnonzero(self._may_have_hidden_contact(joined, signs) & ~found).tolist():
            found[row] = hidden_contacts.may_hide_contact(text[starts[row] : ends[row]])
        return found

    def _may_have_link(self, joined: JoinedTexts, signs: NDArray[np.uint32], holes: Mask) -> Mask:
        """Return which texts have characters that indicate an address."""
        marked = np.zeros(len(signs), np.bool_)
        marked[:-1] = signs[:-1] & (signs[1:] >> _PAIRS) & _BEGINS
        marked |= (signs & _DOT) > 0
        host = (signs & _IN_HOST) > 0
        marked[1:-1] |= ((signs[1:-1] & _SIGN) > 0) & host[:-2] & host[2:]
        spelled = ((signs[:-1] & _SPELLED) > 0) & ((signs[1:] & _BLANK) > 0)
        marked[:-5] |= spelled[:-4] & spelled[2:-2] & spelled[4:]
        return joined.having(np.flatnonzero(marked)) | (
            holes & joined.having(np.flatnonzero((signs & _SLASH) > 0))
        )

    def _may_have_contact(
        self, joined: JoinedTexts, folded: Points, signs: NDArray[np.uint32], text: str
    ) -> Mask:
        """Return which texts may have a telephone number, an id or a mail address."""
        found = joined.having(np.flatnonzero((signs & _AT) > 0))
        first, last = runs((signs & _IN_ID) > 0)
        named = joined.having(first[last - first >= ID])
        found |= named & joined.having(np.flatnonzero((signs & _CALLED) > 0))
        first, last = runs((signs & _DIGIT) > 0)
        size = last - first
        # Groups of digits may be separated by a blank, a hyphen or a bracket.
        near = (first[1:] - last[:-1] <= contacts.GAP) & ((signs.take(last[:-1]) & _GAP) > 0)
        found |= joined.having(first[np.flatnonzero(near)]) | joined.having(
            first[size > contacts.LONGEST_LOCAL]
        )
        one, two = (folded.take(np.minimum(first + step, last - 1)) - ord("0") for step in (0, 1))
        serving = (size >= contacts.EMERGENCY) & (((one == 9) & (two > 4)) | ((one == 1) & (two < 3)))
        local = (size == contacts.LOCAL) | (size == contacts.LONGEST_LOCAL)
        local &= one > 1
        sure = [begin for begin in first[serving].tolist() if contacts.may_serve(text, begin)]
        sure += [begin for begin in first[local].tolist() if contacts.is_cued(text, begin)]
        return found | joined.having(np.array(sure, np.int64))

    def _may_have_hidden_contact(self, joined: JoinedTexts, signs: NDArray[np.uint32]) -> Mask:
        """Return which texts may have a disguised contact."""
        cue = (signs & _HIDDEN) > 0
        # An ordinary character is a cue only next to another one, after 加, or before anything but a Chinese
        # character.
        ordinary = np.flatnonzero((signs & _DOUBLED) > 0)
        before, after = (signs.take(ordinary + step, mode="clip") for step in (-1, 1))
        cue[ordinary] = ((before | after) & _DOUBLED > 0) | (before & _ADDING > 0) | (after & _CHINESE == 0)
        cues = np.flatnonzero(cue)
        letters = joined.having(np.flatnonzero((signs & _LETTER) > 0))
        found = letters & joined.having(cues)
        numerals = np.flatnonzero((signs & _NUMERAL) > 0)
        if not len(numerals):
            return found
        # Start and end of each run of numerals within one text, with at most two signs between neighbours.
        gap, left = np.diff(numerals), numerals[:-1]
        sign, other = ((signs.take(left + step, mode="clip") & _MARK) > 0 for step in (1, 2))
        near = (gap == 1) | (sign & ((gap == 2) | ((gap == 3) & other)))
        apart = ~near | (np.diff(joined.rows(numerals)) > 0)
        cuts = np.concatenate(([0], np.flatnonzero(apart) + 1, [len(numerals)]))
        first, last, count = numerals[cuts[:-1]], numerals[cuts[1:] - 1], np.diff(cuts)
        cued = np.searchsorted(cues, first - BEFORE) < np.searchsorted(cues, last + AFTER, side="right")
        wanted = (count >= hidden_contacts.PHONE_DIGITS) | ((count >= NUMERALS) & cued)
        return found | joined.having(first[wanted])


def runs(inside: Mask) -> tuple[Places, Places]:
    """Return the start and the end of each run of true values."""
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    return edges[::2], edges[1::2]
