"""The checks that a rule file can name, as far as they look at one thing: terms, patterns, places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .document import HOLE, Document, Text
from .fold import Folder
from .links import Hosts
from .model import Hit, Link, Term
from .provider import Provider
from .source import ContentError
from .template import PROBLEMS

Check = Callable[[Document], Iterable[Hit]]
Where = Literal["signature", "body", "text", "params", "remark"]

SPOKEN: tuple[Where, ...] = ("signature", "body", "text", "params")
"""The fields that reach the recipient."""


@dataclass(frozen=True, slots=True)
class Context:
    """What checks are compiled against."""

    providers: Mapping[str, Provider]
    categories: frozenset[str]
    hosts: Hosts
    folder: Folder


class Atom(BaseModel):
    """A check as a rule file states it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def compile(self, context: Context) -> Check:
        """Return the check ready to run; raises ContentError where it cannot work."""
        raise NotImplementedError

    def needs(self) -> tuple[str, ...]:
        """Return the facts without which the check finds nothing."""
        return ()

    def categories(self) -> frozenset[str]:
        """Return the term categories without one of which the check finds nothing; empty if it may."""
        return frozenset()

    def words(self) -> frozenset[str] | None:
        """Return the words its hits carry for a message, `match` included; None if only it knows."""
        return frozenset({"match"})


def texts_in(document: Document, fields: tuple[Where, ...]) -> Iterator[Text]:
    """Return the texts of these fields; `params` stands for all values."""
    for name, text in document.texts.items():
        if name.split(".")[0] in fields:
            yield text


class TermsCheck(Atom):
    """Terms of a category: a strong one decides, different weak ones together make it possible.

    With `certain: supported` a strong term decides only beside other evidence: a second strong term of
    whatever category, weak ones of its own, a link or a contact. Alone, as in prose, it is possible.
    """

    kind: Literal["terms"]
    category: str | tuple[str, ...]
    fields: tuple[Where, ...] = Field(SPOKEN, alias="in")
    strength: Literal["strong", "weak", "any"] = "any"
    weak: int = Field(2, ge=1, description="different weak terms that make it possible")
    certain: Literal["alone", "supported"] = "alone"

    def needs(self) -> tuple[str, ...]:
        return ("terms",)

    def categories(self) -> frozenset[str]:
        return frozenset((self.category,) if isinstance(self.category, str) else self.category)

    def words(self) -> frozenset[str]:
        return frozenset({"match", "terms"})

    def compile(self, context: Context) -> Check:
        wanted = self.categories()
        unknown = wanted - context.categories
        if unknown:
            raise ContentError(f"category: no lexicon {', '.join(sorted(unknown))}")

        def check(document: Document) -> Iterator[Hit]:
            weak: dict[str, Term] = {}
            strong: list[Term] = []
            for text in texts_in(document, self.fields):
                for term in text.terms:
                    if term.category not in wanted:
                        continue
                    if self.strength == "weak" or (term.strength == "weak" and self.strength == "any"):
                        weak.setdefault(term.term, term)
                    elif term.strength == "strong":
                        strong.append(term)
            unsure = self.certain == "supported" and not supported(document, strong, len(weak), self.weak)
            for term in strong:
                yield hit_of((term,), term.possible or unsure)
            if len(weak) >= self.weak:
                yield hit_of(tuple(weak.values()), possible=True)

        return check


def supported(document: Document, strong: list[Term], weak: int, enough: int) -> bool:
    """Return whether other evidence stands beside these strong terms: see TermsCheck."""
    if not strong or weak >= enough:
        return bool(strong)
    others = {
        term.span
        for text in document.texts.values()
        for term in text.terms
        if term.strength == "strong" and all(term.span == own.span or apart_from(term, own) for own in strong)
    }
    return len(others) > 1 or any(text.links or text.contacts for text in document.texts.values())


def apart_from(one: Term, other: Term) -> bool:
    """Return whether two terms do not overlap."""
    return (
        one.span.field != other.span.field
        or one.span.end <= other.span.start
        or other.span.end <= one.span.start
    )


