"""Templates for benchmarks: seeded, so that every run and machine reviews the same texts."""

from __future__ import annotations

import random
from collections.abc import Iterator

_WHO = ("尊敬的用户", "尊敬的会员", "您好", "{1}先生", "{1}女士", "亲爱的家长", "各位业主", "尊敬的客户")
_WHAT = (
    "您的订单{1}已发货，快递单号{2}，请注意查收",
    "您预约的{1}将于{2}开始，请准时到达{3}",
    "您的包裹已到{1}，取件码{2}，请于{3}前领取",
    "您尾号{1}的储蓄卡于{2}支出{3}元，余额{4}元",
    "您的账号在{1}登录，如非本人操作请及时修改密码",
    "设备{1}温度达到{2}度，请检查冷却系统",
    "您的报修单{1}已派给{2}，预计{3}上门",
    "本次消费{1}元，获得积分{2}分，可在个人中心查看",
    "您乘坐的{1}次列车将于{2}发车，请到{3}检票口候车",
    "您的电子发票已开具，请登录个人中心查看",
    "您的体检报告已出，请携带身份证到{1}领取",
    "您提交的申请{1}已审核通过，请登录系统查看详情",
    "明天{1}小区将进行供水管网检修，请提前储水",
    "您的会议{1}将于{2}在{3}召开，请准时参加",
    "您在{1}的座位已为您保留至{2}，请凭短信入场",
    "您的宝贝今日{1}已到校，体温{2}度，请放心",
)
_MORE = (
    "如有疑问请登录官方网站查询",
    "感谢您的支持与信任",
    "请勿将取件码告知他人",
    "祝您生活愉快",
    "以下注意事项请知悉",
    "客服工作时间为每天九点到十八点",
    "更多信息请在应用内查看",
)
_BAD = (
    "无抵押贷款当天放款，急用钱就找我",
    "代开发票，点数低",
    "加微信领取资料",
    "全场五折，限时抢购，速来",
    "详见t.cn/Ab3dE",
    "客服电话186{1}1234",
    "您的验证码是｛1｝",
    "★点击{5}查看★",
)


def templates(count: int, firing: float = 0.05, seed: int = 7, length: int | None = None) -> Iterator[str]:
    """Return `count` templates, a share `firing` of them with something wrong.

    `length` cuts or repeats each to about that many code points.
    """
    chance = random.Random(seed)
    for _ in range(count):
        parts = [chance.choice(_WHO), chance.choice(_WHAT)]
        parts += chance.sample(_MORE, chance.randint(0, 3))
        if chance.random() < firing:
            parts.insert(chance.randint(1, len(parts)), chance.choice(_BAD))
        text = renumbered("，".join(parts)) + f"。编号{chance.randint(1000, 9999999)}"
        if length is not None:
            text = (text.replace("{", "").replace("}", "") * (length // len(text) + 1))[:length]
        yield text


def renumbered(text: str) -> str:
    """Return the template with its placeholders counted from one."""
    pieces = text.split("{")
    out = [pieces[0]]
    for number, piece in enumerate(pieces[1:], start=1):
        out.append(f"{{{number}{piece[1:]}")
    return "".join(out)
