"""Kinds of texts that are easily misjudged by a single word: texts that must pass, and trades that must be held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsvet import Submission
from smsvet.model import Purpose

if TYPE_CHECKING:
    from smsvet import Reviewer, Verdict

READ_AS_WRITTEN = [
    "请回复“#”办理，如有疑问请咨询客服",
    "您的申请已通过，请回复“1”办理取消",
    "您的SD卡空间不足，请清理",
    "您的网商贷本期已还清",
    "【薪人薪事】您11月工资条已发放，请登录查看",
]
DISGUISED = [
    "无抵押dk，当天到账",
    "代开发僄，点数低",
    "首洊百分百，倍氺可玩",
    "铳值餸彩惍",
    "加“微”信领取资料",
]
LICENSED = [
    "您的烟草专卖零售许可证将于{1}到期，请提前30日申请延续",
    "您单位的枪支弹药运输许可证已办结",
    "很抱歉，坏果的补偿金{1}元已退回，红包已放入账户",
]
UNLICENSED = [
    "代办烟草许可，一次性小烟批发",
    "出售枪支弹药，隐蔽发货",
    "红包已放入，拉好友返现金",
]
OWN_BILL = [
    "【云雀银行】您的信用卡本期应还6,120.08元，请按时还款。",
    "【云雀银行】您的贷款已逾期3天，请尽快还款，以免产生罚息。",
    "【云雀物业】您本季度物业费680元尚未缴纳，请及时缴费。",
    "【云雀银行】信用卡最低还款额300元，请尽快归还欠款，如已还请忽略。",
]
COLLECTION = [
    "【云雀资产】受委托催收您的欠款，请立即还款。",
    "【云雀消费金融】您的分期已逾期，再不还款将通知你单位和父母。",
    "【云雀法务】您恶意拖欠借款，我司将上门催收。",
    "【云雀】还不还钱，明天把你的事群发给亲友",
    "【云雀】再不还款就爆你通讯录，让你身败名裂",
]
ORDERS = [
    "办理10GB流量包赠送优惠业务，验证码{1}",
    "您正在开通话费分期优惠购机业务，验证码为{1}",
    "您正在办理5G畅享套餐，验证码{1}，请勿泄露",
]
CHAT_NAMES = ["KTM123 看片", "2345 67890 姐妹好看 口", "看我名字加薇", "XR90035 喂片"]
NO_CHAT_NAMES = [
    "您的快件SF123456已到驿站",
    "型号AX6000有货，请到店查看",
    "今晚要看资料，明天考试",
    "3056 71842 为您的工单编号",
    "看名字就知道是谁",
]
INTERLEAVED = ["澳注一门册倍威送流尼彩水斯金即人可", "六两期合肖期彩一免计码费划公准准开"]
NOT_INTERLEAVED = ["请免除费用后公示开放时间", "您注册的册子已送达，彩页与金卡请查收"]


def judged(reviewer: Reviewer, wording: str, purpose: Purpose = "notification") -> Verdict:
    """Return the verdict on a message, if the wording has a signature, or on a template."""
    if wording.startswith("【"):
        return reviewer.review(Submission(text=wording, purpose=purpose, provider="tencent"))
    return reviewer.review(Submission(body=wording, purpose=purpose))


def about(verdict: Verdict, *, least: str = "manual_review") -> list[str]:
    """Return the rules of the findings of a category, or of a disguise, that decide at least so."""
    wanted = {"manual_review", "reject"} if least == "manual_review" else {"reject"}
    return [
        item.rule
        for item in verdict.findings
        if (item.category or item.rule == "template/variant-characters") and item.decision in wanted
    ]


@pytest.mark.parametrize("wording", [*READ_AS_WRITTEN, *LICENSED, *OWN_BILL])
def test_an_ordinary_notice_is_read_as_it_is_written(reviewer: Reviewer, wording: str) -> None:
    assert about(judged(reviewer, wording)) == []


@pytest.mark.parametrize("wording", [*DISGUISED, *UNLICENSED])
def test_a_trade_is_held(reviewer: Reviewer, wording: str) -> None:
    assert about(judged(reviewer, wording)) != []


@pytest.mark.parametrize("wording", COLLECTION)
def test_threats_and_debts_of_others_are_rejected(reviewer: Reviewer, wording: str) -> None:
    assert "content/debt-threat" in about(judged(reviewer, wording), least="reject")


@pytest.mark.parametrize("wording", ORDERS)
def test_a_code_that_names_the_order_is_not_rejected(reviewer: Reviewer, wording: str) -> None:
    assert about(judged(reviewer, wording, "verification"), least="reject") == []


@pytest.mark.parametrize(
    ("wording", "rule", "found"),
    [
        *((wording, "contact/chat-name", True) for wording in CHAT_NAMES),
        *((wording, "contact/chat-name", False) for wording in NO_CHAT_NAMES),
        *((wording, "content/interleaved", True) for wording in INTERLEAVED),
        *((wording, "content/interleaved", False) for wording in NOT_INTERLEAVED),
    ],
)
def test_short_lures_and_interleaved_phrases(
    reviewer: Reviewer, wording: str, rule: str, found: bool
) -> None:
    assert (rule in about(judged(reviewer, wording))) is found
