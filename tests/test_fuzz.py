"""The fuzzer finds faults that are planted, repeats itself by its seed, and shrinks what it finds."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from bench.fuzz import run
from bench.fuzz.failure import Failure, shrink
from bench.fuzz.growth import Growth
from bench.fuzz.invariants import accepted, differing, failures_of
from bench.fuzz.submissions import Submissions
from bench.fuzz.texts import Bait, Texts
from bench.fuzz.vocabulary import Vocabulary, vocabulary_of
from bench.fuzz.watch import HangError, slowest_function, watched
from smsvet import Decision, Reviewer, Submission, Verdict
from smsvet.model import Fault

SEED = 20
LIMIT = 1.0
"""Seconds: far more than a review takes, so that a busy machine fails no test."""
REJECTED = {"body": "您的订单{1}已发货，详见t.cn/Ab3", "purpose": "notification"}


@pytest.fixture(scope="module")
def vocabulary(reviewer: Reviewer) -> Vocabulary:
    return vocabulary_of(reviewer)


def planted(reviewer: Reviewer, **methods: Any) -> Reviewer:
    """Return the reviewer with other methods."""
    other = copy.copy(reviewer)
    for name, method in methods.items():
        object.__setattr__(other, name, method)
    return other


def kinds(failures: Iterable[Failure]) -> set[str]:
    return {failure.kind for failure in failures}


def work(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_a_sound_reviewer_has_no_failure_of_an_ordinary_submission(reviewer: Reviewer) -> None:
    assert failures_of(reviewer, REJECTED, LIMIT) == []
    assert differing(reviewer, [REJECTED, {"text": "【云雀】您好"}, {"signature": "云雀"}]) == []


def test_refused_submissions_are_no_failures(reviewer: Reviewer) -> None:
    for data in ({}, {"body": 1}, {"body": "a", "provider": "?"}, {"body": "a", "variables": {"1": "?"}}):
        assert failures_of(reviewer, data, LIMIT) == []


def test_a_wrong_place_is_found(reviewer: Reviewer) -> None:
    def moved(submission: Submission, lang: Any = "zh") -> Verdict:
        verdict = reviewer.review(submission, lang)
        first, *others = verdict.findings
        assert first.start is not None
        return replace(verdict, findings=(replace(first, start=first.start + 1), *others))

    assert "place" in kinds(failures_of(planted(reviewer, review=moved), REJECTED, LIMIT))


def test_unequal_paths_are_found(reviewer: Reviewer) -> None:
    def lenient(submissions: Iterable[Submission], lang: Any = "zh") -> Iterator[Verdict]:
        for verdict in reviewer.review_many(submissions, lang):
            yield replace(verdict, findings=verdict.findings[:-1])

    def english(submission: Submission, lang: Any = "zh") -> Verdict:
        verdict = reviewer.review(submission, lang)
        return replace(verdict, findings=verdict.findings[1:]) if lang == "en" else verdict

    (found,) = failures_of(planted(reviewer, review_many=lenient), REJECTED, LIMIT)
    assert (found.kind, found.name) == ("paths", "review_many")
    assert {one.name for one in differing(planted(reviewer, review_many=lenient), [REJECTED])} == {
        "review_many of a batch"
    }
    assert ("paths", "Chinese and English") in {
        failure.key for failure in failures_of(planted(reviewer, review=english), REJECTED, LIMIT)
    }


def test_a_table_that_differs_is_found(reviewer: Reviewer) -> None:
    def other_language(table: Any, lang: Any = "zh") -> Any:
        return reviewer.review_table(table, "en")

    (found,) = differing(planted(reviewer, review_table=other_language), [REJECTED])
    assert found.name == "review_table"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"decision": Decision.APPROVE}, {"decision"}),
        ({"decision": Decision.APPROVE, "findings": (), "faults": (Fault("a/b", "ValueError: x"),)}, {"decision", "fault"}),
        ({"id": float("inf")}, {"json", "exception"}),
    ],
)  # fmt: skip
def test_a_broken_verdict_is_found(reviewer: Reviewer, change: Any, expected: set[str]) -> None:
    def changed(submission: Submission, lang: Any = "zh") -> Verdict:
        return replace(reviewer.review(submission, lang), **change)

    assert kinds(failures_of(planted(reviewer, review=changed), REJECTED, LIMIT)) & expected


def test_an_exception_is_found_and_named(reviewer: Reviewer) -> None:
    def failing(submission: Submission, lang: Any = "zh") -> Verdict:
        raise ZeroDivisionError

    (found,) = failures_of(planted(reviewer, review=failing), REJECTED, LIMIT)
    assert found.name.startswith("review: ZeroDivisionError")


def test_a_hang_is_given_up() -> None:
    with pytest.raises(HangError):
        watched(lambda: work(60), 0.05)


def test_slow_and_growing_checks_are_found(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted check takes time with the square of the text, on a clock that nothing else moves."""
    now = 0.0
    monkeypatch.setattr("bench.fuzz.watch.time.thread_time", lambda: now)

    def square(per_square: float) -> Reviewer:
        def review(submission: Submission, lang: Any = "zh") -> Verdict:
            nonlocal now
            size = max(len(one or "") for one in (submission.body, submission.text, submission.signature))
            now += per_square * size * size
            return reviewer.review(Submission(body="好"), lang)

        return planted(reviewer, review=review, review_many=lambda items: map(review, items))

    bait = Bait("planted", "", "好")

    def found(planted_reviewer: Reviewer, limit: float) -> Failure:
        growth = Growth(planted_reviewer, limit, random.Random(1))
        return next(failure for _ in range(20) if (failure := growth.failure(bait)))

    slow = found(square(1e-7), 0.15)
    assert slow.kind == "slow"
    assert slow.bait is not None
    growing = found(square(4e-8), 60)
    assert growing.kind == "growth"
    assert json.loads(growing.line())["bait"]["repeated"] == "好"


