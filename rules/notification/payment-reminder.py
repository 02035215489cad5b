"""Requests to pay, and notices of an amount that is due.

Collection is a certain hit. Manual review decides on the reminder of a utility or bank, and on a notice without a
request.
"""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

REQUEST = re.compile(
    r"(?:请|望|须|需)(?:您)?(?:尽快|及时|立即|马上|速|务必|按时)[^,。!]{0,8}?"
    r"(?:缴费|缴纳|支付|付款|还款|交费|缴清|结清|归还欠款)"
    r"|(?:账单|费用|款项|话费|物业费|水费|电费|租金)[^,。!]{0,10}?(?:待支付|待缴|未缴|未支付|欠费|逾期)"
    r"|您?已?欠费[^,。!]{0,12}请"
)
DUE = re.compile(
    r"待还|应还|待结[算清]|未结[算清]|(?:尚|还|仍)?未(?:到账|还清|还款|付清|缴清|付款)|待付"
    r"|欠(?:款|租|缴)|尚欠|仍欠|(?:账单|贷款|借款|借据|分期|欠款|租金)[^,。!;]{0,8}(?:将于|即将|将在|已)[^,。!;]{0,24}?到期"
    r"|(?:还款|付款|缴款)(?:的)?日(?!志|记)|(?:还款|付款|缴款|缴费|交费)(?:的)?(?:截止|期限|到期)"
    r"|(?:最后|最晚|最迟|截止)(?:的)?(?:还款|付款|缴款|缴费|交费)(?!月份|记录|年)"
)
ANCHORS = (REQUEST, DUE)
MONEY = re.compile(r"元|¥|账单|(?<![还付缴])款|(?<![缴交])费|租|金额|分期|本金|利息|信用卡|税")
"""Words of an amount or a bill. A notice without one is not about a payment. Source: OWN."""
DONE = re.compile(
    r"已(?:成功|于[^,。!;]{0,10})?(?:还款|还清|结清|支付|付款|缴费|缴纳|缴清|付清|入账|到账|扣款|收到|退)|(?:还款|支付|付款|缴费|扣款|下单|消费)成功|成功(?:还款|支付|付款|缴费|扣款|下单)"
    r"|已(?:成功)?放款|退[还回款费]|返还|已(?:补缴|补交|恢复)|预约[^,。!;]{0,6}(?:还款|付款|缴费|交费)"
    r"|(?:工资|薪|报销|理赔|赔款|赔付|补贴|奖金|提现|转账|汇款|佣金)[^,。!;]{0,12}未到账|无需(?:还款|缴费|支付)|(?:日期?|期限)(?:已)?(?:变更|调整|修改|更改|延长)|(?:消费|下单)[^,。!;]{0,8}元|如有[^,。!;]{0,6}欠"
)
"""Words of a payment that was made or is given back, and of explanations. Sources: T-RJT-TPL, OWN."""
USUAL = re.compile(
    r"银行|信用卡|贷记卡|花呗|白条|保费|下单|商品|停机|行程|打车|月租|通话|流量|手机号|水费|电费|燃气|天然气|暖气|取暖|话费|宽带|物业|停车|学费|税|社保|医保|公积金|订单|机票|车票|挂号"
)
"""Words of senders whose reminders are usual: manual review decides. Sources: T-RJT-TPL, H-RJT, OWN."""
SENTENCE = re.compile(r"[^。!;\n]+")
STILL = re.compile(r"剩余|尚欠|仍欠|余款|尾款|未(?:还清|结清|付清|缴清)|部分")
"""Words of a payment that is not complete. Source: OWN."""
SETTLED = re.compile(r"应还(?:[^,。!;]|,(?=[0-9])){0,20}已[^,。!;]{0,16}(?:扣款|还款|划扣)(?:成功)?(?!失败)")
"""An amount due that was debited: what is left is not due yet. Source: OWN."""


def check(document: Document) -> Iterator[Hit]:
    """Yield the words that request payment; without any, those that state an amount due.

    An amount due counts only if a notification was declared. It leads to manual review in templates, and is advice
    in messages.
    """
    for name in ("body", "text"):
        text = document.texts.get(name)
        if text is None:
            continue
        requests = list(REQUEST.finditer(text.folded))
        usual = USUAL.search(text.folded) is not None
        for found in requests:
            yield Hit(text.span(*found.span()), possible=usual)
        if requests or document.submission.purpose is None or MONEY.search(text.folded) is None:
            continue
        for sentence in SENTENCE.finditer(text.folded):
            due = DUE.search(text.folded, *sentence.span())
            if due and SETTLED.search(sentence[0]):
                continue
            if due and (STILL.search(sentence[0]) or not DONE.search(sentence[0])):
                yield Hit(text.span(*due.span()), possible=True)
                break
