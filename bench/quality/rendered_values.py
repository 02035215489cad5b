"""Values for the placeholders of templates, written in the forms that occur in messages. All of them are invented."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

Value = Callable[[random.Random, bool], str]
"""Returns a value. The second argument is true where the value is submitted apart and must fit a strict attribute."""


def chosen(*values: str) -> Value:
    """Return a value that is one of the given ones."""
    return lambda chance, strict: chance.choice(values)


def digits(least: int, most: int | None = None) -> Value:
    """Return a value of `least` to `most` digits."""
    return lambda chance, strict: "".join(
        chance.choice("0123456789") for _ in range(chance.randint(least, most or least))
    )


def whole(least: int, most: int) -> Value:
    """Return a whole number from `least` to `most`."""
    return lambda chance, strict: str(chance.randint(least, most))


def serial(*prefixes: str) -> Value:
    """Return a number of 8 to 12 digits, never a mobile number, after one of the prefixes."""
    return lambda chance, strict: (
        chance.choice(prefixes) + chance.choice("2345678") + digits(7, 11)(chance, strict)
    )


def amount(chance: random.Random, strict: bool) -> str:
    """Return an amount without its currency: whole or with cents, in half of the messages with separators."""
    value = chance.choice((chance.uniform(0.01, 99), chance.uniform(100, 9999), chance.uniform(1e4, 3e5)))
    form = chance.choice((",.2f", ".2f", ",.0f", ".0f", ".1f"))
    return format(max(value, 1), form.replace(",", "") if strict else form)


def day(chance: random.Random, strict: bool) -> str:
    """Return a date."""
    year, month, number = chance.choice((2025, 2026)), chance.randint(1, 12), chance.randint(1, 28)
    forms = [f"{month}月{number}日", f"{year}年{month}月{number}日", f"{year}-{month:02}-{number:02}"]
    if not strict:
        forms += [f"{month:02}月{number:02}日", f"{year}/{month}/{number}", f"{year}.{month:02}.{number:02}"]
        forms += [f"{number}日", f"{year}{month:02}{number:02}", f"{month}月{number}号"]
    return chance.choice(forms)


def clock(chance: random.Random, strict: bool) -> str:
    """Return a time of day."""
    hour, minute = chance.randint(6, 22), chance.choice((0, 5, 14, 30, 35, 48))
    forms = [f"{hour:02}:{minute:02}", f"{hour}:{minute:02}"]
    if not strict:
        half = "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
        forms += [f"{hour}时{minute:02}分", f"{half}{hour % 12 or 12}点", f"{half}{hour % 12 or 12}点半"]
        forms += [f"{hour:02}:{minute:02}:{chance.randint(0, 59):02}", f"{hour}：{minute:02}"]
    return chance.choice(forms)


def moment(chance: random.Random, strict: bool) -> str:
    """Return a date with a time."""
    if not strict and chance.random() < 0.2:
        near = ("今天", "明天", "明日", "本周六", "下周一", f"周{chance.choice('一二三四五')}")
        return chance.choice(near) + clock(chance, strict)
    return day(chance, strict) + chance.choice(("", " ")) + clock(chance, strict)


def when(chance: random.Random, strict: bool) -> str:
    """Return a date, or a date with a time."""
    return (day if chance.random() < 0.6 else moment)(chance, strict)


def person(chance: random.Random, strict: bool) -> str:
    """Return a personal name, in some messages with a part masked."""
    name = chance.choice("赵钱孙周吴郑冯陈蒋沈韩杨") + chance.choice(
        ("建国", "晓雯", "丽", "志远", "雨桐", "敏", "海燕")
    )
    return name if strict or chance.random() < 0.7 else name[0] + "*" + name[2:]


def masked(chance: random.Random, strict: bool) -> str:
    """Return a number with its middle masked, or the name of a card with its tail."""
    tail = digits(4)(chance, strict)
    return chance.choice((f"6222****{tail}", f"6217********{tail}", f"***{tail}", f"尾号{tail}"))


def company(chance: random.Random, strict: bool) -> str:
    """Return the name of a company without a trade that word lists contain."""
    return chance.choice(("云州市", "", "江宁区")) + chance.choice(NAMES) + chance.choice(COMPANIES)


def payee(chance: random.Random, strict: bool) -> str:
    """Return a payee, in two thirds of the messages with a trade that word lists contain."""
    name = chance.choice(NAMES) + chance.choice(TRADES if chance.random() < 0.67 else COMPANIES)
    if strict:
        return name
    return chance.choice(
        ("{}", "{}", "支付宝-{}", "财付通-{}", "银联商务*{}", "云州市{}", "{}（收银台）")
    ).format(name)


def plate(chance: random.Random, strict: bool) -> str:
    """Return a number plate, in some messages with a dot or a mask."""
    region, letter, number = chance.choice("云江苏浙鲁粤"), chance.choice("ABCD"), digits(5)(chance, strict)
    return f"{region}{letter}{'' if strict else chance.choice(('', '', '·'))}{number if chance.random() < 0.8 or strict else number[:2] + '**' + number[4]}"


def service_number(chance: random.Random, strict: bool) -> str:
    """Return an invented service number: 95, 400 or a short number."""
    return chance.choice(("95" + digits(3)(chance, strict), "400-" + digits(3)(chance, strict) + "-" + digits(4)(chance, strict),
                          "400" + digits(7)(chance, strict), "95" + digits(3)(chance, strict)))  # fmt: skip


NAMES = ("启明", "恒泰", "万佳", "云杉", "木桥", "锦绣", "青禾", "远帆", "同乐", "鹿鸣", "听雨", "安和")
COMPANIES = (
    "便利店",
    "科技有限公司",
    "餐饮管理有限公司",
    "超市",
    "物流有限公司",
    "文化传播有限公司",
    "百货",
    "加油站",
)
TRADES = (
    "理财咨询有限公司", "贷款服务部", "小额贷款有限公司", "投资管理有限公司", "财富管理中心", "证券营业部", "典当行",
    "烟酒商行", "酒业有限公司", "福利彩票站", "棋牌室", "养生会所", "足浴店", "男科医院", "医疗美容门诊部", "成人用品店",
    "保险代理有限公司", "房地产经纪有限公司", "游戏充值", "网络直播打赏", "黄金珠宝店", "办证服务部", "刻章店",
    "税务师事务所", "代理记账有限公司", "教育培训学校", "人力资源有限公司", "大药房", "租车行", "消费金融有限公司",
)  # fmt: skip
PLACES = (
    "东门服务点",
    "一楼大厅",
    "锦绣里3号楼",
    "市民中心2号窗口",
    "望江校区",
    "三楼会议室",
    "文化宫",
    "综合楼B座",
)

VALUES: Mapping[str, Value] = {
    "amount": amount, "date": day, "time": clock, "datetime": moment, "when": when, "person": person,
    "masked_name": lambda chance, strict: chance.choice(("张*", "李*明", "*伟", "王**")),
    "card": masked, "company": company, "payee": payee, "plate": plate, "hotline": service_number,
    "landline": lambda chance, strict: chance.choice(("0871-", "025-", "0571")) + digits(8)(chance, strict),
    "tail": digits(4), "code": digits(4, 6), "code8": digits(8), "number": serial(""), "pickup": lambda chance, strict:
        f"{chance.randint(1, 9)}-{chance.randint(1, 30)}-{chance.randint(1000, 9999)}"[:8],
    "order": serial("", "", "DD", "2026", "NO"), "tracking": serial("SF", "YT", "JD", "7"),
    "account": digits(8, 10), "minutes": chosen("3", "5", "10", "15", "30"), "hours": whole(2, 48), "days": whole(2, 30),
    "count": whole(1, 60), "day": lambda chance, strict: f"{chance.randint(1, 28)}日", "percent":
        lambda chance, strict: f"{chance.uniform(0.5, 95):.2f}%", "percent_number": whole(1, 99),
    "rate_year": lambda chance, strict: f"{chance.uniform(1.2, 4.9):.2f}%",
    "rate": chosen("万分之二点五", "0.025%", "万2.5"), "rate_fx": chosen("7.1032", "719.35"), "price":
        lambda chance, strict: f"{chance.uniform(0.5, 90):.{chance.choice((2, 3, 4))}f}",
    "shares": lambda chance, strict: format(chance.randint(1, 90) * 100, chance.choice((",.2f", "d", ".2f"))),
    "points": lambda chance, strict: format(chance.randint(100, 30000), "d" if strict else chance.choice((",d", "d"))),
    "points_small": whole(1, 9), "grams": chosen("1.2350", "10", "0.5"), "gb": chosen("0.35", "12.8", "5", "30"),
    "kwh": chosen("18.62", "35", "42.7"), "month": chosen("11月", "10月", "2026年9月", "上月", "2026-10"),
    "month_number": whole(1, 12), "year": chosen("2025", "2026"), "number_small": whole(1, 30),
    "fund": chosen("“云岭稳健债券A”", "云岭沪深300指数C", "青禾货币B", "云岭养老目标2040三年持有混合（FOF）", "“同益纯债一年”"),
    "stock": chosen("云岭股份", "海岳航空", "木桥食品", "ST远帆", "安和转债"),
    "product": chosen("安享流量包20GB", "畅享融合套餐129元档", "5G双百兆宽带", "天天盈2号", "稳利90天", "云岭意外险（尊享版）", "视频会员月卡"),
    "wealth": chosen("天天盈2号", "稳利90天", "青禾增利6个月定开", "云岭养老保障A款"),
    "app": chosen("云岭App", "青禾手机银行APP", "“云州办事通”小程序", "微信公众号“云州服务”", "官方App", "掌上营业厅"),
    "wallet": chosen("云杉钱包", "支付宝", "微信", "数字人民币钱包", "云杉零钱"),
    "bank": chosen("青禾农商银行", "云州银行", "工商银行", "建设银行"),
    "branch": chosen("人民路支行", "和平路营业厅", "就近网点", "云州东湖营业部"),
    "airline": chosen("海岳航空", "云岭航空"), "flight": chosen("HY3102航班", "航班CA1831", "MU5735次航班"),
    "train": chosen("G102", "D3321", "K79", "C6205"), "gate": chosen("A12", "23", "B07"), "hotel":
        chosen("海蓝酒店（湖滨店）", "云锦大酒店", "木桥民宿"),
    "station": chosen("云州东", "锦绣路", "江宁西", "望江"), "city": chosen("云州", "江宁", "昆明", "青岛"),
    "place": chosen(*PLACES), "address": chosen("解放路88号2楼", "云州市东湖区望江路12号", "和平大厦B座1503室"),
    "department": chosen("心内科", "皮肤科", "泌尿外科", "妇科", "肝病科", "口腔科"),
    "vaccine": chosen("百白破疫苗", "水痘疫苗", "流感疫苗"), "room": chosen("第三法庭", "第12审判庭"),
    "case": chosen("（2026）云0102民初3321号", "(2026)云01执8806号"), "item": chosen("星河披风（限定）", "月卡礼包", "青龙坐骑", "钢琴手办"),
    "nick": chosen("夜行的猫", "Aoki_77", "小满不满"), "game": chosen("《山海旅人》", "《星桥》手游", "“云上棋院”"),
    "course": chosen("数据分析入门", "摄影基础", "安全生产知识"), "thing": chosen("云岭", "锦绣", "东湖", "和平路"),
    "hour": whole(8, 20), "version": chosen("3.2.1", "V8.0"), "reason": chosen("材料不清晰", "信息不一致", "超出服务范围"),
    "spot": chosen("3号", "A区12号", "B2-08", "二楼"),
}  # fmt: skip
"""Values by the name of a typed placeholder."""

NAMED: Mapping[str, str] = {
    "card_no": "tail", "account_no": "account", "flight_no": "flight", "mail_no": "tracking", "mch_no": "account",
    "space_no": "spot", "carrier": "company", "cny": "amount", "reading": "account", "var": "code", "station": "place",
}  # fmt: skip
"""Kinds of value by the names that vendors' placeholders have in `benign.jsonl`."""