def hit_of(terms: tuple[Term, ...], possible: bool) -> Hit:
    """Return the hit on the first term, whose words name them all."""
    first = terms[0]
    spans = tuple(term.span for term in terms if term.span.field == first.span.field)
    return Hit(
        first.span,
        {"terms": "、".join(dict.fromkeys(term.text for term in terms))},
        category=first.category,
        transforms=first.transforms,
        spans=spans if len(spans) > 1 else first.spans,
        possible=possible,
    )


class PatternCheck(Atom):
    r"""A regular expression over folded text (or the submitted one); each hole code point is `\x1f`."""

    kind: Literal["pattern"]
    pattern: str
    read: Literal["folded", "original"] = "folded"
    fields: tuple[Where, ...] = Field(("body", "text"), alias="in")

    @model_validator(mode="after")
    def _compiles(self) -> PatternCheck:
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"pattern: {error}") from error
        return self

    def words(self) -> frozenset[str]:
        return frozenset({"match", *re.compile(self.pattern).groupindex})

    def compile(self, context: Context) -> Check:
        find = re.compile(self.pattern).finditer

        def check(document: Document) -> Iterator[Hit]:
            for text in texts_in(document, self.fields):
                if self.read == "folded":
                    for found in find(text.folded):
                        yield Hit(text.span(*found.span()), shown(found))
                else:
                    for found in find(text.original):
                        yield Hit(text.place(*found.span()), shown(found))

        return check


def shown(found: re.Match[str]) -> dict[str, object]:
    """Return the named groups of a match as words, a hole written as an ellipsis."""
    return {name: re.sub(f"{HOLE}+", "…", value or "") for name, value in found.groupdict().items()}


class LengthCheck(Atom):
    """Code points of a field outside a range, given here or by one of the provider's limits."""

    kind: Literal["length"]
    fields: tuple[Where, ...] = Field(alias="in")
    least: int | None = None
    most: int | None = None
    limit: str | None = None

    def words(self) -> frozenset[str]:
        return frozenset({"match", "length", "least", "most"})

    def compile(self, context: Context) -> Check:
        def check(document: Document) -> Iterator[Hit]:
            least, most = self.least or 0, self.most
            if self.limit is not None:
                value: Any = document.provider.limit(self.limit, document.as_of)
                if value is None:
                    return
                least, most = value if isinstance(value, tuple) else (least, value)
            for text in texts_in(document, self.fields):
                length = len(text.original)
                if length < least or (most is not None and length > most):
                    words = {"length": length, "least": least, "most": "∞" if most is None else most}
                    yield Hit(text.place(0, length), words)

        return check


class PlaceholderCheck(Atom):
    """Placeholders of the template: how they are written, where they stand, how many they are."""

    kind: Literal["placeholder"]
    problems: tuple[str, ...] = ()
    adjacent: Literal["blank", "punctuation"] | None = None
    edge: bool = False
    most: int | None = None

    @model_validator(mode="after")
    def _known(self) -> PlaceholderCheck:
        unknown = set(self.problems) - set(PROBLEMS)
        if unknown:
            raise ValueError(f"problems: unknown {', '.join(sorted(unknown))}")
        return self

    def needs(self) -> tuple[str, ...]:
        return ("problems",) if self.problems else ("placeholders",)

    def words(self) -> frozenset[str]:
        return frozenset({"match", "expected", "problem", "vendors", "count", "most"})

    def compile(self, context: Context) -> Check:
        return self._problems if self.problems else self._places

    def _problems(self, document: Document) -> Iterator[Hit]:
        for text in document.texts.values():
            for problem in text.problems:
                if problem.name in self.problems:
                    words = {
                        "expected": problem.expected or "",
                        "problem": problem.name,
                        "vendors": "、".join(problem.vendors),
                        "count": 1,
                        "most": 0,
                    }
                    yield Hit(problem.span, words, suggestion=text.corrected)

    def _places(self, document: Document) -> Iterator[Hit]:
        text = document.body
        found = document.placeholders
        if text is None:
            return
        words = {"expected": "", "problem": "", "vendors": "", "count": len(found), "most": self.most or 0}
        if self.adjacent:
            gap = re.compile(r"\s*" if self.adjacent == "blank" else r"[\s\W_]*[^\s\w][\s\W_]*")
            for left, right in zip(found, found[1:], strict=False):
                if gap.fullmatch(text.original, left.span.end, right.span.start):
                    yield Hit(text.place(left.span.start, right.span.end), words)
        if self.edge and found:
            if not text.original[: found[0].span.start].strip():
                yield Hit(found[0].span, words)
            if not text.original[found[-1].span.end :].strip(" \n。.!！"):
                yield Hit(found[-1].span, words)
        if self.most is not None and len(found) > self.most:
            yield Hit(found[self.most].span, words)


