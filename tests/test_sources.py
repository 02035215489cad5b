"""The shipped sources: properties that the loader does not check. It checks those of rules and limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import smsvet
from smsvet import Reviewer
from smsvet.files.location import CONTENT
from smsvet.rules.source_keys import KEY, keys_of
from smsvet.sms.attributes import ATTRIBUTES, Attribute


@pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda attribute: attribute.names[0])
def test_an_attribute_names_known_keys(attribute: Attribute, reviewer: Reviewer) -> None:
    keys = keys_of(attribute.source)
    assert keys
    assert set(keys) <= set(reviewer.sources.file.sources)


def test_docstrings_cite_known_keys(reviewer: Reviewer) -> None:
    modules = [*Path(smsvet.__file__).parent.rglob("*.py"), *(CONTENT / "rules").rglob("*.py")]
    cited = {
        key
        for module in modules
        for sentence in re.findall(
            r"\bSources?(?: of [\w ]+)?: ([^.]+)\.", module.read_text(encoding="utf-8")
        )
        for key in re.findall(rf"(?<![\w-]){KEY}(?![\w-])", re.sub(r"\([^)]*\)", "", sentence))
    }
    assert {"OWN", "A-NOTIFY", "T-LEN"} <= cited
    assert cited - set(reviewer.sources.file.sources) == set()


def test_every_key_is_named(reviewer: Reviewer) -> None:
    named = {key for rule in reviewer.rules for key in keys_of(rule.file.source)}
    named |= {key for attribute in ATTRIBUTES for key in keys_of(attribute.source)}
    for provider in reviewer.providers.values():
        for entries in provider.limits.values():
            named |= {key for entry in entries for key in keys_of(entry.source)}
    assert named == set(reviewer.sources.file.sources)


def test_a_source_can_be_found_or_says_why_not(reviewer: Reviewer) -> None:
    lost = [
        key
        for key, source in reviewer.sources.file.sources.items()
        if source.url is None and source.note is None and source.vendor not in {"law", "smsvet"}
    ]
    assert lost == []


def test_vendors_and_marks_are_used(reviewer: Reviewer) -> None:
    file = reviewer.sources.file
    assert {source.vendor for source in file.sources.values()} == set(file.vendors)
    assert {source.confidence for source in file.sources.values()} == set(file.confidence)
