"""The shipped benign templates as messages with values are approved, apart from known faults that may only decrease."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from bench.quality.labelled_sets import json_lines
from bench.quality.rendered import LABELLED, ROWS, Rendered, rendered
from bench.quality.rendered_values import CUES, NAMED, VALUES, kind_of
from smsvet import Decision

if TYPE_CHECKING:
    from smsvet import Reviewer, Verdict

HELD: dict[str, int] = {}
"""At most this many rows of a class are not approved, each by a fault of a rule. Lower a number, never raise it."""

REJECTED: dict[str, int] = {}
"""At most this many of them are rejected."""

THIN = {
    "fund.trade": 100, "securities.trade": 100, "disclaimer.risk": 60, "fraud.warning": 120, "deduction": 120,
    "points.expiry": 80, "licence": 120, "game.item": 80, "customs": 80, "bank.payee": 120, "etc": 40, "wallet": 80,
    "otp.order": 80,
}  # fmt: skip
"""At least this many rows of a class whose notices trip word lists in practice."""


@cache
def decided(reviewer: Reviewer) -> tuple[tuple[Rendered, Verdict], ...]:
    """Return the rows with their verdicts."""
    return tuple(zip(rendered(), reviewer.review_many(row.submission for row in rendered()), strict=True))


def examples(name: str) -> list[dict[str, Any]]:
    """Return the rows of a labelled file."""
    return [row for _, row in json_lines(LABELLED / f"{name}.jsonl")]


@pytest.mark.parametrize(
    ("limits", "decisions"),
    [
        pytest.param(HELD, {Decision.MANUAL_REVIEW, Decision.REJECT}, id="held"),
        pytest.param(REJECTED, {Decision.REJECT}, id="rejected"),
    ],
)
def test_messages_are_approved_apart_from_known_faults(
    reviewer: Reviewer, limits: dict[str, int], decisions: set[Decision]
) -> None:
    stopped: dict[str, list[str]] = {}
    for row, verdict in decided(reviewer):
        if row.decision == "approve" and verdict.decision in decisions:
            said = [(one.rule, one.text) for one in verdict.findings if one.decision in decisions]
            stopped.setdefault(row.category, []).append(f"  {row.origin} {row.text}: {said}")
    worse = {name: found for name, found in stopped.items() if len(found) > limits.get(name, 0)}
    assert not worse, "\n".join(
        line
        for name, found in worse.items()
        for line in (f"{name}: {len(found)}, at most {limits.get(name, 0)}", *found)
    )


def test_messages_labelled_for_a_person_are_not_rejected(reviewer: Reviewer) -> None:
    rejected = [
        row.text
        for row, verdict in decided(reviewer)
        if row.decision == "manual_review" and verdict.decision is Decision.REJECT
    ]
    assert not rejected


def test_no_message_makes_a_rule_fail(reviewer: Reviewer) -> None:
    assert not [(row.text, verdict.faults) for row, verdict in decided(reviewer) if verdict.faults]


def test_every_run_has_the_same_messages() -> None:
    first = rendered()
    rendered.cache_clear()
    assert rendered() == first
    assert len(first) == len({row.text for row in first}) == ROWS


def test_every_template_is_rendered() -> None:
    origins = {row.origin for row in rendered()}
    for name in ("benign", "notices"):
        for number, row in json_lines(LABELLED / f"{name}.jsonl"):
            has_text = not {"body", "text"}.isdisjoint(row["submission"])
            assert (f"{name}:{number}" in origins) is has_text


def test_messages_have_no_placeholders_and_templates_have_their_values() -> None:
    for row in rendered():
        given = row.submission
        if given.text is not None:
            assert not re.search(r"[{}]|%s|@var|#\w+#", given.text), row.text
            assert given.text.startswith("【")
        else:
            assert len(given.params or ()) == len(re.findall(r"\{[0-9]+\}", given.body or "")), row.text


def test_messages_are_like_real_ones() -> None:
    texts = [row.text for row in rendered()]
    shares = {
        "amount in yuan": (r"[0-9]元|[￥¥][0-9]", 0.15),
        "amount with separators": (r"[0-9],[0-9]{3}", 0.05),
        "date or time": (
            r"[0-9]{1,2}月[0-9]{1,2}|[0-9][-/.][0-9]{2}[-/.][0-9]|[0-9][:：][0-9]{2}|[0-9][点时]",
            0.35,
        ),
        "service number": (r"(?<![0-9])(?:95[0-9]{3}|400-?[0-9]{3})", 0.1),
        "brackets or quotation marks": (r"[（(“《]", 0.1),
        "App or mini-program": (r"(?i)app|小程序|公众号", 0.1),
        "two sentences": (r"[。！].+[。！]", 0.3),
    }
    for name, (pattern, least) in shares.items():
        assert sum(bool(re.search(pattern, text)) for text in texts) >= least * len(texts), name


def test_thin_classes_have_many_messages() -> None:
    counts = Counter(row.category for row in rendered())
    assert {name: counts[name] for name, least in THIN.items() if counts[name] < least} == {}


def test_each_notice_has_the_right_form() -> None:
    seen = set()
    for row in examples("notices"):
        assert set(row) <= {"submission", "class", "decision", "note"}, row
        assert set(row["submission"]) == {"body", "purpose"}, row
        assert row["decision"] == "approve" or (row["decision"] == "manual_review" and row["note"]), row
        assert set(re.findall(r"\{([^}]*)\}", row["submission"]["body"])) <= set(VALUES), row
        seen.add(json.dumps(row["submission"], ensure_ascii=False))
    assert len(seen) == len(examples("notices")) >= 250
    assert not {row["submission"]["body"] for row in examples("benign") if "body" in row["submission"]} & {
        row["submission"]["body"] for row in examples("notices")
    }


@pytest.mark.parametrize(
    ("name", "before", "after", "kind"),
    [
        ("amount", "支付", "元", "amount"),
        ("card_no", "您尾号", "的账户", "tail"),
        ("percent", "已达", "%，请", "percent_number"),
        ("1", "余额", "元。", "amount"),
        ("1", "您尾号", "的储蓄卡", "tail"),
        ("2", "车牌", "，预计", "plate"),
        ("2", "请于", "前领取", "when"),
        ("1", "验证码", "，", "code"),
        ("1", "您已成功向", "支付", "payee"),
        ("3", "预计", "个工作日", "days"),
        ("1", "您购买的", "次列车", "train"),
        ("1", "餐食为", "。", "spot"),
    ],
)
def test_the_words_around_a_placeholder_decide_its_value(
    name: str, before: str, after: str, kind: str
) -> None:
    assert kind_of(name, before, after) == kind


def test_every_kind_has_values() -> None:
    assert {kind for kind, _, _ in CUES} | set(NAMED.values()) | {"spot", "percent_number"} <= set(VALUES)
