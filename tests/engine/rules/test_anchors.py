"""Literals and characters that a pattern requires."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pytest
from pydantic import BaseModel

from smsvet import Reviewer
from smsvet.rules.anchors import literals_of, required_characters
from smsvet.rules.prefilter import PatternBits, certain_bit
from smsvet.rules.text_checks import PatternCheck
from smsvet.text.automaton import build_automaton
from smsvet.text.text import Text

SAID = [
    ("退订", [{"退订"}]),
    ("退订|拒收", [{"退订", "拒收"}]),
    ("(?:验证|校验)码", [{"验证码", "校验码"}]),
    ("回复?[tn]退", [{"回t退", "回n退", "回复t退", "回复n退"}]),
    ("查看.{0,4}公告", [{"查看"}, {"公告"}]),
    (r"热线\s*\x1f+", [{"热线"}, {"\x1f"}]),
    ("[ab]{3,9}-?c", [{"a", "b"}, {"ac", "bc", "a-c", "b-c"}]),
    ("(?<![a-z])老(?=师)师", [{"老师"}]),
    ("a(?:bc)+d", [{"abc"}, {"bcd"}]),
]


@pytest.mark.parametrize(("pattern", "groups"), SAID)
def test_literals_required_for_a_match(pattern: str, groups: list[set[str]]) -> None:
    """Neighbouring literals are joined, alternatives multiplied, and arbitrary text separates two literals."""
    known, _ = literals_of(pattern)
    assert [set(map(frozenset, branch)) for branch in known or ()] == [set(map(frozenset, groups))]


@pytest.mark.parametrize("pattern", ["[a-z]*", "a?", "^", "(?i)sale", "(?i:sale)", "a|.", "(?:ab)*", r"\w+"])
def test_patterns_without_required_literals(pattern: str) -> None:
    """They run on every text."""
    assert literals_of(pattern)[0] is None


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("勿(?:泄露|转发)|谨防", {"勿泄露", "勿转发", "谨防"}),
        ("尾号|余额(?!宝)|(?<!不)退款", {"尾号"}),
        ("查看.{0,4}公告|公告$", set()),
        ("(?i)sale", set()),
    ],
)
def test_literals_sufficient_for_a_match(pattern: str, words: set[str]) -> None:
    """A literal with an assertion next to it is not one."""
    assert set(literals_of(pattern)[1]) == words


@pytest.mark.parametrize(
    ("pattern", "chars", "others"),
    [
        (r"[\r\n\t]+", "\r\n\t", "a 中"),
        (r"(?<![a-z])[&＆]|[&＆](?![a-z])", "&＆", "a中"),
        (r"\([^)]{0,2}[●°]{1,2}", "●°", "(a"),
        ("[→-⇿]|锟", "→⇿锟", "a一"),
    ],
)
def test_characters_required_for_a_match(pattern: str, chars: str, others: str) -> None:
    """They are from the rarest class of each alternative."""
    found = required_characters(pattern)
    assert all(any(first <= ord(char) <= last for first, last in found) for char in chars)
    assert not any(first <= ord(char) <= last for first, last in found for char in others)


def test_a_branch_needs_every_literal_group() -> None:
    """One literal is not enough for a pattern that requires two."""
    known = PatternBits()
    near, sign = known.bit("查看.*公告|领奖"), known.bit("[★☆]", original=True)
    marks = marking(known)
    assert marks("请查看", "请查看") == 0
    assert marks("请查看公告", "请查看公告") == near
    assert marks("领奖", "领奖") == near | certain_bit(near)
    assert marks("★", "*") == sign


def marking(known: PatternBits) -> Callable[[str, str], int]:
    """Return a function from submitted and normalised text to pattern bits."""
    numbers: dict[str, int] = {}
    prefilter = known.prefilter(numbers)
    matcher = build_automaton(tuple(numbers))
    return lambda original, folded: prefilter.pattern_bits(original, matcher.scan(folded).seen)


def patterns(part: object) -> Iterator[PatternCheck]:
    """Yield the pattern checks of a rule file, also nested ones."""
    if isinstance(part, PatternCheck):
        yield part
    elif isinstance(part, list | tuple):
        for item in part:
            yield from patterns(item)
    elif isinstance(part, BaseModel):
        yield from patterns([value for _, value in part])


def test_every_match_of_a_shipped_pattern_is_marked(reviewer: Reviewer) -> None:
    """The texts consist of pieces of the patterns, so that they match often."""
    checks = [check for rule in reviewer.rules for check in patterns(rule.file)]
    known = PatternBits()
    wanted = [
        (re.compile(check.pattern), check.read, known.bit(check.pattern, check.read == "original"))
        for check in checks
    ]
    marks_of = marking(known)
    pieces = re.findall(r"[\u4e00-\u9fff]+|[a-z]+|[0-9]|[^\w\s]", "".join(c.pattern for c in checks))
    pieces += ["\x1f", "\x1f\x1f\x1f", " ", "\n", "123", "★", "（", "&", "2020年"]
    chance = random.Random(3)
    matched = 0
    for _ in range(3000):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 25)))
        folded = reviewer.catalogue.reader.folder.fold(text)[0]
        marks = marks_of(text, folded)
        for pattern, read, bit in wanted:
            if pattern.search(text if read == "original" else folded):
                matched += 1
                assert marks & bit, (pattern.pattern, text)
            elif read == "folded":
                assert not marks & certain_bit(bit), (pattern.pattern, text)
    assert matched > 3000


def test_a_text_that_was_not_scanned_may_match_anything() -> None:
    """Patterns also run on a Text that a rule function creates."""
    assert Text("body", "退订", "退订").pattern_bits & PatternBits().bit("拒收")
