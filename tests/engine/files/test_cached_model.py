"""Models of content files survive a round trip through JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from pydantic import Field

from smsvet import Reviewer
from smsvet.files.cached_model import CachedModel, from_json, to_json


class Inner(CachedModel):
    """A nested model."""

    name: str
    since: date | None = None


class Outer(CachedModel):
    """A model with every kind of field that content files have."""

    given: bool = False
    number: int = 0
    weight: float = 0.5
    names: tuple[str, ...] = ()
    parts: tuple[Inner, ...] = ()
    by_name: Mapping[str, str | tuple[Inner, ...]] = Field(default_factory=dict)
    raw: Mapping[str, Any] = Field(default_factory=dict)
    fields: tuple[str, ...] = Field((), alias="in")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"given": True, "number": 3, "weight": 2.0, "names": ["a", "b"]},
        {"parts": [{"name": "云雀", "since": "2026-11-22"}, {"name": ""}]},
        {"by_name": {"a": "plain", "b": [{"name": "x"}], "c": []}},
        {"raw": {"list": [1, ["json", {"tuple": None}]], "text": "mapping", "empty": {}}},
        {"in": ["body", "text"]},
    ],
)
def test_models_come_back(data: dict[str, Any]) -> None:
    model = Outer.model_validate(data)
    again = from_json(json.loads(json.dumps(to_json(model))))
    assert again == model
    assert type(again) is Outer
    assert again.model_fields_set == model.model_fields_set
    assert list(again.model_dump()) == list(model.model_dump())
    assert again.model_dump_json(exclude_unset=True) == model.model_dump_json(exclude_unset=True)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: "a"}, {"a": object()}, b"bytes"])
def test_a_value_that_json_cannot_represent_is_rejected(value: Any) -> None:
    with pytest.raises(TypeError):
        to_json(Outer.model_construct(raw=value))


def test_equal_models_are_separate_objects() -> None:
    one, other = (from_json(json.loads(json.dumps(to_json(Inner(name="a"))))) for _ in range(2))
    assert one is not other
    assert one.model_copy(update={"name": "b"}) != other


def test_every_rule_and_provider_survives_the_round_trip(reviewer: Reviewer) -> None:
    for rule in reviewer.rules:
        assert from_json(json.loads(json.dumps(to_json(rule.file)))) == rule.file
    for provider in reviewer.providers.values():
        for limits in provider.limits.values():
            assert from_json(json.loads(json.dumps(to_json(limits)))) == limits
