"""The public contract for callers: imports, plain mappings as input, JSON with the documented names as output."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

import smsvet
from smsvet import Decision, Reviewer, Submission, SubmissionError
from smsvet.schema import FaultOut, FindingOut, VerdictOut, write_verdict

SUBMISSION = [
    "id", "signature", "body", "params", "text", "purpose", "provider", "region", "as_of", "remark", "source", "usage",
    "documents", "variables", "samples", "account", "recipients", "sent_at", "history",
]  # fmt: skip
VERDICT = ["id", "kind", "decision", "provider", "as_of", "findings", "faults", "revision"]
FINDING = [
    "rule", "decision", "field", "start", "end", "text", "message", "fix", "suggestion", "category", "transforms",
    "code", "source",
]  # fmt: skip
ADDED = {"clause", "title"}
"""Fields that the contract's example does not show: additions are allowed, renames are not."""

BOTH = Submission(id="1", body="您的验证码为｛1｝，点击{2}查看", purpose="verification")


def test_the_public_imports() -> None:
    assert set(smsvet.__all__) >= {
        "Reviewer",
        "Submission",
        "Verdict",
        "Finding",
        "Decision",
        "SubmissionError",
    }
    assert all(hasattr(smsvet, name) for name in smsvet.__all__)


def test_the_fields_of_a_submission() -> None:
    assert list(Submission.__dataclass_fields__) == SUBMISSION


def test_the_names_in_a_verdict(reviewer: Reviewer) -> None:
    written = json.loads(json.dumps(write_verdict(reviewer.review(BOTH))))
    assert list(written) == VERDICT
    assert (written["id"], written["kind"], written["decision"], written["provider"]) == (
        "1", "template", "reject", "tencent",
    )  # fmt: skip
    assert written["faults"] == []
    for finding in written["findings"]:
        assert list(finding)[: len(FINDING)] == FINDING
        assert set(finding) - set(FINDING) <= ADDED | {"spans", "evidence"}
    (link,) = [found for found in written["findings"] if found["rule"] == "template/link-in-variable"]
    assert (link["decision"], link["field"], link["start"], link["end"], link["text"]) == (
        "reject",
        "body",
        12,
        15,
        "{2}",
    )
    assert link["code"] == "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"
    (braces,) = [found for found in written["findings"] if found["rule"] == "template/full-width-braces"]
    assert (braces["text"], braces["suggestion"]) == ("｛1｝", "您的验证码为{1}，点击{2}查看")


def test_the_schemas_name_the_same_fields() -> None:
    assert list(VerdictOut.model_fields) == VERDICT
    assert set(FindingOut.model_fields) == {*FINDING, *ADDED, "spans", "evidence"}
    assert list(FaultOut.model_fields) == ["rule", "error"]


@pytest.mark.parametrize(
    ("fields", "rule", "category"),
    [
        # form
        ({"body": "您的验证码是｛1｝"}, "template/full-width-braces", None),
        ({"body": "详情点击{1}查看"}, "template/link-in-variable", None),
        ({"body": "★您的订单{1}已发货★"}, "template/special-symbol", None),
        ({"body": "详见 t.cn/Ab3"}, "link/short-link", None),
        ({"signature": "通知"}, "signature/neutral", None),
        ({"signature": "云"}, "signature/length", None),
        # content
        ({"body": "葡京真人荷官在线发牌，注册送彩金"}, "content/gambling", "gambling"),
        ({"body": "您的订单{1}已发货，会员日全场5折，速来抢购", "purpose": "notification"}, "template/marketing-content", "marketing"),
    ],
)  # fmt: skip
def test_only_content_findings_have_a_category(
    fields: dict[str, Any], rule: str, category: str | None, reviewer: Reviewer
) -> None:
    found = [finding for finding in reviewer.review(Submission(**fields)).findings if finding.rule == rule]
    assert {finding.category for finding in found} == {category}


def test_every_content_rule_has_a_category_and_form_rules_have_none(reviewer: Reviewer) -> None:
    categories = {rule.id: rule.file.category for rule in reviewer.rules}
    content = {name for name in categories if name.startswith("content/")}
    assert {name for name in content if categories[name] is None} == set()
    form = {"placeholder", "link", "length", "bracket", "symbol", "source"}
    assert form.isdisjoint(categories.values())
    own = {name.removeprefix("content/").replace("-", "_") for name in content}
    known = reviewer.catalogue.reader.lexicon.categories | {"contact"} | own
    assert {category for category in categories.values() if category} <= known


