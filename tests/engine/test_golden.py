"""The golden examples of the review standards (section 19): a text in its era, its decision, its rules.

Where the standards' sources conflict, the choices of sections 0 and 20 apply. A finding that they call a
warning is advice here (`approve`). A decision that they leave open (`reject/manual`) is listed as both. An
example for all eras runs in each of Tencent's three. In the era of the other mainland providers, the text
uses the syntax of the provider whose rule it is.
"""

from __future__ import annotations

from typing import Any

import pytest

from smsvet import Reviewer, Submission

T18 = {"provider": "tencent", "as_of": "2018-10-09"}
T21 = {"provider": "tencent", "as_of": "2022-06-01"}
T25 = {"provider": "tencent", "as_of": "2025-06-17"}
ALIYUN = {"provider": "aliyun", "as_of": "2026-11-22"}
HUAWEI = {"provider": "huawei", "as_of": "2026-11-22"}
UCLOUD = {"provider": "ucloud", "as_of": "2026-11-22"}

OTP, NOTICE, OFFER = {"purpose": "verification"}, {"purpose": "notification"}, {"purpose": "marketing"}

COMPANY = {"type": "enterprise", "name": "杭州云雀网络科技有限公司"}
PERSON = {"type": "individual"}
SALE = "【云雀】尊敬的会员，新品上市，全场8折。拒收请回复R"
CODE = "【云雀】您的登录验证码是1234，5分钟内有效，请勿泄露。"
NUMBER = "+8613800000000"
SHOP = {"type": "enterprise", "name": "杭州春山花店"}