class LinkCheck(Atom):
    """Web addresses, by how they are written and whose they are."""

    kind: Literal["link"]
    fields: tuple[Where, ...] = Field(SPOKEN, alias="in")
    types: tuple[Literal["url", "domain", "ip", "disguised", "variable"], ...] = ()
    holds: bool | None = None
    host: Literal["short", "brand", "looks-short", "unregistered"] | None = None

    def needs(self) -> tuple[str, ...]:
        return ("links",)

    def words(self) -> frozenset[str]:
        return frozenset({"match", "host", "owner"})

    def compile(self, context: Context) -> Check:
        def check(document: Document) -> Iterator[Hit]:
            for text in texts_in(document, self.fields):
                for link in text.links:
                    if self.types and link.kind not in self.types:
                        continue
                    if self.holds is not None and bool(link.holds) is not self.holds:
                        continue
                    hit = self._host(document, link, context.hosts)
                    if hit:
                        yield hit

        return check

    def _host(self, document: Document, link: Link, hosts: Hosts) -> Hit | None:
        owner = hosts.is_brand_short(link)
        words = {"host": link.host, "owner": owner or ""}
        if self.host == "short" and not hosts.is_short(link.host):
            return None
        if self.host == "brand" and not owner:
            return None
        if self.host == "looks-short" and (owner or hosts.is_short(link.host) or not hosts.looks_short(link)):
            return None
        if self.host == "unregistered":
            account = document.submission.account
            if account is None or not account.icp_domains:
                return Hit(link.span, words, missing="account.icp_domains")
            if any(
                link.host == own or link.host.endswith(f".{own}")
                for own in map(str.lower, account.icp_domains)
            ):
                return None
        return Hit(link.span, words)


class ContactCheck(Atom):
    """Telephone numbers and ids by which somebody is to be reached."""

    kind: Literal["contact"]
    fields: tuple[Where, ...] = Field(("body", "text", "params", "signature"), alias="in")
    types: tuple[Literal["mobile", "landline", "400", "service", "qq", "wechat", "group", "email"], ...]
    more_than: int = 0

    def needs(self) -> tuple[str, ...]:
        return ("contacts",)

    def words(self) -> frozenset[str]:
        return frozenset({"match", "value", "count"})

    def compile(self, context: Context) -> Check:
        def check(document: Document) -> Iterator[Hit]:
            for text in texts_in(document, self.fields):
                found = [contact for contact in text.contacts if contact.kind in self.types]
                for contact in found[self.more_than :]:
                    yield Hit(contact.span, {"value": contact.value, "count": len(found)})

        return check


class FieldCheck(Atom):
    """A field of the submission itself: missing, or one of some values. Dots reach into the account."""

    kind: Literal["field"]
    field: str
    missing: bool = False
    one_of: tuple[str, ...] = Field((), alias="is")
    none_of: tuple[str, ...] = Field((), alias="is_not")

    def words(self) -> frozenset[str]:
        return frozenset({"match", "value"})

    def compile(self, context: Context) -> Check:
        def check(document: Document) -> Iterator[Hit]:
            value: Any = document if self.field in ("purpose", "kind") else document.submission
            for name in self.field.split("."):
                value = getattr(value, name, None)
            if self.missing and not (value is None or value in ("", ())):
                return
            if self.one_of and value not in self.one_of:
                return
            if self.none_of and (value is None or value in self.none_of):
                return
            text = document.texts.get(self.field)
            yield Hit(
                text.place(0, len(text.original)) if text else None,
                {"value": value if value is not None else ""},
            )

        return check
