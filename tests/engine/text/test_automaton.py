"""All backends find the same matches: every occurrence of every pattern, including overlapping ones."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet.text import automaton as matcher

ALPHABET = "ab赌博网\U0001d54f\ud800\udc00\ufffd\x00é"

# (patterns, text, matches as (pattern index, start, end))
TABLE: list[tuple[list[str], str, list[tuple[int, int, int]]]] = [
    ([], "赌博", []),
    (["赌博"], "", []),
    (["赌博"], "网络赌博平台，赌博", [(0, 2, 4), (0, 7, 9)]),
    (["贷款", "款项"], "贷款项目", [(0, 0, 2), (1, 1, 3)]),
    (["a", "aa"], "aaa", [(0, 0, 1), (1, 0, 2), (0, 1, 2), (1, 1, 3), (0, 2, 3)]),
    (["博", "赌博", "网络赌博"], "网络赌博", [(2, 0, 4), (1, 2, 4), (0, 3, 4)]),
    (["赌博", "微信", "赌博"], "赌博", [(0, 0, 2), (2, 0, 2)]),
    # iter_long() of pyahocorasick 2.2.0 to 2.3.1 loses these matches.
    (["赌博", "网络赌博平台", "赌博平台"], "网络赌博平", [(0, 2, 4)]),
    (["知识产权", "国家知识产权局"], "国家知识产权", [(0, 2, 6)]),
    (["bc", "abcdefg"], "abcdef", [(0, 1, 3)]),
    # Code points of one to four bytes before, inside and after a match.
    (["é", "𝕏信", "b"], "aé微𝕏信b", [(0, 1, 2), (1, 3, 5), (2, 5, 6)]),
    # Latin-1 characters whose code points equal the UTF-8 bytes of a Chinese character.
    (["è´"], "贷", []),
    (["\x00", "a\x00"], "a\x00b", [(1, 0, 2), (0, 1, 2)]),
    (["赌博"], "\ud800赌博\udfff", [(0, 1, 3)]),
    (["\ud800", "\ufffd"], "\ud800\ufffd\udc00", [(0, 0, 1), (1, 1, 2)]),
    (["\ud835\udd4f"], "𝕏", []),
    (["𝕏"], "\ud835\udd4f𝕏", [(0, 2, 3)]),
]


def naive(patterns: list[str], text: str) -> list[tuple[int, int, int]]:
    matches = [
        (index, start, start + len(pattern))
        for index, pattern in enumerate(patterns)
        for start in range(len(text))
        if text.startswith(pattern, start)
    ]
    return sorted(matches, key=lambda match: (match[1], match[2], match[0]))


@pytest.fixture(params=matcher.BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if name not in matcher.installed():
        refuse = pytest.fail if os.environ.get("SMSVET_REQUIRE") == "all" else pytest.skip
        refuse(f"{name} is not installed")
    return name


@pytest.mark.parametrize("patience", [0, matcher.PATIENCE])
@pytest.mark.parametrize(("patterns", "text", "matches"), TABLE)
def test_matches(
    backend: str, patience: int, patterns: list[str], text: str, matches: list[tuple[int, int, int]]
) -> None:
    assert matcher.build_automaton(patterns, backend, patience=patience).find(text) == matches
    assert naive(patterns, text) == matches


@pytest.mark.parametrize("name", matcher.installed())
@given(
    patterns=st.lists(st.text(ALPHABET, min_size=1, max_size=5), max_size=8),
    text=st.text(ALPHABET, max_size=40),
    patience=st.sampled_from([0, matcher.PATIENCE]),
)
def test_matches_what_a_plain_search_finds(name: str, patterns: list[str], text: str, patience: int) -> None:
    assert matcher.build_automaton(patterns, name, patience=patience).find(text) == naive(patterns, text)


def test_threads_find_the_same_during_construction(backend: str) -> None:
    built = matcher.build_automaton(["赌博", "博", "赌博"], backend, patience=300)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(built.find, ["网络赌博平台"] * 200))
    assert found == [[(0, 2, 4), (2, 2, 4), (1, 3, 4)]] * 200


def test_the_preferred_backend_is_chosen() -> None:
    name = matcher.installed()[0]
    assert type(matcher.build_automaton(["a"])) is type(matcher.build_automaton(["a"], name))


def test_pyahocorasick_when_nothing_else_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "daachorse", None)
    assert matcher.installed() == ("pyahocorasick",)
    assert type(matcher.build_automaton(["a"])) is type(matcher.build_automaton(["a"], "pyahocorasick"))


def test_an_empty_pattern_is_refused(backend: str) -> None:
    with pytest.raises(ValueError, match="pattern 1 is empty"):
        matcher.build_automaton(["a", ""], backend)


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown matcher 'hyperscan'"):
        matcher.build_automaton(["a"], "hyperscan")


@pytest.mark.parametrize("name", matcher.installed())
@pytest.mark.parametrize("patience", [0, matcher.PATIENCE])
@pytest.mark.parametrize("text", ["", "退订回T", "贷款贷", "a\ud800贷款", "𠀀贷款😀"])
def test_scan_each_and_columns_agree_with_find(name: str, patience: int, text: str) -> None:
    """All methods agree, also for lone surrogates, characters of four bytes and duplicate patterns."""
    patterns = ["退订", "贷", "贷款", "款贷", "\ud800贷", "😀", "贷"]
    built = matcher.build_automaton(patterns, name, patience=patience)
    found, scan = built.find(text), built.scan(text)
    each = built.each(text)
    assert sorted((index, start, end) for start, end, index in each) == sorted(found)
    assert [end for _, end, _ in each] == sorted(end for _, end, _ in each)
    assert scan.seen == {index for index, _, _ in found}
    assert sorted(scan.places(range(len(patterns)))) == sorted(found)
    columns = built.columns(text)
    rows = zip(columns.pattern.tolist(), columns.start.tolist(), strict=True)
    assert sorted(rows) == sorted(match[:2] for match in found)
    assert scan.places({1}) == [match for match in scan.places(range(len(patterns))) if match[0] == 1]
