"""Facts of a transaction are approved; an offer beside them is held."""

from __future__ import annotations

import pytest

from smsvet import Reviewer, Submission
from smsvet.lexicon import facts, segments
from smsvet.patterns.growth import Kind, growth_of

STATED = [
    "您于11月18日申购的稳健增利产品3,000.00元已确认，份额3,000.00份。理财有风险，投资须谨慎。",
    "您持有的货币基金已赎回2,000.00元，预计明日到账。基金有风险，投资需谨慎。",
    "您的基金定投10月扣款500.00元已成功，确认份额412.08份，净值1.2133。",
    "截至11月20日，您持有的沪深300指数基金净值为1.5321，日涨幅0.32%。过往业绩不代表未来表现，请注意投资风险。",
    "您的经营贷款200,000.00元已放款至尾号3391账户，首期还款日为12月15日。",
    "您的车贷已全部结清，请携带身份证到网点办理解押手续。",
    "您的住房贷款本期应还4,210.55元已从尾号8820账户扣款成功，剩余本金612,000元。",
    "您尾号1102的储蓄卡11月20日14:02支出128.00元，收款方：恒泰理财咨询服务部，余额2,310.55元。",
    "您尾号7781账户于11月21日转入5,000.00元，付款方：鑫源基金管理有限公司。",
    "您的证券账户11月21日卖出股票500股，成交均价12.31元，成交金额6,155.00元。",
    "您申购的新股未中签，冻结资金已解冻，请注意查收。",
    "您的房贷合同信息已更新，请登录手机银行查看。",
    "您的增值税申报已成功，应纳税额1,230.00元，请于15日前登录电子税务局缴款，逾期将产生滞纳金。",
    "您的车票已改签成功，G1023次11月28日08:12开，12车08F号。",
    "您在【优品商户】的订单发生退款，金额58.00元，将原路退回。",
    "您购买的周年庆皮肤已发放至您的游戏账号，请登录游戏查看邮箱。",
    "您的出口退税申请已审核通过，退税款12,300.00元已退至对公账户。",
    "您的账户于11月20日支取5,611.20元，交易对手云雀小额贷款有限公司，如非本人操作请致电400-653-9737。",
    "您的账户收到支付宝-云雀成人用品店转入64.20元，余额2,365元。",
    "您的保单借款7,661.32元将于12月25日到期，利率2.84%，如有疑问请致电95202。",
    "您向好友王**发出的红包17元，24小时未领取，已退回微信零钱。",
    "您预约的佣金费率查询已办理：当前股票交易佣金为成交金额的万2.5，最低5元。",
    "您申请代开的增值税普通发票已开具，金额98元，可在电子税务局下载。",
    "您出售的道具“青龙坐骑”已被购买，成交价283元，将存入钱包。",
]
"""Notices of a bank, a fund, a carrier, a shop or an authority."""

OFFERED = [
    "您的贷款额度已批，最高20万，当天放款，回复1领取",
    "经营贷款已放款千户，利息低，手续简单，加微信办理",
    "您的30万贷款已到账，利率低至2.4%，点击领取额度",
    "基金牛股推荐，已有千人确认收益翻倍，理财进群领取",
    "跟着老师买股票，收益翻倍，投资有风险，加微信",
    "您的银行卡已被冻结，请致电客服解除",
    "您的航班因机械故障已取消，请联系客服办理改签并领取补偿",
    "您的社保卡已被停用，请登录 sb-gov.top 激活，否则清零",
    "您的积分已到账，请登录网址兑换现金，逾期作废",
    "您的快递已丢失，加客服微信 kf88661 双倍理赔",
    "已完成的订单可返现，刷单兼职日结，联系QQ123456789",
    "您的账户已扣款，云雀小额贷款有限公司当天放款，咨询13800138000",
    "您名下银行卡涉嫌洗钱，请立即致电010-62345678联系张警官配合调查",
    "您有一张传票未领取，请致电0571-81234567转9人工查询",
    "您的社保卡在外地异常消费，将被冻结，请拨打0755-61234567核实",
    "因系统升级误将您登记为VIP会员，每月自动扣费500元，取消请致电02188997766",
    "您的号码涉诈将停机，请在2小时内致电4001234567解除",
]
"""Offers and lures in the same words."""


@pytest.mark.parametrize("body", STATED)
def test_facts_are_approved_whoever_sends_them(reviewer: Reviewer, body: str) -> None:
    verdict = reviewer.review(Submission(body=body, purpose="notification"))
    assert [item for item in verdict.findings if item.category and item.decision != "approve"] == []


@pytest.mark.parametrize("body", OFFERED)
def test_an_offer_beside_a_fact_is_held(reviewer: Reviewer, body: str) -> None:
    verdict = reviewer.review(Submission(body=body, purpose="notification"))
    assert any(item.category and item.decision != "approve" for item in verdict.findings)


def test_a_strong_term_in_a_fact_counts(reviewer: Reviewer) -> None:
    verdict = reviewer.review(Submission(body="您的无抵押贷款已到账，余额3,000元。", purpose="notification"))
    assert "content/loan" in {finding.rule for finding in verdict.findings}


def test_the_name_of_a_company_in_a_variable_is_no_offer(reviewer: Reviewer) -> None:
    body = "您尾号{1}信用卡在{2}的分期交易已入账，共12期。"
    for value, held in (("云雀小额贷款有限公司", False), ("无抵押贷款当天放款", True)):
        verdict = reviewer.review(Submission(body=body, params=["2541", value], purpose="notification"))
        assert ("content/loan" in {item.rule for item in verdict.findings}) is held


def test_patterns_are_linear(reviewer: Reviewer) -> None:
    read = reviewer.catalogue.reader.facts.facts
    for pattern in (*read.fact, *read.party, read.name, *read.lure):
        assert growth_of(pattern).kind is Kind.LINEAR, pattern
    for compiled in (facts.CLAUSES, segments.SENTENCE_ENDS, segments.BRACKETS):
        assert growth_of(compiled.pattern).kind is Kind.LINEAR, compiled.pattern
