"""Mainland messages without a signature. Other rules cover a wrong position and other brackets."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

OTHER = re.compile(
    r"\s*(?:\[[^\[\]]+\]|［[^［］]+］|[(（][^()（）]{2,12}[)）]|[「『〖〔][^「」『』〖〗〔〕]+[」』〗〕])"
)
BLANK = re.compile(r"(?<!\s)\s*【\s*】")


def check(document: Document) -> Iterator[Hit]:
    """Yield the start of a text without signature; if the account has only one, the suggestion adds it."""
    text, submission = document.texts.get("text"), document.submission
    if text is None or (submission.signature or "").strip():
        return
    rest = BLANK.sub("", text.original, count=1)
    if "【" in rest or OTHER.match(text.original):
        return
    given = submission.account.signatures if submission.account else ()
    own = [name for name in (one.strip().strip("【】").strip() for one in given) if name]
    suggestion = f"【{own[0]}】{rest.lstrip()}" if len(own) == 1 else None
    yield Hit(
        text.place(0, len(text.original) - len(rest)),
        {"name": own[0] if own else "公司名称"},
        suggestion=suggestion,
    )
