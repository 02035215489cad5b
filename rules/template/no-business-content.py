"""Texts for India DLT that have nothing to do with any transaction."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Text

DEALING = re.compile(
    r"\b(?:accounts?|a/c|admissions?|amounts?|appointments?|appl(?:y|ied|ication)s?|balance|banks?|bills?|book(?:ed|ing|ings)?"
    r"|cards?|claims?|class(?:es)?|clinic|codes?|complaints?|connections?|consultations?|couriers?|courses?|credit(?:ed)?"
    r"|customers?|debit(?:ed)?|deliver(?:y|ies|ed|ing)?|deposits?|dispatch(?:ed)?|doctor|dues?|emi|enquir(?:y|ies)|exams?"
    r"|fees?|flights?|gas|hospital|hotel|inr|insurance|invoices?|kyc|loans?|logins?|meetings?|members?(?:hip)?|meters?"
    r"|orders?|otp|packages?|parcels?|parents?|passwords?|patients?|pay(?:ment|ments|ing)?|paid|pick-?up|pins?|plans?"
    r"|polic(?:y|ies)|premium|prescriptions?|products?|purchase[ds]?|receipts?|received|recharge[ds]?|refund(?:ed|s)?"
    r"|regist(?:er|ered|ration)s?|renew(?:al|ed)?|rent|repairs?|requests?|reservations?|reserved|rides?|rs|salary|schools?"
    r"|service[ds]?|servicing|shipments?|shipped|shops?|stay|stores?|students?|subscriptions?|suppl(?:y|ies)|tables?|tests?"
    r"|tickets?|transactions?|transfer(?:red)?|trips?|vehicles?|verif(?:y|ied|ication)|visits?|vouchers?|wallet|warranty"
    r"|offers?|sale|discounts?|off|cashback)\b"
)
"""Words of a transaction, of an account or of a sale; our own list."""

SURVEY = re.compile(
    r"\b(?:surveys?|questionnaires?|opinion polls?|polls?|research stud(?:y|ies))\b|\bfill (?:in|out|up) (?:the|this|our|a) form\b"
)
SINCE = re.compile(
    r"\b(?:orders?|purchase[ds]?|visit(?:ed|s)?|stay(?:ed)?|deliver(?:y|ies|ed)|booking|trips?|rides?|appointments?|service"
    r"|bought|complaints?|tickets?|consultation|treatment|journey|flight)\b"
)
"""Words of an earlier transaction, after which a survey is welcome."""

BRAND = re.compile(
    r"[-–—~|:]\s?[A-Z][\w&.' -]{1,40}[.!]?\s*\Z|\b(?:Team|Regards,?|Thanks,?)\s+[A-Z][\w&.' -]{1,40}\Z"
)
"""A name at the end of the text, as senders of DLT sign."""


def check(document: Document) -> Iterator[Hit]:
    """Yield a survey without a transaction before it, and a text without a variable, a brand or a transaction.

    Source: DLT-CONTENT.
    """
    text = document.body or document.texts.get("text")
    if text is None or not re.search(r"[a-z]", text.folded):
        return
    whole = text.place(0, len(text.original))
    found = SURVEY.search(text.folded)
    if found and not SINCE.search(text.folded):
        detail = f"“{text.quote(text.span(*found.span()))}”之前没有订单或服务"
        detail_en = f"“{text.quote(text.span(*found.span()))}” follows no order or service"
        yield Hit(text.span(*found.span()), {"detail": detail, "detail_en": detail_en})
    elif says_nothing(document, text):
        detail, detail_en = (
            "没有变量、品牌或任何业务用语，看不出由谁发送、为何发送",
            ("No variable, brand or word of a transaction says who sends this and why"),
        )
        yield Hit(whole, {"detail": detail, "detail_en": detail_en})


def says_nothing(document: Document, text: Text) -> bool:
    """Return whether a text has no variable, link or number, no brand, and no word of a transaction."""
    if (
        document.placeholders
        or text.links
        or re.search(r"[0-9]", text.folded)
        or document.signature is not None
    ):
        return False
    return DEALING.search(text.folded) is None and BRAND.search(text.original) is None
