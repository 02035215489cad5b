"""Which of many texts may have a link or a contact, told from their characters for all of them together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import contacts, hidden_contacts, hidden_links, links
from .joined import Joined, class_of

_DIGITS = "0123456789"
_GAPS = " ()-"


class Lead(NamedTuple):
    """Which of link, contact and contact in disguise a text may have."""

    link: bool
    contact: bool
    hidden: bool


class Leads:
    """The characters that links and contacts are made of, as arrays. Immutable."""

    def __init__(self) -> None:
        self._address = class_of(links.CUES)
        self._contact = class_of(contacts.CUES)
        self._hidden = class_of(hidden_contacts.CUES)
        self._digit = class_of(_DIGITS)
        self._gap = class_of(_GAPS)
        self._numeral = class_of(hidden_contacts.DIGITS)

    def rows(self, joined: Joined) -> list[Lead]:
        """Return of each text which of link, contact and contact in disguise it may have."""
        address, contact, hidden = (joined.count(one) for one in (self._address, self._contact, self._hidden))
        called, dense = self._called(joined), self._dense(joined)
        return [
            Lead(link > 0, cue > 0 or number, sign > 0 or numeral)
            for link, cue, number, sign, numeral in zip(address, contact, called, hidden, dense, strict=True)
        ]

    def _called(self, joined: Joined) -> list[bool]:
        """Return which texts have digits that may be a number to call."""
        rows = np.zeros(len(joined.starts), np.bool_)
        digit = self._digit[joined.folded]
        edges = np.flatnonzero(np.diff(digit, prepend=False, append=False))
        first, last = edges[::2], edges[1::2]
        length = last - first
        one, two = joined.folded[first], joined.folded[np.minimum(first + 1, last - 1)]
        nine = (one == ord("9")) | (one == ord("1"))
        long = (length >= contacts.LOCAL) | (nine & (length >= contacts.SERVICE))
        long |= (one == ord("1")) & (two == ord("1")) & (length >= contacts.EMERGENCY)
        rows[joined.rows(first[long])] = True
        # Groups of digits: what stands between two of them is a blank, a hyphen or a bracket.
        near = np.flatnonzero((first[1:] - last[:-1] <= contacts.GAP) & self._gap[joined.folded[last[:-1]]])
        rows[joined.rows(first[near])] = True
        called: list[bool] = rows.tolist()
        return called

    def _dense(self, joined: Joined) -> list[bool]:
        """Return which texts have as many numerals close together as a phone number has digits."""
        rows = np.zeros(len(joined.starts), np.bool_)
        numerals = np.flatnonzero(self._numeral[joined.folded])
        most = hidden_contacts.FEWEST
        if len(numerals) >= most:
            apart = numerals[most - 1 :] - numerals[: 1 - most]
            rows[joined.rows(numerals[np.flatnonzero(apart <= hidden_contacts.SPREAD)])] = True
        dense: list[bool] = rows.tolist()
        return dense


def may_lead(folded: str, holes: bool, lead: Lead) -> bool:
    """Return whether a folded text, with placeholders or not, may have a link or a contact after all."""
    return (
        (lead.link and (links.may_have_link(folded, holes) or hidden_links.may_hide_link(folded)))
        or (lead.contact and contacts.may_have_contact(folded))
        or (lead.hidden and hidden_contacts.may_hide(folded))
    )
