"""Recipients near a frequency that carriers block."""

from collections.abc import Iterator
from datetime import timedelta

from smsvet import (
    Document,
    Hit,
    china_time,
    is_code_message,
    sent_before,
    unsigned_content,
    without_signature,
)


def check(document: Document) -> Iterator[Hit]:
    """Yield each recipient near a carrier's limit, checking the shortest window first. Source: U-RECEIPT."""
    sent_at, content = document.submission.sent_at, unsigned_content(document)
    if sent_at is None:
        return
    now = china_time(sent_at)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    coded = document.purpose == "verification"
    for number, earlier in sent_before(document).items():
        codes = [at for at, sent in earlier if sent.text and is_code_message(sent.text)]
        same = [at for at, sent in earlier if sent.text and without_signature(sent.text) == content]
        others = [at for at, sent in earlier if not (sent.text and is_code_message(sent.text))]
        for applies, times, start, most, words in (
            (coded, codes, now - timedelta(hours=1), 3, ("一小时内", "within an hour", "验证码", "codes")),
            (coded, codes, today, 6, ("今天", "today", "验证码", "codes")),
            (True, same, today, 4, ("今天", "today", "相同内容", "the same content")),
            (not coded, others, today, 10, ("今天", "today", "非验证码短信", "messages")),
        ):
            count = sum(at >= start for at in times)
            if applies and count >= most:
                names = ("window", "window_en", "what", "what_en")
                yield Hit(None, {"number": number, "count": count, **dict(zip(names, words, strict=True))})
                break
