"""Messages for validation errors, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ..fields import suggestion
from ..labels import MEANINGS

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_ZH = {
    "missing": "缺少此字段",
    "extra_forbidden": "未知字段",
    "string_type": "应为字符串",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为数组",
    "tuple_type": "应为数组",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "date_from_datetime_parsing": "应为 ISO 日期，如 2026-11-23",
    "date_parsing": "应为 ISO 日期，如 2026-11-23",
    "date_type": "应为 ISO 日期，如 2026-11-23",
    "datetime_parsing": "应为 ISO 时间，如 2026-11-23T10:00:00+08:00",
    "datetime_from_date_parsing": "应为 ISO 时间，如 2026-11-23T10:00:00+08:00",
    "datetime_type": "应为 ISO 时间，如 2026-11-23T10:00:00+08:00",
    "greater_than_equal": "不应小于 {ge}",
    "less_than_equal": "不应大于 {le}",
    "too_short": "至少需要 {min_length} 项",
    "too_long": "最多 {max_length} 项，实为 {actual_length} 项",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "应符合 {pattern}",
    "union_tag_invalid": "kind 应为 {expected_tags} 之一，而不是 {tag}",
    "union_tag_not_found": "缺少 kind",
    "unknown_fact": "没有信息 {unknown}；可用：{known}",
    "unknown_word": "这个检查没有提供 {unknown}；可用：{known}",
    "unknown_problem": "未知的问题 {unknown}；可用：{known}",
    "unknown_disguise": "没有变形写法 {unknown}；可用：{known}",
    "bad_limit": "应为整数、文字或它们的列表",
    "bad_pattern": "不是正则表达式：{error}",
}

_NOTHING = {
    "zh": "signature、body、text 至少需要一个",
    "en": "at least one of signature, body, text is required",
}

_STEPS = {"str", "ProofIn", "VariableIn"}
"""Location steps that pydantic adds for the branch of a union."""
_SCALARS = ("literal[", "function-")
"""Beginnings of the steps for a branch that takes a string."""


def errors_of(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors of a value. Of a union of string and object, only those of the type that was given."""
    return [item for item in error.errors() if not _is_other_branch(item)]


def _is_other_branch(item: ErrorDetails) -> bool:
    """Return whether an error says only that an object is not a string, or a string not an object."""
    step = str(item["loc"][-1]) if item["loc"] else ""
    if isinstance(item["input"], Mapping):
        return step == "str" or step.startswith(_SCALARS)
    return item["type"] == "model_type" and step in _STEPS


def describe_error(item: Mapping[str, Any], lang: str) -> str:
    """Return one pydantic error as `field: problem`, in `lang` (`zh` or English)."""
    if item["type"] == "value_error" and "nothing_submitted" in item["msg"]:
        return _NOTHING["zh" if lang == "zh" else "en"]
    steps = [str(step) for step in item["loc"]]
    where = ".".join(step for step in steps if step not in _STEPS and not step.startswith(_SCALARS))
    return f"{where}: {describe_problem(item, lang)}" if where else describe_problem(item, lang)


def describe_problem(item: Mapping[str, Any], lang: str) -> str:
    """Return the problem without the field's name, with the value that was most likely meant."""
    zh = lang == "zh"
    if item["type"] == "extra_forbidden":
        return _ZH["extra_forbidden"] if zh else "unknown field"
    template = _ZH.get(item["type"]) if zh else None
    context = dict(item.get("ctx", {}))
    if item["type"] != "literal_error":
        return template.format(**context) if template else str(item["msg"])
    allowed = re.findall(r"'([^']+)'", context["expected"])
    text = f"应为 {'、'.join(allowed)} 之一" if zh else str(item["msg"])
    near = meaning(item.get("input"), allowed)
    if near is None:
        return text
    return f"{text}；是否应为 {near}？" if zh else f"{text}; did you mean {near}?"


def meaning(value: object, allowed: Sequence[str]) -> str | None:
    """Return the allowed value that a wrong one most likely means, None if none is near."""
    meant = MEANINGS.get(value.strip().casefold()) if isinstance(value, str) else None
    return meant if meant in allowed else suggestion(value, allowed)
