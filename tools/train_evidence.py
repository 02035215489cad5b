"""Write `corpora/model/evidence.tsv`, the learned evidence, from the texts that the project ships.

Run `python -m tools.train_evidence`; it needs the extra `learn`. No text from outside the repository is used.
"""

from __future__ import annotations

from pathlib import Path

from smsvet import Reviewer
from smsvet.files.location import CONTENT
from smsvet_api.learning.shipped_texts import shipped_texts
from smsvet_api.learning.training import KEPT, NOTICE, STRENGTH, counted, train, write

PLACE = Path("corpora/model/evidence.tsv")


def main() -> None:
    """Train the model and write it."""
    reviewer = Reviewer()
    texts = shipped_texts(CONTENT, reviewer)
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
                "corpora/labelled, the examples of rules/content, strong terms and allowlist phrases at a fifth.",
                f"Logistic regression, C={STRENGTH:g}, classes balanced, the {KEPT} greatest weights;",
                f"a text with at most {NOTICE:g} points reads like a notice.",
            ],
        ),
        encoding="utf-8",
    )
    print(f"{PLACE}: {len(model.weights)} n-grams")


if __name__ == "__main__":
    main()
