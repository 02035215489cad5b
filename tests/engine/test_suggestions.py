"""A suggestion is the whole corrected field: reviewed again, it has no finding of the same rule."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet import Account, Finding, Reviewer, Submission
from smsvet.schema import read_submission

from ..test_rule_examples import CASES
from .test_properties import FIELDS, SUBMISSIONS


def mended(submission: Submission, finding: Finding) -> Submission | None:
    """Return the submission with the finding's suggestion in place of its field, None for a finding without one."""
    field, better = finding.field, finding.suggestion
    if field is None or better is None:
        return None
    if field == "params":
        return replace(submission, params=json.loads(better))
    name, _, key = field.partition(".")
    if name != "params":
        changed: dict[str, Any] = {name: better}
        return replace(submission, **changed)
    params: Any = submission.params
    if isinstance(params, Mapping):
        value = params.get(key)
        return replace(submission, params={**params, key: as_value(value, better)})
    values = list(params)
    values[int(key) - 1] = as_value(values[int(key) - 1], better)
    return replace(submission, params=values)


def as_value(value: object, better: str) -> Any:
    """Return the suggestion as a value; one for a value that is not text is JSON."""
    return better if isinstance(value, str) else json.loads(better)


def found_again(reviewer: Reviewer, submission: Submission) -> Iterator[tuple[Finding, Submission]]:
    for finding in reviewer.review(submission).findings:
        again = mended(submission, finding)
        if again is not None:
            same = [
                one
                for one in reviewer.review(again).findings
                if (one.rule, one.field) == (finding.rule, finding.field)
            ]
            if same:
                yield finding, again


def test_suggestions_on_the_rules_examples(reviewer: Reviewer) -> None:
    wrong = [
        (finding.rule, finding.suggestion)
        for case in CASES
        for finding, _ in found_again(reviewer, read_submission(case.values[1]))
    ]
    assert wrong == []


@given(SUBMISSIONS)
@settings(max_examples=300)
def test_suggestions_on_any_submission(reviewer: Reviewer, submission: Submission) -> None:
    assert list(found_again(reviewer, submission)) == []


SUGGESTED = [
    # rule, submission, suggestion
    ("message/signature-unapproved", {"text": "【云雀网】您好", "account": {"signatures": ["【云雀科技】", "云雀网络"]}},
     "【云雀网络】您好"),
    ("message/signature-unapproved", {"text": "【云雀网络】您好", "account": {"signatures": ["【云雀科技】"]}},
     "【云雀科技】您好"),
    ("message/signature-unapproved", {"body": "您好", "params": [], "signature": "云雀网", "account": {"signatures": ["【云雀网络】"]}},
     "云雀网络"),
    ("message/signature-missing", {"text": "您好", "account": {"signatures": ["【云雀】"]}}, "【云雀】您好"),
    ("message/signature-missing", {"text": "您好", "account": {"signatures": [""]}}, None),
    ("message/signature-missing", {"text": "您好", "account": {"signatures": ["【】"]}}, None),
    ("message/signature-missing", {"text": "您好", "account": {"signatures": ["", "\x1f"]}}, None),
    ("marketing/optout-wording", {"body": "新品8折，退订回T，退订回T", "purpose": "marketing"},
     "新品8折，退订回T，拒收请回复R"),
    ("marketing/optout-wording", {"body": "T退订T退订K", "purpose": "marketing"}, "T退订拒收请回复R，K"),
    ("marketing/optout-wording", {"body": "新品8折，回T退订{1}", "purpose": "marketing"}, "新品8折，拒收请回复R，{1}"),
    ("marketing/optout-wording", {"body": "新品8折，回T退订{1}退订回TD", "purpose": "marketing"},
     "新品8折，回T退订{1}拒收请回复R"),
    ("marketing/optout-wording", {"body": "退订回复TD回T退订{1}", "purpose": "marketing"}, "退订回复TD拒收请回复R，{1}"),
    ("marketing/optout-wording", {"body": "新品8折，回T退订8月", "purpose": "marketing"}, "新品8折，拒收请回复R，8月"),
    ("marketing/optout-wording", {"text": "【云雀】新品8折，回T退订{1}", "purpose": "marketing"},
     "【云雀】新品8折，拒收请回复R{1}"),
    ("message/template-mismatch", {"text": "您的单【云雀科技】", "body": "您的订单"}, "您的订单【云雀科技】"),
    ("message/template-mismatch", {"text": "Paid tA.nk", "body": "Paidt{#var#}nk", "provider": "dlt"}, "PaidtAnk"),
    ("message/template-mismatch", {"text": "Your visitis n", "body": "Yourvisitis{#var#}", "provider": "dlt"},
     "Yourvisitisn"),
    ("message/template-mismatch", {"text": "Paid to Acme Ltd. .", "body": "Paidto {#var#}.", "provider": "dlt"},
     "Paidto Acme Ltd."),
    ("template/invisible-characters", {"text": "您好\u061c\u200c"}, "您好"),
    ("template/invisible-characters", {"text": "م\u061c\u200cم"}, "مم"),
    ("template/stand-in", {"body": "您的订单***"}, "您的订单{1}"),
    ("template/stand-in", {"body": "您的订单{1}，***"}, "您的订单{1}，{2}"),
    ("template/program-residue", {"body": "您的订单{1}<br>已发货"}, "您的订单{1}已发货"),
    ("template/program-residue", {"body": "您的订单#a#&nbsp;已发货", "provider": "juhe"}, "您的订单#a# 已发货"),
    ("template/program-residue", {"body": "<b>"}, None),
    ("signature/traditional", {"text": "【雲雀科技】您好"}, "【云雀科技】您好"),
    ("signature/brackets", {"text": "【云雀(科技)】您好"}, "【云雀科技】您好"),
    ("signature/brackets", {"signature": "【云雀科技】", "text": "您好"}, "云雀科技"),
    ("signature/neutral", {"text": "【商城】您好", "account": {"name": "杭州云雀网络科技有限公司"}},
     "【杭州云雀网络科技有限公司】您好"),
    ("signature/company-mismatch", {"signature": "鲲鹏商城", "source": "company", "account": {"name": "İ⠀ß"}}, None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "data", "suggestion"), SUGGESTED)
