"""Requests to pay: debt collection, or a reminder of a utility or bank, which needs manual review."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

REQUEST = re.compile(
    r"(?:请|望|须|需)(?:您)?(?:尽快|及时|立即|马上|速|务必|按时)[^,。!]{0,8}?"
    r"(?:缴费|缴纳|支付|付款|还款|交费|缴清|结清|归还欠款)"
    r"|(?:账单|费用|款项|话费|物业费|水费|电费|租金)[^,。!]{0,10}?(?:待支付|待缴|未缴|未支付|欠费|逾期)"
    r"|您?已?欠费[^,。!]{0,12}请"
)
ANCHORS = (REQUEST,)
USUAL = re.compile(
    r"银行|信用卡|贷记卡|花呗|白条|保费|下单|商品|停机|行程|打车|月租|通话|流量|手机号|水费|电费|燃气|天然气|暖气|取暖|话费|宽带|物业|停车|学费|税|社保|医保|公积金|订单|机票|车票|挂号"
)
"""Words of senders whose reminders are usual: manual review decides. Sources: T-RJT-TPL, H-RJT, OWN."""


def check(document: Document) -> Iterator[Hit]:
    """Yield the words that request payment."""
    body = document.body
    if body is None:
        return
    for found in REQUEST.finditer(body.folded):
        usual = USUAL.search(body.folded) is not None
        yield Hit(body.span(*found.span()), possible=usual)
