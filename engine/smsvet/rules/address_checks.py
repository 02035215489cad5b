"""Checks of links and contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal

from pydantic import Field

from ..document import Document
from ..model import Hit, Link
from ..text.short_links import looks_short
from ..text.text import SPOKEN, Where
from .check import Check, CheckModel, Context, texts_in
from .facts import BITS
from .triggers import Trigger


class LinkCheck(CheckModel):
    """Web addresses, by form and by owner of the host."""

    kind: Literal["link"]
    fields: tuple[Where, ...] = Field(SPOKEN, alias="in")
    types: tuple[Literal["url", "domain", "ip", "disguised", "variable"], ...] = ()
    holds: bool | None = None
    host: Literal["short", "brand", "looks-short", "unregistered"] | None = None

    def trigger(self, context: Context) -> Trigger:
        return Trigger(BITS["links"])

    def words(self) -> frozenset[str]:
        return frozenset({"match", "host", "owner"})

    def compile(self, context: Context) -> Check:
        def check(document: Document) -> Iterator[Hit]:
            # A text may have the same address hundreds of times.
            owner_of, is_short = cache(context.hosts.is_brand_short), cache(context.hosts.is_short)
            for text in texts_in(document, self.fields):
                for link in text.links:
                    if self.types and link.kind not in self.types:
                        continue
                    if self.holds is not None and bool(link.holds) is not self.holds:
                        continue
                    owner = owner_of(link.host + link.path)
                    hit = self._host(document, link, owner, is_short)
                    if hit:
                        yield hit

        return check

    def _host(
        self, document: Document, link: Link, owner: str | None, is_short: Callable[[str], bool]
    ) -> Hit | None:
        words = {"host": link.host, "owner": owner or ""}
        if self.host == "short" and not is_short(link.host):
            return None
        if self.host == "brand" and not owner:
            return None
        if self.host == "looks-short" and (owner or is_short(link.host) or not looks_short(link)):
            return None
        if self.host == "unregistered":
            account = document.submission.account
            if (
                account
                and account.name
                and any(
                    owner in document.names.company(account.name).name
                    for owner in document.names.hosts.owners(link.host)
                )
            ):
                return None
            if account is None or not account.icp_domains:
                return Hit(link.span, words, missing="account.icp_domains")
            if any(
                link.host == own or link.host.endswith(f".{own}")
                for own in map(str.lower, account.icp_domains)
            ):
                return None
        return Hit(link.span, words)


class ContactCheck(CheckModel):
    """Telephone numbers, ids and mail addresses, by kind and count."""

    kind: Literal["contact"]
    fields: tuple[Where, ...] = Field(("body", "text", "params", "signature"), alias="in")
    types: tuple[Literal["mobile", "landline", "400", "service", "qq", "wechat", "group", "email"], ...]
    more_than: int = 0

    def trigger(self, context: Context) -> Trigger:
        return Trigger(BITS["contacts"])

    def words(self) -> frozenset[str]:
        return frozenset({"match", "value", "count"})

    def compile(self, context: Context) -> Check:
        def check(document: Document) -> Iterator[Hit]:
            for text in texts_in(document, self.fields):
                found = [contact for contact in text.contacts if contact.kind in self.types]
                for contact in found[self.more_than :]:
                    yield Hit(contact.span, {"value": contact.value, "count": len(found)})

        return check
