"""Patterns are linear, or a text is named on which they are not."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet.patterns.growth import FACTOR, Kind, growth_of
from smsvet.patterns.program import Alphabet, PatternError, assemble, parse
from smsvet.patterns.stepper import Stepper, TooManyStepsError

EXPONENTIAL = [
    "(a|a)*b", "(a+)+b", "(a*)*b", "(?:看看|看)+x", "(?:ab|a|b)*c", "^(?:a|aa)+$", "(?:a*b?)*c", r"(\w+\s?)+:",
    "(?:[a-z]+[0-9]*)+!", r"(a)(?:\1|a)*b", "(?:(?:a?)*b)*c", r"^(?:[a-z0-9]+\.?)+@", "(?:a|b|[ab]c?)*d",
    "x(?:你好|你|好)+y", "(?:a{2}|a{3})+b", "(?:a{1,3})+b",
    r"(?:([a-z])\1+)+!", r"^(?:(a|b)\1*)+$", r"(?:(a)\1?)+b",
]  # fmt: skip
SQUARE = [
    "a*a*b", "a+b", r"\s+$", "^a*a*$", ".*x", r"[\w.]+@", "x*(?:yx*)*z", "a(?=.*b)", "x.*?y", ".*a.*b",
    "(?i:(A|a)+)b", "(?:ab)+c", "(?>a+)b|c", "a++b", "[0-9]{4,}元", "a{3,}b", r"\s*,\s*$", "(?!.*x)a", "您(?:好|您好)*吗",
    r"(?<![ ])[ \t]+$", "(?m:^a.*a.*$)x|ab", "^(?:a*)(?:b|a)*c", "回复?.*退|复",
]  # fmt: skip
COSTLY = [
    "(?:a?){20}a{20}b",
    "(?:.{0,40}a){4}z",
    "[^,]{0,300}[^.]{0,300}z",
    "(?:a{1,40}){1,40}b",
    "(?:a?){24}a{24}",
]
LINEAR = [
    "abc", "[^,。]{0,40}X", "a{0,4}x.{0,4}", r"(?<!\s)\s+$", "ax*b", "a+", "(?<![0-9])[0-9]{4,8}(?![0-9])", "^a+b",
    r"^\s*$", "a++", "【[^【】]*】", r"(?<![a-z])[a-z]+\b1", r"\b[a-z]+!", "您(?:的|是).{0,6}(?:a|b)", r"http://[^\s\x1f]+",
    "", "a|b|", "(?:ab){3}", r"\Aa*b", "(?:[^,]b?){0,3}c", "(?<!a)a*?b", "x(?:a|b)*c", r"(['\"])[^'\"]*\1x", "^a.*b",
    r"^(?:([a-z])\1++)+$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", EXPONENTIAL)
def test_a_loop_that_reads_a_text_in_two_ways_is_exponential(pattern: str) -> None:
    assert growth_of(pattern).kind is Kind.EXPONENTIAL


@pytest.mark.parametrize("pattern", SQUARE)
def test_loops_that_read_the_same_and_searches_that_begin_anew_are_square(pattern: str) -> None:
    assert growth_of(pattern).kind is Kind.SQUARE


@pytest.mark.parametrize("pattern", COSTLY)
def test_windows_that_multiply_are_costly(pattern: str) -> None:
    assert growth_of(pattern).kind is Kind.COSTLY


@pytest.mark.parametrize("pattern", LINEAR)
def test_windows_and_loops_that_begin_in_one_place_are_linear(pattern: str) -> None:
    growth = growth_of(pattern)
    assert growth.kind is Kind.LINEAR
    assert growth.steps <= FACTOR


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [("a+b", Kind.LINEAR), (".*x", Kind.LINEAR), ("a*a*b", Kind.SQUARE), ("(a+)+b", Kind.EXPONENTIAL)],
)
def test_a_match_at_one_place_does_not_begin_anew(pattern: str, kind: Kind) -> None:
    assert growth_of(pattern, anchored=True).kind is kind


def test_what_is_no_pattern_is_an_error() -> None:
    with pytest.raises(PatternError, match="unterminated"):
        growth_of("(a")


def test_what_is_too_large_is_not_called_linear() -> None:
    assert growth_of("(?:(?:(?:ab){99}){99}){99}").kind is Kind.UNKNOWN


LEAVES = ["a", "b", "[ab]", ".", "[^a]", "ab", r"\b", "^", "$", "(?=a)", "(?!ab)", "(?<=a)", "(?<!b)"]
BOUNDS = ["*", "+", "?", "{0,2}", "{2}", "{1,}", "{2,3}", "*?", "+?", "??", "{1,2}?", "*+", "?+"]


def repeated(pair: tuple[str, str]) -> str:
    part, bound = pair
    return f"(?:{part}){bound}"


PATTERNS = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(BOUNDS)).map(repeated),
        inner.map(lambda part: f"(?>{part})"),
        inner.map(lambda part: f"(?={part})"),
    ),
    max_leaves=7,
)


def compiled(pattern: str) -> tuple[Stepper, Alphabet]:
    tree = parse(pattern)
    alphabet = Alphabet(tree)
    return Stepper(assemble(tree, alphabet)), alphabet


@given(PATTERNS, st.text(alphabet="ab,\n", max_size=12))
@settings(max_examples=300, deadline=None)
def test_the_counting_matcher_finds_what_re_finds(pattern: str, text: str) -> None:
    stepper, alphabet = compiled(pattern)
    stepper.search([1 << alphabet.place(char) for char in text], 10**6)
    assert stepper.spans == [match.span() for match in re.finditer(pattern, text)]


@given(PATTERNS)
@settings(max_examples=15, deadline=None)
def test_no_short_text_makes_a_linear_pattern_grow(pattern: str) -> None:
    if growth_of(pattern).kind is not Kind.LINEAR:
        return
    stepper, alphabet = compiled(pattern)
    letters = [alphabet.place(char) for char in "ab,"]
    pumps = [word for size in (1, 2) for word in product(letters[:2], repeat=size)]
    for prefix, pump, suffix in product([(), (letters[0],), (letters[1],)], pumps, letters):
        places = []
        for length in (30, 60, 120):
            text = [1 << place for place in (*prefix, *pump * (length // len(pump)), suffix)]
            try:
                stepper.search(text, FACTOR * len(text))
            except TooManyStepsError:
                pytest.fail(f"{pattern!r} takes too many steps")
            places.append(stepper.places)
        assert places[2] - places[1] < 3 * (places[1] - places[0]) + 200
