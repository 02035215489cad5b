"""JSON input and output of the public contract, and the errors for invalid input."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest

from smsvet import (
    Account,
    Decision,
    Finding,
    Proof,
    Reviewer,
    Sent,
    Submission,
    SubmissionError,
    Variable,
    Verdict,
    json_text,
)
from smsvet.model import Fault
from smsvet.schema import SubmissionIn, read_submission, write_verdict

EVERYTHING: dict[str, Any] = {
    "id": "42",
    "signature": "云雀科技",
    "body": "您的验证码是{1}",
    "params": ["123456"],
    "text": "【云雀科技】您的验证码是123456",
    "purpose": "verification",
    "provider": "tencent",
    "region": "mainland",
    "as_of": "2026-11-22",
    "remark": "用于登录",
    "source": "company",
    "usage": "own",
    "documents": [
        "business_license",
        {"kind": "authorization", "format": "png", "bytes": 1000, "expires": "2027-01-01"},
    ],
    "variables": {"1": "otp", "2": {"type": "text", "max": 6}},
    "samples": ["您的验证码是123456"],
    "account": {"type": "enterprise", "name": "杭州云雀网络科技有限公司", "icp_domains": ["example.com"]},
    "recipients": ["+8613912345678"],
    "sent_at": "2026-11-22T10:00:00+08:00",
    "history": [{"to": "+8613912345678", "at": "2026-11-22T09:59:50+08:00", "text": "您好", "reply": None}],
}
NOON = datetime(2026, 11, 22, 10, tzinfo=timezone(timedelta(hours=8)))


def test_every_field_of_the_contract_is_read() -> None:
    assert set(EVERYTHING) == set(SubmissionIn.model_fields)
    read = read_submission(json.loads(json.dumps(EVERYTHING)))
    assert read == Submission(
        id="42",
        signature="云雀科技",
        body="您的验证码是{1}",
        params=["123456"],
        text="【云雀科技】您的验证码是123456",
        purpose="verification",
        region="mainland",
        as_of=date(2026, 11, 22),
        remark="用于登录",
        source="company",
        documents=(
            Proof("business_license"),
            Proof("authorization", format="png", bytes=1000, expires=date(2027, 1, 1)),
        ),
        variables={"1": Variable("otp"), "2": Variable("text", 6)},
        samples=("您的验证码是123456",),
        account=Account("enterprise", "杭州云雀网络科技有限公司", ("example.com",)),
        recipients=("+8613912345678",),
        sent_at=NOON,
        history=(Sent("+8613912345678", NOON - timedelta(seconds=10), "您好"),),
    )
    assert read == Submission(**EVERYTHING)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"signature": "云雀科技"}, "signature"),
        ({"body": "您好"}, "template"),
        ({"signature": "云雀科技", "body": "您好"}, "template"),
        ({"body": "您好{1}", "params": []}, "message"),
        ({"body": "您好{1}", "params": ["1"]}, "message"),
        ({"text": "您好"}, "message"),
        ({"text": "您好", "body": "您好", "signature": "云雀"}, "message"),
        ({"signature": ""}, "signature"),
    ],
)
def test_the_kind_follows_from_the_fields(data: dict[str, Any], kind: str) -> None:
    assert read_submission(data).kind == kind


def test_defaults() -> None:
    read = read_submission({"body": ""})
    assert (read.provider, read.region, read.usage) == ("tencent", None, "own")
    told = {name for name in SubmissionIn.model_fields if getattr(read, name) is not None}
    assert told == {"body", "provider", "usage"}


@pytest.mark.parametrize(
    "params",
    [
        [], {}, ["1"], {"code": "1"}, [1], [1.5], [None], [True], [[]], [{}], {"code": 1234}, {"code": None}, "123456",
        1234, True, 0, "", {"": ""}, [["a", {"b": [None]}]], 10**30,
    ],
)  # fmt: skip
def test_params_of_any_type_are_accepted_read_only(params: Any, reviewer: Reviewer) -> None:
    read = read_submission(json.loads(json.dumps({"body": "您的验证码是{1}", "params": params})))
    assert json_text(read.params) == json_text(params)
    read_only: dict[type, type] = {list: tuple, dict: MappingProxyType}
    assert type(read.params) is read_only.get(type(params), type(params))
    assert reviewer.review(read).faults == ()


def test_null_params_count_as_absent() -> None:
    assert read_submission({"body": "您好", "params": None}).kind == "template"


REFUSED = [
    # JSON, the message in Chinese and in English
    ({}, "signature、body、text 至少需要一个", "at least one of signature, body, text is required"),
    (
        {"body": None},
        "signature、body、text 至少需要一个",
        "at least one of signature, body, text is required",
    ),
    ({"body": "a", "boddy": "b"}, "boddy: 未知字段", "boddy: unknown field"),
    ({"body": "a", "account": {"nmae": "b"}}, "account.nmae: 未知字段", "account.nmae: unknown field"),
    ({"body": 1}, "body: 应为字符串", "body: Input should be a valid string"),
    ({"body": ["a"]}, "body: 应为字符串", "body: Input should be a valid string"),
    ({"body": "a", "purpose": "otp"}, "purpose: 应为 ", "purpose: Input should be 'verification'"),
    ({"body": "a", "region": "cn"}, "region: 应为 ", "region: Input should be 'mainland'"),
    ({"body": "a", "source": "friend"}, "source: 应为 ", "source: Input should be 'company'"),
    ({"body": "a", "as_of": "someday"}, "as_of: 应为 ISO 日期", "as_of: Input should be an ISO date"),
    ({"body": "a", "as_of": "2026-13-01"}, "as_of: 应为 ISO 日期", "as_of: Input should be an ISO date"),
    ({"body": "a", "sent_at": "now"}, "sent_at: 应为 ISO 时间", "sent_at: Input should be an ISO time"),
    ({"body": "a", "recipients": "+861"}, "recipients: 应为数组", "recipients: Input should be a valid list"),
    ({"body": "a", "samples": [1]}, "samples.0: 应为字符串", "samples.0: Input should be a valid string"),
    ({"body": "a", "history": [{"to": "1"}]}, "history.0.at: 缺少此字段", "history.0.at: Field required"),
    (
        {"body": "a", "variables": {"1": {"max": 0}}},
        "variables.1.max: 不应小于 1",
        "variables.1.max: Input should be",
    ),
    ([], "应为一个 JSON 对象", "expected a JSON object"),
    ("您好", "应为一个 JSON 对象", "expected a JSON object"),
    (None, "应为一个 JSON 对象", "expected a JSON object"),
]


@pytest.mark.parametrize(("data", "chinese", "english"), REFUSED)
def test_an_error_names_the_field(data: object, chinese: str, english: str) -> None:
    for lang, said in (("zh", chinese), ("en", english)):
        with pytest.raises(SubmissionError) as error:
            read_submission(data, lang)  # type: ignore[arg-type]
        assert any(one.startswith(said) for one in str(error.value).split("; ")), str(error.value)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"documents": ["passport"]}, {"documents.0"}),
        ({"documents": [5]}, {"documents.0"}),
        ({"documents": [{"kind": "trademark", "size": 1}]}, {"documents.0.size"}),
        ({"documents": [{"kind": "passport"}]}, {"documents.0.kind"}),
        ({"documents": [{"bytes": 10**400}]}, {"documents.0.kind", "documents.0.bytes"}),
        ({"documents": ["trademark", {}]}, {"documents.1.kind"}),
        ({"variables": {"1": "passport"}}, {"variables.1.type"}),
        ({"variables": {"1": {"type": "passport"}}}, {"variables.1.type"}),
        ({"variables": {"1": {"max": 0}, "2": 5}}, {"variables.1.max", "variables.2"}),
        ({"purpose": {}}, {"purpose"}),
    ],
)
def test_only_what_is_wrong_is_named(fields: dict[str, Any], named: set[str]) -> None:
    with pytest.raises(SubmissionError) as error:
        read_submission({"body": "a", **fields})
    assert {one.partition(":")[0] for one in str(error.value).split("; ")} == named


def test_all_errors_are_reported_at_once() -> None:
    with pytest.raises(SubmissionError) as error:
        read_submission({"body": 1, "text": 2, "boddy": 3})
    assert {one.partition(":")[0] for one in str(error.value).split("; ")} == {"body", "text", "boddy"}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"body": "a", "account": {"nmae": 1}},
        {"body": "a", "as_of": "someday"},
        {"body": "a", "documents": [{"kind": "trademark", "size": 1}]},
        {"body": "a", "history": [{"to": "1", "at": "now"}]},
    ],
)
def test_the_dataclass_refuses_wrong_values_too(fields: dict[str, Any]) -> None:
    with pytest.raises(SubmissionError):
        Submission(**fields)


def test_surrogate_pairs_are_one_character(reviewer: Reviewer) -> None:
    read = read_submission(
        json.loads('{"body": "\\ud83d\\ude00您的订单{1}已发货", "purpose": "notification"}')
    )
    assert read.body == "😀您的订单{1}已发货"
    found = [finding for finding in reviewer.review(read).findings if finding.text == "😀"]
    assert found
    assert {(finding.start, finding.end) for finding in found} == {(0, 1)}


VERDICT = Verdict(
    id="42",
    kind="template",
    decision=Decision.REJECT,
    provider="tencent",
    as_of=date(2026, 11, 22),
    findings=(
        Finding(
            "a/b",
            Decision.REJECT,
            "body",
            4,
            7,
            "{1}",
            "m",
            "f",
            "s",
            "loan",
            ("joined",),
            "1014",
            "src",
            "cl",
        ),
        Finding("c/d", Decision.APPROVE, None, None, None, None, "m", "f"),
        Finding(
            "e/f", Decision.MANUAL_REVIEW, "body", 0, 9, "x", "m", "f", spans=((0, 2), (7, 9)), title="t"
        ),
    ),
    faults=(Fault("g/h", "ValueError: x"),),
    revision="0123456789abcdef",
)


def test_a_verdict_is_serialized() -> None:
    assert write_verdict(VERDICT) == {
        "id": "42",
        "kind": "template",
        "decision": "reject",
        "provider": "tencent",
        "as_of": "2026-11-22",
        "findings": [
            {
                "rule": "a/b", "decision": "reject", "field": "body", "start": 4, "end": 7, "text": "{1}", "message": "m",
                "fix": "f", "suggestion": "s", "category": "loan", "transforms": ["joined"], "code": "1014",
                "source": "src", "clause": "cl", "evidence": [],
            },
            {
                "rule": "c/d", "decision": "approve", "field": None, "start": None, "end": None, "text": None,
                "message": "m", "fix": "f", "suggestion": None, "category": None, "transforms": [], "code": None,
                "source": "", "clause": None, "evidence": [],
            },
            {
                "rule": "e/f", "decision": "manual_review", "field": "body", "start": 0, "end": 9, "text": "x",
                "message": "m", "fix": "f", "suggestion": None, "category": None, "transforms": [], "code": None,
                "source": "", "clause": None, "evidence": [], "spans": [[0, 2], [7, 9]],
                "title": "t",
            },
        ],
        "faults": [{"rule": "g/h", "error": "ValueError: x"}],
        "revision": "0123456789abcdef",
    }  # fmt: skip


def test_the_time_zone_is_kept() -> None:
    assert read_submission({"body": "a", "sent_at": "2026-11-22T02:00:00Z"}).sent_at == datetime(
        2026, 11, 22, 2, tzinfo=UTC
    )
