"""Recipients who opted out."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, china_time, number_key, recipients

OPT_OUT = re.compile(
    r"[\"'“‘]?(?:t|n|td|r|qx|0000|退订|拒收|t退订|td退订|退订t|退订td|r退订|拒收r|取消订阅"
    r"|stop|stopall|unsubscribe|cancel|end|quit)[\"'”’。.!]?"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield each recipient whose opt-out reply is earlier than the message."""
    submission = document.submission
    until = china_time(submission.sent_at) if submission.sent_at else None
    refused: dict[str, tuple[str, str]] = {}
    for sent in submission.history or ():
        at = china_time(sent.at)
        folded = document.folder.fold(sent.reply or "")[0].strip()
        if OPT_OUT.fullmatch(folded) and (until is None or at <= until):
            refused.setdefault(number_key(sent.to), ((sent.reply or "").strip(), at.date().isoformat()))
    for number in recipients(document):
        found = refused.get(number_key(number.written))
        if found:
            yield Hit(None, {"number": number.written, "reply": found[0], "day": found[1]})
