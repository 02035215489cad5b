"""The source keys in the content and in `corpora/sources.yaml` are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml

from smsvet.files.location import CONTENT
from smsvet.sms.attributes import ATTRIBUTES

KEY = r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*"
FORMAT = re.compile(rf"(?P<keys>{KEY}(?:, {KEY})*)(?:; (?P<zh>[^;]+) / (?P<en>[^;]+(?:; [^;]+)*))?")


def load(path: str) -> dict[str, Any]:
    loaded = yaml.load((CONTENT / path).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert isinstance(loaded, dict)
    return loaded


FILE = load("corpora/sources.yaml")
SOURCES: dict[str, dict[str, Any]] = FILE["sources"]


def named() -> Iterator[Any]:
    for path in sorted((CONTENT / "rules").rglob("*.yaml")):
        name = path.relative_to(CONTENT).as_posix()
        yield pytest.param(load(name)["source"], id=name)
    for path in sorted((CONTENT / "grammars").glob("*.yaml")):
        name = path.relative_to(CONTENT).as_posix()
        for limit, entries in load(name).get("limits", {}).items():
            for number, entry in enumerate(entries):
                yield pytest.param(entry["source"], id=f"{name}-{limit}-{number}")
    for attribute in ATTRIBUTES:
        yield pytest.param(attribute.source, id=f"attribute-{attribute.names[0]}")


NAMED = list(named())


def keys(source: str) -> list[str]:
    match = FORMAT.fullmatch(source)
    assert match, f"not 'KEY, KEY; Chinese / English': {source}"
    return match["keys"].split(", ")


@pytest.mark.parametrize("source", NAMED)
def test_a_source_names_known_keys_once(source: str) -> None:
    found = keys(source)
    assert set(found) <= set(SOURCES)
    assert len(found) == len(set(found))


def test_every_key_is_used() -> None:
    assert set(SOURCES) == {key for case in NAMED for key in keys(str(case.values[0]))}


@pytest.mark.parametrize("key", SOURCES)
def test_a_source_says_what_and_where_it_is(key: str) -> None:
    source = SOURCES[key]
    assert set(source) <= {"vendor", "title", "url", "dated", "read", "confidence", "note"}
    assert source["vendor"] in FILE["vendors"]
    assert source["confidence"] in FILE["confidence"]
    for text in (source["title"], *([source["note"]] if "note" in source else [])):
        assert set(text) == {"zh", "en"}
        assert all(text.values())
    assert source.get("url", "https://").startswith(("https://", "http://"))
    assert source["confidence"] in {"R", "P"} or isinstance(source["read"], date)
    assert "url" in source or "note" in source or source["vendor"] in {"law", "smsvet"}


def test_vendors_and_marks_are_used() -> None:
    assert {source["vendor"] for source in SOURCES.values()} == set(FILE["vendors"])
    assert {source["confidence"] for source in SOURCES.values()} == set(FILE["confidence"])


@pytest.mark.parametrize(
    "source", ["section 9.1 31 of the standards", "SEED (S)", "SEED,T-SIG", "(P)", "SEED; English only", ""]
)
def test_other_forms_are_refused(source: str) -> None:
    assert FORMAT.fullmatch(source) is None
