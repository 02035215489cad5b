"""The terms behind the findings of a case: the entry of the lexicon and its strength."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from smsvet import Reviewer, SubmissionError
from smsvet.schema import read_submission

from ...audit.report.texts import shortened
from ...http.processes import SMALL
from ...store.cases.view import CaseView
from .case_view import ShownCase, body_of, json_of

_LONGEST: Final = 32
"""Code points of an entry that are shown: a combination may list dozens of words."""


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """The beginning of an entry of a lexicon that was found. `strength` is `strong` or `weak`."""

    term: str
    strength: str


def found_terms(view: CaseView, shown: ShownCase, reviewer: Reviewer) -> Mapping[int, Sequence[FoundTerm]]:
    """Return the terms of each group of findings by its number.

    Verdicts do not store them, so the text is read again: only with the rules of the verdict, and only if it is short
    enough for the event loop.
    """
    if view.verdict is None or view.revision != reviewer.revision or len(body_of(view)) > SMALL:
        return {}
    try:
        document = reviewer.read(read_submission(json_of(view)))
    except SubmissionError:
        return {}
    known = {
        (term.category, term.text): FoundTerm(shortened(term.term, _LONGEST), term.strength)
        for text in document.texts.values()
        for term in text.terms
    }
    found: dict[int, dict[FoundTerm, None]] = {}
    for item in view.verdict["findings"]:
        number = shown.outcome and shown.outcome.numbers.get((item["rule"], item["decision"]))
        if number and (term := known.get((item["category"], item["text"]))):
            found.setdefault(number, {})[term] = None
    return {number: tuple(terms) for number, terms in found.items()}
