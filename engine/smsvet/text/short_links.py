"""Short links: lists of their hosts, and the typical shape of such a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..model import Link


@dataclass(frozen=True, slots=True)
class Hosts:
    """Hosts of short links: shared services, and hosts of a single brand with their owner. Source: OWN."""

    shared: frozenset[str]
    brands: tuple[tuple[str, str], ...]

    @classmethod
    def load(cls, folder: Path) -> Hosts:
        """Return the hosts in `short.tsv` and `brand.tsv` of a folder.

        Raises ValueError with file and line for a row that is not `host TAB note`, OSError for a missing file.
        """
        return cls(
            frozenset(host for host, _ in _rows(folder / "short.tsv")), tuple(_rows(folder / "brand.tsv"))
        )

    def is_short(self, host: str) -> bool:
        """Return whether a lower-case host is a shared short-link host or a subdomain of one."""
        return any(part in self.shared for part in _parents(host))

    def is_brand_short(self, link: Link | str) -> str | None:
        """Return the owner of a brand's short link, None for any other link. Accepts a Link, `host` or `host/path`."""
        written = link if isinstance(link, str) else link.host + link.path
        name, slash, path = written.partition("/")
        parents = set(_parents(name))
        for entry, owner in self.brands:
            wanted, has_path, prefix = entry.partition("/")
            if wanted in parents and (not has_path or (slash and path.split("/")[0].split("?")[0] == prefix)):
                return owner
        return None

    def looks_short(self, link: Link) -> bool:
        """Return whether a link has the shape of a short link, whether or not its host is listed."""
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
    """Return whether a link has the shape of a short link, for any host. Source: OWN.

    The path must be one token of 1 to 8 ASCII letters and digits. In addition, either the host has at most 6 code
    points, or the token has at least 4 characters in mixed case. IP addresses never match.
    """
    token = link.path.partition("?")[0].strip("/")
    if link.kind == "ip" or not re.fullmatch(r"[A-Za-z0-9]{1,8}", token):
        return False
    if len(link.host) <= 6:
        return True
    return len(token) >= 4 and token != token.lower() and token != token.upper() and not token.istitle()
