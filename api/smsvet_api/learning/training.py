"""Fit the linear model, choose its thresholds by cross-validation, and write its file."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from smsvet.evidence.evidence_model import MAX_WEIGHT, EvidenceModel
from smsvet.evidence.ngrams import ngrams
from smsvet.extras import check_installed
from smsvet.model import Said

from .shipped_texts import LabelledText

KEPT = 20_000
"""n-grams with the greatest weights, which are kept."""

STRENGTH = 10.0
"""Inverse regularisation of the logistic regression."""

FOLDS = 5
"""Parts of the cross-validation."""

NOTICE = -1.0
"""Points below which the shipped model finds a notice, chosen where at most one point of real spam is lost."""

TRAINING = Said("训练判定经验", "Training of learned evidence")

Fold = Callable[[str], str]
"""Normalises a text."""


@dataclass(frozen=True, slots=True)
class Validation:
    """Cross-validated scores of texts: the recall at a share of false alarms, and the threshold for it."""

    notices: tuple[float, ...]
    violations: tuple[float, ...]

    def threshold(self, false_alarms: float) -> float:
        """Return the least points that at most this share of the notices has."""
        ordered = sorted(self.notices, reverse=True)
        allowed = int(false_alarms * len(ordered))
        return ordered[min(allowed, len(ordered) - 1)] + 0.005

    def recall(self, false_alarms: float) -> float:
        """Return the share of the violations with at least the threshold's points."""
        least = self.threshold(false_alarms)
        return sum(points >= least for points in self.violations) / len(self.violations)


def train(texts: Sequence[LabelledText], fold: Fold, person: float | None = None) -> EvidenceModel:
    """Return the model of labelled texts, a logistic regression over the presence of n-grams.

    It sends texts with at least `person` points to a person.

    Deterministic: the same texts give the same model. Raises MissingExtraError without scikit-learn.
    """
    check_installed(("sklearn",), "learn", TRAINING)
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - slow to import, and rarely needed
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    read = [ngrams(fold(text.text)) for text in texts]
    vocabulary = {ngram: place for place, ngram in enumerate(sorted({one for few in read for one in few}))}
    cells = [(row, vocabulary[ngram], 1 / sqrt(len(few))) for row, few in enumerate(read) for ngram in few]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(texts), len(vocabulary)))
    fitted = LogisticRegression(solver="liblinear", C=STRENGTH, class_weight="balanced", random_state=0).fit(
        matrix, [text.violates for text in texts], sample_weight=[text.weight for text in texts]
    )
    weights = dict(zip(sorted(vocabulary), map(float, fitted.coef_[0]), strict=True))
    return rounded(float(fitted.intercept_[0]), weights, person)


def rounded(bias: float, weights: dict[str, float], person: float | None) -> EvidenceModel:
    """Return the model of the KEPT greatest weights as integers of at most MAX_WEIGHT."""
    kept = sorted(weights, key=lambda ngram: (-abs(weights[ngram]), ngram))[:KEPT]
    scale = float(f"{max(abs(weights[kept[0]]), 1e-9) / MAX_WEIGHT:.4g}")
    whole = {ngram: max(-MAX_WEIGHT, min(MAX_WEIGHT, round(weights[ngram] / scale))) for ngram in kept}
    return EvidenceModel(
        round(bias, 3), scale, NOTICE, {ngram: weight for ngram, weight in whole.items() if weight}, person
    )


def validate(texts: Sequence[LabelledText], always: Sequence[LabelledText], fold: Fold) -> Validation:
    """Return the scores of `texts` by models that did not see them; `always` are in every training set.

    Texts with the same n-grams are in the same part, else a model would have seen its test.
    """
    scores: dict[bool, list[float]] = {True: [], False: []}
    parts = [hash_of(fold(text.text)) % FOLDS for text in texts]
    for part in range(FOLDS):
        seen = [text for text, of in zip(texts, parts, strict=True) if of != part]
        model = train([*always, *seen], fold)
        for text, of in zip(texts, parts, strict=True):
            if of == part:
                scores[text.violates].append(model.score(fold(text.text)).points)
    return Validation(tuple(scores[False]), tuple(scores[True]))


def hash_of(folded: str) -> int:
    """Return a number for the letters of a text, equal in every process."""
    return zlib.crc32("".join(ngrams(folded)).encode())


def write(model: EvidenceModel, comments: Sequence[str]) -> str:
    """Return the file of a model: comments, numbers, then n-grams by weight."""
    numbers = {"bias": model.bias, "scale": model.scale, "notice": model.notice}
    if model.person is not None:
        numbers["person"] = model.person
    ordered = sorted(model.weights.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return "".join(
        [
            *(f"# {line}\n" for line in comments),
            *(f"{name}\t{value:g}\n" for name, value in numbers.items()),
            *(f"{ngram}\t{weight}\n" for ngram, weight in ordered),
        ]
    )


def counted(texts: Sequence[LabelledText]) -> Counter[bool]:
    """Return how many texts are violations (True) and notices (False)."""
    return Counter(text.violates for text in texts)
