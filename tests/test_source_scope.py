"""A rule applies to the providers for which its sources speak, and to no other."""

from __future__ import annotations

import pytest

from smsvet import Reviewer
from smsvet.files.location import CONTENT
from smsvet.rules.source_keys import keys_of
from smsvet.rules.source_scope import providers_of, source_scope, speaks_for

RULES = sorted(
    path.relative_to(CONTENT / "rules").with_suffix("").as_posix()
    for path in (CONTENT / "rules").rglob("*.yaml")
)


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_applies_where_its_sources_say_so(rule_id: str, reviewer: Reviewer) -> None:
    rule = next(rule for rule in reviewer.rules if rule.id == rule_id)
    allowed = source_scope(reviewer.sources.file, rule.file.source, reviewer.providers)
    assert providers_of(rule, reviewer.providers.values()) - allowed == set()


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_applies_to_the_vendors_that_it_cites(rule_id: str, reviewer: Reviewer) -> None:
    rule = next(rule for rule in reviewer.rules if rule.id == rule_id)
    cited = {names for key in keys_of(rule.file.source) if (names := speaks_for(reviewer.sources.file, key))}
    reached = providers_of(rule, reviewer.providers.values()) | {"mainland", "all"}
    assert [names for names in cited if not reached & set(names)] == []


def test_sources_speak_for_known_providers(reviewer: Reviewer) -> None:
    file = reviewer.sources.file
    named = {name for key in file.sources for name in speaks_for(file, key)}
    assert named - set(reviewer.providers) == {"all", "mainland"}
