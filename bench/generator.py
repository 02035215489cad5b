"""Seeded generator of templates and submissions, so that every run on every machine reviews the same texts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from smsvet import Provider, Submission

Write = Callable[[int], str]
"""Returns the placeholder for a number, which starts at 1."""

WHO = (
    "尊敬的用户",
    "尊敬的会员",
    "您好",
    "{}先生",
    "{}女士",
    "亲爱的家长",
    "各位业主",
    "尊敬的客户",
    "{}同学",
)
WHAT = (
    "您的订单{}已发货，快递单号{}，请注意查收",
    "您预约的<shop>体检套餐将于{}开始，请准时到达<place>",
    "您的包裹已到<place>驿站，取件码{}，请于<time>前领取",
    "您尾号<n4>的储蓄卡于{}支出{}元，余额{}元",
    "您的账号于<date><time>在<city>登录，如非本人操作请及时修改密码",
    "<place>三号机房温度达到{}度，请检查冷却系统",
    "您的报修单<n8>已派给{}，预计<time>上门",
    "您乘坐的<n4>次列车将于<time>从<city>站发车，请到{}检票口候车",
    "您的电子行程单已生成，请登录个人中心查看",
    "您的体检报告已出，请携带身份证到<place>门诊楼领取",
    "您提交的申请<n8>已审核通过，请登录系统查看详情",
    "<date><place>片区将进行供水管网检修，请提前储水",
    "您的会议将于<date><time>在<place>会议室召开，请准时参加",
    "您的门禁卡已在<place>物业办理完毕，编号<n8>",
    "您的宝贝今日{}已到校，体温{}度，请放心",
    "您的行李已到<city>机场，行李牌号<n8>，请到{}号出口等候",
    "您正在登录<shop>，动态密码{}，请勿泄露",
    "<date>起<place>路段封闭施工，请绕行<place>路",
    "您的维修工单<n8>已完成，工程师{}，请在系统内确认",
    "您预订的<city>至<city>航班已出票，票号<n8>，请提前两小时到达机场",
    "您的水费账单已出，本期用水{}吨，应缴{}元",
    "您的车辆已停入<place>停车场，入场时间<time>",
    "您借阅的期刊将于<date>到期，请按时归还",
    "您的签证材料已寄到<city>，受理号<n8>",
    "您的值班安排已更新，<date>在<place>站值班，联系人{}",
    "系统将于<date><time>进行升级维护，预计{}分钟后恢复",
)
MORE = (
    "如有疑问请登录官方网站查询", "感谢您的支持与理解", "请勿将短信内容转发他人", "祝您生活愉快",
    "以下注意事项请知悉", "客服工作时间为每天九点到十八点", "更多信息请在应用内查看", "由此带来的不便敬请谅解",
    "请保持手机畅通", "本次服务人员为<city>分部{}", "请妥善保管相关凭证", "届时请携带有效证件",
    "请提前十分钟到达<place>", "业务编号<n8>", "受理时间<date><time>", "本短信无需回复",
)  # fmt: skip
SLOTS: Mapping[str, Sequence[str]] = {
    "<city>": ("杭州", "成都", "武汉", "南京", "西安", "长沙", "青岛", "厦门", "合肥", "昆明"),
    "<place>": ("锦绣路", "滨江", "望江", "文化宫", "新城", "梧桐", "东湖", "翠苑", "河畔", "星光"),
    "<shop>": ("云雀", "青禾", "晨光", "南山", "听雨", "远帆", "同乐", "鹿鸣"),
}
BAD: Mapping[str, Sequence[str]] = {
    "words": (
        "无抵押贷款当天放款，急用钱就找我", "代开各类发票，点数低", "加微信领取内部资料", "全场五折，限时抢购，速来",
        "高仿名表一比一，货到付款", "百家乐真人下注，首存送彩金", "兼职刷单，日结三百", "内幕股票，跟单必涨",
    ),
    "link": ("详见t.cn/Ab3dE", "点击http://www.qx58.cn/a?id=<n4>查看", "登录m.yunfan365.com办理", "退订见k7w2.top"),
    "brace": ("您的编号是｛1｝", "您的编号是{{1}", "您的编号是{name", "您的编号是{0}", "您的编号是{1}{3}}"),
    "invisible": ("请尽\u200b快办理", "请按\u2060时到场", "请核\u200d对信息"),
}  # fmt: skip
"""Clauses that make a rule fire, by kind."""
SHARES = {"words": 5, "link": 3, "brace": 1, "invisible": 1}
"""Relative frequency of the kinds in texts that make a rule fire."""
KINDS = ("words", "link", "brace", "invisible")

SIGNATURES = (
    "云雀科技",
    "杭州青禾网络有限公司",
    "晨光书店",
    "南山物业",
    "通知",
    "测试",
    "云雀*科技",
    "A",
    "招商银行",
)
ODD = (
    "",
    " ",
    "{1}",
    "{1}{2}{3}",
    "㎏㏑ﷺ",
    "𠮷野家到店取餐{1}",
    "e\u0301té{1}",
    "\u202e{1}订单",
    "【云雀】",
    "1" * 600,
)
NAMES = ("code", "name", "time", "order", "place", "amount")
ABROAD = {"huawei-intl", "whatsapp", "twilio", "dlt"}


def templates(
    count: int,
    firing: float = 0.05,
    seed: int = 7,
    length: int | None = None,
    kinds: Sequence[str] = KINDS,
) -> Iterator[str]:
    """Return `count` different templates for Tencent, about 100 code points each.

    In a share `firing` of them a rule fires, for one of the `kinds` of BAD. `length` cuts or lengthens each
    to about that many code points.
    """
    chance = random.Random(seed)
    for number in range(count):
        yield template(chance, number, firing, length=length, kinds=kinds)


def template(
    chance: random.Random,
    number: int,
    firing: float,
    write: Write = "{{{}}}".format,
    length: int | None = None,
    kinds: Sequence[str] = KINDS,
) -> str:
    """Return one template, made unique by its number."""
    begin = (WHO, WHAT) if length is None or length > 40 else (("您好",),)
    parts = [filled(chance, chance.choice(clauses)) for clauses in begin]
    if length is None:
        parts += [filled(chance, clause) for clause in chance.sample(MORE, chance.randint(3, 6))]
    # A prime step visits every seven-digit number before one repeats.
    tail = f"，编号{number * 7_919_017 % 10_000_000:07}。"
    while length and (room := length - len("，".join(parts) + tail)) > 5:
        fitting = min(chance.sample(MORE, 4), key=lambda clause: abs(room - len(clause)))
        parts.append(filled(chance, fitting))
    if chance.random() < firing:
        kind = chance.choices(kinds, [SHARES[name] for name in kinds])[0]
        parts.insert(chance.randint(1, len(parts)), filled(chance, chance.choice(BAD[kind])))
        return numbered("，".join(parts), write) + tail
    text = numbered("，".join(parts), write) + tail
    return widened(text) if chance.random() < 0.04 else text


def numbered(text: str, write: Write, most: int = 4) -> str:
    """Return the text with the first `most` `{}` replaced by placeholders, and the others by a word."""
    first, *rest = text.split("{}")
    pieces = [write(number) if number <= most else "相关" for number in range(1, len(rest) + 1)]
    return first + "".join(piece + part for piece, part in zip(pieces, rest, strict=True))


def filled(chance: random.Random, text: str) -> str:
    """Return the text with a value in place of each `<slot>`."""
    for slot, values in SLOTS.items():
        while slot in text:
            text = text.replace(slot, chance.choice(values), 1)
    for slot, value in (("<n4>", 9999), ("<n8>", 99999999)):
        while slot in text:
            text = text.replace(slot, f"{chance.randint(0, value):0{len(str(value))}}", 1)
    while "<date>" in text:
        text = text.replace("<date>", f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日", 1)
    while "<time>" in text:
        text = text.replace("<time>", f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}", 1)
    return text


def widened(text: str) -> str:
    """Return the text with full-width digits in its last ten code points."""
    head, tail = text[:-10], text[-10:]
    return head + "".join(chr(ord(char) + 0xFEE0) if "0" <= char <= "9" else char for char in tail)


def submissions(
    count: int,
    providers: Mapping[str, Provider],
    firing: float = 0.3,
    seed: int = 7,
    disguise: Callable[[str, random.Random], str] = lambda word, chance: word,
) -> Iterator[Submission]:
    """Yield signatures, templates and messages for all providers, purposes and eras.

    In about a share `firing` of them a rule fires; `disguise` rewrites the words that cause it.
    """
    chance = random.Random(seed)
    known = sorted(providers)
    for number in range(count):
        provider = providers["tencent" if chance.random() < 0.4 else chance.choice(known)]
        yield submission(chance, number, provider, firing, disguise)


def submission(
    chance: random.Random,
    number: int,
    provider: Provider,
    firing: float,
    disguise: Callable[[str, random.Random], str],
) -> Submission:
    """Return one submission for a provider."""

    def write(place: int) -> str:
        return provider.placeholder(str(place) if provider.keying == "positional" else NAMES[place - 1])

    fields: dict[str, Any] = {
        "id": f"s-{number}" if chance.random() < 0.9 else None,
        "provider": provider.id,
        "purpose": "notification",
    }
    # Half are plain notifications, so that many texts fire one rule or none.
    if mixed := chance.random() < 0.5:
        fields |= {
            "purpose": chance.choice(("verification", "notification", "marketing", None)),
            "region": "international" if provider.id in ABROAD or chance.random() < 0.05 else "mainland",
            "as_of": chance.choice((None, None, "2019-06-01", "2023-01-01", "2026-06-01", "2027-01-01")),
        }
    kind = chance.choices(("signature", "template", "params", "text", "odd"), (12, 50, 18, 18, 2))[0]
    if kind == "signature":
        fields["signature"] = chance.choice(SIGNATURES)
        fields["source"] = chance.choice((None, "company", "app", "trademark", "shop"))
    elif kind == "text":
        body = template(chance, number, firing, lambda place: str(place * 1234))
        fields["text"] = f"【{chance.choice(SIGNATURES)}】{disguised(chance, body, disguise)}"
    else:
        body = disguised(chance, template(chance, number, firing, write), disguise)
        fields["body"] = chance.choice(ODD) if kind == "odd" else body
        if fields["purpose"] == "marketing" and chance.random() < 0.7:
            fields["body"] += "拒收请回复R"
    if kind == "params":
        values = [chance.choice(("123456", "云雀", "5月1日", "www.qx58.cn", "加微信", 7, "")) for _ in NAMES]
        named = provider.keying == "named"
        fields["params"] = dict(zip(NAMES, values, strict=True)) if named else values[: chance.randint(0, 4)]
    if mixed:
        fields |= further(chance)
    return Submission(**fields)


def further(chance: random.Random) -> dict[str, Any]:
    """Return optional fields, each present only in some submissions."""
    fields: dict[str, Any] = {}
    if chance.random() < 0.2:
        fields["remark"] = chance.choice(("用于会员登录", "", "详见 www.qx58.cn", "变量1为订单号"))
    if chance.random() < 0.1:
        fields["account"] = {
            "type": chance.choice(("enterprise", "individual")),
            "name": "杭州青禾网络有限公司",
        }
    if chance.random() < 0.1:
        fields["documents"] = ["business_license"]
    if chance.random() < 0.1:
        fields["variables"] = {"1": chance.choice(("otp", "phone", "money"))}
    if chance.random() < 0.05:
        fields["usage"] = "other"
    if chance.random() < 0.05:
        fields["recipients"] = ["+8613912345678"]
    return fields


def disguised(chance: random.Random, text: str, disguise: Callable[[str, random.Random], str]) -> str:
    """Return the text, in half of the cases with the first clause of `BAD["words"]` disguised."""
    for words in BAD["words"]:
        if words in text and chance.random() < 0.5:
            return text.replace(words, disguise(words, chance), 1)
    return text
