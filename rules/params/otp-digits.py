"""Verification codes that are too long, too short, or contain other characters than digits."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, code_value, fillings


def check(document: Document) -> Iterator[Hit]:
    """Yield a code that the provider does not accept. Source: T-SDK, A-RULE, H-TPL."""
    limit = document.provider.limit("otp_digits", document.as_of)
    code = code_value(document, fillings(document)) if isinstance(limit, tuple) else None
    if code is None or not isinstance(limit, tuple):
        return
    least, most = int(limit[0]), int(limit[1])
    digits = document.provider.id != "aliyun" or (code.attribute or "").lower() == "numbercaptcha"
    alphabet, alphabet_en = ("数字", "digits") if digits else ("数字或字母", "digits or letters")
    if not re.fullmatch("[0-9]*" if digits else "[0-9A-Za-z]*", code.value):
        problem, problem_en = f"含{alphabet}以外的字符", f"contains characters other than {alphabet_en}"
    elif not least <= len(code.value) <= most:
        problem, problem_en = f"有 {len(code.value)} 位", f"has {len(code.value)} characters"
    else:
        return
    words = {"least": least, "most": most, "alphabet": alphabet, "alphabet_en": alphabet_en}
    inferred = document.submission.purpose is None and not code.attribute
    yield Hit(code.span, {**words, "problem": problem, "problem_en": problem_en}, inferred=inferred)
