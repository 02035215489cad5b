"""The values that the fields of a submission may have, and the error that names a wrong one.

Every entry point refuses a wrong value: it must never switch a rule off.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Literal, TypeVar, get_args

from .model import Purpose, Region, SubmissionError

Usage = Literal["own", "other"]
AccountType = Literal["enterprise", "individual"]
Source = Literal[
    "company", "app", "website", "official_account", "mini_program", "trademark", "government", "shop"
]
DocumentKind = Literal[
    "business_license",
    "organization_code",
    "credit_code",
    "app_backend",
    "icp_backend",
    "mini_program_page",
    "official_account_page",
    "trademark",
    "authorization",
]

ATTRIBUTES = frozenset(
    [
        "address",
        "characterwithnumber2",
        "chardigit",
        "clock",
        "date",
        "datetime",
        "dlt_var",
        "email",
        "email_address",
        "generic_enterprise",
        "generic_individual",
        "license_plate_number",
        "link_param",
        "minutes",
        "money",
        "money_huawei",
        "name",
        "newtext",
        "num",
        "numbercaptcha",
        "other_number",
        "other_number2",
        "others",
        "otp",
        "otp_alnum_46",
        "otp_digits",
        "otp_digits_46",
        "otp_huawei",
        "otp_minutes",
        "phone",
        "phone_huawei",
        "phone_number",
        "phone_number2",
        "pick_up_code",
        "pickup_code",
        "plate",
        "text",
        "time",
        "tracking_no",
        "tracking_number",
        "txt",
        "unit_name",
        "user_nick",
        "verifytime",
    ]
)
"""The attributes that a variable may be declared as, in lower case; `smsvet.sms.attributes` describes their values.

`generic_individual`, `generic_enterprise` (T-TPL25) and `dlt_var` (MSG91) allow any value.
"""

PURPOSES: tuple[str, ...] = get_args(Purpose)
REGIONS: tuple[Region, ...] = get_args(Region)
USAGES: tuple[str, ...] = get_args(Usage)
SOURCES: tuple[str, ...] = get_args(Source)
ACCOUNT_TYPES: tuple[str, ...] = get_args(AccountType)
DOCUMENT_KINDS: tuple[str, ...] = get_args(DocumentKind)

MOST_ENTRIES = 10_000
"""Entries of a list or mapping of a submission, at most."""
MOST_BYTES = 1 << 53
"""Bytes that a document is said to have, at most: beyond it JSON numbers lose digits."""

_MEANT: Mapping[str, str] = {
    "promotion": "marketing",
    "promotional": "marketing",
    "promo": "marketing",
    "advertising": "marketing",
    "营销": "marketing",
    "推广": "marketing",
    "会员营销": "marketing",
    "otp": "verification",
    "code": "verification",
    "verify": "verification",
    "验证码": "verification",
    "notice": "notification",
    "transactional": "notification",
    "通知": "notification",
    "cn": "mainland",
    "china": "mainland",
    "domestic": "mainland",
    "国内": "mainland",
    "intl": "international",
    "global": "international",
    "overseas": "international",
    "国际": "international",
    "self": "own",
    "自用": "own",
    "他用": "other",
    "公司": "company",
    "企业": "enterprise",
    "个人": "individual",
    "personal": "individual",
    "营业执照": "business_license",
    "license": "business_license",
}
"""Words that people write, and the value that they mean."""

Made = TypeVar("Made")


def suggestion(value: object, allowed: Collection[str]) -> str | None:
    """Return the allowed value that a wrong one most likely means, None where none is near."""
    if not isinstance(value, str):
        return None
    written = value.strip().lower().replace("-", "_").replace(" ", "_")
    meant = _MEANT.get(written, written)
    if meant in allowed:
        return meant
    return next(iter(get_close_matches(meant, sorted(allowed), 1, 0.75)), None)


def shortened(value: object) -> str:
    """Return a wrong value for an error message, at most 40 code points of it."""
    written = value if isinstance(value, str) else repr(value)
    return written if len(written) <= 40 else f"{written[:40]}…"


def wrong_value(name: str, value: object, allowed: Collection[str], lang: str = "en") -> SubmissionError:
    """Return the error for a value that is none of those allowed, with a suggestion where one is near."""
    near = suggestion(value, allowed)
    listed, listed_zh = ", ".join(sorted(allowed)), "、".join(sorted(allowed))
    hint, hint_zh = (f"; did you mean {near}?", f"；是否应为 {near}？") if near else ("", "")
    return SubmissionError(
        f"{name}: '{shortened(value)}' is not one of {listed}{hint}",
        f"{name}: 没有“{shortened(value)}”这个值；可用：{listed_zh}{hint_zh}",
        lang,
    )


def wrong_type(name: str, value: object, english: str, chinese: str) -> SubmissionError:
    """Return the error for a value of the wrong type, which names the right one in both languages."""
    kind = type(value).__name__
    return SubmissionError(
        f"{name}: should be {english}, not {kind}", f"{name}: 应为{chinese}，而不是 {kind}"
    )


def check_choice(name: str, value: object, allowed: Collection[str]) -> None:
    """Raise SubmissionError for a value that is neither None nor one of those allowed."""
    if value is not None and (not isinstance(value, str) or value not in allowed):
        raise wrong_value(name, value, allowed)


def check_text(name: str, value: object) -> None:
    """Raise SubmissionError for a value that is neither None nor text."""
    if value is not None and not isinstance(value, str):
        raise wrong_type(name, value, "text", "文字")


def check_flag(name: str, value: object) -> None:
    """Raise SubmissionError for a value that is neither None nor a truth value."""
    if value is not None and not isinstance(value, bool):
        raise wrong_type(name, value, "true or false", " true 或 false")


def check_number(name: str, value: object, least: int, most: int) -> None:
    """Raise SubmissionError for a value that is neither None nor a whole number in [least, most]."""
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong_type(name, value, "a whole number", "整数")
    if not least <= value <= most:
        raise SubmissionError(
            f"{name}: should be from {least} to {most}", f"{name}: 应在 {least} 到 {most} 之间"
        )


def entries(name: str, value: object) -> tuple[Any, ...]:
    """Return a list as a tuple; raises SubmissionError for another type, and beyond MOST_ENTRIES."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise wrong_type(name, value, "a list", "列表")
    items = tuple(value)
    check_count(name, items)
    return items


