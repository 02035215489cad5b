"""The model of learned evidence, and its file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, sqrt
from pathlib import Path

from ..files.content_files import ContentError, read_text
from ..model import Score
from .ngrams import SIZES, ngrams

MAX_WEIGHT = 127
"""Greatest absolute weight in a file: weights are 8-bit integers."""

SHOWN = 3
"""The n-grams named with a score."""

_NUMBERS = ("bias", "scale", "notice", "person")
_NGRAM = re.compile(f"[\u4e00-\u9fffa-z]{{{SIZES[0]},{SIZES[-1]}}}")


@dataclass(frozen=True, slots=True)
class EvidenceModel:
    """A linear model. `weights` are integers, in units of `scale` points.

    A text with at most `notice` points reads like an ordinary notice. A text with at least `person` points goes to a
    person; None for a model that only makes findings milder.
    """

    bias: float
    scale: float
    notice: float
    weights: Mapping[str, int]
    person: float | None = None

    def score(self, folded: str) -> Score:
        """Return the score of a normalised text.

        The score is the bias plus the weights of the text's different n-grams, divided by the square root of
        their number. Without that division, long texts would have extreme scores.
        """
        present = ngrams(folded)
        if not present:
            return Score(self.bias, ())
        weighed = [(self.weights.get(ngram, 0), ngram) for ngram in present]
        points = self.bias + self.scale * sum(weight for weight, _ in weighed) / sqrt(len(present))
        sign = -1 if points < 0 else 1
        # Sorting is stable, so equal weights keep the order of the text.
        heaviest = sorted(((weight * sign, ngram) for weight, ngram in weighed), key=lambda pair: -pair[0])
        return Score(round(points, 2), tuple(ngram for weight, ngram in heaviest[:SHOWN] if weight > 0))


def read_evidence_model(path: Path, name: str) -> EvidenceModel:
    """Return the model in a file.

    The file has lines `#` with comments, then `bias`, `scale`, `notice` and possibly `person` with a number, then n-grams with an
    integer weight; key and value are separated by a tab. Raises ContentError that names file and line.
    """
    numbers: dict[str, float] = {}
    weights: dict[str, int] = {}
    for count, line in enumerate(read_text(path, name).split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        key, _, value = line.partition("\t")
        try:
            if key in _NUMBERS:
                numbers[key] = float(value)
                right = isfinite(numbers[key])
            else:
                weights[key] = int(value)
                right = _NGRAM.fullmatch(key) is not None and abs(weights[key]) <= MAX_WEIGHT
        except ValueError:
            right = False
        if not right:
            raise ContentError(
                f"{name}:{count}: expected {', '.join(_NUMBERS)} and a number, or an n-gram and an integer"
                f" from -{MAX_WEIGHT} to {MAX_WEIGHT}, separated by a tab",
                f"{name}:{count}: 应为 {'、'.join(_NUMBERS)} 与一个数，或字串与 -{MAX_WEIGHT} 至 {MAX_WEIGHT}"
                " 的整数，以制表符分隔",
            )
    if absent := [key for key in _NUMBERS[:3] if key not in numbers]:
        raise ContentError(f"{name}: {absent[0]}: missing", f"{name}: {absent[0]}: 缺少")
    return EvidenceModel(numbers["bias"], numbers["scale"], numbers["notice"], weights, numbers.get("person"))
