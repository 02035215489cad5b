"""Which rule moved an item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet_api.audit.comparison.responsibility import responsible, strictest_by_rule, without

MANUAL, REJECT = 1, 2

CASES = [
    # (old findings, new findings, responsible rule, all rules, alone)
    ({}, {"a": REJECT}, "a", ("a",), True),
    ({}, {"a": REJECT, "b": MANUAL}, "a", ("a", "b"), False),
    ({}, {"a": REJECT, "b": REJECT}, None, ("a", "b"), False),
    ({}, {"a": MANUAL, "b": MANUAL}, None, ("a", "b"), False),
    ({"b": MANUAL}, {"a": REJECT, "b": MANUAL}, "a", ("a",), True),
    ({"b": MANUAL}, {"a": MANUAL, "b": REJECT}, "b", ("b",), True),
    ({"a": MANUAL}, {"a": REJECT}, "a", ("a",), True),
    ({"a": MANUAL, "b": MANUAL}, {"a": REJECT, "b": REJECT}, None, ("a", "b"), False),
    ({"a": MANUAL}, {"c": REJECT}, "c", ("c",), True),
    # milder: old and new exchanged
    ({"a": REJECT}, {}, "a", ("a",), True),
    ({"a": REJECT, "b": MANUAL}, {"b": MANUAL}, "a", ("a",), True),
    ({"a": REJECT, "b": MANUAL}, {}, "a", ("a", "b"), False),
    ({"a": REJECT, "b": REJECT}, {}, None, ("a", "b"), False),
    ({"a": REJECT}, {"a": MANUAL}, "a", ("a",), True),
    ({"a": REJECT}, {"b": MANUAL}, "a", ("a",), True),
]


@pytest.mark.parametrize(("old", "new", "rule", "rules", "alone"), CASES)
def test_the_responsible_rule(
    old: dict[str, int], new: dict[str, int], rule: str | None, rules: tuple[str, ...], alone: bool
) -> None:
    found = responsible(old, new, max(old.values(), default=0), max(new.values(), default=0))
    assert (found.rule, found.rules, found.alone) == (rule, rules, alone)


def test_a_decision_of_people_has_no_rules() -> None:
    stricter = responsible({}, {"a": REJECT}, MANUAL, REJECT)
    assert (stricter.rule, stricter.alone) == ("a", True)
    milder = responsible({}, {"a": MANUAL}, REJECT, MANUAL)
    assert (milder.rule, milder.rules) == (None, ())


def test_the_strictest_finding_of_a_rule_counts_and_advice_does_not() -> None:
    assert strictest_by_rule([("a", 1), ("a", 2), ("a", 1), ("b", 0)]) == {"a": 2}


FINDINGS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from((MANUAL, REJECT)), max_size=4)


@given(FINDINGS, FINDINGS)
def test_a_rule_that_is_alone_responsible_restores_the_decision(
    old: dict[str, int], new: dict[str, int]
) -> None:
    before, after = max(old.values(), default=0), max(new.values(), default=0)
    if before == after:
        return
    found = responsible(old, new, before, after)
    assert found.rules, "a move always has a rule, since verdicts are the maximum of their findings"
    strict, mild = (new, old) if after > before else (old, new)
    assert found.rule is None or found.rule in found.rules
    if found.rule is None:
        strictest = [rule for rule in found.rules if strict[rule] == max(before, after)]
        assert len(strictest) > 1
    elif found.alone:
        assert without(strict, mild, found.rule) <= min(before, after)
    else:
        assert without(strict, mild, found.rule) > min(before, after)


@given(FINDINGS, FINDINGS)
def test_the_same_rules_explain_the_way_back(old: dict[str, int], new: dict[str, int]) -> None:
    before, after = max(old.values(), default=0), max(new.values(), default=0)
    if before != after:
        assert responsible(old, new, before, after) == responsible(new, old, after, before)
