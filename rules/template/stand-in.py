"""Signs and words in the place of a variable that the provider would not recognise."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Text

ANCHORS = (re.compile(r"[x×]{2}|[*]{3}|_{2}|`|\[[a-z\u4e00-\u9fff]"),)
MARKED = re.compile(
    r"`(?P<name>[A-Za-z_][A-Za-z0-9_]{0,30})`"
    r"|\[(?:(?:customer|first|last|full|user|company|product|order|tracking)?[ _-]?(?:name|date|time|amount|id|no|number|code|otp|link|url"
    r"|phone|address|customer|company|product|order)|姓名|名字|称呼|日期|时间|金额|订单号|单号|验证码|链接|网址|公司名称?|公司|产品名称?|商品名称?|手机号|电话|地址|变量)\]",
    re.IGNORECASE,
)
"""Backticks of a guide, and square brackets around the name of a value."""


def check(document: Document) -> Iterator[Hit]:
    """Yield each stand-in of a body or text with the provider's placeholder for it. Source: SEED, OWN."""
    provider = document.provider
    for field in ("body", "text"):
        text = document.texts.get(field)
        if text is None:
            continue
        marked = [
            found for found in MARKED.finditer(text.original) if not is_placeholder(text, *found.span())
        ]
        corrected = None if marked else text.corrected
        for problem in text.problems:
            if problem.name == "stand-in":
                yield Hit(problem.span, {"expected": problem.expected or ""}, suggestion=corrected)
        for found in marked:
            named = provider.keying == "named" and found["name"]
            expected = provider.placeholder(found["name"] if named else "1")
            yield Hit(text.place(*found.span()), {"expected": expected})


def is_placeholder(text: Text, start: int, end: int) -> bool:
    """Return whether code points [start, end) of a text overlap one of its placeholders."""
    span = text.place(start, end)
    return any(one.span.start < span.end and span.start < one.span.end for one in text.placeholders)
