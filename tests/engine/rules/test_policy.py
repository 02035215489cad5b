"""An operator's policy: switches, added words, limits, and error messages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smsvet import ContentError, Decision, Reviewer, Submission

Written = Callable[[str], Path]
LINK = Submission(body="详情点击{1}查看", purpose="notification")
NOTICE = Submission(body="您的云雀币已到账{1}个，请查收。", purpose="notification")
GAMBLING = Submission(body="葡京真人荷官在线发牌，注册送彩金", purpose="notification")


@pytest.fixture
def policy(write: Callable[[str, str], Path]) -> Written:
    """Return a function that writes a policy and returns its path."""
    return lambda text: write("policy.yaml", text)


@pytest.fixture(scope="module")
def reviewer(small_content: Path) -> Reviewer:
    """Return a reviewer without a policy."""
    return Reviewer(content=small_content)


def decisions(reviewer: Reviewer, submission: Submission, rule: str) -> set[str]:
    verdict = reviewer.review(submission)
    assert verdict.faults == ()
    return {finding.decision.value for finding in verdict.findings if finding.rule == rule}


def test_a_policy_with_every_feature(policy: Written, reviewer: Reviewer, small_content: Path) -> None:
    ruled = Reviewer(
        content=small_content,
        policy=policy(
            """
rules:
  template/link-in-variable: "off"
  content/gambling: manual_review
  link/traffic-filing: reject
terms:
  - {term: 云雀币, category: crypto}
  - {term: 积木币 & 兑换, category: crypto, strength: strong}
safe:
  - {phrase: 葡京酒店}
limits:
  tencent: {body_length: 20, signature_length: [3, 5]}
"""
        ),
    )
    # disabled, softened, hardened
    assert decisions(reviewer, LINK, "template/link-in-variable") == {"reject"}
    assert decisions(ruled, LINK, "template/link-in-variable") == set()
    assert decisions(reviewer, GAMBLING, "content/gambling") == {"reject"}
    assert decisions(ruled, GAMBLING, "content/gambling") == {"manual_review"}
    phone = Submission(body="如有疑问请致电400-000-0000")
    assert decisions(reviewer, phone, "link/traffic-filing") == {"approve"}
    assert decisions(ruled, phone, "link/traffic-filing") == {"reject"}
    assert ruled.review(phone).decision is Decision.REJECT
    # words
    assert decisions(reviewer, NOTICE, "content/crypto") == set()
    assert decisions(ruled, NOTICE, "content/crypto") != set()
    assert decisions(ruled, Submission(body="积木币可兑换礼物"), "content/crypto") != set()
    assert decisions(ruled, Submission(body="积木币"), "content/crypto") == set()
    hotel = Submission(body="您入住的葡京酒店房间为{1}", purpose="notification")
    terms = [reader.read(hotel).texts["body"].terms for reader in (reviewer, ruled)]
    assert [any(term.category == "gambling" for term in found) for found in terms] == [True, False]
    # limits of this provider only
    long = "您预订的课程有变动，请登录小程序查看最新安排，谢谢您的支持。"
    assert decisions(ruled, Submission(body=long), "template/length") == {"reject"}
    assert decisions(reviewer, Submission(body=long), "template/length") == set()
    assert decisions(ruled, Submission(body=long, provider="aliyun"), "template/length") == set()
    assert decisions(ruled, Submission(signature="云雀"), "signature/length") == {"reject"}
    assert decisions(reviewer, Submission(signature="云雀"), "signature/length") == set()
    # the revision depends on it
    assert ruled.revision != reviewer.revision
    assert ruled.review(LINK).revision == ruled.revision


def test_an_empty_policy_changes_only_the_revision(
    policy: Written, reviewer: Reviewer, small_content: Path
) -> None:
    ruled = Reviewer(content=small_content, policy=policy("rules: {}\n"))
    assert ruled.revision != reviewer.revision
    before, after = reviewer.review(GAMBLING), ruled.review(GAMBLING)
    assert (after.decision, after.findings) == (before.decision, before.findings)


RIVALS = """
title: {zh: 竞品, en: Rivals}
decision: manual_review
message: {zh: "“{match}”是竞品名称", en: "“{match}” is a rival's name"}
why: {zh: 不为他人宣传。, en: We do not advertise others.}
fix: {zh: 删去, en: Drop it}
source: our own
category: rivals
check: {kind: terms, category: rivals}
examples:
  flag: [{body: "黄雀速递更快"}]
  pass: [{body: "您的订单{1}已发货"}]
