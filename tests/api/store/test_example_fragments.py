"""`smsvet check` accepts the downloaded examples below `examples:` of a rule file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from smsvet import Reviewer
from smsvet_api.rule_examples import wrong_with
from smsvet_api.store.quality.examples import Example, fragments

RULE = """\
title: {zh: 店内用语, en: House wording}
decision: reject
message: {zh: 不用特惠装, en: do not say it}
why: {zh: 与本店用语不一致, en: It differs from the wording of the house}
fix: {zh: 改用本店用语, en: Use the wording of the house}
source: house
check: {kind: pattern, in: [body], pattern: "特惠装"}
examples:
"""


@pytest.mark.slow
def test_a_rule_takes_the_fragment(tmp_path: Path) -> None:
    texts: dict[Literal["flag", "pass"], str] = {
        "flag": "您的“特惠装”: {1} # 已发货",
        "pass": "您的订单\t'{1}'\n已发货 & 签收: 是",
    }
    basket = [
        Example(
            number,
            number,
            "house/wording",
            kind,
            datetime.now(UTC),
            {"body": text, "purpose": "notification"},
        )
        for number, (kind, text) in enumerate(texts.items())
    ]
    heading, fragment = fragments(basket).split("\n", 1)
    assert heading == "house/wording:"
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "wording.yaml").write_text(RULE + fragment, encoding="utf-8")
    reviewer = Reviewer(rules=[tmp_path])
    (rule,) = (rule for rule in reviewer.rules if rule.id == "house/wording")
    examples = rule.file.examples
    assert [dict(one)["body"] for one in (*examples.flag, *examples.passes)] == list(texts.values())
    assert [wrong_with(reviewer, rule, one, True, "en") for one in examples.flag] == [None]
    assert [wrong_with(reviewer, rule, one, False, "en") for one in examples.passes] == [None]
