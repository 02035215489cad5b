"""The limits that a provider file may state."""

from __future__ import annotations

from collections.abc import Mapping

LIMITS: Mapping[str, str] = {
    "signature_length": "minimum and maximum code points of a mainland signature, without its brackets",
    "signature_length_international": "minimum and maximum code points of an international signature",
    "signature_characters": "characters that a signature may contain besides Chinese, letters and digits",
    "signature_quota": "maximum number of signatures of an account",
    "template_quota": "maximum number of templates of an account",
    "template_name_length": "minimum and maximum code points of a template's name",
    "remark_length": "maximum code points of a remark",
    "body_length": "maximum code points of a body; the entry's `counts` defines the text that is counted",
    "placeholder_count": "maximum number of placeholders of a template",
    "otp_placeholders": "maximum number of placeholders of a verification template, including the code",
    "body_brackets": "brackets that a body must not contain; only 【】 if unset",
    "name_length": "minimum and maximum ASCII characters of a placeholder's name",
    "variable_length": "maximum code points of a value",
    "variable_length_individual": "maximum code points of a value sent by an individual account",
    "otp_value_length": "maximum code points of each value of a verification template",
    "otp_digits": "minimum and maximum digits of a verification code",
    "otp_minutes": "minimum and maximum validity of a verification code in minutes, as stated in a template",
    "otp_keywords": "words; a mainland verification template must contain at least one",
    "otp_keywords_international": "words; an international verification template must contain at least one",
    "optout_accepted": "reply words that a marketing template may offer for opting out",
    "optout_required": "complete opt-out wordings; a marketing template must end with one of them",
    "marketing_hours": "start hour and end hour (exclusive) for sending marketing, 0-24, China time",
    "segment": "code points of a single message, and of each part of a long one",
    "segment_gsm": "the same in septets, for a text with only characters of the GSM 7-bit set",
    "batch_recipients": "maximum number of recipients of a request",
    "same_content_seconds": "period in seconds when a number may receive the same content only once",
    "daily_messages": "maximum number of messages to a number per day",
    "otp_frequency": "maximum number of verification codes to a number per minute, per hour and per day",
    "header_length": "maximum code points of a template's header",
    "footer_length": "maximum code points of a template's footer",
    "button_count": "maximum number of buttons of a template",
}
"""Meaning of each limit in a provider file."""

RANGES = frozenset(
    name for name, meaning in LIMITS.items() if meaning.startswith(("minimum and maximum", "start hour"))
)
"""The limits with a lower and an upper bound."""
