"""Facts about a delivery: telephone numbers, China time, and earlier messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ..document import Document
from ..submission import Sent
from ..templates.values import fill_in

CHINA = timezone(timedelta(hours=8))
"""The time zone of the limits of mainland carriers."""

CODE_WORDS = re.compile(
    r"验证码|校验码|注册码|动态码|激活码|动态密码|verification code|passcode|\bcode\b|\botp\b"
)

_SIGNED = re.compile(r"(?<!\s)\s*【[^【】]*】")
_MAINLAND = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")
_ABROAD = re.compile(r"(?:\+|00)([1-9][0-9]{6,14})")


@dataclass(frozen=True, slots=True)
class Number:
    """A recipient's number, as written and in E.164 with its plus sign (None if it is not a valid number)."""

    written: str
    e164: str | None

    @property
    def is_mainland(self) -> bool:
        """Return whether it is a mobile number of mainland China."""
        return self.e164 is not None and _MAINLAND.fullmatch(self.e164) is not None


def read_number(written: str, international: bool = False) -> Number:
    """Return a parsed number. One without a country code counts as a mainland number.

    If `international`, the country code may lack its plus sign.
    """
    mainland = _MAINLAND.fullmatch(written)
    if mainland:
        return Number(written, f"+86{mainland[1]}")
    abroad = _ABROAD.fullmatch(written) or (
        re.fullmatch(r"([1-9][0-9]{6,14})", written) if international else None
    )
    # +86 without a mobile number is an error in either region.
    if abroad and not abroad[1].startswith("86"):
        return Number(written, f"+{abroad[1]}")
    return Number(written, None)


def recipients(document: Document) -> list[Number]:
    """Return the recipients, in order."""
    international = document.region == "international"
    return [read_number(written, international) for written in document.submission.recipients or ()]


def china_time(moment: datetime) -> datetime:
    """Return a time in China's time zone; a time without a zone is taken as China time."""
    if not 1 < moment.year < 9999:  # a time zone must not shift it out of the supported range
        moment = moment.replace(year=min(max(moment.year, 2), 9998))
    return moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)


def sent_before(document: Document) -> dict[str, list[tuple[datetime, Sent]]]:
    """Return the earlier messages to each recipient, by the number as written, with their China time.

    Empty if the time of sending is unknown. An entry with only a reply is not a message.
    """
    if document.submission.sent_at is None:
        return {}
    now = china_time(document.submission.sent_at)
    earlier: dict[str, list[tuple[datetime, Sent]]] = {}
    for moment, sent in earlier_messages(document):
        if moment <= now:
            earlier.setdefault(number_key(sent.to), []).append((moment, sent))
    return {
        number.written: earlier[number_key(number.written)]
        for number in recipients(document)
        if number_key(number.written) in earlier
    }


def earlier_messages(document: Document) -> Iterator[tuple[datetime, Sent]]:
    """Yield every earlier message with its China time."""
    for sent in document.submission.history or ():
        if sent.text is not None or sent.reply is None:
            yield china_time(sent.at), sent


def number_key(written: str) -> str:
    """Return the key for comparisons of numbers: E.164, or the number as written if it is invalid."""
    return read_number(written, international=True).e164 or written


def rendered_message(document: Document) -> str | None:
    """Return the message with its signature: the text, or the body with its values; None if unknown."""
    submission = document.submission
    content = submission.text if submission.text is not None else fill_in(document)
    if content is None or not submission.signature or content.lstrip().startswith("【"):
        return content
    name = submission.signature.strip().removeprefix("【").removesuffix("】")
    left, right = document.provider.signature_brackets
    return f"{left}{name}{right}{content}"


def unsigned_content(document: Document) -> str | None:
    """Return the message without its signature; None if unknown."""
    submission = document.submission
    content = submission.text if submission.text is not None else fill_in(document)
    return None if content is None else without_signature(content)


def without_signature(text: str) -> str:
    """Return a message without its 【signature】."""
    return _SIGNED.sub("", text, count=1).strip()


def is_code_message(text: str) -> bool:
    """Return whether a message contains a verification code."""
    return CODE_WORDS.search(text.lower()) is not None
