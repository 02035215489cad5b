"""The names of fields and values in two languages: every name of the contract has one."""

from __future__ import annotations

from typing import Literal, get_args

import pytest

from smsvet.labels import (
    DECISIONS,
    FACTS,
    FIELDS,
    KINDS,
    MEANINGS,
    PROFILES,
    PURPOSES,
    REGIONS,
    RULE_DECISIONS,
    field_label,
    labels,
)
from smsvet.model import Decision, Kind, Purpose, Region
from smsvet.rules import facts
from smsvet.rules.rule import Scope
from smsvet.schema import AccountIn, SubmissionIn


def test_every_field_has_a_name() -> None:
    account = {f"account.{name}" for name in AccountIn.model_fields}
    assert set(FIELDS) == set(SubmissionIn.model_fields) | account


def test_every_value_has_a_name() -> None:
    assert set(facts.FACTS) <= set(FACTS)
    assert set(DECISIONS) == {decision.value for decision in Decision}
    assert set(RULE_DECISIONS) == {*DECISIONS, "off"}
    assert set(KINDS) == set(get_args(Kind))
    assert set(PURPOSES) == set(get_args(Purpose))
    assert set(REGIONS) == set(get_args(Region))
    profiles = get_args(Scope.model_fields["profiles"].annotation)[0]
    assert set(PROFILES) == set(get_args(profiles))


@pytest.mark.parametrize("table", [FIELDS, DECISIONS, RULE_DECISIONS, KINDS, PURPOSES, REGIONS, PROFILES])
def test_no_two_names_are_the_same(table: dict[str, tuple[str, str]]) -> None:
    for language in (0, 1):
        assert len({names[language] for names in table.values()}) == len(table)


def test_the_names_of_decisions_are_understood_in_files() -> None:
    for decision, (chinese, _) in RULE_DECISIONS.items():
        assert MEANINGS[chinese] == decision


@pytest.mark.parametrize(
    ("field", "lang", "shown"),
    [
        ("body", "zh", "正文"),
        ("account.name", "zh", "账号名称"),
        ("account.name", "en", "account name"),
        ("params.1", "zh", "变量值 1"),
        ("params.code", "en", "value code"),
        ("params", "zh", "变量值"),
        ("unheard_of", "zh", "unheard_of"),
    ],
)
def test_the_field_of_a_finding(field: str, lang: Literal["zh", "en"], shown: str) -> None:
    assert field_label(field, lang) == shown


def test_several_names() -> None:
    assert labels(FACTS, ("account", "links"), "zh") == "账号信息、链接"
    assert labels(FACTS, ("account", "links"), "en") == "account, links"
