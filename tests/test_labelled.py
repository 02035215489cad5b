"""The shipped labelled examples: benign texts pass, violating ones are held by the listed rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smsvet import Decision
from smsvet.files.location import CONTENT
from smsvet.schema import read_submission

if TYPE_CHECKING:
    from smsvet import Reviewer, Verdict

LABELLED = CONTENT / "corpora" / "labelled"
DECISIONS = {decision.value for decision in Decision}
TRAPS = """
集中奖励 参加群众活动 往返现场 配套现代农业 开发票务系统 大会所有代表 到期货物 保留学籍 协助考生 现代考古 当代写作
以上分类 以下款项 以下注意事项 旅游行程 特色情怀 宣传教育 教会您使用 招商银行 方法会更新 特征信息 全面试运行
转移民警 提交友情链接 担保单位 对外汇总 航空包裹 印刷单位 网上访问 运维权限 还原单据 通信托管 公开光盘 开展会员日
机会展示 构建材料 拨打新号码 空调解锁 返回收银台 支票据实 举办证书颁发 雕刻章节 预约会议 共同城市 入学区域 悬挂机
青少年检查 乘积分析 垂直播种 健美容量 一夜之间 移动端 移动支付 联通 黄金周 黄金会员 白银市 酒店 烟台 保险柜 成人票
第一次 最近 最晚 最新版本 退还款项 彩铃 茶歇 4G/5G网络 秒杀
"""
"""The benign phrases of the review standards that contain a listed term."""


def examples(name: str) -> list[dict[str, Any]]:
    """Return the rows of one file."""
    text = (LABELLED / f"{name}.jsonl").read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


def wording(example: dict[str, Any]) -> str:
    """Return the texts of an example that a recipient reads, joined."""
    submission = example["submission"]
    return " ".join(
        str(submission[name]) for name in ("signature", "body", "params", "text") if name in submission
    )


def reviewed(reviewer: Reviewer, name: str) -> Iterator[tuple[dict[str, Any], Verdict]]:
    """Return each example of one file with its verdict."""
    for example in examples(name):
        yield example, reviewer.review(read_submission(example["submission"]))


def line(example: dict[str, Any], verdict: Verdict) -> str:
    """Return a wrong verdict as one line of a failure message."""
    findings = [
        f"{item.rule}({item.text})" for item in verdict.findings if item.decision is not Decision.APPROVE
    ]
    label = f"{example['class']}: {example['decision']} -> {verdict.decision.value}"
    return f"{label}: {wording(example)}: {', '.join(findings)}"


def test_no_benign_text_is_held(reviewer: Reviewer) -> None:
    wrong = [
        line(example, verdict)
        for example, verdict in reviewed(reviewer, "benign")
        if verdict.decision is Decision.REJECT
        or (verdict.decision is Decision.MANUAL_REVIEW and example["decision"] == "approve")
    ]
    assert not wrong, "\n".join([f"{len(wrong)} ordinary texts stopped", *wrong])


def test_no_text_labelled_for_manual_review_is_approved(reviewer: Reviewer) -> None:
    wrong = [
        line(example, verdict)
        for example, verdict in reviewed(reviewer, "benign")
        if verdict.decision is Decision.APPROVE and example["decision"] != "approve"
    ]
    assert not wrong, "\n".join(wrong)


def test_violating_texts_are_decided_as_labelled(reviewer: Reviewer) -> None:
    wrong = [
        line(example, verdict)
        for example, verdict in reviewed(reviewer, "violating")
        if verdict.decision.value not in example["decision"].split("|")
    ]
    assert not wrong, "\n".join([f"{len(wrong)} violating texts decided otherwise", *wrong])


def test_violating_texts_are_held_by_the_listed_rules(reviewer: Reviewer) -> None:
    wrong = []
    for example, verdict in reviewed(reviewer, "violating"):
        missing = set(example["rules"]) - {item.rule for item in verdict.findings}
        if missing:
            wrong.append(f"without {', '.join(sorted(missing))}: {line(example, verdict)}")
    assert not wrong, "\n".join([f"{len(wrong)} violating texts held for another reason", *wrong])


def test_no_rule_faults(reviewer: Reviewer) -> None:
    faults = [
        (wording(example), fault.rule, fault.error)
        for name in ("benign", "violating")
        for example, verdict in reviewed(reviewer, name)
        for fault in verdict.faults
    ]
    assert not faults


@pytest.mark.parametrize(("name", "rows", "classes"), [("benign", 600, 50), ("violating", 400, 50)])
def test_there_are_enough_examples(name: str, rows: int, classes: int) -> None:
    read = examples(name)
    assert len(read) >= rows
    assert len({example["class"] for example in read}) >= classes


@pytest.mark.parametrize("name", ["benign", "violating"])
def test_each_row_has_the_right_form(name: str) -> None:
    for example in examples(name):
        assert set(example) <= {"submission", "class", "decision", "rules", "note"}, example
        assert read_submission(example["submission"])
        assert set(example["decision"].split("|")) <= DECISIONS, example
        if name == "benign":
            assert example["decision"] in ("approve", "manual_review"), example
            assert "rules" not in example
            assert example["decision"] == "approve" or example.get("note"), (
                "a policy that sends to a person is named"
            )
        else:
            assert "approve" not in example["decision"].split("|"), example
            assert example["rules"], example


def test_no_row_is_duplicate() -> None:
    submissions = [
        json.dumps(example["submission"], ensure_ascii=False, sort_keys=True)
        for name in ("benign", "violating")
        for example in examples(name)
    ]
    assert len(submissions) == len(set(submissions))


def test_the_listed_rules_exist(reviewer: Reviewer) -> None:
    named = {rule for example in examples("violating") for rule in example["rules"]}
    assert named <= {rule.id for rule in reviewer.rules}


def test_every_category_has_violating_examples(reviewer: Reviewer) -> None:
    categories = {rule.id for rule in reviewer.rules if rule.id.startswith("content/")}
    categories.remove("content/learned-evidence")  # it flags only with an operator's model
    labelled = {rule for example in examples("violating") for rule in example["rules"]}
    assert categories - labelled == set(), "add a text for each to corpora/labelled/violating.jsonl"


@pytest.mark.parametrize("trap", TRAPS.split())
def test_each_trap_occurs_in_a_benign_text(trap: str) -> None:
    assert any(trap in wording(example) for example in examples("benign"))


def test_few_benign_texts_need_manual_review() -> None:
    decisions = [example["decision"] for example in examples("benign")]
    assert decisions.count("manual_review") <= len(decisions) // 20


def test_the_readme_names_the_files() -> None:
    readme = (LABELLED / "README.md").read_text(encoding="utf-8")
    assert all(path.name in readme for path in Path(LABELLED).glob("*.jsonl"))
