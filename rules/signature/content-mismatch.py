"""Texts on behalf of a company other than the one in the signature."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

HAN = r"\u4e00-\u9fff"
SPEAKS = re.compile(
    rf"(?:我们是|我是|这里是|感谢您(?:选择|使用)|欢迎(?:您)?(?:使用|选择|加入))(?P<named>[{HAN}a-z0-9]{{2,20}}?(?:有限公司|公司|集团|银行))"
    rf"|(?P<signed>[{HAN}a-z0-9]{{4,24}}有限公司)(?:提醒|祝|温馨提示|敬上|通知)"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield each company that the text names as sender, if it shares no distinctive part with signature or account."""
    signature, account = document.signature, document.submission.account
    if signature is None:
        return
    own = signature.folded + (document.names.company(account.name).name if account and account.name else "")
    for text in (document.texts.get("body"), document.texts.get("text")):
        for found in SPEAKS.finditer(text.folded) if text else ():
            group = "named" if found["named"] else "signed"
            trade = document.names.company(found[group]).trade
            if text and len(trade) > 1 and document.names.neutral(trade) is None and not shares(trade, own):
                words = {"other": found[group], "signature": signature.original}
                yield Hit(text.span(*found.span(group)), words)


def shares(trade: str, own: str) -> bool:
    """Return whether the sender's own names contain two neighbouring characters of a trade name."""
    return any(trade[start : start + 2] in own for start in range(len(trade) - 1))
