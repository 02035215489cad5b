"""The measurements run at minimum size, and the generated texts have the promised properties."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench import generator
from bench.quality import review_ways
from bench.speed import chart, conventional_reviewer, report, scaling, targets
from smsvet import Reviewer, Submission

ROOT = Path(__file__).parents[1]
SMALLEST = [
    *("--count", "40", "--rounds", "1", "--compare", "20", "--sizes", "1000"),
    *("--stacks", "default", "--batches", "2", "--batch", "20", "--seconds", "0.1", "--starts", "1"),
]
"""Minimum sizes: the figures mean nothing, but every step runs."""
WAYS = {"review", "review_many", "review_table", "floor", "floor of rare words"}


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", f"bench.{program}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def figures(part: Any, skip: tuple[str, ...]) -> list[float]:
    """Return every number at any depth."""
    if isinstance(part, dict):
        inside = [value for key, value in part.items() if not key.startswith(skip)]
        return [number for value in inside for number in figures(value, skip)]
    if isinstance(part, list):
        return [number for value in part for number in figures(value, skip)]
    return [part]


# One test, because a run is slow and each worker of the test suite would repeat it.
@pytest.mark.slow
def test_the_smallest_run_measures_every_section(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    done = run("speed.run", *SMALLEST, "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    results: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    sections = results["sections"]
    assert set(sections) == {
        "throughput", "length", "firing", "latency", "hostile", "rules", "terms", "http", "memory", "start",
    }  # fmt: skip
    for name, section in sections.items():
        assert section["rows"], name
        assert min(figures({"rows": section["rows"]}, skip=("fired", "hits_per_1000"))) > 0, name

    rows = sections["throughput"]["rows"]
    assert {name.partition(", ")[0] for name in rows} == {*WAYS, "conventional", "DFA word filter"}
    assert rows["conventional"]["speedup"] == 1
    assert set(sections["throughput"]["times_floor"]) == {"default"}
    assert list(sections["terms"]["rows"]) == ["1000"]
    assert list(sections["length"]["rows"]) == ["20", "50", "100", "200", "490"]
    assert sections["memory"]["batches"] == 2
    assert len(sections["rules"]["rows"]) <= 10

    *_, last = done.stdout.split("\n\n")
    title, head, *lines = last.strip().split("\n")
    assert (title, head.split()) == ("Targets", ["target", "bound", "measured", "met"])
    assert {line.split()[-1] for line in lines} <= {"yes", "no"}
    for named in (
        "against conventional",
        "against the floor",
        "p99 against p50",
        "1,000 terms",
        "HTTP batch",
        "memory",
    ):
        assert named in last
    can_be_written_and_drawn(results, tmp_path / "performance.md")


def can_be_written_and_drawn(results: dict[str, Any], page: Path) -> None:
    page.write_text((ROOT / "docs/performance.md").read_text(encoding="utf-8"), encoding="utf-8")
    report.write_page(results, page)
    once = page.read_text(encoding="utf-8")
    assert once.count("| conventional |") == 2  # explained above, measured below
    report.write_page(results, page)
    assert page.read_text(encoding="utf-8") == once
    picture = ET.fromstring(chart.draw(results["sections"]))
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert "conventional" in "".join(picture.itertext())


def test_a_page_without_the_marks_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Speed\n", encoding="utf-8")
    results = {
        "command": "",
        "machine": {"python": "3", "cpus": 2, "busy": 0, "versions": {}},
        "revision": "0",
        "sections": {},
    }
    with pytest.raises(ValueError, match="no place"):
        report.write_page(results, page)


def test_an_unknown_section_is_refused() -> None:
    done = run("speed.run", "--only", "throughput,wayz")
    assert done.returncode == 2
    assert "wayz" in done.stderr


@pytest.mark.parametrize(
    ("name", "figures", "measured", "met"),
    [
        ("memory", {"warm_mb": 200, "after_mb": 203, "peak_mb": 210}, ["210.00 MB", "203 MB"], [True, True]),
        (
            "memory",
            {"warm_mb": 200, "after_mb": 230, "peak_mb": 310},
            ["310.00 MB", "230 MB"],
            [False, False],
        ),
        ("latency", {"p50_us": 59, "p99_of_p50": 5.1}, ["5.10x", "59.00 µs"], [False, True]),
        ("hostile", {"review_many": 1.05, "review_table": 1.2}, ["1.05x", "1.20x"], [True, False]),
    ],
)
def test_targets_are_met_or_missed(
    name: str, figures: dict[str, float], measured: list[str], met: list[bool]
) -> None:
    section = {"rows": {"fast": figures}, "batches": 100, "size": 1000}
    found = targets.targets({name: section})
    assert [target.measured for target in found] == measured
    assert [target.met for target in found] == met


def test_the_conventional_reviewer_does_every_step_on_every_text() -> None:
    reviewer = conventional_reviewer.ConventionalReviewer()
    plain, reader = reviewer.catalogue.reader.parser.read_plainly, reviewer.catalogue.reader
    assert reader.parser.read == plain
    assert reader.prefilter.pattern_bits("您好", set()) == -1
    assert type(reader.matcher) is conventional_reviewer.StrMatcher
    reviewer.review(Submission(body="您的编号是{1}，请查收", purpose="notification"))
    assert reviewer.segmenter.text == "您的编号是{1},请查收"
    planned = reviewer.plan("tencent", reviewer.catalogue.released, "mainland", "template", "notification")
    assert len(planned) > 100


# The generated texts


def test_templates_are_the_same_every_time_and_differ_from_each_other() -> None:
    texts = list(generator.templates(5000, 0.05))
    assert texts == list(generator.templates(5000, 0.05))
    assert len(set(texts)) == 5000
    assert 80 < sum(map(len, texts)) / 5000 < 120


@pytest.mark.parametrize("length", [20, 50, 100, 200, 490])
def test_templates_have_about_the_requested_length(length: int) -> None:
    texts = list(generator.templates(200, 0.0, length=length))
    assert abs(sum(map(len, texts)) / len(texts) - length) <= 4


@pytest.mark.parametrize("kind", ["words", "link", "brace", "invisible"])
def test_a_rule_fires_on_every_template_made_for_it(reviewer: Reviewer, kind: str) -> None:
    texts = generator.templates(60, 1.0, kinds=(kind,))
    assert [text for text in texts if not findings(reviewer, text)] == []


def test_no_rule_fires_on_the_others(reviewer: Reviewer) -> None:
    texts = generator.templates(300, 0.0)
    assert [text for text in texts if findings(reviewer, text)] == []


@pytest.mark.parametrize("length", [20, 490])
def test_no_rule_fires_only_because_of_the_length(reviewer: Reviewer, length: int) -> None:
    texts = generator.templates(40, 0.0, length=length)
    assert [text for text in texts if findings(reviewer, text)] == []


def findings(reviewer: Reviewer, text: str) -> tuple[object, ...]:
    return reviewer.review(Submission(body=text, purpose="notification")).findings


def test_submissions_are_of_every_kind_purpose_and_provider(reviewer: Reviewer) -> None:
    made = list(generator.submissions(1000, reviewer.providers))
    assert {item.kind for item in made} == {"signature", "template", "message"}
    assert {item.purpose for item in made} == {"verification", "notification", "marketing", None}
    assert {item.provider for item in made} == set(reviewer.providers)
    assert {item.region for item in made} == {"mainland", "international", None}
    assert len({item.as_of for item in made}) > 3


def test_generated_words_are_different_and_not_those_to_avoid() -> None:
    first = scaling.words(2000, set())
    again = scaling.words(2000, set(first[:100]))
    assert len(set(first)) == 2000
    assert not set(first[:100]) & set(again)
    assert set(Counter(map(len, first))) == set(range(2, 9))


# Equality of verdicts


def write_texts(path: Path) -> None:
    texts = ("您的验证码是{1}", "【云雀】无抵押贷款，详见t.cn/a")
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")


@pytest.mark.slow
def test_every_way_gives_the_same_verdicts_on_a_sample(tmp_path: Path) -> None:
    write_texts(tmp_path / "few.jsonl")
    done = run("quality.equality", "--count", "300", "--data", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split() for line in done.stdout.strip().split("\n")[1:]]
    assert [(row[0], row[1], row[-1]) for row in rows] == [("generated", "300", "0"), ("few", "4", "0")]


def test_a_difference_is_shown() -> None:
    item = Submission(id="s-1", body="您好")
    clean: dict[str, object] = {"decision": "approve", "findings": []}
    other = {"decision": "reject", "findings": [{"rule": "a/b"}]}
    assert review_ways.differences({"one": [clean], "two": [clean]}, [item]) == []
    (line,) = review_ways.differences({"one": [clean], "two": [other]}, [item])
    assert line.startswith("s-1: two is not one: decision: 'approve' 'reject'; +{'rule': 'a/b'}")


def verdicts(folder: Path, *arguments: str) -> tuple[str, bytes]:
    """Return what the program printed and wrote on two texts and 100 generated submissions."""
    write_texts(folder / "few.jsonl")
    out = folder / "verdicts"
    given = ("--out", str(out), "--data", str(folder), "--content", str(ROOT), "--count", "100")
    done = run("quality.verdicts", *given, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, out.read_bytes()


@pytest.mark.slow
def test_verdicts_are_written_alike_by_every_way_and_in_every_run(tmp_path: Path) -> None:
    printed, written = verdicts(tmp_path)
    for way in ("review", "many", "table"):
        assert verdicts(tmp_path, "--way", way)[1] == written
    assert hashlib.sha256(written).hexdigest() in printed
    lines = [json.loads(line) for line in written.splitlines()]
    assert len({line["id"] for line in lines}) == len(lines)
    assert [line["id"] for line in lines[:4]] == ["few:1:body", "few:1:text", "few:2:body", "few:2:text"]
    assert lines[-1]["id"] == "generated:100"
    assert Counter(line["id"].partition("/")[0].partition(":")[0] for line in lines).keys() == {
        "few", "rules", "examples", "generated",
    }  # fmt: skip
    assert {line["lang"] for line in lines} == {"zh"}
    assert not any("revision" in line for line in lines)


def test_verdicts_can_be_written_in_both_languages_and_with_the_revision(
    tmp_path: Path, reviewer: Reviewer
) -> None:
    lines = [json.loads(line) for line in verdicts(tmp_path, "--lang", "both", "--revision")[1].splitlines()]
    assert {line["revision"] for line in lines} == {reviewer.revision}
    chinese, english = ({line["id"]: line for line in lines if line["lang"] == lang} for lang in ("zh", "en"))
    assert chinese.keys() == english.keys()
    rejected = "few:2:text"
    assert [finding["rule"] for finding in chinese[rejected]["findings"]] == [
        finding["rule"] for finding in english[rejected]["findings"]
    ]
    assert chinese[rejected]["findings"][0]["message"] != english[rejected]["findings"][0]["message"]
