"""Properties of every submission: no exception, no fault, exact places, no order among rules."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from smsvet import Finding, Proof, Reviewer, Sent, Submission
from smsvet.document import json_text
from smsvet.fields import DOCUMENT_KINDS
from smsvet.rules.in_force import rules_in_force
from smsvet.rules.rule import Rule
from smsvet.schema import VerdictOut, read_submission, write_verdict
from smsvet.templates.values import values_of

PROVIDERS = (
    "tencent",
    "aliyun",
    "huawei",
    "huawei-intl",
    "ucloud",
    "yunpian",
    "submail",
    "dlt",
    "whatsapp",
    "twilio",
)
DATES = (None, date(2018, 10, 9), date(2022, 6, 1), date(2025, 6, 17), date(2026, 11, 22))
REMOVED = 7
"""The reviewers with fewer rules leave out every seventh one."""

CHARS = st.sampled_from(
    # every provider's delimiters, including full-width ones
    "{}｛｝$＄#＃%％@＠<>＜＞[]［］【】()（）*＊_＿×Xx《》“”‘’'\"`&|\\/:：;；,，.．。、!！?？-—~·★"
    # Han, traditional and rare; letters, digits, their decorated and full-width forms; diacritics and
    # ligatures
    "您的验证码是订單退订回复加威信贷款龥𠀀㐀abcXYZ0129０９ａＺ①Ⓐ𝐀𝟗²½ⅷﷺ㍿ﬁé\u0301\u20e3"
    # invisible characters, blanks, controls, emoji, lone surrogates
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u202c\u180e\u3164\ufe0f\U000e0041"
    " \u3000\u00a0\t\r\n\x00\x1b\x1f\x7f😀👨🏽‍💻❤\ud800\udfff\udc41"
)
PIECES = st.sampled_from(
    (
        "{1}", "{2}", "{ 1 }", "{0}", "｛1｝", "${code}", "${1}", "#code#", "{{1}}", "{#var#}", "@var(code)", "XXXX",
        "【云雀科技】", "您的验证码是", "分钟内有效", "拒收请回复R", "回T退订", "尊敬的会员", "全场5折", "新品上市",
        "代开发票，点数低", "无抵押贷款", "加微信abc12345", "以下注意事项", "下注", "秒杀", "中奖", "赌博", "免费领取红包",
        "http://", "https://www.example.com/a?b=c", "t.cn/Ab3", "t．cn", "www.{1}.com", "点com", "127.0.0.1", "xn--fiqs8s.cn",
        "13800138000", "186{1}1234", "400-000-0000", "010-12345678", "QQ：12345678", "a@example.com", "4G", "1000元",
    )
)  # fmt: skip
TEXTS = st.lists(CHARS | PIECES, max_size=14).map("".join)
KEYS = st.sampled_from(
    ("1", "2", "3", "code", "name", "a.b", "", "#code#", "${code}", "{1}", "{{1}}", "\ud800")
)
VALUES = TEXTS | st.none() | st.booleans() | st.integers() | st.floats() | st.lists(TEXTS, max_size=2)
PARAMS = st.lists(VALUES, max_size=3) | st.dictionaries(KEYS, VALUES, max_size=3) | VALUES
TIMES = st.datetimes(timezones=st.just(UTC))
NUMBERS = st.sampled_from(("+8613800138000", "13800138000", "+12025550123", "106", ""))
SENT = st.fixed_dictionaries(
    {"to": NUMBERS, "at": TIMES}, optional={"text": TEXTS | st.none(), "reply": TEXTS | st.none()}
)
PROOF = st.fixed_dictionaries(
    {"kind": st.sampled_from(("business_license", "trademark", "authorization"))},
    optional={"format": st.sampled_from(("png", "exe")), "bytes": st.integers(0, 10**8), "owner": TEXTS,
              "expires": st.dates(), "sealed": st.booleans(), "grantor": TEXTS, "grantee": TEXTS},
)  # fmt: skip
ACCOUNT = st.fixed_dictionaries(
    {},
    optional={"type": st.sampled_from(("enterprise", "individual")), "name": TEXTS | st.just("杭州云雀网络科技有限公司"),
              "icp_domains": st.lists(TEXTS, max_size=2), "signatures": st.lists(TEXTS, max_size=2),
              "trademarks": st.lists(TEXTS, max_size=2)},
)  # fmt: skip
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "signature": TEXTS | st.just("云雀科技"),
    "body": TEXTS,
    "text": TEXTS,
    "params": PARAMS,
    "purpose": st.sampled_from(("verification", "notification", "marketing")),
    "provider": st.sampled_from(PROVIDERS),
    "region": st.sampled_from(("mainland", "international")),
    "as_of": st.sampled_from(DATES),
    "remark": TEXTS,
    "source": st.sampled_from(("company", "app", "website", "trademark", "government", "shop")),
    "usage": st.sampled_from(("own", "other")),
    "documents": st.lists(PROOF, max_size=2),
    "variables": st.dictionaries(KEYS, st.sampled_from(("otp", "phone", "text", "others")), max_size=2),
    "samples": st.lists(TEXTS, max_size=2),
    "account": ACCOUNT,
    "recipients": st.lists(NUMBERS, max_size=2),
    "sent_at": TIMES,
    "history": st.lists(SENT, max_size=2),
}
SPOKEN = ("signature", "body", "text")
SUBMISSIONS = (
    st.fixed_dictionaries({}, optional=FIELDS)
    .filter(lambda fields: any(name in fields for name in SPOKEN))
    .map(lambda fields: Submission(**fields))
)
TEMPLATES = st.builds(
    Submission, body=TEXTS, purpose=FIELDS["purpose"], provider=FIELDS["provider"], as_of=FIELDS["as_of"]
)
BODIES = st.builds(
    lambda signature, rest: replace(rest, signature=signature), st.none() | FIELDS["signature"], TEMPLATES
)


def submitted(submission: Submission, field: str) -> str:
    """Return the submitted text of a finding's field; values other than text as JSON."""
    if field.startswith("params."):
        value = values_of(submission.params)[field.removeprefix("params.")]
        return value if isinstance(value, str) else json_text(value)
    if field == "params":
        return json_text(submission.params)
    value = getattr(submission, field)
    assert isinstance(value, str)
    return value


