"""Know the hosts of short links, and the shape a short link has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..model import Link


@dataclass(frozen=True, slots=True)
class Hosts:
    """Hosts of short links: shared ones, and those of one brand with its owner (standards section 18)."""

    shared: frozenset[str]
    brands: tuple[tuple[str, str], ...]

    @classmethod
    def load(cls, folder: Path) -> Hosts:
        """Return the hosts read from `short.tsv` and `brand.tsv` in a folder.

        Raises ValueError naming file and line where a row is not `host TAB note`, OSError where a file is
        missing.
        """
        return cls(
            frozenset(host for host, _ in _rows(folder / "short.tsv")), tuple(_rows(folder / "brand.tsv"))
        )

    def is_short(self, host: str) -> bool:
        """Return whether a lower-case host is a shared short-link host or lies under one."""
        return any(part in self.shared for part in _parents(host))

    def is_brand_short(self, link: Link | str) -> str | None:
        """Return the owner of a brand's short link (a link, `host` or `host/path`), None where it is none."""
        written = link if isinstance(link, str) else link.host + link.path
        name, slash, path = written.partition("/")
        parents = set(_parents(name))
        for entry, owner in self.brands:
            wanted, has_path, prefix = entry.partition("/")
            if wanted in parents and (not has_path or (slash and path.split("/")[0].split("?")[0] == prefix)):
                return owner
        return None

    def looks_short(self, link: Link) -> bool:
        """Return whether a link of a host that is not listed has the shape of a short link."""
        return looks_short(link)


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            host, tab, note = line.partition("\t")
            if not tab or not host or not note or host != host.strip().lower():
                raise ValueError(f"{path.name}, line {number}: expected lower-case host TAB note")
            yield host, note


def _parents(host: str) -> Iterator[str]:
    while host:
        yield host
        host = host.partition(".")[2]


def looks_short(link: Link) -> bool:
    """Return whether a link has the shape of a short link, whatever its host (standards section 18).

    That is a host of at most 6 code points with a path of one token of 1 to 8 letters and digits, or any
    host with a path of one token of 4 to 8 letters and digits in mixed case.
    """
    token = link.path.partition("?")[0].strip("/")
    if link.kind == "ip" or not re.fullmatch(r"[A-Za-z0-9]{1,8}", token):
        return False
    if len(link.host) <= 6:
        return True
    return len(token) >= 4 and token != token.lower() and token != token.upper() and not token.istitle()
