"""A template as a recipient reads it: with example values in place of its placeholders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from smsvet.sms.attributes import attribute_named, inferred_attribute

_PLACEHOLDER: Final = re.compile(r"\{([^{}\n]{1,32})\}")
_NEAR: Final = 20
"""Code points beside a placeholder from which its attribute is inferred."""
_VALUES: Final[Mapping[str, str]] = {
    "otp": "482913",
    "minutes": "5",
    "phone": "400-800-1234",
    "time": "11月28日 14:30",
    "datetime": "2026-11-28 14:30:00",
    "date": "2026-11-28",
    "clock": "14:30",
    "money": "128.50",
    "name": "李明",
    "user_nick": "小鱼",
    "unit_name": "云雀科技",
    "address": "和平路18号",
    "plate": "浙A12345",
    "tracking_no": "SF1029384756",
    "pickup_code": "3-2-1088",
    "link_param": "a1B2c3",
    "email": "service@example.com",
    "other_number": "20261128001",
    "url": "https://example.com/a",
}
"""Example values by the first name of an attribute."""
_ANY: Final = "示例"


def rendered(body: str, submission: Mapping[str, Any], provider: str) -> str:
    """Return a template with values: those submitted, else an example for the declared or the inferred attribute."""
    given, declared = _by_name(submission.get("params")), submission.get("variables") or {}

    def value(found: re.Match[str]) -> str:
        name = found[1].strip().removeprefix("$")
        if name in given:
            return given[name]
        kind = _type_of(declared.get(name))
        attribute = attribute_named(kind, provider) if kind else None
        if attribute is None:
            before, after = body[: found.start()][-_NEAR:], body[found.end() :][:_NEAR]
            inferred = inferred_attribute(before, after)
            return _VALUES.get(inferred or "", _ANY)
        return next((_VALUES[one] for one in attribute.names if one in _VALUES), _ANY)

    return _PLACEHOLDER.sub(value, body)


def types_of(submission: Mapping[str, Any], provider: str, lang: str) -> dict[str, str]:
    """Return the declared types of placeholders, such as `{1}`, in a language."""
    found = {}
    for name, declared in (submission.get("variables") or {}).items():
        kind = _type_of(declared)
        attribute = attribute_named(kind, provider) if kind else None
        if kind:
            found[f"{{{name}}}"] = (attribute.zh if lang == "zh" else attribute.en) if attribute else kind
    return found


def _type_of(declared: Any) -> str | None:
    kind = declared.get("type") if isinstance(declared, Mapping) else declared
    return str(kind) if kind else None


def _by_name(params: Any) -> dict[str, str]:
    if isinstance(params, Mapping):
        return {str(name): str(value) for name, value in params.items()}
    if isinstance(params, list):
        return {str(number): str(value) for number, value in enumerate(params, start=1)}
    return {}
