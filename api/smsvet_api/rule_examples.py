"""Runs a rule on its own examples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from smsvet import Reviewer
from smsvet.model import Lang
from smsvet.rules.rule import Rule
from smsvet.schema import read_submission
from smsvet.submission import SubmissionError

from .wording import say


@dataclass(frozen=True, slots=True)
class TriedExample:
    """An example of a rule after it was reviewed. `error` is the reason why the result is wrong, None for a right one."""

    is_flag: bool
    number: int
    """From 1, among the examples to flag or to pass."""
    shown: str
    """The example as JSON."""
    error: str | None


def tried_examples(reviewer: Reviewer, rule: Rule, lang: Lang) -> Iterator[TriedExample]:
    """Yield the examples of a rule that the reviewer has; none for a rule that needs an operator's model where there is none."""
    if "learned" in rule.file.when and reviewer.catalogue.reader.raising is None:
        return
    for is_flag, examples in ((True, rule.file.examples.flag), (False, rule.file.examples.passes)):
        for number, example in enumerate(examples, start=1):
            shown = json.dumps(example, ensure_ascii=False, default=str)
            yield TriedExample(is_flag, number, shown, wrong_with(reviewer, rule, example, is_flag, lang))


def wrong_with(
    reviewer: Reviewer, rule: Rule, example: Mapping[str, Any], expected: bool, lang: Lang
) -> str | None:
    """Return why a rule's result on an example is wrong, or None if it is right."""
    try:
        verdict = reviewer.review(read_submission(dict(example), lang), lang)
    except SubmissionError as error:
        return error.say(lang)
    faults = [fault.error for fault in verdict.faults if fault.rule == rule.id]
    if faults:
        return say(lang, f"规则故障：{faults[0]}", f"the rule failed: {faults[0]}")
    if (rule.id in {finding.rule for finding in verdict.findings}) is expected:
        return None
    return (
        say(lang, "应命中而未命中", "should be flagged and is not")
        if expected
        else say(lang, "应放行却命中", "should pass and is flagged")
    )
