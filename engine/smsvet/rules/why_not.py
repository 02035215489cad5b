"""Say in plain sentences why a check found nothing: for explanations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch

from ..document import Document
from ..labels import FACTS, field_label, label, labels
from ..model import Lang
from ..text.text import HOLE, Text
from .address_checks import ContactCheck, LinkCheck
from .check import CheckModel, Context, texts_in
from .checks import AllCheck, AnyOfCheck, ScoreCheck, UnlessCheck
from .form_checks import FieldCheck, LengthCheck, PlaceholderCheck
from .near_match import longest_part, missing_literals
from .text_checks import PatternCheck, TermsCheck, describe_term

_MOST_WORDS = 6
"""Literals that are named at most."""

_MOST_PARTS = 3
"""Parts of one check that are explained at most."""


def why_not(check: CheckModel, document: Document, context: Context, lang: Lang) -> list[str]:
    """Return sentences on what a check looked for in a document and did not find."""
    return list(dict.fromkeys(_reasons(check, document, context, lang)))


@singledispatch
def _reasons(check: CheckModel, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    yield "没有找到要找的内容" if lang == "zh" else "What the rule looks for was not found"


@_reasons.register
def _pattern(check: PatternCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    texts = texts_in(document, check.fields)
    yield from pattern_reasons(check.pattern, texts, check.read == "original", lang)


@_reasons.register
def _length(check: LengthCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    allowed = check.allowed(document.provider, document.as_of)
    if allowed is None:
        yield "服务商没有这项限制" if lang == "zh" else "The provider has no such limit"
        return
    least, most = allowed
    texts = texts_in(document, check.fields)
    listed = _join((f"{field_label(text.field, lang)} {text.length}" for text in texts), lang)
    limits = f"{least}–{'∞' if most is None else most}"
    if lang == "zh":
        yield f"长度没有超出 {limits}：{listed or '没有相应的文本'}"
    else:
        yield f"The length is within {limits}: {listed or 'there is no such text'}"


@_reasons.register
def _placeholder(check: PlaceholderCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    written = _join((f"“{hole.text}”" for hole in document.placeholders), lang)
    if check.problems:
        yield "没有这种写错的变量" if lang == "zh" else "No placeholder is malformed in this way"
    elif lang == "zh":
        yield f"变量的数量和位置没有问题：{written or '没有变量'}"
    else:
        yield f"The number and the places of the placeholders are right: {written or 'there are none'}"


@_reasons.register
def _field(check: FieldCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    name = field_label(check.field, lang)
    yield (
        f"{name}的内容不是规则要找的"
        if lang == "zh"
        else f"The value of {name} is not what the rule looks for"
    )


@_reasons.register
def _all(check: AllCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    lacking = [part for part in check.of if not found_by(part, document, context)]
    every, some = len(check.of), len(lacking)
    yield (
        f"{every} 个条件须同时满足，有 {some} 个没有满足"
        if lang == "zh"
        else f"All of {every} conditions must hold; {some} of them {'does' if some == 1 else 'do'} not"
    )
    for part in lacking[:_MOST_PARTS]:
        yield from _reasons(part, document, context, lang)


@_reasons.register
def _any(check: AnyOfCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    for part in check.of[:_MOST_PARTS]:
        yield from _reasons(part, document, context, lang)


@_reasons.register
def _unless(check: UnlessCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    if not found_by(check.check, document, context):
        yield from _reasons(check.check, document, context, lang)
        return
    stopped = next((part for part in check.unless if found_by(part, document, context)), None)
    place = quoted(stopped, document, context) if stopped else ""
    yield f"属于例外：{place}" if lang == "zh" else f"An exception applies: {place}"


def found_by(check: CheckModel, document: Document, context: Context) -> bool:
    """Return whether a check finds anything in a document."""
    return any(True for _ in check.compile(context)(document))


def quoted(check: CheckModel, document: Document, context: Context) -> str:
    """Return the first place that a check finds, in quotes; empty if it has none."""
    return next(
        (f"“{document.quote(hit.span)}”" for hit in check.compile(context)(document) if hit.span is not None),
        "",
    )


def pattern_reasons(pattern: str, texts: Sequence[Text], original: bool, lang: Lang) -> Iterator[str]:
    """Yield what of a pattern matches one of `texts`, what it lacks, and the texts as they are matched."""
    zh = lang == "zh"
    told = shown_pattern(pattern)
    yield "文本与规则的模式不匹配" if zh else "The text does not match the rule's pattern"
    yield f"模式：{told}" if zh else f"Pattern: {told}"
    parts = [
        (part, text, read)
        for text in texts
        for read in [text.original if original else text.folded]
        if (part := longest_part(pattern, read))
    ]
    if parts:
        part, text, read = max(parts, key=lambda item: item[0].end - item[0].start)
        seen = without_holes(read[part.start : part.end])
        where = field_label(text.field, lang)
        told = shown_pattern(part.pattern)
        yield (
            f"匹配到的最长部分：{told}，即{where}中的“{seen}”"
            if zh
            else f"The longest part that matches: {told}, “{seen}” in the {where}"
        )
    words = missing_literals(pattern, "\n".join(text.folded for text in texts)) if not original else ()
    if words:
        more = "…" if len(words) > _MOST_WORDS else ""
        listed = _join((f"“{without_holes(word)}”" for word in words[:_MOST_WORDS]), lang, " or ") + more
        yield f"文本中没有：{listed}" if zh else f"The text does not contain {listed}"
    yield from normalised(texts, lang)


def normalised(texts: Iterable[Text], lang: Lang) -> Iterator[str]:
    """Yield each text as it is matched, with its field."""
    for text in texts:
        where, seen = field_label(text.field, lang), without_holes(text.folded)
        yield f"规范化后的{where}：{seen}" if lang == "zh" else f"The {where}, normalised: {seen}"


def shown_pattern(pattern: str) -> str:
    """Return a pattern with the code point of a placeholder written `{…}`."""
    return pattern.replace(r"\x1f", "{…}").replace(HOLE, "{…}")


def without_holes(folded: str) -> str:
    """Return a normalised text with each placeholder written `{…}`."""
    return re.sub(f"{HOLE}+", "{…}", folded)


@_reasons.register
def _terms(check: TermsCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    wanted = check.categories()
    named = _join(sorted(wanted), lang)
    texts = texts_in(document, check.fields)
    found = [term for text in texts for term in text.terms if term.category in wanted]
    listed = _join(dict.fromkeys(describe_term(term, lang) for term in found), lang)
    if lang == "zh":
        yield (
            f"{named} 词库中只有弱词{listed}；需要一个强词，或 {check.weak} 个不同的弱词"
            if found
            else f"{labels(FACTS, check.fields, lang)}中没有 {named} 词库的词"
        )
    else:
        yield (
            f"Of the lexicon {named} there is only {listed}; it takes a strong term, or {check.weak} different weak ones"
            if found
            else f"The lexicon {named} has no term that is in the {labels(FACTS, check.fields, lang)}"
        )
    yield from normalised(texts, lang)


@_reasons.register
def _links(check: LinkCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    found = [link.text for text in texts_in(document, check.fields) for link in text.links]
    yield _others(label(FACTS, "links", lang), found, lang)


@_reasons.register
def _contacts(check: ContactCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    found = [contact.text for text in texts_in(document, check.fields) for contact in text.contacts]
    yield _others(label(FACTS, "contacts", lang), found, lang)


def _others(name: str, found: Iterable[str], lang: Lang) -> str:
    listed = _join((f"“{text}”" for text in found), lang)
    if lang == "zh":
        return f"文本中的{name}不是规则要找的：{listed}" if listed else f"文本中没有{name}"
    return f"The {name} are not what the rule looks for: {listed}" if listed else f"There are no {name}"


@_reasons.register
def _score(check: ScoreCheck, document: Document, context: Context, lang: Lang) -> Iterator[str]:
    zh = lang == "zh"
    total, seen = 0.0, []
    for signal in check.signals:
        hits = {hit.span for hit in signal.check.compile(context)(document) if not hit.missing}
        if hits:
            points = signal.weight * min(len(hits), signal.each)
            total += points
            seen.append(f"{signal.name if zh else signal.name_en} {points:+g}")
    listed = _join(seen, lang)
    if zh:
        yield f"各项依据合计 {total:g} 分，达到 {check.review:g} 分才算命中：{listed or '没有依据'}"
    else:
        yield f"The signals add up to {total:g} points of the {check.review:g} needed: {listed or 'there are none'}"


def _join(parts: Iterable[str], lang: Lang, between: str = ", ") -> str:
    return ("、" if lang == "zh" else between).join(parts)