def test_the_slowest_function_is_named() -> None:
    assert slowest_function(lambda: work(0.02)) == "test_fuzz.py:work"


def test_shrinking_keeps_what_fails() -> None:
    data = {"body": "云雀科技的广告", "params": ["a", {"b": "赌博"}], "id": "x"}
    assert shrink(data, lambda one: "博" in json.dumps(one, ensure_ascii=False)) == {"params": [{"b": "博"}]}


def test_the_same_seed_makes_the_same_submissions_and_baits(
    reviewer: Reviewer, vocabulary: Vocabulary
) -> None:
    def made(seed: int) -> list[object]:
        chance = random.Random(seed)
        texts = Texts(vocabulary, chance)
        source = Submissions(texts, sorted(reviewer.providers), chance)
        return [[source.submission() for _ in range(40)], list(islice(texts.baits(), 20))]

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_the_first_submissions_of_a_seed_have_no_failure(reviewer: Reviewer, vocabulary: Vocabulary) -> None:
    chance = random.Random(SEED)
    source = Submissions(Texts(vocabulary, chance), sorted(reviewer.providers), chance)
    made = [source.submission() for _ in range(60)]
    assert [failure.line() for data in made for failure in failures_of(reviewer, data, LIMIT)] == []
    assert [failure.line() for failure in differing(reviewer, made)] == []


def test_submissions_have_every_field_and_are_mostly_accepted(
    reviewer: Reviewer, vocabulary: Vocabulary
) -> None:
    chance = random.Random(SEED)
    source = Submissions(Texts(vocabulary, chance), sorted(reviewer.providers), chance)
    made = [source.submission() for _ in range(600)]
    assert set(Submission.__dataclass_fields__) <= {name for data in made for name in data}
    assert sum(accepted(reviewer, data) is not None for data in made) > 400


def test_baits_have_the_length_asked_for_and_come_from_many_patterns(vocabulary: Vocabulary) -> None:
    baits = list(islice(Texts(vocabulary, random.Random(SEED)).baits(), 200))
    assert all(len(bait.text(500)) == 500 for bait in baits)
    assert len({bait.name for bait in baits}) > 50


def test_a_short_run_ends_with_a_summary(
    reviewer: Reviewer,
    vocabulary: Vocabulary,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(run, "Reviewer", lambda: reviewer)
    monkeypatch.setattr(run, "vocabulary_of", lambda _: vocabulary)
    monkeypatch.setattr("sys.argv", ["run", "--seconds", "4", "--seed", str(SEED), "--limit", "2"])
    with pytest.raises(SystemExit) as ended:
        run.main()
    first, *failures, last = capsys.readouterr().out.splitlines()
    assert first == f"seed {SEED}"
    assert ended.value.code == bool(failures)
    assert all(json.loads(line)["submission"] for line in failures)
    assert last.startswith(f"seed {SEED}: ")