def check_count(name: str, items: Sequence[Any] | Mapping[Any, Any]) -> None:
    """Raise SubmissionError for more than MOST_ENTRIES entries."""
    if len(items) > MOST_ENTRIES:
        raise SubmissionError(
            f"{name}: {len(items)} entries, at most {MOST_ENTRIES}",
            f"{name}: 有 {len(items)} 项，最多 {MOST_ENTRIES} 项",
        )


def texts(name: str, value: object) -> tuple[str, ...]:
    """Return a list of texts as a tuple; raises SubmissionError."""
    items = entries(name, value)
    for item in items:
        if not isinstance(item, str):
            raise wrong_type(name, item, "a list of texts", "文字的列表")
    return items


def day(name: str, value: object) -> date:
    """Return a date, read from its ISO form where it is text; raises SubmissionError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise wrong_type(name, value, "a date", "日期")
    return _read(name, date.fromisoformat, value, "2026-11-23")


def moment(name: str, value: object) -> datetime:
    """Return a time, read from its ISO form where it is text; raises SubmissionError."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise wrong_type(name, value, "a time", "时间")
    return _read(name, datetime.fromisoformat, value, "2026-11-23T10:00:00+08:00")


def _read(name: str, reader: Callable[[str], Made], value: str, example: str) -> Made:
    try:
        return reader(value)
    except ValueError:
        raise SubmissionError(
            f"{name}: '{shortened(value)}' is not in ISO form, such as {example}",
            f"{name}: “{shortened(value)}”不是 ISO 格式，如 {example}",
        ) from None


def record(name: str, kind: type[Made], value: object) -> Made:
    """Return a mapping as a frozen record; raises SubmissionError for unknown fields and wrong values."""
    if isinstance(value, kind):
        return value
    if not isinstance(value, Mapping):
        raise wrong_type(name, value, "an object", "对象")
    known = {item.name for item in fields(kind)}  # type: ignore[arg-type] # every record is a dataclass
    for key in value:
        if key not in known:
            raise wrong_value(f"{name}.{shortened(key)}", key, known)
    try:
        return kind(**value)
    except TypeError as error:  # a field that is needed is missing
        raise SubmissionError(f"{name}: {error}") from error
    except SubmissionError as error:
        raise SubmissionError(f"{name}.{error.english}", f"{name}.{error.chinese}") from error
