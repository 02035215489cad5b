"""Impersonation as a mismatch between the institution that a text names and its sender: text and facts -> verdict."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from smsvet import Decision, Reviewer
from smsvet.files.location import CONTENT
from smsvet.schema import read_submission
from smsvet.sms.names import Names

APPROVE, PERSON, REJECT = Decision.APPROVE, Decision.MANUAL_REVIEW, Decision.REJECT
NONE: Final[dict[str, Any]] = {}
BANK: Final = {"name": "招商银行股份有限公司", "icp_domains": ["cmbchina.com", "cmb.cn"]}
ICBC: Final = {"name": "中国工商银行股份有限公司杭州分行"}
SMALL_BANK: Final = {"name": "南京银行股份有限公司", "icp_domains": ["njcb.com.cn"]}
SHOP: Final = {"name": "杭州云雀网络科技有限公司", "icp_domains": ["yunque.cn"]}
MOBILE: Final = {"name": "中国移动通信集团浙江有限公司"}
COURIER: Final = {"name": "顺丰速运有限公司", "icp_domains": ["sf-express.com"]}
TAX: Final = {"name": "国家税务总局杭州市税务局"}

POINTS: Final = "尊敬的客户，您的积分即将过期，请登录 {} 兑换"
EXPIRED: Final = "您的手机银行即将过期，请登录 {} 升级"
FROZEN: Final = "您的社保卡已停用，请点击认证 {} 恢复使用"
PARCEL: Final = "您的快件已到，详见 {}"


def decided(reviewer: Reviewer, text: str, facts: dict[str, Any], **more: Any) -> Decision:
    signed = text.startswith("【")
    data = {"text" if signed else "body": text, "purpose": "notification", "as_of": "2026-11-28", **more}
    if facts:
        data["account"] = {**facts, "signatures": [text[1 : text.index("】")]]} if signed else facts
    return reviewer.review(read_submission(data)).decision


@pytest.mark.parametrize(
    ("text", "facts", "decision"),
    [
        # account, signature and host agree: advice
        ("【招商银行】" + POINTS.format("http://jf.cmb.cn"), BANK, APPROVE),
        ("【招商银行】" + POINTS.format("https://jf.cmbchina.com/a?b=1"), {"name": BANK["name"]}, APPROVE),
        ("【招商银行信用卡】" + POINTS.format("jf.cmbchina.com"), BANK, APPROVE),
        ("【工商银行】" + EXPIRED.format("https://www.icbc.com.cn"), ICBC, APPROVE),
        ("【工行】" + EXPIRED.format("https://WWW.ICBC.com.cn/m"), ICBC, APPROVE),
        ("【南京银行】" + EXPIRED.format("https://m.njcb.com.cn"), SMALL_BANK, APPROVE),
        ("【中国移动】" + PARCEL.format("https://www.10086.cn"), MOBILE, APPROVE),
        ("【顺丰速运】" + PARCEL.format("https://www.sf-express.com"), COURIER, APPROVE),
        ("【杭州税务】您的个税汇算已受理，详见 https://etax.zhejiang.chinatax.gov.cn", TAX, APPROVE),
        ("【云雀科技】" + PARCEL.format("https://www.yunque.cn"), SHOP, APPROVE),
        # a bank's notice that warns against fraud
        ("【工商银行】" + EXPIRED.format("https://www.icbc.com.cn") + "。请勿向任何人提供密码和验证码", ICBC, APPROVE),
        # the facts are absent, and host and name fit: a person
        (POINTS.format("http://jf.cmb.cn"), NONE, PERSON),
        ("【招商银行】" + POINTS.format("http://jf.cmb.cn"), NONE, PERSON),
        ("【工商银行】" + EXPIRED.format("https://www.icbc.com.cn"), NONE, PERSON),
        ("【顺丰速运】您的快件已到。", NONE, APPROVE),
        ("【中国移动】您的话费余额为56.30元。", NONE, APPROVE),
        ("【国家税务总局】您的申请已受理。", NONE, APPROVE),
        ("【京东】您的订单已发货。", NONE, APPROVE),
        (POINTS.format("https://jf.yunque.cn"), {"icp_domains": ["yunque.cn"]}, PERSON),
        # the facts are absent, and there is a pattern of fraud: rejected
        ("【工商银行】" + EXPIRED.format("https://icbc.com.cn.xyz"), NONE, REJECT),
        ("【招商银行】" + POINTS.format("http://jf.cmb-cn.top"), NONE, REJECT),
        (POINTS.format("http://jf.yunque.cn"), NONE, REJECT),
        ("【工商银行】您的账户有风险，请把资金转入安全账户，详见 https://www.icbc.com.cn", NONE, REJECT),
        # the facts contradict: rejected
        ("【招商银行】" + POINTS.format("http://jf.cmb.cn"), SHOP, REJECT),
        ("【云雀科技】" + POINTS.format("http://jf.cmb.cn"), SHOP, REJECT),
        ("【云雀科技】" + EXPIRED.format("https://www.yunque.cn"), SHOP, REJECT),
        ("【工商银行】" + EXPIRED.format("https://www.icbc.com.cn"), BANK, REJECT),
        ("【招商银行】" + POINTS.format("http://jf.cmb-cn.top"), BANK, REJECT),
        ("【招商银行】工商银行" + EXPIRED.format("https://www.icbc.com.cn"), BANK, REJECT),
        ("【云雀科技】" + FROZEN.format("https://www.yunque.cn"), SHOP, REJECT),
        # no fact makes these right
        ("【工商银行】您的账户有风险，请把资金转入安全账户，详见 https://www.icbc.com.cn", ICBC, REJECT),
        ("【工商银行】" + EXPIRED.format("https://www.icbc.com.cn") + "，并回复您的银行卡密码给客服", ICBC, REJECT),
    ],
)  # fmt: skip
def test_the_facts_of_the_sender_decide(
    reviewer: Reviewer, text: str, facts: dict[str, Any], decision: Decision
) -> None:
    assert decided(reviewer, text, facts) is decision


@pytest.mark.parametrize("facts", [NONE, ICBC])
@pytest.mark.parametrize(
    "address",
    [
        "https://icbc.com.cn.xyz", "https://www.icbc.com.cn-login.top", "https://icbc-com-cn.top", "https://icbc.top.cn",
        "https://www.icbc.com.cn@evil.top/a", "https://www.icbc.com.cn\\@evil.top", "https://1cbc.com.cn",
        "https://lcbc.com.cn", "https://www.icbc.com.cn/r?u=http://evil.top", "https://www.icbc.com.cn/r?u=%2F%2Fevil.top",
        "www.icbc.com.cn。xyz", "https://www.іcbc.com.cn", "https://www.icbc.com.cn ，备用 evil.top", "icbc点com点cn",
        "https://www.icbc.com.cn，加微信 yunque_88 办理", "https://www.icbc.com.cn%2eevil.top",
    ],
)  # fmt: skip
def test_an_address_that_only_looks_official_never_helps(
    reviewer: Reviewer, facts: dict[str, Any], address: str
) -> None:
    assert decided(reviewer, "【工商银行】" + EXPIRED.format(address), facts) is REJECT


@pytest.mark.parametrize(
    "address", ["https://www.icbc.com.cn{1}/a", "https://{1}.icbc.com.cn/a", "https://{1}/icbc.com.cn"]
)
def test_a_placeholder_in_the_host_leaves_it_open(reviewer: Reviewer, address: str) -> None:
    data = {
        "signature": "工商银行",
        "body": EXPIRED.format(address),
        "purpose": "notification",
        "account": ICBC,
    }
    assert reviewer.review(read_submission(data)).decision is REJECT


def test_an_authorization_ties_the_sender_to_the_institution(reviewer: Reviewer) -> None:
    letter = [{"kind": "authorization", "grantor": "中国工商银行股份有限公司"}]
    text = "【工商银行】" + EXPIRED.format("https://www.icbc.com.cn")
    assert decided(reviewer, text, SHOP, usage="other", documents=letter) is not REJECT
    assert decided(reviewer, text, SHOP, usage="other") is REJECT


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({"signatures": ["顺丰速运"]}, APPROVE),
        ({"icp_domains": ["sf-express.com"]}, APPROVE),
        ({"name": "顺丰速运有限公司"}, APPROVE),
        ({"signatures": ["云雀"]}, PERSON),
        ({"icp_domains": ["yunque.cn"]}, PERSON),
        ({"name": "杭州云雀网络科技有限公司"}, REJECT),
    ],
)
def test_one_fact_ties_a_protected_name_to_the_sender(
    reviewer: Reviewer, facts: dict[str, Any], decision: Decision
) -> None:
    data = {"signature": "顺丰速运", "body": "您的快件已到。", "purpose": "notification", "account": facts}
    assert reviewer.review(read_submission(data)).decision is decision


def test_the_missing_facts_are_named(reviewer: Reviewer) -> None:
    verdict = reviewer.review(read_submission({"signature": "顺丰速运"}), "zh")
    (finding,) = (item for item in verdict.findings if item.rule == "signature/impersonation")
    assert "账号名称、授权书、已有签名或备案域名" in finding.message


@pytest.mark.parametrize(
    ("text", "facts", "found"),
    [
        ("您的车票已出，详见 https://www.12306-cn.top", NONE, PERSON),
        ("【铁路12306】您的车票已出，详见 https://www.12306-cn.top", NONE, REJECT),
        ("【铁路12306】您的车票已出，详见 https://www.12306.cn", NONE, None),
        ("【支付宝】您的账单已出，详见 https://alipay-bill.top", NONE, REJECT),
        ("【支付宝】您的账单已出，详见 https://a1ipay.com", NONE, REJECT),
        ("【支付宝】您的账单已出，详见 https://myalipay.cn", NONE, PERSON),
        ("【云雀科技】您的账单已出，详见 https://www.12306-yunque.cn", {"icp_domains": ["12306-yunque.cn"]}, None),
        ("【工商银行】您的账单已出，详见 https://icbc-bill.cn", ICBC, None),
        ("【云雀科技】您的订单已发货，详见 https://www.yunque.cn", NONE, None),
        ("【云雀科技】您的订单已发货，详见 https://www.jd-home.cn", NONE, None),
        ("【云雀科技】您的订单已发货，详见 https://pineapple.cn", NONE, None),
        ("【云雀科技】社区通知，详见 https://www.hangzhou.gov.cn", NONE, None),
    ],
)  # fmt: skip
def test_look_alikes_of_official_addresses(
    reviewer: Reviewer, text: str, facts: dict[str, Any], found: Decision | None
) -> None:
    account = {"account": facts} if facts else {}
    verdict = reviewer.review(read_submission({"text": text, "purpose": "notification", **account}))
    decisions = [item.decision for item in verdict.findings if item.rule == "link/look-alike"]
    assert decisions == ([found] if found else [])


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("【云雀科技】您尾号1234的招商银行卡支付成功，感谢购买。", APPROVE),
        ("【云雀科技】您的包裹由顺丰速运承运，请注意查收。", APPROVE),
        ("【云雀科技】请使用支付宝或微信支付完成付款。", APPROVE),
    ],
)
def test_naming_an_institution_is_not_speaking_for_it(
    reviewer: Reviewer, text: str, decision: Decision
) -> None:
    assert decided(reviewer, text, NONE) is decision


@pytest.mark.parametrize(
    ("body", "facts", "decision"),
    [
        ("工商银行提醒您：您的对账单已出，请查收。", NONE, PERSON),
        ("工商银行信用卡中心温馨提示：您的对账单已出，请查收。", NONE, PERSON),
        ("尊敬的招商银行客户，您的对账单已出，请查收。", NONE, PERSON),
        ("尊敬的建行用户您好，您的对账单已出。", NONE, PERSON),
        ("我们是中国移动客服，您的套餐已变更。", NONE, PERSON),
        ("这里是国家税务总局，您的申报已受理。", NONE, PERSON),
        ("顺丰速运提醒您，您的快件今日派送。", NONE, PERSON),
        ("支付宝客服：您的申请已受理。", NONE, PERSON),
        ("工商银行提醒您：您的对账单已出，请查收。", {"icp_domains": ["yunque.cn"]}, PERSON),
        ("工商银行提醒您：您的对账单已出，请查收。", {"name": "杭州云雀网络科技有限公司"}, PERSON),
        ("工商银行提醒您：您的对账单已出，请查收。", ICBC, APPROVE),
        ("工商银行提醒您：您的对账单已出，请查收。", {"icp_domains": ["icbc.com.cn"]}, APPROVE),
        ("工商银行提醒您：您的对账单已出，请查收。", {"signatures": ["工商银行"]}, APPROVE),
        ("顺丰速运提醒您，您的快件今日派送。", COURIER, APPROVE),
        ("您的工商银行卡已绑定成功，请查收。", NONE, APPROVE),
        ("支持支付宝、微信支付和招商银行信用卡付款。", NONE, APPROVE),
        ("尊敬的苹果园社区用户您好，今日停水检修。", NONE, APPROVE),
        ("您在京东下单的商品已发货，请注意查收。", NONE, APPROVE),
    ],
)  # fmt: skip
def test_a_text_that_speaks_for_an_institution_needs_facts(
    reviewer: Reviewer, body: str, facts: dict[str, Any], decision: Decision
) -> None:
    assert decided(reviewer, body, facts) is decision


def test_every_long_protected_name_has_a_stem() -> None:
    source = (CONTENT / "rules" / "account" / "speaks-for.py").read_text(encoding="utf-8")
    space: dict[str, Any] = {}
    exec(compile(source, "speaks-for.py", "exec"), space)
    protected = Names(CONTENT / "corpora" / "names").protected
    counted = [name for name, item in protected.items() if len(name) >= space["SHORT"] or item.kind == "bank"]
    assert [name for name in counted if not re.search(space["STEM"], name)] == []
