"""The biggest clusters of moved items: similar wording, one move, one set of rules."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from smsvet.extras import is_installed
from smsvet_api.audit.comparison.clusters import biggest_clusters
from smsvet_api.audit.comparison.skeletons import skeleton
from smsvet_api.audit.hashing import hash64

if not is_installed("rensa") and os.environ.get("SMSVET_REQUIRE") != "all":
    pytest.skip("needs the extra `audit`", allow_module_level=True)


def moved(text: str, **facts: Any) -> dict[str, Any]:
    row = {
        "text": text, "skeleton": hash64(skeleton(text)), "provider": "tencent", "purpose": "notification",
        "old_decision": "approve", "new_decision": "reject", "rules": ["a/b"],
    }  # fmt: skip
    return row | facts


OFTEN, ALSO, OTHER = (
    "恭喜您获得彩金{1}元，登录领取",
    "恭喜您获得彩金{1}元，登陆领取",
    "您的包裹已到，请到门店领取",
)


def test_similar_wording_is_one_cluster() -> None:
    rows = [moved(OFTEN)] * 3 + [moved(ALSO)] * 2 + [moved(OTHER)]
    random.Random(1).shuffle(rows)
    assert [(one.text, one.items) for one in biggest_clusters(rows)] == [(OFTEN, 5), (OTHER, 1)]


@pytest.mark.parametrize(
    "other",
    [{"provider": "aliyun"}, {"purpose": "marketing"}, {"new_decision": "manual_review"}, {"rules": ["c/d"]}],
)
def test_another_move_or_rule_is_another_cluster(other: dict[str, Any]) -> None:
    assert [one.items for one in biggest_clusters([moved(OFTEN), moved(ALSO, **other)])] == [1, 1]


def test_without_the_extra_only_equal_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsvet.extras.find_spec", lambda package: None)
    assert [one.items for one in biggest_clusters([moved(OFTEN), moved(OFTEN), moved(ALSO)])] == [2, 1]


def test_the_biggest_are_shown() -> None:
    rows = [moved(f"{word * 9}请查收") for word in "甲乙丙丁戊" for _ in range(ord(word) % 7 + 1)]
    found = biggest_clusters(rows, 3)
    assert [one.items for one in found] == sorted(
        (one.items for one in biggest_clusters(rows)), reverse=True
    )[:3]
