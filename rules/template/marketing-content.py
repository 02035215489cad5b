"""Promotion in a notice: one strong word is enough; weak words count together, outside transactional context."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Term, hit_on_terms

TRANSACTION = re.compile(
    r"您的(?:订单|包裹|快递|账户|账单|预约|申请|保单|会员卡|积分)|已(?:成功)?(?:发货|签收|支付|退款|到账|扣款|完成|受理|送达|出票|入账|购买|预订)"
    r"|取件码|验证码|余额|尾号|请勿泄露|报修|工单|会议|停水|停电|消费(?:人民币)?[0-9]|共计消费|交易提醒|驶入"
)
NAMES = {"verification": "验证码", "notification": "通知", "marketing": "营销"}


def check(document: Document) -> Iterator[Hit]:
    """Yield the promotional words in the body, text and values."""
    for name, text in document.texts.items():
        if name in ("signature", "remark"):
            continue
        terms = [term for term in text.terms if term.category == "marketing"]
        strong = [term for term in terms if term.strength == "strong"]
        weak = {term.term: term for term in terms if term.strength == "weak"}
        if strong:
            backed = len({term.term for term in strong}) > 1 or len(weak) > 1 or text.links or text.contacts
            sure = backed and not all(term.possible for term in strong)
            yield found(document, strong + list(weak.values()), possible=not sure)
        elif len(weak) >= (4 if TRANSACTION.search(text.folded) else 2):
            yield found(document, list(weak.values()), possible=True)


def found(document: Document, terms: list[Term], possible: bool) -> Hit:
    """Return the hit for these terms, located at the first one."""
    hit = hit_on_terms(tuple(sorted(terms, key=lambda term: term.span)), possible)
    purpose = {"purpose": NAMES[document.purpose], "purpose_en": document.purpose}
    return hit._replace(words={**hit.words, **purpose})
