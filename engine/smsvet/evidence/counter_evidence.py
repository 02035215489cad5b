"""Counter-evidence: a finding in a text that reads like an ordinary notice is one step milder."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from ..document import Document
from ..model import Decision, Evidence, Finding, Lang
from ..text.text import BODY, Text
from .evidence_model import EvidenceModel

EXEMPT: Final = frozenset({"gambling", "porn", "drugs", "cannabis"})
"""Categories whose findings stay as they are: no ordinary notice is about them."""

IMPERSONATION: Final = "phishing"
"""Category whose findings stay as they are if the sender is known and is not the institution of the text."""

ADDRESSES: Final = frozenset({"link", "contact"})
"""Categories of findings about a link or contact. Beside one, no finding becomes milder."""

OUTWEIGHS: Final = 6.0
"""Points of a finding's own evidence from which it stays as it is: twice what manual review of marketing needs."""

_NAMES: Final = {"zh": "读起来像事务通知", "en": "reads like an ordinary notice"}
_MILDER: Final = {
    Decision.REJECT: Decision.MANUAL_REVIEW,
    Decision.MANUAL_REVIEW: Decision.APPROVE,
    Decision.APPROVE: Decision.APPROVE,
}
_CLAUSE_ENDS: Final = "，,。！？!?；;\n"
_CLAUSE_END: Final = re.compile(f"[{_CLAUSE_ENDS}]")


def with_counter_evidence(
    findings: tuple[Finding, ...], rules: Iterable[str], document: Document, model: EvidenceModel, lang: Lang
) -> tuple[Finding, ...]:
    """Return the findings; those of `rules` are one step milder where the text reads like an ordinary notice.

    The whole text must read like a notice, and the n-grams in the clause of the finding must not weigh for a violation:
    a notice around an advertisement changes nothing. Beside a disguise, a private contact, or a link that is not the
    account's own, every finding stays as it is.
    """
    switched = frozenset(rules)
    exempt = EXEMPT | {IMPERSONATION} if contradicts(document) else EXEMPT
    candidates = [
        finding
        for finding in findings
        if finding.rule in switched
        and finding.decision is not Decision.APPROVE
        and finding.field in BODY
        and finding.category not in exempt
        and sum(evidence.points for evidence in finding.evidence) < OUTWEIGHS
        and not is_imitation(document, finding)
    ]
    if not candidates or leads_away(findings, document):
        return findings
    milder: dict[Finding, Finding] = {}
    # A text may have a hundred findings of many rules, and repetitions have equal clauses.
    score_of = lru_cache(maxsize=None)(model.score)
    for finding in candidates:
        text = document.texts[finding.field or ""]
        score = score_of(text.folded)
        if score.points <= model.notice and score_of(clause(text, finding)).points <= model.bias:
            evidence = Evidence(_NAMES[lang], score.points, score.ngrams)
            milder[finding] = replace(
                finding, decision=_MILDER[finding.decision], evidence=(*finding.evidence, evidence)
            )
    return tuple(milder.get(finding, finding) for finding in findings)


def is_imitation(document: Document, finding: Finding) -> bool:
    """Return whether manual review is due to a strong term of fraud: fraud imitates notices, so a person decides."""
    return (
        finding.category == IMPERSONATION
        and finding.decision is Decision.MANUAL_REVIEW
        and any(
            term.strength == "strong" and term.category == IMPERSONATION and term.span.start == finding.start
            for term in document.texts[finding.field or ""].terms
        )
    )


def contradicts(document: Document) -> bool:
    """Return whether the account is known, and is not the institution that the text speaks for."""
    account = document.submission.account
    return bool(account and account.name) and document.sender == "unknown"


def leads_away(findings: Iterable[Finding], document: Document) -> bool:
    """Return whether a submission has a disguise, a private contact, or a link that is not the account's own."""
    if any(
        finding.transforms or (finding.category in ADDRESSES and finding.decision is not Decision.APPROVE)
        for finding in findings
    ):
        return True
    account = document.submission.account
    own = account.icp_domains if account else ()
    return any(
        any(contact.is_personal for contact in text.contacts)
        or any(link.kind == "variable" or (link.domain or link.host) not in own for link in text.links)
        for text in document.texts.values()
    )


def clause(text: Text, finding: Finding) -> str:
    """Return the normalised clauses of a finding; the whole text for a finding without a place."""
    if finding.start is None or finding.end is None:
        return text.folded
    # Normalisation may change the length of a text: clauses are counted in the submitted one, code point by code
    # point, and translated through the offset map.
    first, last = finding.start - text.offset, finding.end - text.offset
    start = max((text.original.rfind(mark, 0, first) + 1 for mark in _CLAUSE_ENDS), default=0)
    after = _CLAUSE_END.search(text.original, last)
    end = after.start() if after else len(text.original)
    if text.origins is None:
        return text.folded[start:end]
    return text.folded[bisect_left(text.origins, start) : bisect_left(text.origins, end)]