def test_suggestion(rule: str, data: dict[str, Any], suggestion: str | None, reviewer: Reviewer) -> None:
    submission = read_submission(data)
    (finding,) = (one for one in reviewer.review(submission).findings if one.rule == rule)
    assert finding.suggestion == suggestion


NOT_MENDED = [
    # rule, submission with a fault that can be mended and one that cannot
    ("message/template-mismatch", {"text": "\n6【云雀科技】", "body": "\n"}),
    ("template/stand-in", {"body": "[FirstName]***"}),
    ("template/stand-in", {"body": "尊敬的[姓名]，您的订单***", "provider": "aliyun"}),
    ("template/stand-in", {"body": "8{{1}}】*****`a`，"}),
    ("template/program-residue", {"body": "undefined<b>"}),
    ("template/program-residue", {"body": "<a>undefined"}),
    ("template/program-residue", {"text": "null<b>"}),
    ("template/program-residue", {"text": "【#p#】<b>"}),
    (
        "message/signature-unapproved",
        {"text": "【云雀科技】", "account": {"signatures": ["【云雀科技】优选"]}},
    ),
    ("template/program-residue", {"body": "unde<b>fined"}),
    ("template/program-residue", {"body": "((<b>name))您好"}),
    ("template/program-residue", {"body": "&amp;nbsp;您好"}),
    ("template/program-residue", {"body": "您的订单{1}", "params": ["<b>null"]}),
]


@pytest.mark.parametrize(("rule", "data"), NOT_MENDED)
def test_no_suggestion_mends_a_part_only(rule: str, data: dict[str, Any], reviewer: Reviewer) -> None:
    findings = [one for one in reviewer.review(read_submission(data)).findings if one.rule == rule]
    assert findings
    assert {finding.suggestion for finding in findings} == {None}


PARTS = st.lists(
    st.sampled_from(
        (
            "新品8折", "您的订单", "雲雀", "T退订", "回T退订", "退订回TD", "拒收请回复R", "R", "8", "，", "。", " ", "{1}", "{{1}}", "${a}",
            "#a#", "$(a)", "***", "XXXX", "[FirstName]", "[姓名]", "`a`", "<b>", "<br>", "&nbsp;", "&amp;", "null", "undefined", "((a))",
            "[[", "]]", "\\n", "【云雀】", "(", ")", "\u200b",
        )
    ),
    min_size=1,
    max_size=6,
).map("".join)  # fmt: skip
FAULTY = st.fixed_dictionaries(
    {"purpose": st.sampled_from((None, "marketing"))},
    optional={"body": PARTS, "text": PARTS, "signature": PARTS, "provider": FIELDS["provider"]},
)


@given(FAULTY.filter(lambda fields: {"body", "text", "signature"} & fields.keys()))
@settings(max_examples=150)
def test_suggestions_for_several_faults_at_once(reviewer: Reviewer, fields: dict[str, Any]) -> None:
    assert list(found_again(reviewer, Submission(**fields))) == []


def test_a_value_is_suggested_without_all_its_symbols(reviewer: Reviewer) -> None:
    submission = Submission(signature="云雀科技", params=("①訂單😀",))
    findings = [one for one in reviewer.review(submission).findings if one.rule == "params/symbols"]
    assert [(one.text, one.suggestion) for one in findings] == [
        ("①", "订单"),
        ("訂單", "订单"),
        ("😀", "订单"),
    ]


def test_an_approved_signature_may_be_written_with_its_brackets(reviewer: Reviewer) -> None:
    for written in ("云雀科技", "【云雀科技】", " 云雀科技 "):
        submission = Submission(text="【云雀科技】您好", account=Account(signatures=(written,)))
        rules = {finding.rule for finding in reviewer.review(submission).findings}
        assert "message/signature-unapproved" not in rules
