"""Promotional wording in place of the sender's name."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Said

SELLING = re.compile(
    r"双(?:1[12]|十[一二]|旦)|618|年货节|周年庆|女神节|狂欢节?|大促|促销|特惠|(?<!最)优惠|钜惠|折扣|打折|[0-9一二三四五六七八九]折|秒杀|抢购|满减"
    r"|清仓|甩卖|特价|包邮|限时|限量|免费|[领抢送](?:取|奖|红包|好?礼)|红包|有礼|福利|上新|新品"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield a purely promotional signature; a possible hit if it also contains a name."""
    signature, account = document.signature, document.submission.account
    if signature is None or document.names.neutral(signature.folded):
        return
    found = list(SELLING.finditer(signature.folded))
    strong = [term for term in signature.terms if term.category == "marketing" and term.strength == "strong"]
    if not found and not strong:
        return
    if account and account.name and signature.folded in document.names.company(account.name).name:
        return
    left = SELLING.sub("", signature.folded)
    for term in strong:
        left = left.replace(term.text.lower(), "")
    left = re.sub(r"[\W_0-9]", "", left)
    name = len(left) > 1 and document.names.neutral(left) is None
    options = Said.listed(document.abbreviations()[:3])
    promotion = dict.fromkeys([match[0] for match in found] or [term.text for term in strong])
    words = {
        "words": Said.listed(promotion),
        "left": "" if name else "，看不出主体",
        "left_en": "" if name else ", and does not identify a sender",
        "options": f"（{options.zh}）" if options.zh else "",
        "options_en": f" ({options.en})" if options.en else "",
    }
    yield Hit(signature.place(0, len(signature.original)), words, possible=name)
