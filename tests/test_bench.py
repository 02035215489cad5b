"""The benchmark runs, at its smallest, and writes what it says; its texts are what they claim to be."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from smsvet import Reviewer, Submission

ROOT = Path(__file__).parents[1]
BENCH = ROOT / "bench"
SMALLEST = [
    *("--count", "40", "--rounds", "1", "--compare", "20", "--sizes", "1000"),
    *("--stacks", "default", "--batches", "2", "--batch", "20", "--seconds", "0.1", "--starts", "1"),
]
"""Sizes at which a figure means nothing, but every step is taken."""
WAYS = {"review", "review_many", "review_table", "floor", "floor of rare words"}


def load(name: str) -> ModuleType:
    """Return a module of the bench, which is no package."""
    spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a dataclass looks its module up
    sys.path.insert(0, str(BENCH))  # it imports its neighbours
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCH))
    return module


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(BENCH / program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def figures(part: Any, skip: tuple[str, ...]) -> list[float]:
    """Return every number at any depth."""
    if isinstance(part, dict):
        inside = [value for key, value in part.items() if not key.startswith(skip)]
        return [number for value in inside for number in figures(value, skip)]
    if isinstance(part, list):
        return [number for value in part for number in figures(value, skip)]
    return [part]


# One test, since a run takes a while and each worker of the test suite would make its own.
def test_the_smallest_run_measures_every_section(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    done = run("speed.py", *SMALLEST, "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    results: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    sections = results["sections"]
    assert set(sections) == {
        "ways", "length", "firing", "latency", "rules", "terms", "http", "memory", "start",
    }  # fmt: skip
    for name, section in sections.items():
        assert section["rows"], name
        assert min(figures({"rows": section["rows"]}, skip=("fired", "hits_per_1000"))) > 0, name

    rows = sections["ways"]["rows"]
    assert {name.partition(", ")[0] for name in rows} == {*WAYS, "usual style", "DFA word filter"}
    assert rows["usual style"]["times_usual"] == 1
    assert set(sections["ways"]["times_floor"]) == {"default"}
    assert list(sections["terms"]["rows"]) == ["1000"]
    assert list(sections["length"]["rows"]) == ["20", "50", "100", "200", "490"]
    assert sections["memory"]["batches"] == 2
    assert len(sections["rules"]["rows"]) <= 10

    *_, last = done.stdout.split("\n\n")
    title, head, *lines = last.strip().split("\n")
    assert (title, head.split()) == ("Goals", ["goal", "asked", "seen", "met"])
    assert {line.split()[-1] for line in lines} <= {"yes", "no"}
    for told in (
        "against usual style",
        "raw floor",
        "p99 against p50",
        "1,000 terms",
        "HTTP batch",
        "memory",
    ):
        assert told in last
    can_be_written_and_drawn(results, tmp_path / "performance.md")


def can_be_written_and_drawn(results: dict[str, Any], page: Path) -> None:
    report, plot = load("report"), load("speed_plot")
    page.write_text((ROOT / "docs/performance.md").read_text(encoding="utf-8"), encoding="utf-8")
    report.write_page(results, page)
    once = page.read_text(encoding="utf-8")
    assert once.count("| usual style |") == 2  # explained above, measured below
    report.write_page(results, page)
    assert page.read_text(encoding="utf-8") == once
    picture = ET.fromstring(plot.draw(results["sections"]))
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert "usual style" in "".join(picture.itertext())


def test_a_page_without_the_place_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Speed\n", encoding="utf-8")
    results = {
        "command": "",
        "machine": {"python": "3", "cpus": 2, "busy": 0, "versions": {}},
        "revision": "0",
        "sections": {},
    }
    with pytest.raises(ValueError, match="no place"):
        load("report").write_page(results, page)


def test_a_section_that_is_not_there_is_refused() -> None:
    done = run("speed.py", "--only", "ways,wayz")
    assert done.returncode == 2
    assert "wayz" in done.stderr


@pytest.mark.parametrize(
    ("what", "asked", "seen", "met"),
    [
        ("memory", {"warm_mb": 200, "after_mb": 203, "peak_mb": 210}, ["210.00 MB", "203 MB"], [True, True]),
        (
            "memory",
            {"warm_mb": 200, "after_mb": 230, "peak_mb": 310},
            ["310.00 MB", "230 MB"],
            [False, False],
        ),
        ("latency", {"p50_us": 59, "p99_of_p50": 5.1}, ["5.10x", "59.00 µs"], [False, True]),
    ],
)
def test_goals_are_judged(what: str, asked: dict[str, float], seen: list[str], met: list[bool]) -> None:
    section = {"rows": {"fast": asked}, "batches": 100, "size": 1000}
    found = load("goals").goals({what: section})
    assert [goal.seen for goal in found] == seen
    assert [goal.met for goal in found] == met


def test_the_usual_style_does_all_its_work_on_every_text() -> None:
    usual = load("usual")
    reviewer = usual.UsualReviewer()
    plain, reader = reviewer.catalogue.reader.parser.read_plainly, reviewer.catalogue.reader
    assert reader.parser.read == plain
    assert reader.scanner.marks("您好", set()) == -1
    assert type(reader.matcher) is usual.StrMatcher
    reviewer.review(Submission(body="您的编号是{1}，请查收", purpose="notification"))
    assert reviewer.segmenter.text == "您的编号是{1},请查收"
    planned = reviewer.plan("tencent", reviewer.catalogue.released, "mainland", "template", "notification")
    assert len(planned) > 100


# The generated texts


def test_templates_are_the_same_every_time_and_differ_from_each_other() -> None:
    generate = load("generate")
    texts = list(generate.templates(5000, 0.05))
    assert texts == list(generate.templates(5000, 0.05))
    assert len(set(texts)) == 5000
    assert 80 < sum(map(len, texts)) / 5000 < 120


@pytest.mark.parametrize("length", [20, 50, 100, 200, 490])
def test_templates_have_about_the_length_asked_for(length: int) -> None:
    texts = list(load("generate").templates(200, 0.0, length=length))
    assert abs(sum(map(len, texts)) / len(texts) - length) <= 4


@pytest.mark.parametrize("kind", ["words", "link", "brace", "invisible"])
def test_a_rule_fires_on_every_template_made_for_it(reviewer: Reviewer, kind: str) -> None:
    texts = load("generate").templates(60, 1.0, kinds=(kind,))
    assert [text for text in texts if not findings(reviewer, text)] == []


def test_no_rule_fires_on_the_others(reviewer: Reviewer) -> None:
    texts = load("generate").templates(300, 0.0)
    assert [text for text in texts if findings(reviewer, text)] == []


@pytest.mark.parametrize("length", [20, 490])
def test_no_rule_fires_for_the_length_alone(reviewer: Reviewer, length: int) -> None:
    texts = load("generate").templates(40, 0.0, length=length)
    assert [text for text in texts if findings(reviewer, text)] == []


def findings(reviewer: Reviewer, text: str) -> tuple[object, ...]:
    return reviewer.review(Submission(body=text, purpose="notification")).findings


def test_submissions_are_of_every_kind_purpose_and_provider(reviewer: Reviewer) -> None:
    made = list(load("generate").submissions(1000, reviewer.providers))
    assert {item.kind for item in made} == {"signature", "template", "message"}
    assert {item.purpose for item in made} == {"verification", "notification", "marketing", None}
    assert {item.provider for item in made} == set(reviewer.providers)
    assert {item.region for item in made} == {"mainland", "international"}
    assert len({item.as_of for item in made}) > 3


def test_generated_words_are_different_and_not_those_to_avoid() -> None:
    scaling = load("scaling")
    first = scaling.words(2000, set())
    again = scaling.words(2000, set(first[:100]))
    assert len(set(first)) == 2000
    assert not set(first[:100]) & set(again)
    assert set(Counter(map(len, first))) == set(range(2, 9))


# Equality


def test_every_way_gives_the_same_verdicts_on_a_sample(tmp_path: Path) -> None:
    (tmp_path / "few.jsonl").write_text(
        "".join(
            json.dumps({"text": text}) + "\n"
            for text in ("您的验证码是{1}", "【云雀】无抵押贷款，详见t.cn/a")
        ),
        encoding="utf-8",
    )
    done = run("equality.py", "--count", "300", "--data", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split() for line in done.stdout.strip().split("\n")[1:]]
    assert [(row[0], row[1], row[-1]) for row in rows] == [("generated", "300", "0"), ("few", "4", "0")]


def test_a_difference_is_told() -> None:
    equality = load("equality")
    item = Submission(id="s-1", body="您好")
    clean: dict[str, object] = {"decision": "approve", "findings": []}
    other = {"decision": "reject", "findings": [{"rule": "a/b"}]}
    assert equality.differences({"one": [clean], "two": [clean]}, [item]) == []
    (line,) = equality.differences({"one": [clean], "two": [other]}, [item])
    assert line.startswith("s-1: two is not one: decision: 'approve' 'reject'; +{'rule': 'a/b'}")
