"""Texts that contain only a bank and a payee."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit

MOST = 45
"""Maximum code points of such a text, without digits, blanks and punctuation; our own choice."""
BANK = re.compile(
    r"(?<![a-z步银])[农工建中交招](?:行|商银行|业银行|设银行|国银行|通银行)(?![人走为动驶业情程列])|"
    r"(?:农业|工商|建设|中国|交通|招商|邮政|储蓄|光大|民生|浦发|兴业|中信)[^,。!]{0,2}银行|邮[政储][^,。!件编]{0,4}(?:卡|银行|储蓄|信用)?|"
    r"信用(?:合作)?(?:社|联社)|信[合用]卡|农(?:村商业|商)银行|[农邮]卡"
)
PAYEE = re.compile(
    r"户名|姓名|名字|性名|卡号|[账帐]号|收款|老[婆公]|[货运]费|货款|房租|款|转|汇|打|[0-9](?:[ *-]*[0-9]){11,}|收$|元|柜机|我.{0,8}卡|这.{0,4}卡"
)
BUSINESS = re.compile(
    r"您|尊敬|亲爱|我行|本行|贵|通知|提醒|办理|服务|业务|网点|活动|优惠|贷款|信用卡|尾号|验证码|预约|账单|客户|会员|用户|欢迎|公告|系统|"
    r"维护|升级|到账|交易|支付|扣款|退款|绑定|余额|请(?:于|在|到|您|携带|登录|注意|查收|及时)|招聘|面试|会议|邮件|包裹|快递|快件|积分|理财|存款|利率|app|"
    r"已(?:成功|完成|受理|开通|签收|派送|揽收)|营业|代发|社保|工资|报名|考试|路线|支行行长|咨询|热线|电话|路等|门口|旁边|对面|附近|取钱|哪|等你|进入|打开|嫌|称|\?|吗|呢|吧|啊|了"
)
TALK = re.compile(
    r"今[天日晚早]|昨[天日晚]|明[天日早]|周[一二三四五六日末]|股[价票份市]|上涨|下跌|涨[了停幅]|跌[了停幅]|%|边上|旁|那边|这边|隔壁|楼上|楼下|大厦|大楼|[0-9a-z]座|"
    r"排队|上班|下班|开门|关门|[去从往](?=[农工建中交招邮信])|人员|员工|利润|财报|发布|宣布|签署|成立|行长|董事|研报|持股"
)
"""Words of news, of a place and of an errand: the bank is no payee's. Source: OWN."""
NAME = re.compile(r"[^\W0-9_a-z]{2,4}")
"""What is left of a text with a bank and a name."""
ANCHORS = (BANK,)
COUNTED = re.compile(r"[^\W0-9_]")


def check(document: Document) -> Iterator[Hit]:
    """Yield a short body or text with a bank and a payee.

    A payee is a name, an account, a card or a second bank. Without one the hit is only possible.
    """
    for name in ("body", "text"):
        text = document.texts.get(name)
        if text is None or (HOLE in text.folded and len(document.placeholders) > 3):
            continue
        bank = BANK.search(text.folded)
        if bank is None:
            continue
        counted = len(COUNTED.findall(text.folded))
        if counted > MOST or BUSINESS.search(text.folded) or TALK.search(text.folded):
            continue
        rest = counted - len(COUNTED.findall(bank[0]))
        payee = PAYEE.search(text.folded)
        several = len({found[0] for found in BANK.finditer(text.folded)}) > 1
        others = "".join(COUNTED.findall(text.folded[: bank.start()] + text.folded[bank.end() :]))
        named = payee or several or NAME.fullmatch(others)
        if named or rest <= 16:
            yield Hit(text.place(0, len(text.original)), possible=not named)
