"""Corrected texts: each one was reviewed again, and its claims hold."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsvet import Decision, Reviewer, Submission, Verdict
from smsvet_api.audit.additions import Additions
from smsvet_api.audit.fixes.correcting import MOST_REVIEWS, corrected, counting
from smsvet_api.audit.fixes.fixes_table import write_fixes
from smsvet_api.files.rows import InputError

from .archive import DAY, audited, parquet, verdicts

PARTS = [
    "您的订单", "您的訂單", "{ 1 }", "{1}", "｛2｝", "${code}", "已发货", "已發貨", "\u200b", "，", "回T退订", "拒收请回复R",
    "加V信领取彩金", "验证码", "【云雀】", "（云雀）", "<b>", "&nbsp;", "XX", "退订", "全场五折", "=", "请查收。",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join)


def submission(body: str, **facts: Any) -> Submission:
    return Submission(body=body, provider=facts.pop("provider", "tencent"), as_of=date(2026, 11, 20), **facts)


@pytest.mark.parametrize(
    ("given", "field", "text", "cured"),
    [
        (submission("您的訂單{1}已發貨", purpose="notification"), "body", "您的订单{1}已发货", "template/traditional"),
        (submission("您的订单{ 1 }已发货", purpose="notification"), "body", "您的订单{1}已发货", "template/malformed-variable"),
        (submission("您的订单\u200b{1}已发货", purpose="notification"), "body", "您的订单{1}已发货", "template/invisible-characters"),
        (Submission(signature="（云雀科技）", as_of=DAY), "signature", "云雀科技", "signature/brackets"),
    ],
)  # fmt: skip
def test_a_correction(given: Submission, field: str, text: str, cured: str, reviewer: Reviewer) -> None:
    found = corrected(given, reviewer, "en")
    assert found is not None
    assert found.fields == (field,)
    assert getattr(found.after, field) == text
    assert cured in found.cured


def test_several_problems_are_corrected_in_turn(reviewer: Reviewer) -> None:
    found = corrected(submission("您的訂單{ 1 }\u200b已發貨", purpose="notification"), reviewer, "en")
    assert found is not None
    assert found.after.body == "您的订单{1}已发货"
    assert found.again.decision is Decision.APPROVE
    assert not found.remaining


def test_what_cannot_be_corrected_remains(reviewer: Reviewer) -> None:
    found = corrected(submission("加V信领取彩金{ 1 }元", purpose="notification"), reviewer, "en")
    assert found is not None
    assert found.cured == ("template/malformed-variable",)
    assert "content/gambling" in found.remaining
    assert found.again.decision is Decision.REJECT


@pytest.mark.parametrize("body", ["您的订单{1}已发货", "加V信领取彩金"])
def test_nothing_to_correct(body: str, reviewer: Reviewer) -> None:
    assert corrected(submission(body, purpose="notification"), reviewer, "en") is None


@pytest.mark.parametrize(
    "text",
    [
        "【雲雀科技】您的订单已发货，请查收。",
        "【（云雀科技）】您的订单已发货，请查收。",
        "您的订单已发货，请查收。【雲雀科技】",
    ],
)
def test_the_signature_of_a_message_is_corrected_in_its_place(text: str, reviewer: Reviewer) -> None:
    found = corrected(Submission(text=text, purpose="notification", as_of=DAY), reviewer, "en")
    assert found is not None
    assert found.after.text == "【云雀科技】您的订单已发货，请查收。"
    assert found.again.decision is Decision.APPROVE


class Counting:
    """A reviewer that counts its reviews."""

    def __init__(self, reviewer: Reviewer, fail: bool = False) -> None:
        self.reviewer, self.count, self.fail = reviewer, 0, fail

    def review(self, submission: Submission, lang: Any) -> Verdict:
        self.count += 1
        if self.fail and self.count > 1:
            raise RuntimeError
        return self.reviewer.review(submission, lang)


@given(body=TEXT, signature=st.none() | TEXT, provider=st.sampled_from(["tencent", "aliyun", "huawei"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_correction_reviews_as_it_claims(
    body: str, signature: str | None, provider: str, reviewer: Reviewer
) -> None:
    counted: Any = Counting(reviewer)
    given = submission(body, signature=signature, provider=provider, purpose="notification")
    found = corrected(given, counted, "zh")
    assert counted.count <= MOST_REVIEWS + 1
    if found is None:
        return
    before, again = reviewer.review(given), reviewer.review(found.after)
    assert again == found.again
    assert len(counting(again)) < len(counting(before))
    assert again.decision <= before.decision
    assert {one.rule for one in counting(again)} == set(found.remaining)
    assert set(found.cured) == {one.rule for one in counting(before)} - set(found.remaining)
    assert found.fields


def test_a_correction_whose_review_fails_is_dropped(reviewer: Reviewer) -> None:
    failing: Any = Counting(reviewer, fail=True)
    assert corrected(submission("您的訂單{1}已發貨"), failing, "en") is None


BODIES = ["您的訂單{1}已發貨", "加V信领取彩金{ 1 }元", "您的订单{1}已发货", "=您的訂單{1}"]


@pytest.mark.parametrize("name", ["fixes.csv", "fixes.parquet"])
def test_the_file_of_fixes(name: str, tmp_path: Path, reviewer: Reviewer, inline: Any) -> None:
    archive = parquet(tmp_path / "a.parquet", 12, 模板内容=BODIES * 3)
    outcome = audited(archive, tmp_path / "out", reviewer, additions=Additions(fixes=True), shard_rows=5)
    total, clean = write_fixes(outcome.run.folder, tmp_path / name, "en")
    rows: list[dict[str, Any]]
    if name.endswith(".csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert rows[2]["before"] == "'=您的訂單{1}"
    else:
        rows = pq.read_table(tmp_path / name).to_pylist()
    assert (len(rows), clean) == (total, sum(row["remaining_decision"] == "approve" for row in rows))
    flagged = {row["smsvet_row"]: row["smsvet_decision"] for row in verdicts(outcome)}
    assert all(flagged[int(row["row"])] == row["decision"] for row in rows)
    for row in rows:
        after = row["after"].removeprefix("'")
        again = reviewer.review(submission(after, purpose="notification"))
        assert again.decision == row["remaining_decision"]
        remaining = row["remaining"].split() if isinstance(row["remaining"], str) else row["remaining"]
        assert {one.rule for one in counting(again)} == set(remaining)
    assert {int(row["row"]) % 4 for row in rows} == {1, 2, 0}


def test_another_extension(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"fixes\.txt: unknown extension; known: \.csv \.parquet"):
        write_fixes(tmp_path, tmp_path / "fixes.txt", "en")
