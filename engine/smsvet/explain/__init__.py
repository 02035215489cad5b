"""Why a rule or a word was or was not flagged.

Takes a reviewer, a submission and a rule id or a word. Gives the conditions in order, each with a sentence in the
requested language, up to the first that fails. It decides nothing: verdicts do not depend on it.
"""

from __future__ import annotations

from ..model import Lang
from ..reviewer import Reviewer
from ..submission import Submission
from .gates import Explanation, Gate, until_stopped
from .rule_gates import rule_gates
from .term_gates import term_gates

__all__ = ["Explanation", "Gate", "explain_all", "explain_rule", "explain_term"]


def explain_all(reviewer: Reviewer, submission: Submission, lang: Lang = "zh") -> Explanation:
    """Return one gate for each finding of the verdict."""
    verdict = reviewer.review(submission, lang)
    gates = tuple(
        Gate(finding.rule, True, f"{finding.decision.value}: {finding.message}")
        for finding in verdict.findings
    )
    return Explanation(verdict.decision.value, bool(gates), gates)


def explain_rule(reviewer: Reviewer, submission: Submission, rule_id: str, lang: Lang = "zh") -> Explanation:
    """Return the conditions of one rule. Raises KeyError if there is no such rule."""
    rule = next((rule for rule in reviewer.rules if rule.id == rule_id), None)
    if rule is None:
        raise KeyError(rule_id)
    document = reviewer.read(submission)
    title = f"{rule.file.title.say(lang)} ({rule.id})"
    return until_stopped(title, rule_gates(reviewer, rule, document, lang))


def explain_term(reviewer: Reviewer, submission: Submission, word: str, lang: Lang = "zh") -> Explanation:
    """Return the conditions of one word: in a lexicon, in the text, whole, not exempt, and used by a rule."""
    document = reviewer.read(submission)
    return until_stopped(word, term_gates(reviewer, document, word, lang))
