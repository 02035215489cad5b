"""The finding for one hit of a rule: its decision, message, fix and code."""

from __future__ import annotations

from ..document import Document
from ..labels import PURPOSES, label
from ..model import Decision, Evidence, Finding, Hit, Lang, Said
from ..text.text import SEARCHED
from .decision import decision_of, rests_on_inference
from .rule import Case, Rule, fill

_ADVICE = {
    "zh": ("未提供 {fact}，未能核对“{title}”", "提交时附上 {fact}，即可核对"),
    "en": ("{fact} was not supplied, so “{title}” was not checked", "Supply {fact} to have it checked"),
}
_INFERRED = {
    "zh": "（未声明短信类型，“{}”是根据内容推断的）",
    "en": " (no message type was declared; {} was inferred from the text)",
}


def to_finding(
    rule: Rule, cases: tuple[Case, ...], hit: Hit, document: Document, lang: Lang
) -> Finding | None:
    """Return the finding for a rule's hit; None if the rule is switched off for it.

    Raises KeyError if the rule's message has a word that the hit does not provide.
    """
    span = hit.span
    file = rule.file
    decision = decision_of(rule, cases, hit, document)
    if decision is None:
        return None
    text = document.quote(span) if span else None
    words: dict[str, object] = {"match": text or "", **hit.words}
    for key, value in hit.words.items():
        if isinstance(value, Said):
            words[key] = value.zh if lang == "zh" else value.en
    title, message, fix = file.title.say(lang), file.message.say(lang), file.fix.say(lang)
    if hit.missing:
        message, fix = _ADVICE["zh" if lang == "zh" else "en"]
        words |= {"fact": hit.missing, "title": title}
    message = fill(message, words)
    if decision is not Decision.APPROVE and rests_on_inference(rule, cases, hit, document):
        message += _INFERRED["zh" if lang == "zh" else "en"].format(label(PURPOSES, document.purpose, lang))
    return Finding(
        rule.id,
        decision,
        span.field if span else None,
        span.start if span else None,
        span.end if span else None,
        text,
        message,
        fill(fix, words),
        hit.suggestion if searched_whole(hit, document) else None,
        hit.category or file.category,
        hit.transforms,
        rule.code(document.provider, document.as_of, document.kind),
        file.source,
        file.clause,
        tuple((piece.start, piece.end) for piece in hit.spans),
        title,
        tuple(
            Evidence(said.zh if lang == "zh" else said.en, score.points, score.ngrams)
            for said, score in hit.evidence
        ),
        hit.missing,
    )


def searched_whole(hit: Hit, document: Document) -> bool:
    """Return whether all texts, and the one suggested, are short enough to be searched whole."""
    if hit.suggestion is None or any(text.left for text in document.texts.values()):
        return False
    return hit.span is None or hit.span.field not in document.texts or len(hit.suggestion) <= SEARCHED
