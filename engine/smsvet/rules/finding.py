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


class FindingWriter:
    """Writes the findings of one rule on one document. Their decisions are computed once for each kind of hit."""

    def __init__(self, rule: Rule, cases: tuple[Case, ...], document: Document, lang: Lang) -> None:
        """Take a rule in force, with those of its cases that may apply, and the language of the messages."""
        self._rule, self._cases, self._document, self._lang = rule, cases, document, lang
        file = rule.file
        self._title, self._message, self._fix = (
            file.title.say(lang),
            file.message.say(lang),
            file.fix.say(lang),
        )
        self._code = rule.code(document.provider, document.as_of, document.kind)
        self._decisions: dict[tuple[object, ...], tuple[Decision | None, bool]] = {}

    def decision(self, hit: Hit) -> Decision | None:
        """Return the decision on a hit; None if the rule is switched off for it."""
        return self._decided(hit)[0]

    def finding(self, hit: Hit) -> Finding | None:
        """Return the finding for a hit; None if the rule is switched off for it.

        Raises KeyError if the rule's message has a word that the hit does not provide.
        """
        decision, inferred = self._decided(hit)
        if decision is None:
            return None
        document, file, zh = self._document, self._rule.file, self._lang == "zh"
        span = hit.span
        text = document.quote(span) if span else None
        words: dict[str, object] = {"match": text or "", **hit.words}
        for key, value in hit.words.items():
            if isinstance(value, Said):
                words[key] = value.zh if zh else value.en
        message, fix = self._message, self._fix
        if hit.missing:
            message, fix = _ADVICE["zh" if zh else "en"]
            words |= {"fact": hit.missing, "title": self._title}
        message = fill(message, words)
        if inferred:
            message += _INFERRED["zh" if zh else "en"].format(label(PURPOSES, document.purpose, self._lang))
        return Finding(
            self._rule.id,
            decision,
            span.field if span else None,
            span.start if span else None,
            span.end if span else None,
            text,
            message,
            fill(fix, words),
            hit.suggestion if hit.suggestion is not None and searched_whole(hit, document) else None,
            hit.category or file.category,
            hit.transforms,
            self._code,
            file.source,
            file.clause,
            tuple([(piece.start, piece.end) for piece in hit.spans]) if hit.spans else (),
            self._title,
            tuple(
                Evidence(said.zh if zh else said.en, score.points, score.ngrams)
                for said, score in hit.evidence
            )
            if hit.evidence
            else (),
            hit.missing,
        )

    def _decided(self, hit: Hit) -> tuple[Decision | None, bool]:
        """Return the decision on a hit, and whether its message says that it rests on an inferred purpose."""
        kind = hit.possible, hit.disguised, hit.inferred, hit.missing, hit.span and hit.span.field
        known = self._decisions.get(kind)
        if known is None:
            rule, cases, document = self._rule, self._cases, self._document
            decision = decision_of(rule, cases, hit, document)
            inferred = (
                decision is not None
                and decision is not Decision.APPROVE
                and rests_on_inference(rule, cases, hit, document)
            )
            known = self._decisions[kind] = decision, inferred
        return known


def searched_whole(hit: Hit, document: Document) -> bool:
    """Return whether all texts, and the one suggested, are short enough to be searched whole."""
    if hit.suggestion is None or any(text.left for text in document.texts.values()):
        return False
    return hit.span is None or hit.span.field not in document.texts or len(hit.suggestion) <= SEARCHED
