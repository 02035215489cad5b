"""Recipients over the provider's limit of verification codes per minute, hour or day."""

from collections.abc import Iterator
from datetime import timedelta

from smsvet import Document, Hit, china_time, is_code_message, sent_before


def check(document: Document) -> Iterator[Hit]:
    """Yield each recipient over a limit. Minutes and hours are calendar ones, a day is the last 24 hours."""
    limit, sent_at = document.provider.limit("otp_frequency", document.as_of), document.submission.sent_at
    if not isinstance(limit, tuple) or sent_at is None:
        return
    now = china_time(sent_at)
    starts = (
        ("本分钟", "this minute", now.replace(second=0, microsecond=0)),
        ("本小时", "this hour", now.replace(minute=0, second=0, microsecond=0)),
        ("24 小时内", "in 24 hours", now - timedelta(hours=24)),
    )
    for number, earlier in sent_before(document).items():
        codes = [at for at, sent in earlier if sent.text and is_code_message(sent.text)]
        for (window, window_en, start), most in zip(starts, limit, strict=False):
            count = sum(at >= start for at in codes)
            if count >= int(most):
                words = {"number": number, "count": count, "most": most}
                yield Hit(None, {**words, "window": window, "window_en": window_en})
                break