"""


def test_a_new_category_and_its_rule_need_each_other(
    policy: Written, write: Callable[[str, str], Path], small_content: Path
) -> None:
    folder = write("own/house/rivals.yaml", RIVALS).parents[1]
    with pytest.raises(ContentError, match=r"house/rivals.yaml:9: check: category: no lexicon rivals"):
        Reviewer([folder], content=small_content)
    terms = policy("terms: [{term: 黄雀速递, category: rivals}]\n")
    with pytest.raises(ContentError, match=r"policy.yaml:1: terms.0.category: no rule looks at rivals"):
        Reviewer(policy=terms, content=small_content)
    both = Reviewer([folder], terms, small_content)
    assert decisions(both, Submission(body="黄雀速递更快"), "house/rivals") == {"manual_review"}


def test_off_needs_no_quotes(policy: Written, small_content: Path) -> None:
    """YAML 1.1 reads an unquoted `off` as a boolean, which nobody expects."""
    ruled = Reviewer(policy=policy("rules: {template/link-in-variable: off}\n"), content=small_content)
    assert decisions(ruled, LINK, "template/link-in-variable") == set()


SPELT = Submission(body="赌bo平台", purpose="notification")


@pytest.mark.parametrize("off", ["off", '"off"'])
def test_a_policy_switches_a_disguise_off(
    off: str, policy: Written, reviewer: Reviewer, small_content: Path
) -> None:
    ruled = Reviewer(content=small_content, policy=policy(f"disguises: {{pinyin: {off}, reversed: on}}\n"))
    assert decisions(reviewer, SPELT, "content/gambling") == {"reject"}
    assert decisions(ruled, SPELT, "content/gambling") == set()
    other = Submission(body="赌*博平台", purpose="notification")
    assert (
        decisions(ruled, other, "content/gambling") == decisions(reviewer, other, "content/gambling") != set()
    )
    assert ruled.revision != reviewer.revision


def test_a_policy_can_enable_a_disguise_that_the_caller_left_out(
    policy: Written, small_content: Path
) -> None:
    left_out = Reviewer(content=small_content, off=("pinyin", "reversed"))
    back = Reviewer(
        content=small_content, off=("pinyin", "reversed"), policy=policy("disguises: {pinyin: on}\n")
    )
    assert decisions(left_out, SPELT, "content/gambling") == set()
    assert decisions(back, SPELT, "content/gambling") == {"reject"}


def test_disguises_left_out_by_the_caller_are_validated_and_in_the_revision(
    small_content: Path, reviewer: Reviewer
) -> None:
    assert Reviewer(content=small_content, off=("pinyin",)).revision != reviewer.revision
    with pytest.raises(ContentError, match="off: no disguise pinyn; known: homophone, ") as error:
        Reviewer(content=small_content, off=("pinyn",))
    assert error.value.say("zh").startswith("off: 没有变形写法 pinyn；可用：homophone, ")


WRONG = [
    # a policy, the line, the message
    ('rules:\n  template/link-in-variabel: "off"\n', 2, "rules.template/link-in-variabel: no such rule"),
    ('rules:\n  a/b: "off"\n  template/empty: rejct\n', 3, "rules.template/empty: Input should be 'approve'"),
    ("rulez: {}\n", 1, "rulez: unknown key; did you mean rules?"),
    ("terms:\n  - {term: 云雀币, category: crypto}\n  - {term: 币}\n", 3, "terms.1.category: Field required"),
    ("terms: [{term: '', category: crypto}]\n", 1, "terms.0.term: String should have at least 1 character"),
    (
        "terms: [{term: 币, category: Crypto!}]\n",
        1,
        "terms.0.category: 'Crypto!' is not a category: lower-case letters, digits and underscores, such as gambling; did you mean crypto?",
    ),
    (
        "terms: [{term: 币, category: crypto, strength: storng}]\n",
        1,
        "terms.0.strength: Input should be 'strong'",
    ),
    ("terms: [{term: '币 & ', category: crypto}]\n", 1, "terms.0: term: '币 & ' has an empty part"),
    (
        "safe:\n  - {phrase: 云雀, categories: x}\n",
        2,
        "safe.0.categories: unknown key; did you mean category?",
    ),
    ("safe:\n  - {phrase: 云雀, category: gamblng}\n", 2, "safe.0.category: no rule looks at gamblng"),
    ("terms:\n  - {term: 云雀币, category: gamblng}\n", 2, "terms.0.category: no rule looks at gamblng"),
    ("limits:\n  tencnet: {body_length: 5}\n", 2, "limits.tencnet: no such provider"),
    ("limits:\n  tencent: {body_lenght: 5}\n", 2, "limits.tencent.body_lenght: no such limit"),
    ("limits:\n  tencent:\n    body_length: long\n", 3, "limits.tencent.body_length: should be like 500"),
    ("limits:\n  tencent: {body_length: [1, 500]}\n", 2, "limits.tencent.body_length: should be like 500"),
    ("limits:\n  tencent: {body_length: -1}\n", 2, "limits.tencent.body_length: should be like 500"),
    ("limits:\n  tencent: {body_length: true}\n", 2, "limits.tencent.body_length: should be a whole number"),
    ("limits:\n  tencent: {body_length: 1.5}\n", 2, "limits.tencent.body_length: should be a whole number"),
    (
        "limits:\n  tencent: {signature_length: 10}\n",
        2,
        "limits.tencent.signature_length: should be like [2, 12]",
    ),
    (
        "limits:\n  tencent: {signature_length: [2]}\n",
        2,
        "limits.tencent.signature_length: should be like [2, 12]",
    ),
    (
        "limits:\n  tencent: {signature_length: [10, 2]}\n",
        2,
        "limits.tencent.signature_length: the least is above the most",
    ),
    (
        "limits:\n  tencent: {otp_keywords: [4]}\n",
        2,
        "limits.tencent.otp_keywords: should be a list of words",
    ),
    ("limits:\n  tencent: {otp_keywords: 验证码}\n", 2, "limits.tencent.otp_keywords: should be like ["),
    (
        "disguises: {pinyn: off}\n",
        1,
        "disguises.pinyn: no disguise pinyn; known: homophone, near-homophone, pinyin",
    ),
    ("disguises:\n  pinyin: maybe\n", 2, "disguises.pinyin: Input should be 'on' or 'off'"),
    ("disguises: [pinyin]\n", 1, "disguises: Input should be a valid "),
    ("rules: [\n", 2, "not YAML: "),
    ("- rules\n", 1, "file: Input should be"),
]


@pytest.mark.parametrize(("text", "line", "said"), WRONG)
def test_an_error_names_file_line_and_key(
    text: str, line: int, said: str, policy: Written, small_content: Path
) -> None:
    path = policy(text)
    with pytest.raises(ContentError) as error:
        Reviewer(policy=path, content=small_content)
    where = f"{path}:{line}: "
    assert any(one.startswith(where + said) for one in str(error.value).split("\n")), str(error.value)
    assert all(one.startswith(f"{path}:") for one in error.value.say("zh").split("\n"))


def test_a_missing_policy_is_named(tmp_path: Path, small_content: Path) -> None:
    with pytest.raises(ContentError, match=r"policy.yaml: No such file"):
        Reviewer(policy=tmp_path / "policy.yaml", content=small_content)
