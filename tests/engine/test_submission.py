"""Every entry point refuses a wrong fact; it never switches a rule off."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, get_args

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from smsvet import Decision, Reviewer, Submission, SubmissionError, Variable
from smsvet.fields import (
    ACCOUNT_TYPES,
    ATTRIBUTES,
    DOCUMENT_KINDS,
    MOST_ENTRIES,
    PURPOSES,
    REGIONS,
    SOURCES,
    USAGES,
)
from smsvet.model import Lang
from smsvet.schema import read_submission
from smsvet.sms.attributes import ATTRIBUTES as DESCRIBED

BODY = "尊敬的会员，新品上市，全场8折，欢迎选购。"

WRONG = [
    ({"purpose": "promotion"}, "purpose", "did you mean marketing", "是否应为 marketing"),
    ({"purpose": "Marketing"}, "purpose", "did you mean marketing", "是否应为 marketing"),
    ({"purpose": "营销"}, "purpose", "did you mean marketing", "是否应为 marketing"),
    ({"purpose": "otp"}, "purpose", "did you mean verification", "是否应为 verification"),
    ({"purpose": ""}, "purpose", "is not one of", "这个值；可用"),
    ({"purpose": ["marketing"]}, "purpose", "is not one of", "这个值；可用"),
    ({"region": "cn"}, "region", "did you mean mainland", "是否应为 mainland"),
    ({"region": "Mainland"}, "region", "did you mean mainland", "是否应为 mainland"),
    ({"source": "公司"}, "source", "did you mean company", "是否应为 company"),
    ({"usage": "xx"}, "usage", "is not one of", "这个值；可用"),
    ({"documents": "business_license"}, "documents", "should be a list", "应为列表"),
    ({"documents": ["licence"]}, "documents.0.kind", "is not one of", "这个值；可用"),
    ({"documents": [{"kind": "trademark", "bytes": 10**400}]}, "documents.0.bytes", "should be from", "应在"),
    ({"documents": [{"kind": "trademark", "sealed": "yes"}]}, "documents.0.sealed", "true or false", "true 或 false"),
    ({"documents": [{"kind": "trademark", "size": 1}]}, "documents.0.size", "is not one of", "这个值；可用"),
    ({"account": {"type": "personal"}}, "account.type", "did you mean individual", "是否应为 individual"),
    ({"account": {"nme": "云雀"}}, "account.nme", "did you mean name", "是否应为 name"),
    ({"account": "云雀"}, "account", "should be an object", "应为对象"),
    ({"variables": {"1": {"max": 0}}}, "variables.1.max", "should be from 1", "应在 1"),
    ({"variables": ["otp"]}, "variables", "should be an object", "应为对象"),
    ({"samples": "您好"}, "samples", "should be a list", "应为列表"),
    ({"recipients": [13912345678]}, "recipients", "a list of texts", "文字的列表"),
    ({"recipients": ["1"] * (MOST_ENTRIES + 1)}, "recipients", "at most", "最多"),
    ({"history": [{"to": "1"}]}, "history.0", "at", "at"),
    ({"as_of": "2026-13-01"}, "as_of", "is not in ISO form", "不是 ISO 格式"),
    ({"as_of": 20261101}, "as_of", "should be a date", "应为日期"),
    ({"sent_at": "tomorrow"}, "sent_at", "is not in ISO form", "不是 ISO 格式"),
    ({"body": 5}, "body", "should be text", "应为文字"),
    ({"provider": None}, "provider", "should be text", "应为文字"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "name", "english", "chinese"), WRONG)
def test_the_error_names_field_value_and_what_is_allowed(
    fields: dict[str, Any], name: str, english: str, chinese: str
) -> None:
    given: dict[str, Any] = {"body": BODY} | fields
    with pytest.raises(SubmissionError) as caught:
        Submission(**given)
    assert caught.value.say("en").startswith(f"{name}: ")
    assert english in caught.value.say("en")
    assert chinese in caught.value.say("zh")


ENUMERATED = {
    "purpose": PURPOSES,
    "region": REGIONS,
    "source": SOURCES,
    "usage": USAGES,
    "documents": DOCUMENT_KINDS,
    "account": ACCOUNT_TYPES,
}


def nested(name: str, value: object) -> object:
    """Return a value in the shape that its field has."""
    if name == "documents":
        return [value]
    return {"type": value} if name == "account" else value


@given(
    name=st.sampled_from(sorted(ENUMERATED)),
    value=st.text(max_size=12) | st.sampled_from(("Other", " own", "MARKETING")),
)
def test_any_other_word_raises_in_python_and_in_json(name: str, value: str) -> None:
    assume(value not in ENUMERATED[name])
    fields: dict[str, Any] = {"body": BODY, name: nested(name, value)}
    with pytest.raises(SubmissionError, match=name):
        Submission(**fields)
    for lang in get_args(Lang):
        with pytest.raises(SubmissionError, match=name):
            read_submission(fields, lang)


@settings(max_examples=25, deadline=None)
@given(name=st.sampled_from(("purpose", "region", "source", "usage")), value=st.text(max_size=12))
def test_any_other_word_is_the_error_of_its_row_in_a_table(reviewer: Reviewer, name: str, value: str) -> None:
    assume(value not in ENUMERATED[name])
    row = reviewer.review_table(pa.table({"body": [BODY], name: [value]})).to_pylist()[0]
    assert row["error"].startswith(name)
    assert row["decision"] is None


@given(value=st.text(min_size=1, max_size=12))
def test_an_unknown_attribute_raises(value: str) -> None:
    assume(value.lower() not in ATTRIBUTES)
    with pytest.raises(SubmissionError, match="type"):
        Variable(value)
    with pytest.raises(SubmissionError, match=r"variables\.1\.type"):
        read_submission({"body": "您的订单{1}已发货", "variables": {"1": value}})


def test_every_attribute_is_described() -> None:
    described = {name for attribute in DESCRIBED for name in attribute.names}
    tags = {"numeric", "number", "alphanumeric", "url", "urlott", "cbn"}  # India DLT: part of the placeholder
    assert ATTRIBUTES - {"generic_individual", "generic_enterprise", "dlt_var"} == described - tags


def test_an_unknown_provider_raises_with_a_suggestion(reviewer: Reviewer) -> None:
    with pytest.raises(SubmissionError, match="did you mean aliyun"):
        reviewer.review(Submission(body="您好", provider="ali-yun"), "en")


@pytest.mark.parametrize("spelling", ["promotion", "Marketing", "营销", ""])
def test_a_misspelt_purpose_is_never_approved(reviewer: Reviewer, spelling: str) -> None:
    """The text without an opt-out is rejected as marketing; a misspelling must not approve it."""
    assert reviewer.review(Submission(body=BODY, purpose="marketing")).decision is Decision.REJECT
    with pytest.raises(SubmissionError):
        reviewer.review(Submission(body=BODY, purpose=spelling))  # type: ignore[arg-type]


FACTS: dict[str, list[Any]] = {
    "remark": ["用于会员登录", ""],
    "source": list(SOURCES),
    "usage": list(USAGES),
    "documents": [[], ["business_license"], [{"kind": "trademark", "bytes": 10}]],
    "variables": [{}, {"1": "otp"}, {"1": "others"}],
    "samples": [[], ["您好"]],
    "account": [{}, {"type": "individual"}, {"type": "enterprise", "name": "杭州云雀科技有限公司"}],
    "recipients": [[], ["+8613912345678"]],
    "sent_at": [datetime(2026, 11, 23, 10, tzinfo=UTC)],
    "history": [[]],
    "id": ["x", ""],
}
TEXTS: list[dict[str, Any]] = [
    {"body": BODY, "purpose": "marketing"},
    {"body": "您的验证码是{1}，{2}分钟内有效。", "purpose": "verification"},
    {"body": "加微信领取内部资料，点击 t.cn/Ab3", "purpose": "notification"},
    {"signature": "通知"},
    {"body": "您的订单{1}已发货", "params": ["t.cn/Ab3"]},
    {"text": "【云雀】急用钱找我，无抵押贷款当天放款"},
]


def names_field(reviewer: Reviewer, rule_id: str, field: str) -> bool:
    """Return whether a rule's file, or the function beside it, names a field of the submission."""
    rule = next(rule for rule in reviewer.rules if rule.id == rule_id)
    written = rule.file.model_dump_json(exclude={"examples", "message", "why", "fix", "title"})
    if rule.function is not None:
        written += rule.function.read_text(encoding="utf-8")
    words = {field, "proof"} if field == "documents" else {field}
    # A document's misfit, recipients and earlier messages are read through functions of the engine.
    through = {"account": ("misfit", "abbreviations"), "source": ("misfit",), "usage": ("misfit",)}
    return any(re.search(rf"\b{word}\b", written) for word in (*words, *through.get(field, ())))


@pytest.mark.parametrize("field", sorted(FACTS))
def test_a_fact_never_yields_fewer_findings_unless_a_rule_names_it(reviewer: Reviewer, field: str) -> None:
    for text in TEXTS:
        without = reviewer.review(Submission(**text, as_of=date(2026, 11, 23)))
        for value in FACTS[field]:
            verdict = reviewer.review(Submission(**{**text, field: value}, as_of=date(2026, 11, 23)))
            kept = {(one.rule, one.field, one.start, one.decision) for one in verdict.findings}
            lost = {
                one.rule
                for one in without.findings
                if (one.rule, one.field, one.start, one.decision) not in kept
            }
            assert [rule for rule in lost if not names_field(reviewer, rule, field)] == [], (text, value)
