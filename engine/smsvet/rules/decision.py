"""The decision of a rule on one hit."""

from __future__ import annotations

from collections.abc import Mapping

from ..document import Document
from ..model import Decision, Hit, Purpose
from .in_force import milder
from .rule import Case, Rule, RuleDecision, to_decision

OTHER: Mapping[Purpose, Purpose] = {
    "verification": "notification",
    "notification": "marketing",
    "marketing": "notification",
}
"""By inferred purpose, the one that the sender may have meant instead. A code is recognised by its form."""


def decision_of(rule: Rule, cases: tuple[Case, ...], hit: Hit, document: Document) -> Decision | None:
    """Return the decision on a rule's hit; None if the rule is switched off for it.

    If the decision follows from an inferred purpose, it is at most manual review.
    """
    decision = _decision_for(document.purpose, rule, cases, hit, document)
    if decision is Decision.REJECT and rests_on_inference(rule, cases, hit, document):
        return Decision.MANUAL_REVIEW
    return decision


def rests_on_inference(rule: Rule, cases: tuple[Case, ...], hit: Hit, document: Document) -> bool:
    """Return whether the decision on a hit would be milder for the other purpose that was possible, or the hit is `inferred`.

    A signature has no purpose.
    """
    if document.submission.purpose is not None or document.kind == "signature":
        return False
    if hit.inferred:
        return True
    decision = _decision_for(document.purpose, rule, cases, hit, document)
    other = OTHER[document.purpose]
    meant = (
        _decision_for(other, rule, cases, hit, document) if rule.file.is_for(document.kind, other) else None
    )
    return decision is not None and (meant is None or meant < decision)


def _decision_for(
    purpose: Purpose, rule: Rule, cases: tuple[Case, ...], hit: Hit, document: Document
) -> Decision | None:
    file, field = rule.file, hit.span.field if hit.span else None
    wanted = file.possible if hit.possible else file.decision
    for case in cases:
        if case.holds_in(document, field, purpose):
            wanted = (case.possible or milder(case.decision, wanted)) if hit.possible else case.decision
            break
    if hit.possible and hit.disguised and wanted != "off":
        wanted = stricter(wanted, milder(file.decision, "manual_review"))
    decision = to_decision(wanted)
    return Decision.APPROVE if decision is not None and hit.missing else decision


def stricter(one: RuleDecision, other: RuleDecision) -> RuleDecision:
    """Return the stricter of two decisions."""
    return other if milder(one, other) == one else one