GOLDEN: list[tuple[str, dict[str, Any], str, tuple[str, ...]]] = [
    # number, submission, decision, rules among the findings
    (
        "1",
        {**T25, **OTP, "body": "{1}为您的登录验证码，请于{2}分钟内填写，如非本人操作请忽略。"},
        "approve",
        (),
    ),
    ("2", {**T25, **OTP, "body": "您的登录码为{1}"}, "reject", ("verification/keyword",)),
    ("3-aliyun", {**ALIYUN, **OTP, "body": "验证码${code}"}, "reject", ("verification/context",)),
    ("3-tencent", {**T25, **OTP, "body": "验证码{1}"}, "approve", ("verification/context",)),
    (
        "4",
        {**T25, **OTP, "body": "验证码{1}，点击 https://www.example.com 完成登录"},
        "reject",
        ("verification/link",),
    ),
    (
        "5",
        {**T25, **OTP, "body": "{1}您好，您在{2}的验证码是{3}"},
        "reject",
        ("template/extra-code-variables",),
    ),
    # Before 2021, additional variables next to the code need manual review (section 0).
    (
        "5-18",
        {**T18, **OTP, "body": "{1}您好，您在{2}的验证码是{3}"},
        "manual_review",
        ("template/extra-code-variables",),
    ),
    *[
        (f"6-{era}", {**when, **OTP, "body": "您的验证码是｛1｝"}, "reject", ("template/full-width-braces",))
        for era, when in (("18", T18), ("21", T21), ("25", T25), ("ucloud", UCLOUD))
    ],
    *[
        (
            f"7-{era}",
            {**when, **NOTICE, "body": "您的订单{1}已发货，快递单号{3}"},
            "reject",
            ("template/variable-sequence",),
        )
        for era, when in (("18", T18), ("21", T21), ("25", T25))
    ],
    (
        "8",
        {**T25, **NOTICE, "body": "您好{1}{2}"},
        "reject",
        ("template/adjacent-variables", "template/all-variable"),
    ),
    *[
        (f"{number}-{era}", {**when, **NOTICE, "body": body}, "reject", ("template/all-variable",))
        for number, body in (("9", "{1}"), ("10", "您好：{1}"))
        for era, when in (("18", T18), ("21", T21), ("25", T25), ("ucloud", UCLOUD))
    ],
    ("11", {**T25, **NOTICE, "body": "您的快递已到{1}，取件码{2}，请于{3}前领取。"}, "approve", ()),
    ("12", {**T25, **NOTICE, "body": "详情点击{1}查看"}, "reject", ("template/link-in-variable",)),
    (
        "13",
        {**T25, **NOTICE, "body": "请登录 www.{1}.com 查看"},
        "reject",
        ("template/link-in-variable", "template/partial-variable"),
    ),
    ("14", {**T25, **NOTICE, "body": "客服电话186{1}1234"}, "reject", ("template/partial-variable",)),
    (
        "15",
        {**ALIYUN, **NOTICE, "body": "如有疑问请联系13800000000"},
        "reject",
        ("notification/personal-contact",),
    ),
    ("16", {**ALIYUN, **NOTICE, "body": "如有疑问请致电400-000-0000"}, "approve", ("link/traffic-filing",)),
    *[
        (
            f"17-{era}",
            {**when, **NOTICE, "body": "【云雀】您的订单已发货"},
            "reject",
            ("template/signature-brackets",),
        )
        for era, when in (("18", T18), ("21", T21), ("25", T25), ("aliyun", ALIYUN))
    ],
    *[
        (
            f"18-{era}",
            {**when, **NOTICE, "body": "★您的订单{1}已发货★"},
            "reject",
            ("template/special-symbol",),
        )
        for era, when in (("18", T18), ("21", T21), ("25", T25), ("ucloud", UCLOUD))
    ],
    ("19", {**ALIYUN, **NOTICE, "body": "您的訂單${code}已發貨"}, "reject", ("template/traditional",)),
    (
        "20",
        {**T25, **NOTICE, "body": "您的订单{1}已发货，会员日全场5折，速来抢购"},
        "reject",
        ("template/marketing-content",),
    ),
    (
        "21",
        {**ALIYUN, **NOTICE, "body": "尊敬的会员，祝您生日快乐，${name}"},
        "reject",
        ("notification/greeting",),
    ),
    (
        "22",
        {**T25, **NOTICE, "body": "您有{1}元账单待支付，请尽快缴费"},
        "reject",
        ("notification/payment-reminder",),
    ),
    ("23", {**ALIYUN, **NOTICE, "body": "以下注意事项请知悉：${building}号楼停水"}, "approve", ()),
    ("24", {**ALIYUN, **NOTICE, "body": "您的旅游行程${code}已确认"}, "approve", ()),
    ("25", {**ALIYUN, **NOTICE, "body": "宣传教育活动将于${time}举行，请准时参加"}, "approve", ()),
    ("26", {**ALIYUN, **NOTICE, "body": "年度先进集中奖励名单已公布，请登录系统查看"}, "approve", ()),
    ("27", {**ALIYUN, **NOTICE, "body": "电子发票已开具，请登录个人中心下载"}, "approve", ()),
    ("28", {**ALIYUN, **NOTICE, "body": "代开发票，点数低"}, "reject", ("content/invoice",)),
    (
        "29",
        {**T25, **OFFER, "body": "尊敬的会员，新品上市，全场8折，10月1日前有效。拒收请回复R"},
        "approve",
        (),
    ),
    (
        "30-25",
        {**T25, **OFFER, "body": "尊敬的会员，新品上市，全场8折。回T退订"},
        "reject",
        ("marketing/optout-wording",),
    ),
    ("30-18", {**T18, **OFFER, "body": "尊敬的会员，新品上市，全场8折。回T退订"}, "approve", ()),
    ("31", {**T18, **OFFER, "body": "年后补货，2月17日开抢。回T退订"}, "approve", ()),
    (
        "32",
        {**T25, **OFFER, "body": "新店开业，欢迎光临！拒收请回复R"},
        "reject",
        ("marketing/blind-sending",),
    ),
    (
        "33",
        {**T25, **OFFER, "body": "尊敬的会员，拒收请回复R，点击 www.example.com"},
        "reject",
        ("marketing/optout-position",),
    ),
    (
        "34",
        {**T25, **OFFER, "body": "尊敬的会员，本店产品全国第一，最佳选择。拒收请回复R"},
        "manual_review|reject",
        ("template/absolute-claim",),
    ),
    (
        "35",
        {**T25, **OFFER, "body": "尊敬的会员，无抵押贷款秒到账。拒收请回复R"},
        "reject",
        ("content/loan", "marketing/banned-industry"),
    ),
    ("36-contact", {**T25, "body": "加 威 信 abc123 领红包"}, "reject", ("contact/wechat",)),
    ("37-link", {**T25, "body": "贷*款找我，点 t．cn/Ab3"}, "reject", ("link/short-link",)),
    (
        "38",
        {**T25, **OFFER, "body": "尊敬的会员，新品上市，全场8折。拒收请回复R", "account": PERSON},
        "reject",
        ("account/individual-marketing",),
    ),
    (
        "39-skip",
        {**UCLOUD, "signature": "云雀科技", "source": "company", "account": COMPANY},
        "reject",
        ("signature/skipped-characters",),
    ),
    (
        "39-part",
        {**UCLOUD, "signature": "云雀网络科技", "source": "company", "account": COMPANY},
        "approve",
        (),
    ),
    *[
        (f"40-{word}-{era}", {**when, "signature": word}, "reject", (rule,))
        for word, rule in (
            ("通知", "signature/neutral"),
            ("验证码", "signature/neutral"),
            ("aabb", "signature/neutral"),
            ("测试", "signature/test-word"),
            ("温馨提示", "signature/neutral"),
        )
        for era, when in (("18", T18), ("21", T21), ("25", T25), ("aliyun", ALIYUN))
    ],
    *[
        (f"41-{era}", {**when, "signature": "【云雀科技】"}, "reject", ("signature/brackets",))
        for era, when in (("18", T18), ("21", T21), ("25", T25), ("aliyun", ALIYUN))
    ],
    ("42-26", {**ALIYUN, "signature": "LARKAPP"}, "reject", ("signature/all-english",)),
    ("42-18", {**T18, "signature": "LARKAPP"}, "approve", ("signature/all-english",)),
    (
        "43-26",
        {**ALIYUN, "signature": "云雀商城", "source": "website", "account": COMPANY},
        "reject",
        ("signature/source-unsupported",),
    ),
    (
        "43-18",
        {**T18, "signature": "云雀商城", "source": "website", "remark": "已备案网站 www.yunque-mall.com"},
        "approve",
        (),
    ),
    ("44", {**T18, "signature": "云雀商城", "source": "app"}, "reject", ("signature/missing-remark",)),
    ("45", {**T25, "signature": "速贷宝"}, "reject", ("signature/prohibited-content",)),
    (
        "46",
        {**T25, "signature": "中国移动客服", "account": SHOP},
        "manual_review|reject",
        ("signature/impersonation",),
    ),
    *[
        (
            f"47-{code}",
            {**T25, **OTP, "body": "您的登录验证码是{1}，请勿泄露。", "params": [code]},
            decision,
            rules,
        )
        for code, decision, rules in (
            ("12345a", "reject", ("params/otp-digits",)),
            ("1234567", "reject", ("params/otp-digits",)),
            ("123456", "approve", ()),
        )
    ],
    (
        "48-link",
        {**T25, **NOTICE, "body": "您的订单{1}已发货，请注意查收。", "params": ["www.a.cn/x"]},
        "reject",
        ("params/link",),
    ),
    (
        "48-content",
        {**T25, **NOTICE, "body": "您预约的课程有变动，{1}，请知悉。", "params": ["见群公告"]},
        "manual_review",
        ("params/reference",),
    ),
    (
        "49",
        {**ALIYUN, **OTP, "body": "您的登录验证码${code}，请勿泄露。", "params": {"code": 1234}},
        "reject",
        ("params/type",),
    ),
    (
        "50",
        {**T25, **NOTICE, "body": "您的快递已到{1}，取件码{2}，请及时领取。", "params": ["1号柜"]},
        "reject",
        ("params/count",),
    ),
    *[
        (f"51-{length}", {**T25, **NOTICE, "text": "【云雀科技】" + "您" * (length - 6)}, "approve", rules)
        for length, rules in ((70, ()), (71, ("message/segments",)), (134, ("message/segments",)))
    ],
    (
        "52",
        {**T25, **NOTICE, "region": "international", "text": "Your order has come. " * 8},
        "approve",
        ("message/segments",),
    ),
    (
        "53-offer",
        {**T25, **OFFER, "text": SALE, "sent_at": "2025-06-17T22:30:00+08:00"},
        "reject",
        ("sending/marketing-window",),
    ),
    ("53-code", {**T25, **OTP, "text": CODE, "sent_at": "2025-06-17T22:30:00+08:00"}, "approve", ()),
    (
        "54-same",
        {
            **T18,
            **OTP,
            "text": CODE,
            "recipients": [NUMBER],
            "sent_at": "2018-10-09T10:00:20+08:00",
            "history": [{"to": NUMBER, "at": "2018-10-09T10:00:00+08:00", "text": CODE}],
        },
        "reject",
        ("sending/same-content",),
    ),
    (
        "54-daily",
        {
            **T18,
            **OTP,
            "text": CODE,
            "recipients": [NUMBER],
            "sent_at": "2018-10-09T20:00:00+08:00",
            "history": [
                {"to": NUMBER, "at": f"2018-10-09T{hour:02}:00:00+08:00", "text": f"【云雀】第{hour}条"}
                for hour in range(8, 18)
            ],
        },
        "reject",
        ("sending/daily",),
    ),
    (
        "55",
        {
            **T18,
            **NOTICE,
            "text": "【云雀】您的订单已发货",
            "recipients": [NUMBER],
            "history": [{"to": NUMBER, "at": "2018-10-08T10:00:00+08:00", "reply": "TD"}],
        },
        "reject",
        ("sending/blacklist",),
    ),
    ("36-words", {**T25, "body": "加 威 信 abc123 领红包"}, "reject", ("content/social-contact",)),
    (
        "37-separator",
        {**T25, "body": "贷*款找我，点 t．cn/Ab3"},
        "reject",
        ("content/loan", "link/short-link"),
    ),
]

