"""The labelled texts that the project ships: the training set of the shipped model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smsvet import Reviewer

WORDS_WEIGHT = 0.2
"""Weight of a term or allowlist phrase beside a whole text: there are ten times as many."""

_ABOUT_CONTENT = ("content/", "template/marketing", "verification/marketing")


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text, whether it is a violation, and its weight in training."""

    text: str
    violates: bool
    weight: float = 1.0


def shipped_texts(content: Path, reviewer: Reviewer) -> list[LabelledText]:
    """Return the labelled examples, the examples of content rules, the strong terms and the allowlist phrases."""
    return [
        *labelled_examples(content / "corpora" / "labelled"),
        *rule_examples(reviewer),
        *words(reviewer),
    ]


def labelled_examples(folder: Path) -> Iterator[LabelledText]:
    """Yield the texts of `benign.jsonl`, and those of `violating.jsonl` that violate by content, not form."""
    for name, violates in (("benign", False), ("violating", True)):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").split("\n"):
            row = json.loads(line) if line else {}
            text = text_of(row.get("submission", {}))
            if text and (not violates or is_about_content(row)):
                yield LabelledText(text, violates)


def is_about_content(row: dict[str, Any]) -> bool:
    """Return whether the labelled row names a rule about content, not only rules about form."""
    return any(rule.startswith(_ABOUT_CONTENT) for rule in row.get("rules", ()))


def rule_examples(reviewer: Reviewer) -> Iterator[LabelledText]:
    """Yield the flagged and passed examples of the rules about content."""
    for rule in reviewer.rules:
        if rule.id.startswith("content/") and rule.file.when != ("learned",):
            for examples, violates in ((rule.file.examples.flag, True), (rule.file.examples.passes, False)):
                for example in examples:
                    if text := text_of(example):
                        yield LabelledText(text, violates)


def words(reviewer: Reviewer) -> Iterator[LabelledText]:
    """Yield the strong terms as violations and the allowlist phrases as notices."""
    lexicon = reviewer.catalogue.reader.lexicon
    for entry in lexicon.entries:
        if entry.strength == "strong" and len(entry.parts) == 1:
            yield LabelledText(entry.term, True, WORDS_WEIGHT)
    for phrase in lexicon.safe:
        yield LabelledText(phrase.phrase, False, WORDS_WEIGHT)


def text_of(submission: dict[str, object]) -> str | None:
    """Return the body or rendered text of a submission, None where it has neither."""
    text = submission.get("body") or submission.get("text")
    return text if isinstance(text, str) else None
