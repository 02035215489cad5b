"""The command `check`: runs every rule on its own examples and lints the content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smsvet import Reviewer
from smsvet.files.content_folders import rules_folder
from smsvet.files.location import CONTENT
from smsvet.lint import lint
from smsvet.model import Lang
from smsvet.rules.rule import Rule
from smsvet.schema import read_submission
from smsvet.submission import SubmissionError

from ..wording import say


@dataclass(frozen=True, slots=True)
class Failure:
    """An example with a wrong result, or a flaw in the content: its file and place, the example, the error."""

    place: str
    example: str
    error: str


def failing_examples(reviewer: Reviewer, folders: Sequence[Path], lang: Lang) -> Iterator[Failure]:
    """Yield the examples that their own rule flags or passes wrongly."""
    for rule in reviewer.rules:
        place = rule_file(rule, folders)
        if "learned" in rule.file.when and reviewer.catalogue.reader.raising is None:
            continue  # it flags only with an operator's model
        for expected, examples in ((True, rule.file.examples.flag), (False, rule.file.examples.passes)):
            for number, example in enumerate(examples, start=1):
                wrong = wrong_with(reviewer, rule, example, expected, lang)
                if wrong:
                    key = f"examples.{'flag' if expected else 'pass'}.{number}"
                    shown = json.dumps(example, ensure_ascii=False, default=str)
                    yield Failure(f"{place}: {key}", shown, wrong)


def flaws(reviewer: Reviewer, lang: Lang) -> Iterator[Failure]:
    """Yield the lint findings on the content, including false positives on the shipped benign texts."""
    for flaw in lint(reviewer, ordinary(CONTENT / "corpora" / "labelled" / "benign.jsonl")):
        yield Failure(flaw.place, "", flaw.say(lang).removeprefix(f"{flaw.place}: "))


def ordinary(path: Path) -> Iterator[Mapping[str, object]]:
    """Yield the labelled submissions that should be approved; none if the file is missing."""
    if path.is_file():
        for line in path.read_text(encoding="utf-8").split("\n"):
            example = json.loads(line) if line else {}
            if example.get("decision") == "approve":
                yield example["submission"]


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


def rule_file(rule: Rule, folders: Sequence[Path]) -> str:
    """Return the path of a rule's file for display."""
    for folder in folders:
        path = rules_folder(folder) / f"{rule.id}.yaml"
        if path.is_file():
            return str(path)
    return f"rules/{rule.id}.yaml"
