"""The data model: order of decisions, conversion of JSON values."""

from __future__ import annotations

from datetime import date

import pytest

from smsvet import Account, Decision, Proof, Said, Submission, SubmissionError, Variable

APPROVE, PERSON, REJECT = Decision.APPROVE, Decision.MANUAL_REVIEW, Decision.REJECT


def test_decisions_are_ordered_by_strictness_not_by_spelling() -> None:
    assert APPROVE < PERSON < REJECT
    assert REJECT > PERSON >= PERSON > APPROVE <= APPROVE
    assert max([PERSON, REJECT, APPROVE]) is REJECT
    assert sorted([REJECT, APPROVE, PERSON]) == [APPROVE, PERSON, REJECT]


def test_a_decision_is_its_name() -> None:
    assert REJECT == "reject"
    assert f"{PERSON}" == "manual_review"
    assert Decision("approve") is APPROVE


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"signature": "云雀科技"}, "signature"),
        ({"body": "您好"}, "template"),
        ({"body": "您好", "signature": "云雀科技"}, "template"),
        ({"body": "您好{1}", "params": ["a"]}, "message"),
        ({"body": "您好{1}", "params": []}, "message"),
        ({"text": "【云雀科技】您好"}, "message"),
    ],
)
def test_the_kind_follows_from_the_fields(fields: dict[str, object], kind: str) -> None:
    assert Submission(**fields).kind == kind  # type: ignore[arg-type]


def test_nested_facts_are_accepted_as_json() -> None:
    submission = Submission(
        body="您好",
        as_of="2018-10-09",  # type: ignore[arg-type]
        account={"name": "云雀", "icp_domains": ["example.com"]},  # type: ignore[arg-type]
        documents=["trademark", {"kind": "authorization", "expires": "2027-01-01"}],  # type: ignore[arg-type]
        variables={"1": "phone", "2": {"type": "otp", "max": 6}},  # type: ignore[dict-item]
    )

    assert submission.as_of == date(2018, 10, 9)
    assert submission.account == Account(name="云雀", icp_domains=("example.com",))
    assert submission.documents == (Proof("trademark"), Proof("authorization", expires=date(2027, 1, 1)))
    assert submission.variables == {"1": Variable("phone"), "2": Variable("otp", 6)}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "signature, body, text"),
        ({"body": "您好", "as_of": "yesterday"}, "as_of"),
        ({"body": "您好", "account": {"street": "中山路"}}, "account"),
        ({"body": "您好", "documents": [{"kind": "trademark", "colour": "red"}]}, "documents"),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, object], named: str) -> None:
    with pytest.raises(SubmissionError, match=named):
        Submission(**fields)  # type: ignore[arg-type]


def test_a_list_in_both_languages() -> None:
    assert Said.listed(word for word in ("云雀", "鲲鹏")) == Said("云雀、鲲鹏", "云雀, 鲲鹏")
    assert Said.listed([]) == Said("", "")
