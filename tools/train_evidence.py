"""Write `corpora/model/evidence.tsv`, the learned evidence, from the texts that the project ships.

Run `python -m tools.train_evidence`; it needs the extra `learn`. No text from outside the repository is used.
"""

from __future__ import annotations

from pathlib import Path

from smsvet import Reviewer
from smsvet.files.location import CONTENT
from smsvet_api.learning.shipped_texts import LabelledText, shipped_texts
from smsvet_api.learning.training import KEPT, NOTICE, STRENGTH, counted, train, write
from tools.rendered_texts import rendered_texts

PLACE = Path("corpora/model/evidence.tsv")


def training_texts(reviewer: Reviewer) -> list[LabelledText]:
    """Return the texts of the shipped model: the shipped ones, and templates and violations as messages."""
    return [*shipped_texts(CONTENT, reviewer), *rendered_texts()]


def main() -> None:
    """Train the model and write it."""
    reviewer = Reviewer()
    texts = training_texts(reviewer)
    model = train(texts, lambda text: reviewer.catalogue.reader.folder.fold(text)[0])
    counts = counted(texts)
    path = CONTENT / PLACE
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        write(
            model,
            [
                "Learned evidence: weights of character 2- and 3-grams, negative for notices, positive for violations.",
                f"Made by `python -m tools.train_evidence` from {counts[False]} notices and {counts[True]} violations:",
                "corpora/labelled, also as messages with values (tools/rendered_texts.py), the examples of rules/content,",
                "strong terms and allowlist phrases at a fifth.",
                f"Logistic regression, C={STRENGTH:g}, classes balanced, the {KEPT} greatest weights;",
                f"a text with at most {NOTICE:g} points reads like a notice.",
            ],
        ),
        encoding="utf-8",
    )
    print(f"{PLACE}: {len(model.weights)} n-grams")


if __name__ == "__main__":
    main()