def test_a_match_in_pieces_has_spans(reviewer: Reviewer) -> None:
    written = write_verdict(
        reviewer.review(Submission(body="手机高价回收，上门回收旧手机", purpose="notification"))
    )
    pieces = [finding for finding in written["findings"] if "spans" in finding]
    whole = [finding for finding in write_verdict(reviewer.review(BOTH))["findings"] if "spans" in finding]
    assert pieces
    assert whole == []
    for finding in pieces:
        assert len(finding["spans"]) > 1
        assert all(isinstance(span, list) and len(span) == 2 for span in finding["spans"])


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"signature": "云雀科技"}, "signature"),
        ({"body": "您好"}, "template"),
        ({"body": "您好{1}", "params": ["1"]}, "message"),
        ({"text": "【云雀科技】您好"}, "message"),
    ],
)
def test_kinds(fields: dict[str, Any], kind: str, reviewer: Reviewer) -> None:
    verdict = reviewer.review(Submission(**fields))
    assert (verdict.kind, write_verdict(verdict)["kind"]) == (kind, kind)


def test_the_example_of_the_contract(reviewer: Reviewer) -> None:
    submission = Submission(body="您的验证码是{1}，{2}分钟内有效。", purpose="verification")
    verdict = reviewer.review(submission)
    assert verdict.decision is Decision.APPROVE
    verdicts = reviewer.review_many([submission, BOTH])
    assert [one.decision for one in verdicts] == [Decision.APPROVE, Decision.REJECT]


def test_plain_mappings_and_iso_dates_are_taken(reviewer: Reviewer) -> None:
    fields: dict[str, Any] = {
        "signature": "杭州云雀网络科技",
        "source": "company",
        "account": {"type": "enterprise", "name": "杭州云雀网络科技有限公司", "icp_domains": ["example.com"]},
        "documents": ["business_license", {"kind": "authorization", "expires": "2030-01-01", "sealed": True}],
        "variables": {"1": "phone", "2": {"type": "otp", "max": 6}},
        "as_of": "2018-10-09",
    }
    submission = Submission(**fields)
    assert submission.account is not None
    assert submission.account.icp_domains == ("example.com",)
    assert submission.documents is not None
    assert [proof.kind for proof in submission.documents] == ["business_license", "authorization"]
    verdict = reviewer.review(submission)
    assert (verdict.decision, verdict.as_of) == (Decision.APPROVE, date(2018, 10, 9))


def test_without_a_date_the_release_date_of_the_content_applies(reviewer: Reviewer) -> None:
    assert reviewer.review(Submission(body="您好")).as_of == reviewer.catalogue.released


def test_an_unknown_provider_names_the_known(reviewer: Reviewer) -> None:
    with pytest.raises(SubmissionError, match=r"provider: 没有“tencnet”这个值；可用：.*；是否应为 tencent？"):
        reviewer.review(Submission(body="您好", provider="tencnet"))


def test_messages_come_in_two_languages(reviewer: Reviewer) -> None:
    chinese, english = reviewer.review(BOTH), reviewer.review(BOTH, "en")
    assert chinese.decision == english.decision
    assert all(zh.message != en.message for zh, en in zip(chinese.findings, english.findings, strict=True))
    assert all(zh.title != en.title for zh, en in zip(chinese.findings, english.findings, strict=True))


def test_every_finding_has_the_title_of_its_rule(reviewer: Reviewer) -> None:
    titles = {rule.id: rule.file.title for rule in reviewer.rules}
    for lang in ("zh", "en"):
        for finding in reviewer.review(BOTH, lang).findings:
            assert finding.title == titles[finding.rule].say(lang)


def test_advice_on_a_fact_names_it_and_json_does_not(reviewer: Reviewer) -> None:
    verdict = reviewer.review(Submission(signature="云雀商城", source="company"))
    missing = {finding.missing for finding in verdict.findings if finding.missing}
    assert "account.name" in missing
    assert all("missing" not in finding for finding in write_verdict(verdict)["findings"])
