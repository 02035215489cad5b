"""Learned counter-evidence: what makes a finding one step milder, and what never does."""

from pathlib import Path

import pytest

from smsvet import Account, Decision, Reviewer, Submission, Verdict
from smsvet.evidence.evidence_model import read_evidence_model
from smsvet.files.location import CONTENT

RULE = """\
title: {zh: 测试, en: Test}
decision: reject
message: {zh: "“{match}”", en: "“{match}”"}
why: {zh: 测试, en: test}
fix: {zh: 测试, en: test}
source: OWN
category: %s
learned: %s
check: {kind: pattern, pattern: 紫罗兰}
examples:
  flag: [{body: "紫罗兰计划", purpose: "notification"}]
  pass: [{body: "您的订单已发货", purpose: "notification"}]
"""
NOTICE = "您的订单已发货，紫罗兰包装，预计明日送达，请注意查收。"


def reviewer(
    tmp_path: Path, category: str = "finance", learned: str = "step-down", policy: str = ""
) -> Reviewer:
    folder = tmp_path / "rules" / "content"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "violet.yaml").write_text(RULE % (category, learned), encoding="utf-8")
    file = tmp_path / "policy.yaml"
    file.write_text(policy, encoding="utf-8")
    return Reviewer([tmp_path / "rules"], file if policy else None)


def decision(verdict: Verdict) -> Decision:
    return next(finding.decision for finding in verdict.findings if finding.rule == "content/violet")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (NOTICE, Decision.MANUAL_REVIEW),
        ("紫罗兰计划免费开户领红包，名额有限速来", Decision.REJECT),
        # A notice around an advertisement changes nothing.
        (f"{NOTICE[:7]}。紫罗兰代办免费领红包。预计明日送达，请注意查收。", Decision.REJECT),
        # Something leads away from the sender.
        (NOTICE + "详询微信abc12345", Decision.REJECT),
        (NOTICE + "联系13800138000", Decision.REJECT),
        (NOTICE + "查看 k7w2.top/a", Decision.REJECT),
        (NOTICE + "查看 https://{1}", Decision.REJECT),
    ],
)
def test_only_a_notice_is_milder(tmp_path: Path, body: str, expected: Decision) -> None:
    verdict = reviewer(tmp_path).review(Submission(body=body, purpose="notification"))
    assert decision(verdict) is expected


def test_strong_evidence_outweighs_a_notice() -> None:
    body = (
        "家长你好，云雀教育将于3月1日晚辅班正式开班，3月2日作文体验课开课，另有钢琴班、书法班，欢迎来电咨询。"
    )
    verdict = Reviewer().review(Submission(body=body, purpose="notification"))
    [finding] = [one for one in verdict.findings if one.rule == "template/marketing-evidence"]
    assert finding.decision is Decision.MANUAL_REVIEW


def test_the_finding_says_why(tmp_path: Path) -> None:
    verdict = reviewer(tmp_path).review(Submission(body=NOTICE, purpose="notification"), "en")
    finding = next(finding for finding in verdict.findings if finding.rule == "content/violet")
    (evidence,) = finding.evidence
    assert evidence.name == "reads like an ordinary notice"
    assert evidence.points <= -1
    assert len(evidence.ngrams) == 3
    assert all(ngram in NOTICE for ngram in evidence.ngrams[:1])


@pytest.mark.parametrize("category", ["gambling", "porn", "drugs"])
def test_some_trades_are_exempt(tmp_path: Path, category: str) -> None:
    verdict = reviewer(tmp_path, category).review(Submission(body=NOTICE, purpose="notification"))
    assert decision(verdict) is Decision.REJECT


def test_the_accounts_own_link_does_not_lead_away(tmp_path: Path) -> None:
    account = Account(name="云雀科技有限公司", icp_domains=("yunque.cn",))
    body = NOTICE + "查看 https://yunque.cn/a"
    verdict = reviewer(tmp_path).review(Submission(body=body, purpose="notification", account=account))
    assert decision(verdict) is Decision.MANUAL_REVIEW


@pytest.mark.parametrize(
    ("learned", "policy"),
    [("off", ""), ("step-down", "learned: off\n"), ("step-down", "rules: {content/violet: reject}\n")],
)
def test_it_can_be_switched_off(tmp_path: Path, learned: str, policy: str) -> None:
    verdict = reviewer(tmp_path, "finance", learned, policy).review(
        Submission(body=NOTICE, purpose="notification")
    )
    assert decision(verdict) is Decision.REJECT


def test_the_shipped_model_never_raises() -> None:
    assert read_evidence_model(CONTENT / "corpora" / "model" / "evidence.tsv", "").person is None


OPERATORS = "bias\t0.5\nscale\t0.1\nnotice\t-1\nperson\t2\n老客户\t90\n专享通\t80\n您的\t-90\n"


def test_an_operators_model_sends_to_a_person(tmp_path: Path) -> None:
    (tmp_path / "my.tsv").write_text(OPERATORS, encoding="utf-8")
    policy = tmp_path / "policy.yaml"
    policy.write_text("model: my.tsv\n", encoding="utf-8")
    own = Reviewer(policy=policy)
    rule = next(rule for rule in own.rules if rule.id == "content/learned-evidence")
    for expected, examples in ((True, rule.file.examples.flag), (False, rule.file.examples.passes)):
        for example in examples:
            submission = Submission(**example)
            for verdict in (own.review(submission), *own.review_many([submission] * 3)):
                found = [f for f in verdict.findings if f.rule == rule.id]
                assert bool(found) is expected
                assert all(f.decision is Decision.MANUAL_REVIEW and f.evidence[0].ngrams for f in found)
    assert own.revision != Reviewer().revision


def test_a_wrong_model_is_an_error_at_load(tmp_path: Path) -> None:
    (tmp_path / "my.tsv").write_text("bias\n", encoding="utf-8")
    policy = tmp_path / "policy.yaml"
    policy.write_text("model: my.tsv\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"my\.tsv:1"):
        Reviewer(policy=policy)
