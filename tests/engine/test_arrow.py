"""Reviews of Arrow tables."""

from __future__ import annotations

import pyarrow as pa
import pytest

from smsvet import Reviewer, Submission, SubmissionError
from smsvet.schema import write_verdict


def test_one_verdict_per_row_in_order(reviewer: Reviewer) -> None:
    bodies = ["您的订单{1}已发货。", "您的验证码为｛1｝", "代开发票，点数低"]
    table = pa.table({"id": ["a", "b", "c"], "body": bodies, "purpose": ["notification"] * 3})

    answered = reviewer.review_table(table)

    alone = [
        write_verdict(reviewer.review(Submission(id=name, body=body, purpose="notification")))
        for name, body in zip("abc", bodies, strict=True)
    ]
    assert answered.column("decision").to_pylist() == [verdict["decision"] for verdict in alone]
    for row, verdict in zip(answered.to_pylist(), alone, strict=True):
        assert row["id"] == verdict["id"]
        assert row["error"] is None
        assert [item["rule"] for item in row["findings"]] == [item["rule"] for item in verdict["findings"]]
        assert [item["start"] for item in row["findings"]] == [item["start"] for item in verdict["findings"]]
        assert [item["title"] for item in row["findings"]] == [item["title"] for item in verdict["findings"]]


def test_nested_columns_as_arrow_or_as_json(reviewer: Reviewer) -> None:
    account = {"name": "杭州云雀网络科技有限公司"}
    as_struct = pa.table({"signature": ["云雀科技"], "account": [account], "source": ["company"]})
    as_text = pa.table(
        {
            "signature": ["云雀科技"],
            "account": ['{"name": "杭州云雀网络科技有限公司"}'],
            "source": ["company"],
        }
    )

    assert reviewer.review_table(as_struct).to_pylist() == reviewer.review_table(as_text).to_pylist()


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"body": None, "provider": "tencent"}, "signature"),
        ({"body": "您好", "provider": "nobody"}, "provider"),
        ({"body": "您好", "params": "[1,"}, "params"),
        ({"body": "您好", "purpose": "fun"}, "purpose"),
    ],
)
def test_a_wrong_row_has_an_error_and_the_others_a_verdict(
    row: dict[str, str | None], named: str, reviewer: Reviewer
) -> None:
    table = pa.Table.from_pylist(
        [row, {**row, "body": "您的订单已发货。", "provider": "tencent", "params": None, "purpose": None}]
    )

    wrong, right = reviewer.review_table(table).to_pylist()

    assert named in wrong["error"]
    assert wrong["decision"] is None
    assert right["error"] is None
    assert right["decision"] == "approve"


def test_an_empty_provider_means_the_default(reviewer: Reviewer) -> None:
    row = {"body": "您的订单{1}已发货", "purpose": "notification", "provider": ""}
    (found,) = reviewer.review_table(pa.Table.from_pylist([row])).to_pylist()
    assert found["decision"] is None
    assert "provider" in found["error"]


def test_an_unknown_column_is_an_error(reviewer: Reviewer) -> None:
    with pytest.raises(SubmissionError, match="bodie"):
        reviewer.review_table(pa.table({"bodie": ["您好"]}))


def test_no_rows(reviewer: Reviewer) -> None:
    assert reviewer.review_table(pa.table({"body": pa.array([], pa.string())})).num_rows == 0
