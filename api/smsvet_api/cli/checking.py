"""The command `check`: runs every rule on its own examples and lints the content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smsvet import Reviewer
from smsvet.files.content_folders import rules_folder
from smsvet.files.location import CONTENT
from smsvet.lint import lint
from smsvet.model import Lang
from smsvet.rules.rule import Rule

from ..rule_examples import tried_examples


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
        for one in tried_examples(reviewer, rule, lang):
            if one.error:
                key = f"examples.{'flag' if one.is_flag else 'pass'}.{one.number}"
                yield Failure(f"{place}: {key}", one.shown, one.error)


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


def rule_file(rule: Rule, folders: Sequence[Path]) -> str:
    """Return the path of a rule's file for display."""
    for folder in folders:
        path = rules_folder(folder) / f"{rule.id}.yaml"
        if path.is_file():
            return str(path)
    return f"rules/{rule.id}.yaml"
