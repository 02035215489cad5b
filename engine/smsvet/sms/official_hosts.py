"""The hosts that institutions publish for themselves, and hosts that only look like them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

_BRIEF: Final = 4
"""Length from which a label such as `icbc` identifies its institution without the institution's name."""
_STATE_DOMAIN: Final = "gov.cn"
_SUFFIXES: Final = frozenset({"com", "cn", "net", "org", "gov", "me"})
_ALIKE: Final = str.maketrans({"l": "i", "1": "i", "0": "o"})
"""Characters that are hard to tell apart in an address."""


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An official host that another host imitates.

    `how` is `inside` for the whole official host within another one (`icbc.com.cn.top`), `word` for its name as one
    word of it (`icbc-login.top`), and `part` for its name within a word or under another suffix (`myicbc.cn`).
    """

    official: str
    owners: frozenset[str]
    how: Literal["inside", "word", "part"]
    brief: bool


class OfficialHosts:
    """The official hosts by owner. Immutable."""

    def __init__(self, hosts: Mapping[str, Iterable[str]], state: Iterable[str]) -> None:
        """Take the hosts of each owner, and the owners that are state organs."""
        owners: dict[str, set[str]] = {}
        for owner, published in hosts.items():
            for host in published:
                owners.setdefault(host, set()).add(owner)
        self._owners = {host: frozenset(names) for host, names in owners.items()}
        self._state = frozenset(state)
        self._named = [(name_of(host).translate(_ALIKE), host, names) for host, names in self._owners.items()]
        names = {name for name, _, _ in self._named}
        long = "|".join(re.escape(name) for name in sorted(names) if len(name) >= _BRIEF)
        short = "|".join(re.escape(name) for name in sorted(names) if len(name) < _BRIEF)
        # A host without any of these looks like no official one.
        self._hint = re.compile(rf"(?:{long})|(?<![a-z0-9])(?:{short})(?![a-z0-9])")

    def owners(self, host: str) -> frozenset[str]:
        """Return the owners of a host or of a domain above it. Every state organ has the hosts below gov.cn."""
        labels = host.split(".")
        above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        found = frozenset[str]().union(*(self._owners.get(name, frozenset()) for name in above))
        return found or (self._state if _STATE_DOMAIN in above[1:] else frozenset())

    def look_alike(self, host: str) -> LookAlike | None:
        """Return the official host that a host imitates most closely; None for an official host and any other."""
        host = host.lower()
        alike = host.translate(_ALIKE)
        if not self._hint.search(alike) or self.owners(host):
            return None
        found = [
            LookAlike(official, owners, how, len(name_of(official)) < _BRIEF)
            for name, official, owners in self._named
            if name in alike and (how := _likeness(host, official)) is not None
        ]
        order = ("inside", "word", "part")
        return min(found, key=lambda one: (order.index(one.how), -len(one.official)), default=None)


def name_of(host: str) -> str:
    """Return the label that names the owner: `icbc` for `icbc.com.cn`."""
    labels = host.split(".")
    while len(labels) > 1 and labels[-1] in _SUFFIXES:
        labels.pop()
    return labels[-1]


def _likeness(host: str, official: str) -> Literal["inside", "word", "part"] | None:
    if f".{official}." in f".{host}." or f".{official}." in f".{host.replace('-', '.')}.":
        return "inside"
    if official.replace(".", "-") in host:
        return "inside"
    name = name_of(official)
    words = host.replace("-", ".").split(".")
    labels = words[:-1]  # without the top-level domain
    if name in labels:
        return "part" if name == name_of(host) else "word"
    if name.translate(_ALIKE) in [label.translate(_ALIKE) for label in labels]:
        return "word"
    return "part" if len(name) >= _BRIEF and any(name in label for label in labels) else None