PARTS = [
    # golden 51 and 52: a text, its region, and the lengths of its segments
    ("您" * 70, "mainland", None),
    ("您" * 71, "mainland", "67+4"),
    ("您" * 134, "mainland", "67+67"),
    ("您" * 135, "mainland", "67+67+1"),
    ("您" * 150, "mainland", "67+67+16"),
    ("a" * 160, "international", None),
    ("a" * 161, "international", "153+8"),
    ("中" + "a" * 70, "international", "67+4"),
    ("[" + "a" * 158, "international", None),
    ("[" + "a" * 159, "international", "153+8"),
]


ROWS = [pytest.param(*row[1:], id=row[0]) for row in GOLDEN]


@pytest.mark.parametrize(("submission", "decision", "rules"), ROWS)
def test_golden(
    submission: dict[str, Any], decision: str, rules: tuple[str, ...], reviewer: Reviewer
) -> None:
    verdict = reviewer.review(Submission(**submission))
    assert verdict.faults == ()
    assert verdict.decision.value in decision.split("|")
    assert set(rules) <= {finding.rule for finding in verdict.findings}


@pytest.mark.parametrize(("text", "region", "parts"), PARTS)
def test_golden_parts(text: str, region: Any, parts: str | None, reviewer: Reviewer) -> None:
    found = [
        finding
        for finding in reviewer.review(Submission(text=text, region=region)).findings
        if finding.rule == "message/segments"
    ]
    assert bool(found) is (parts is not None)
    if parts:
        assert parts in found[0].message