def ruled(reviewer: Reviewer, rules: Iterable[Rule]) -> Reviewer:
    """Return a reviewer of the same content with other rules, or with the same rules in another order."""
    other = copy.copy(reviewer)
    other.catalogue = replace(reviewer.catalogue, rules=tuple(rules))
    other.rules_for = lru_cache(maxsize=256)(
        partial(rules_in_force, other.catalogue.rules, other.catalogue.providers)
    )
    return other


def found(findings: Iterable[Finding]) -> set[tuple[str, object, object, object]]:
    return {(finding.rule, finding.field, finding.start, finding.end) for finding in findings}


@settings(max_examples=300)
@given(submission=SUBMISSIONS, lang=st.sampled_from(("zh", "en")))
def test_nothing_raises_and_every_span_is_exact(
    submission: Submission, lang: Any, reviewer: Reviewer
) -> None:
    verdict = reviewer.review(submission, lang)
    assert verdict.faults == ()
    assert verdict.decision == max(
        (finding.decision for finding in verdict.findings), default=verdict.decision
    )
    for finding in verdict.findings:
        assert finding.message
        assert finding.fix
        if finding.start is None or finding.end is None:
            assert (finding.start, finding.end, finding.text, finding.spans) == (None, None, None, ())
            continue
        assert finding.field is not None
        text = submitted(submission, finding.field)
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.text == text[finding.start : finding.end]
        for start, end in finding.spans:
            assert 0 <= start <= end <= len(text)
        assert finding.spans == () or len(finding.spans) > 1


@settings(max_examples=100)
@given(text=TEXTS)
def test_normalisation_keeps_offsets(text: str, reviewer: Reviewer) -> None:
    """Each normalised code point is part of the normalised form of the submitted one at its offset."""
    reader = reviewer.catalogue.reader
    read = reader.text("body", text)
    for place, char in enumerate(read.folded):
        span = read.span(place, place + 1)
        assert span.end == span.start + 1
        assert char in reader.folder.fold(read.quote(span).replace("\x1f", " "))[0]
    assert read.span(0, len(read.folded)).end <= len(text)


@settings(max_examples=150)
@given(submission=SUBMISSIONS)
def test_the_order_of_rules_is_irrelevant(
    submission: Submission, reviewer: Reviewer, backwards: Reviewer
) -> None:
    assert backwards.review(submission) == reviewer.review(submission)


@pytest.fixture(scope="module")
def backwards(reviewer: Reviewer) -> Reviewer:
    return ruled(reviewer, reversed(reviewer.rules))


