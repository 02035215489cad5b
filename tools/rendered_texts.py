"""Rendered notices and violations as additional training texts of the shipped learned evidence.

Violations get the same senders, second sentences and courtesies as notices. Otherwise the model would take a
courtesy for evidence of a notice, and advertisements end with courtesies too.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from bench.quality.labelled_sets import json_lines
from bench.quality.rendered import COURTESIES, FURTHER, LABELLED, OPENINGS, SENDERS, VARIANTS, filled, render
from smsvet_api.learning.shipped_texts import LabelledText, is_about_content, text_of

VALUES_ONLY = 2
"""How often a template is rendered with values only."""

WEIGHT = 0.33
"""Weight of a rendered notice beside a labelled text."""

VIOLATION_WEIGHT = 0.66
"""Weight of a rendered violation. There is one for each violation, and three for each notice."""

DRESSED = 0.4
"""Chance of each addition to a violation. It is greater than that of `dressed` in notices: nothing added by the renderer
may look like evidence of a notice."""


def rendered_texts(
    folder: Path = LABELLED, kept: Callable[[str], bool] = lambda origin: True
) -> list[LabelledText]:
    """Return the rendered texts of the templates whose origin, `file:line`, is kept. Every call returns the same."""
    texts = []
    for file in VARIANTS:
        for number, row in json_lines(folder / f"{file}.jsonl"):
            origin, template = f"{file}:{number}", text_of(row["submission"])
            if template and row["decision"] == "approve" and kept(origin):
                made = [
                    filled(random.Random(f"{origin}:values:{one}"), template) for one in range(VALUES_ONLY)
                ]
                texts += [LabelledText(text, False, WEIGHT) for text in (*made, render(origin, row, 0).text)]
    for number, row in json_lines(folder / "violating.jsonl"):
        origin, text = f"violating:{number}", text_of(row["submission"])
        if text and is_about_content(row) and kept(origin):
            texts.append(LabelledText(as_sent(random.Random(f"{origin}:sent"), text), True, VIOLATION_WEIGHT))
    return texts


def as_sent(chance: random.Random, text: str) -> str:
    """Return a violation with a sender and, each with a chance of DRESSED, a salutation, a sentence and a courtesy."""
    if chance.random() < DRESSED:
        text += chance.choice(chance.choice(FURTHER)[1])
    if chance.random() < DRESSED:
        text += chance.choice(COURTESIES)
    if chance.random() < DRESSED:
        text = chance.choice(OPENINGS) + text
    text = filled(chance, text)
    return text if text.startswith("【") else f"【{chance.choice(chance.choice(SENDERS)[1])}】{text}"