CUES: Sequence[tuple[str, re.Pattern[str], re.Pattern[str]]] = tuple(
    (kind, re.compile(rf"(?:{before})[为是:：（(\s]*\Z"), re.compile(rf"\s*(?:{after})"))
    for kind, before, after in (
        ("amount", r"¥|￥|人民币|金额|费用|款项", r"[万]?元|美元"),
        ("percent_number", r"(?!)", r"%"),
        ("minutes", r"(?!)", r"分钟|min"),
        ("hours", r"(?!)", r"小时"),
        ("hour", r"(?!)", r"点(?!券)"),
        ("version", r"(?!)", r"版本"),
        ("reason", r"原因|附言|主题", r"(?!)"),
        ("days", r"(?!)", r"个?工作日|天(?!开)|日内"),
        ("month_number", r"缴费月份", r"月"),
        ("course", r"《", r"》"),
        ("pickup", r"取件码|提货码", r"(?!)"),
        ("code", r"验证码|校验码|动态密?码|取[票药货]码|取餐号|入园码|凭证码|[Cc]ode is", r"(?:是|为)?您的.{0,4}验证码"),
        ("hotline", r"电话|热线|致电|拨打", r"(?!)"),
        ("tail", r"尾号|后四位", r"(?!)"),
        ("plate", r"车牌号?|车辆|机动车", r"(?!)"),
        ("train", r"(?!)", r"次列车"),
        ("flight", r"航班", r"(?!)"),
        ("tracking", r"快递单号|物流单号|运单号?|快件|包裹|邮政单号|集装箱", r"(?!)"),
        ("account", r"户号|账号|卡号|学号|商户号|店铺编号|会议号|账户|序列号", r"(?!)"),
        ("order", r"订单|[单件]据?|单号|编号|编码|凭证号?|受理号|申请号|核准号|号码|交易单号|受理单号|回执|印版", r"(?!)"),
        ("person", r"尊敬的|医生|师傅|老师|[装维]*人员|教练|司机|孩子|访客|更名|骑手|派给", r"先生|女士|同学|您好|你好|医生"),
        ("count", r"(?!)", r"[册张个次袋桌人吨度兆米份节条台件名枚套棵盒立千]|分(?!公司)|月(?!台)"),
        ("number_small", r"第", r"号|路|楼"),
        (
            "when",
            r"时间[^，。]{0,4}|日期|[款止]日|[于至待自]|截[止至]|改[到至]|安排在|[请将]在|预计|有效期|最晚|时段|明天白天|公告期|凌晨",
            r"前|起|到期|截止|后(?!四)|开始|送达|到达|举行|召开|恢复|上门|执行",
        ),
        ("payee", r"向|收款单位|抬头", r"(?!)"),
        ("company", r"由|承运公司", r"(?!)"),
        ("place", r"地址|地点|位于|门店|送[到至]|窗口|[到在]", r"(?!)"),
        ("thing", r"(?!)", r"[\u4e00-\u9fff]"),
    )
)  # fmt: skip
"""Kinds of value by the text before or after a numbered placeholder, the most reliable cues first."""


def kind_of(name: str, before: str, after: str) -> str:
    """Return the kind of value for a placeholder: by its name, else by the text around it."""
    if kind := NAMED.get(name, name if name in VALUES else None):
        return "percent_number" if after.startswith("%") else kind
    return next((kind for kind, left, right in CUES if left.search(before) or right.match(after)), "spot")