@pytest.fixture(scope="module")
def lesser(reviewer: Reviewer) -> list[Reviewer]:
    """Return reviewers that lack every seventh rule, starting with each of the first seven."""
    return [
        ruled(reviewer, [rule for number, rule in enumerate(reviewer.rules) if number % REMOVED != left_out])
        for left_out in range(REMOVED)
    ]


@settings(max_examples=200)
@given(submission=SUBMISSIONS, left_out=st.integers(0, REMOVED - 1))
def test_a_new_rule_never_loosens_a_verdict(
    submission: Submission, left_out: int, reviewer: Reviewer, lesser: list[Reviewer]
) -> None:
    """The omitted rules are the new ones: other findings stay, and the decision is at least as strict."""
    before, after = lesser[left_out].review(submission), reviewer.review(submission)
    assert before.decision <= after.decision
    assert set(before.findings) <= set(after.findings)


@settings(max_examples=30)
@given(submissions=st.lists(SUBMISSIONS, max_size=8))
def test_a_batch_equals_single_reviews(submissions: list[Submission], reviewer: Reviewer) -> None:
    assert list(reviewer.review_many(iter(submissions))) == [reviewer.review(item) for item in submissions]


@settings(max_examples=150)
@given(submission=SUBMISSIONS)
def test_a_verdict_survives_the_round_trip_through_json(submission: Submission, reviewer: Reviewer) -> None:
    written = write_verdict(reviewer.review(submission))
    # `ensure_ascii` would join the two halves of a surrogate pair into one character.
    assert json.loads(json.dumps(written, ensure_ascii=False)) == written
    try:
        json.dumps(written, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return  # the published schema is for UTF-8, which has no lone surrogates
    assert VerdictOut.model_validate(written).model_dump(mode="json", exclude_unset=True) == written


@settings(max_examples=200)
@given(submission=BODIES)
def test_a_correction_removes_the_finding(submission: Submission, reviewer: Reviewer) -> None:
    """The same rule does not flag a body with its correction applied."""
    mended = [
        finding
        for finding in reviewer.review(submission).findings
        if finding.suggestion and finding.field == "body" and finding.rule.startswith("template/")
    ]
    assume(mended)
    for finding in mended:
        again = reviewer.review(replace(submission, body=finding.suggestion))
        assert (finding.rule, "body") not in {(other.rule, other.field) for other in again.findings}
        parsed = reviewer.catalogue.reader.parser.read(finding.suggestion or "", submission.provider)
        before = reviewer.catalogue.reader.parser.read(submission.body or "", submission.provider)
        assert len(parsed.problems) <= len(before.problems)


@settings(max_examples=60)
@given(submission=SUBMISSIONS)
def test_rules_find_nothing_without_their_terms(submission: Submission, reviewer: Reviewer) -> None:
    """A rule that is skipped without a term of its categories would not have hit."""
    document = reviewer.read(submission)
    there = {term.category for text in document.texts.values() for term in text.terms}
    for rule in reviewer.rules:
        if rule.trigger.categories and not rule.trigger.categories & there:
            assert list(rule.check(document)) == []


def test_a_submission_survives_the_round_trip_through_json(reviewer: Reviewer) -> None:
    data = {
        "signature": "云雀科技",
        "params": {"1": None},
        "body": "{1}",
        "as_of": "2026-11-22",
        "account": {"name": "x"},
    }
    assert read_submission(json.loads(json.dumps(data))) == Submission(**data)  # type: ignore[arg-type]


@pytest.mark.parametrize("proof", [date.min, date(2026, 11, 22), date.max])
@pytest.mark.parametrize("as_of", [date.min, date(2026, 11, 22), date.max])
def test_the_first_and_the_last_date_are_dates(as_of: date, proof: date, reviewer: Reviewer) -> None:
    moments = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    documents = [Proof(kind, issued=proof, expires=proof) for kind in DOCUMENT_KINDS]
    for sent_at, before in product(moments, moments):
        submission = Submission(
            signature="云雀科技",
            text="【云雀科技】您的验证码是123456",
            as_of=as_of,
            documents=tuple(documents),
            recipients=("+8613912345678",),
            sent_at=sent_at,
            history=(Sent("+8613912345678", before, "您好", "T"),) * 4,
        )
        assert reviewer.review(submission).faults == ()
        assert reviewer.review(replace(submission, text=None)).faults == ()
