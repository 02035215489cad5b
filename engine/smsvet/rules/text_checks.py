"""Checks of content: lexicon terms and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ..document import Document
from ..evasion.disguise import STEPS_ZH
from ..files.content_files import ContentError
from ..files.suggestions import did_you_mean, suggestions
from ..lexicon.warnings import is_public
from ..model import Hit, Lang, Said, Span, Term
from ..text.text import BODY, HOLE, SPOKEN, Where
from .check import Check, CheckModel, Context, texts_in
from .facts import BITS
from .triggers import PatternTrigger, Trigger, compiled

LURE = re.compile(
    "链接|连接|网址|网站|网页|二维码|扫码|wap|www|卡号|户名|[账帐]号[:是为]|验证码|密码|"
    "点击|(?:登[录陆入]|进入|访问|打开|拨打|致电|速电|来电|回复?|按)[^,。!\x1f]{0,6}(?:\x1f|[0-9a-z])|[0-9]{9}"
)
"""Words that name an address, a number, a code or a payee, and places for one in a template."""


SUPPORT = 2
"""Different weak terms that support a strong one; our own choice."""


class TermsCheck(CheckModel):
    """Terms of a category: a strong one is a certain hit, several different weak ones are a possible hit.

    With `certain: supported`, a strong term is a certain hit only with other evidence. Evidence is a second
    strong term of any category, SUPPORT weak terms of its own, or as many as are a hit, a link, a contact, or a
    disguised spelling. Without evidence, as in prose, it is a possible hit. A signature is not prose, so there it is
    always certain.

    With `certain: lured`, a combination is a certain hit only with a lure. A lure is a link, a private contact, a disguised
    spelling, or words that name an address, a number to call, a code or a payee.

    With several categories, a strong term inside another one is not a separate hit.
    """

    kind: Literal["terms"]
    category: str | tuple[str, ...]
    fields: tuple[Where, ...] = Field(SPOKEN, alias="in")
    strength: Literal["strong", "weak", "any"] = "any"
    weak: int = Field(2, ge=1, description="different weak terms for a possible hit; with 1, each is a hit")
    certain: Literal["alone", "supported", "lured"] = "alone"

    def categories(self) -> frozenset[str]:
        return frozenset((self.category,) if isinstance(self.category, str) else self.category)

    def trigger(self, context: Context) -> Trigger:
        return Trigger(BITS["terms"], categories=self.categories())

    def words(self) -> frozenset[str]:
        return frozenset({"match", "terms"})

    def compile(self, context: Context) -> Check:
        categories_wanted = self.categories()
        require_lexicons(categories_wanted, context)

        def check(document: Document) -> Iterator[Hit]:
            weak: dict[str, Term] = {}
            strong: list[Term] = []
            for text in texts_in(document, self.fields):
                for term in text.terms:
                    if term.category not in categories_wanted:
                        continue
                    if self.strength == "weak" or (term.strength == "weak" and self.strength == "any"):
                        weak.setdefault(term.term, term)
                    elif term.strength == "strong":
                        strong.append(term)
            unsure = self.certain == "supported" and not is_supported(document, strong, len(weak), self.weak)
            unlured = self.certain == "lured" and not is_lured(document, strong)
            name = document.texts.get("signature")
            if len(categories_wanted) > 1:
                strong = without_contained(strong)
            for term in strong:
                alone = (unsure and not (name and term in name.terms)) or (unlured and bool(term.spans))
                yield hit_on_terms((term,), term.possible or alone, disguised=bool(term.meant))
            if self.weak == 1:
                yield from (hit_on_terms((term,), possible=True) for term in weak.values())
            elif len(weak) >= self.weak:
                yield hit_on_terms(tuple(weak.values()), possible=True)

        return check


def require_lexicons(wanted: frozenset[str], context: Context) -> None:
    """Raise ContentError if a category has no lexicon."""
    unknown = wanted - context.categories
    if unknown:
        listed = ", ".join(sorted(unknown))
        near = suggestions(min(unknown), context.categories)
        english, chinese = did_you_mean(near)
        if not near:
            known = sorted(context.categories)
            english, chinese = f"; known: {', '.join(known)}", f"；可用：{'、'.join(known)}"
        raise ContentError(f"category: no lexicon {listed}{english}", f"category: 没有词库 {listed}{chinese}")


def is_supported(document: Document, own: list[Term], weak: int, enough: int) -> bool:
    """Return whether other evidence supports these strong terms; see TermsCheck."""
    if not own or weak >= min(enough, SUPPORT) or any(term.meant for term in own):
        return bool(own)
    if any(text.links or text.contacts for text in document.texts.values()):
        return True
    strong = [term for text in document.texts.values() for term in text.terms if term.strength == "strong"]
    return any(is_apart(one, other) for one in own for other in strong)


def without_contained(terms: list[Term]) -> list[Term]:
    """Return the terms without those inside another one: a phrase that two categories have is one piece of evidence."""
    reached: dict[str, int] = {}
    kept = []
    for term in sorted(terms, key=lambda term: (term.span.field, term.span.start, -term.span.end)):
        if term.span.end > reached.get(term.span.field, 0):
            reached[term.span.field] = term.span.end
            kept.append(term)
    return kept


def is_lured(document: Document, own: list[Term]) -> bool:
    """Return whether the texts of the message have a lure for these strong terms; see TermsCheck."""
    return any(term.meant for term in own) or any(
        text.links or not all(map(is_public, text.contacts)) or LURE.search(text.folded)
        for name, text in document.texts.items()
        if name not in ("signature", "remark")
    )


def is_apart(one: Term, other: Term) -> bool:
    """Return whether no piece of one term overlaps a piece of the other."""
    return all(
        left.field != right.field or left.end <= right.start or right.end <= left.start
        for left in one.spans or (one.span,)
        for right in other.spans or (other.span,)
    )


def hit_on_terms(terms: tuple[Term, ...], possible: bool, disguised: bool = False) -> Hit:
    """Return a hit at the first term; its message words name all of them."""
    first = terms[0]
    if len(terms) == 1 and not first.spans:
        return Hit(
            first.span,
            {"terms": quoted_terms(terms)},
            category=first.category,
            transforms=first.transforms,
            possible=possible,
            disguised=disguised,
        )
    pieces = {
        piece for term in terms if term.span.field == first.span.field for piece in term.spans or (term.span,)
    }
    spans = tuple(merged(sorted(pieces)))
    return Hit(
        first.span,
        {"terms": quoted_terms(terms)},
        category=first.category,
        transforms=tuple(dict.fromkeys(step for term in terms for step in term.transforms)),
        spans=spans if len(spans) > 1 else (),
        possible=possible,
        disguised=disguised,
    )


def merged(pieces: Iterable[Span]) -> Iterator[Span]:
    """Yield sorted pieces, overlapping ones merged: several terms may share characters."""
    last: Span | None = None
    for piece in pieces:
        if last is not None and piece.start < last.end:
            last = last._replace(end=max(last.end, piece.end))
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def quoted_terms(terms: tuple[Term, ...]) -> Said:
    """Return the terms as written, in quotes, and for disguised ones their meaning and steps."""
    if len(terms) == 1:
        return quoted_term(terms[0].text, terms[0].meant, terms[0].transforms)
    return Said(
        "、".join(dict.fromkeys(describe_term(term, "zh") for term in terms)),
        ", ".join(dict.fromkeys(describe_term(term, "en") for term in terms)),
    )


@lru_cache(maxsize=1024)
def quoted_term(written: str, meant: str, steps: tuple[str, ...]) -> Said:
    """Return one term as written, in quotes, and its meaning and steps if it is disguised."""
    return Said(
        describe_reading(written, meant, steps, "zh"),
        describe_reading(written, meant, steps, "en"),
    )


def describe_term(term: Term, lang: Lang) -> str:
    """Return a term as written, with its meaning and steps if it is disguised."""
    return describe_reading(term.text, term.meant, term.transforms, lang)


@lru_cache(maxsize=1024)
def describe_reading(written: str, meant: str, steps: tuple[str, ...], lang: Lang) -> str:
    """Return the written text in quotes, with its meaning if that differs, and the steps."""
    zh = lang == "zh"
    how = ("、" if zh else ", ").join(STEPS_ZH[step] if zh else step for step in steps)
    if meant:
        written = f"{written}”读作“{meant}" if zh else f"{written}” read as “{meant}"
    if how:
        return f"“{written}”（{how}）" if zh else f"“{written}” ({how})"
    return f"“{written}”"


_NAMED_GROUP = re.compile(r"\(\?P<(?!match>)")


class PatternCheck(CheckModel):
    r"""A regular expression on the normalised or submitted text. Each code point of a placeholder is `\x1f`."""

    kind: Literal["pattern"]
    pattern: str
    read: Literal["folded", "original"] = "folded"
    fields: tuple[Where, ...] = Field(BODY, alias="in")

    @model_validator(mode="after")
    def _compiles(self) -> PatternCheck:
        try:
            compiled(self.pattern)
        except re.error as error:
            raise PydanticCustomError(
                "bad_pattern", "not a regular expression: {error}", {"at": "pattern", "error": str(error)}
            ) from error
        return self

    def trigger(self, context: Context) -> Trigger:
        original = self.read == "original"
        bit = context.patterns.bit(self.pattern, original)
        return Trigger(any_of=(bit,), body=PatternTrigger(self.pattern, original))

    def words(self) -> frozenset[str]:
        return frozenset({"match", *compiled(self.pattern).groupindex})

    @property
    def is_of_bodies(self) -> bool:
        """Return whether it runs only on normalised bodies and texts."""
        return self.read == "folded" and self.fields == BODY

    def compile(self, context: Context) -> Check:
        pattern, bit = self.pattern, self.trigger(context).gate
        # Read from the text of the pattern, which is compiled at its first use.
        has_groups = _NAMED_GROUP.search(pattern) is not None

        def check(document: Document) -> Iterator[Hit]:
            for text in texts_in(document, self.fields):
                if not text.pattern_bits & bit:
                    continue
                find = compiled(pattern).finditer
                if self.read == "folded":
                    for found in find(text.folded):
                        yield Hit(text.span(*found.span()), named_groups(found) if has_groups else {})
                else:
                    for found in find(text.original):
                        yield Hit(text.place(*found.span()), named_groups(found) if has_groups else {})

        return check


def named_groups(found: re.Match[str]) -> dict[str, object]:
    """Return the named groups of a match as message words, placeholders as an ellipsis."""
    return {name: re.sub(f"{HOLE}+", "…", value or "") for name, value in found.groupdict().items()}
