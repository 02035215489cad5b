"""Parameters that are not the list or the object that the provider requires."""

import json
import re
from collections.abc import Iterator, Mapping

from smsvet import Document, Hit, Span, json_text

QUOTED = re.compile(r"'([^'\"\\]*)'")


def check(document: Document) -> Iterator[Hit]:
    """Yield parameters that the provider cannot read; the suggestion has the right form."""
    params = document.submission.params
    named = document.provider.keying == "named"
    names = [placeholder.name or "" for placeholder in document.placeholders]
    place = Span("params", 0, len(json_text(params)))
    if isinstance(params, str):
        yield quoted(params, named, place)
    elif isinstance(params, Mapping):
        wrong = [str(key) for key in params if not str(key).isdecimal()]
        if wrong and not named and not document.provider.also_named and not set(wrong) & set(names):
            yield hit(
                place,
                f"的字段名“{wrong[0]}”不对：{document.provider.title.zh}按位置取值",
                f"has the name “{wrong[0]}”, but {document.provider.title.short('en')} takes values by position",
                json_text(list(params.values())),
            )
    elif isinstance(params, list | tuple):
        if named and names and params:
            keys = [name for name in dict.fromkeys(names) if name]
            wanted = dict(zip(keys, params, strict=False))
            yield hit(
                place,
                f"是列表，而{document.provider.title.zh}的变量按名称取值",
                f"is a list, but {document.provider.title.short('en')} takes values by name",
                json_text(wanted) if len(keys) == len(params) else None,
            )
    else:
        yield hit(
            place,
            f"既不是列表也不是对象：{json_text(params)}",
            f"is neither a list nor an object: {json_text(params)}",
        )


def quoted(params: str, named: bool, place: Span) -> Hit:
    """Return the hit for parameters that are a string: quoted JSON, JSON with single quotes, or one value."""
    try:
        value, single = json.loads(params), False
    except (ValueError, RecursionError):
        value, single = single_quoted(params), True
    if not isinstance(value, list | dict):
        zh, en = (
            f"只是一个字符串“{params}”，不是列表或对象",
            f"is the text “{params}”, not a list or an object",
        )
        return hit(place, zh, en, None if named else json_text([params]))
    if single:
        return hit(
            place, "用了单引号，不是标准 JSON", "uses single quotes, which is not JSON", json_text(value)
        )
    return hit(
        place,
        "是一段 JSON 文本，应直接给出列表或对象",
        "is a JSON string, not a list or an object",
        params,
    )


def single_quoted(params: str) -> object:
    """Return the list or object written with single quotes, or None."""
    try:
        return json.loads(QUOTED.sub(r'"\1"', params)) if "'" in params else None
    except (ValueError, RecursionError):
        return None


def hit(place: Span, zh: str, en: str, wanted: str | None = None) -> Hit:
    """Return the hit with the error in both languages and the correct parameters."""
    words = {"problem": zh, "problem_en": en, "wanted": wanted or '["1234"] / {"code": "1234"}'}
    return Hit(place, words, suggestion=wanted)
