"""Triggers: a skipped rule cannot match, so running every rule gives the same findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from smsvet import Document, Reviewer, Submission, Verdict
from smsvet.files.location import CONTENT
from smsvet.model import Lang
from smsvet.rules.in_force import Placed, RulesInForce
from smsvet.rules.triggers import ANY
from smsvet.schema import read_submission


class Untriggered(Reviewer):
    """A reviewer that runs every rule in force, regardless of triggers."""

    def read(self, submission: Submission, lang: Lang = "en") -> Document:
        """Return the document with every pattern and fact marked as present."""
        document = super().read(submission, lang)
        texts = {name: replace(text, marks=ANY) for name, text in document.texts.items()}
        return replace(document, texts=texts, marks=ANY)

    def candidates(self, profile: RulesInForce, document: Document) -> Iterable[Placed]:
        """Return the rules in force without duplicates."""
        placed = list(profile.always)
        for rules in profile.by_category.values():
            placed += rules
        return {rule.id: (rule, cases) for rule, cases in placed}.values()


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
    """Each submission runs for its own provider and for another with the same template syntax."""
    for number, data in enumerate(submissions(reviewer)):
        for provider in (data.get("provider"), "huawei" if number % 2 else "aliyun"):
            submission = read_submission(data | ({"provider": provider} if provider else {}))
            assert findings(reviewer.review(submission)) == findings(untriggered.review(submission)), data
