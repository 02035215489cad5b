"""The file of learned evidence, and the score of a text."""

from pathlib import Path

import pytest

from smsvet import ContentError
from smsvet.evidence.evidence_model import EvidenceModel, read_evidence_model
from smsvet.evidence.ngrams import ngrams

FILE = "# recipe\nbias\t0.5\nscale\t0.1\nnotice\t-1\n您的\t-40\n红包\t60\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "evidence.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    model = read_evidence_model(written(tmp_path, FILE), "evidence.tsv")
    assert model == EvidenceModel(0.5, 0.1, -1.0, {"您的": -40, "红包": 60})
    assert model.person is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (FILE + "红\t5\n", "evidence.tsv:7"),
        (FILE + "领红包\t128\n", "evidence.tsv:7"),
        (FILE + "领红包\t1.5\n", "evidence.tsv:7"),
        (FILE + "领红包 5\n", "evidence.tsv:7"),
        (FILE.replace("0.5", "nan"), "evidence.tsv:2"),
        (FILE.replace("notice\t-1\n", ""), "evidence.tsv: notice"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_evidence_model(written(tmp_path, text), "evidence.tsv")
    assert str(caught.value).startswith(place)
    assert caught.value.say("zh").startswith(place)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("好", []),
        ("领红包", ["领红", "红包", "领红包"]),
        ("领1红，包", ["领红", "红包", "领红包"]),
        ("红包红包", ["红包", "包红", "红包红", "包红包"]),
        ("ab", ["ab"]),
    ],
)
def test_ngrams_are_of_letters_alone(text: str, expected: list[str]) -> None:
    assert ngrams(text) == expected


@pytest.mark.parametrize(
    ("text", "points", "heaviest"),
    [
        ("", 0.5, ()),
        ("您的", -3.5, ("您的",)),
        ("红包", 6.5, ("红包",)),
        ("您的红包", 1.39, ("红包",)),
    ],
)
def test_the_score_names_the_heaviest_ngrams(text: str, points: float, heaviest: tuple[str, ...]) -> None:
    score = EvidenceModel(0.5, 0.1, -1.0, {"您的": -40, "红包": 60}).score(text)
    assert (score.points, score.ngrams) == (points, heaviest)
