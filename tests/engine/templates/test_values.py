"""Values of `params`: their variables, and the field that findings name."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest

from smsvet import Reviewer
from smsvet.schema import read_submission, write_verdict
from smsvet.templates.values import keys_of, values_of

LINK = "http://t.cn/Ab3"
KEYS = [
    # provider, body, params, fields of the findings about values
    pytest.param(
        "juhe", "您的订单#code#已发货", {"#code#": LINK}, {"params.#code#"}, id="the whole placeholder"
    ),
    pytest.param("juhe", "您的订单#code#已发货", {"code": LINK}, {"params.code"}, id="the name"),
    pytest.param("aliyun", "您的订单${code}已发货", {"${code}": LINK}, {"params.${code}"}, id="Aliyun"),
    pytest.param("tencent", "您的订单{1}已发货", {"{1}": LINK}, {"params.{1}"}, id="a number in braces"),
    pytest.param("tencent", "您的订单{1}已发货", {"{1}": 5}, {"params.{1}"}, id="no text"),
    pytest.param("tencent", "您的订单{1}已发货", [LINK], {"params.1"}, id="a list"),
    pytest.param(
        "juhe",
        "您的订单#code#已发货",
        {"#code#": LINK, "code": LINK},
        {"params.#code#", "params.code"},
        id="both",
    ),
    pytest.param(
        "juhe", "您的订单#code#已发货", {"code": "5", "#name#": "5"}, {"params.#name#"}, id="unexpected"
    ),
    pytest.param(
        "juhe", "您的订单#code#已发货", {"code": "5", "#n.#": 5}, {"params.#n.#"}, id="a dot in a key"
    ),
    pytest.param("juhe", "您的订单#code#已发货", {"code": "5", "##": LINK}, {"params.##"}, id="no name"),
]


@pytest.mark.parametrize(("provider", "body", "params", "fields"), KEYS)
def test_findings_name_a_value_by_its_submitted_key(
    provider: str, body: str, params: Any, fields: set[str], reviewer: Reviewer
) -> None:
    data = {"body": body, "params": params, "provider": provider, "purpose": "notification"}
    submission = read_submission(data)
    written = write_verdict(reviewer.review(submission))
    table = pa.table(
        {name: [cell if isinstance(cell, str) else json.dumps(cell)] for name, cell in data.items()}
    )
    (row,) = reviewer.review_table(table).to_pylist()

    named = [finding for finding in written["findings"] if (finding["field"] or "").startswith("params.")]
    assert {finding["field"] for finding in named} == fields
    assert [write_verdict(one) for one in reviewer.review_many([submission])] == [written]
    assert [one["field"] for one in row["findings"]] == [one["field"] for one in written["findings"]]
    for finding in named:
        value = values_of(params)[finding["field"].removeprefix("params.")]
        value = value if isinstance(value, str) else json.dumps(value)
        assert value[finding["start"] : finding["end"]] == finding["text"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (("#code#",), {"code": "#code#"}),
        (("code", "#code#"), {"code": "code", "#code#": "#code#"}),
        (("##code##",), {"#code#": "##code##"}),
        (("##", "#", ""), {"##": "##", "#": "#", "": ""}),
    ],
)
def test_the_name_of_a_value_is_its_key_without_delimiters(
    given: tuple[str, ...], names: dict[str, str]
) -> None:
    assert keys_of(dict.fromkeys(given, "5"), "#{}#".format) == names
