"""Training: deterministic, validated on texts that were not seen, and usable without scikit-learn."""

from pathlib import Path

import pytest

from smsvet import Reviewer
from smsvet.evidence.evidence_model import read_evidence_model
from smsvet.files.location import CONTENT
from smsvet_api.learning.shipped_texts import LabelledText
from smsvet_api.learning.training import Validation, train, validate, write
from tools.train_evidence import training_texts

TEXTS = [LabelledText(f"您的订单{name}已发货，请注意查收", False) for name in "甲乙丙丁戊己庚辛壬癸"] + [
    LabelledText(f"{name}老客户领红包，名额有限速来", True) for name in "甲乙丙丁戊己庚辛壬癸"
]


def same(text: str) -> str:
    return text


def test_a_written_model_is_the_trained_one(tmp_path: Path) -> None:
    model = train(TEXTS, same, 1.5)
    path = tmp_path / "my.tsv"
    path.write_text(write(model, ["recipe"]), encoding="utf-8")
    assert read_evidence_model(path, "my.tsv") == model
    assert train(TEXTS[::-1], same).weights == train(TEXTS, same).weights
    assert model.score("您的订单已发货").points < 0 < model.score("领红包速来").points


def test_validation_separates_what_it_did_not_see() -> None:
    validation = validate(TEXTS, [], same)
    assert (len(validation.notices), len(validation.violations)) == (10, 10)
    assert validation.recall(0.01) == 1.0


def test_the_threshold_keeps_false_alarms_within_the_share() -> None:
    validation = Validation(tuple(n / 100 for n in range(100)), (0.5, 0.995, 2.0))
    for share in (0.01, 0.03, 0.5):
        least = validation.threshold(share)
        assert sum(points >= least for points in validation.notices) <= share * 100
    assert validation.recall(0.01) == pytest.approx(2 / 3)


def test_the_shipped_model_is_the_one_of_the_shipped_texts(reviewer: Reviewer) -> None:
    """Run `python -m tools.train_evidence` after a change of labelled texts, terms or rule examples."""
    fold = reviewer.catalogue.reader.folder.fold
    trained = train(training_texts(reviewer), lambda text: fold(text)[0])
    shipped = read_evidence_model(CONTENT / "corpora" / "model" / "evidence.tsv", "evidence.tsv")
    assert trained.bias == pytest.approx(shipped.bias, abs=0.05)
    heaviest = sorted(shipped.weights, key=lambda ngram: -abs(shipped.weights[ngram]))[:200]
    for ngram in heaviest:
        assert trained.weights.get(ngram, 0) == pytest.approx(shipped.weights[ngram], abs=4), ngram
