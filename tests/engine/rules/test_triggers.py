"""A skipped rule could not have hit: running every rule finds nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from smsvet import Document, Reviewer, Submission, Verdict
from smsvet.files.location import CONTENT
from smsvet.model import Lang
from smsvet.rules.in_force import RulesInForce, RuleWithCases
from smsvet.rules.triggers import ANY
from smsvet.schema import read_submission


class Untriggered(Reviewer):
    """Runs every rule in force on every text."""

    def read(self, submission: Submission, lang: Lang = "en") -> Document:
        """Return the document with every bit of patterns and facts set."""
        document = super().read(submission, lang)
        texts = {name: replace(text, pattern_bits=ANY) for name, text in document.texts.items()}
        return replace(document, texts=texts, pattern_bits=ANY)

    def candidates(self, profile: RulesInForce, document: Document) -> list[RuleWithCases]:
        """Return the rules in force without duplicates."""
        placed = list(profile.always)
        for rules in profile.by_category.values():
            placed += rules
        return list({rule.id: (rule, cases) for rule, cases in placed}.values())


@pytest.fixture(scope="module")
def untriggered() -> Reviewer:
    """Return a reviewer that runs every rule."""
    return Untriggered()


def submissions(reviewer: Reviewer) -> Iterator[dict[str, Any]]:
    """Yield every rule's examples and the shipped labelled texts, each for several providers."""
    for rule in reviewer.rules:
        yield from (*rule.file.examples.flag, *rule.file.examples.passes)
    for name in ("benign", "violating"):
        for line in (CONTENT / "corpora" / "labelled" / f"{name}.jsonl").read_text("utf-8").split("\n"):
            if line:
                yield json.loads(line)["submission"]


def findings(verdict: Verdict) -> list[tuple[object, ...]]:
    """Return the findings of a verdict without their messages."""
    assert not verdict.faults
    return [
        (item.rule, item.decision, item.field, item.start, item.end, item.text) for item in verdict.findings
    ]


def test_a_rule_finds_nothing_without_its_trigger(reviewer: Reviewer, untriggered: Reviewer) -> None:
    """Each is reviewed for its own provider and for another one with the same placeholder syntax."""
    for number, data in enumerate(submissions(reviewer)):
        for provider in (data.get("provider"), "huawei" if number % 2 else "aliyun"):
            submission = read_submission(data | ({"provider": provider} if provider else {}))
            assert findings(reviewer.review(submission)) == findings(untriggered.review(submission)), data
