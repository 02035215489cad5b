"""Decodes and validates JSON request bodies."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from email.message import Message
from typing import Any

from fastapi import Request

from smsvet.model import Lang

from ..strict_json import JsonError, decode_utf8, lone_surrogate, parse_json, surrogate_error
from ..wording import say
from .problems import FieldError, ProblemError, invalid_fields


def parse_body(data: bytes, lang: Lang) -> Any:
    """Return the decoded JSON body.

    Raises ProblemError (400) for a body that is not JSON in UTF-8, as `strict_json` defines it.
    """
    try:
        return parse_json(decode_utf8(data.removeprefix(BOM_UTF8), lang), lang)
    except JsonError as error:
        raise ProblemError("invalid-json", str(error), lang=lang) from error


def require_json(request: Request, lang: Lang) -> None:
    """Raise ProblemError (415) unless the body is JSON in UTF-8 without compression, according to its headers."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        detail = say(
            lang,
            "不接受压缩的正文（Content-Encoding）",
            "A compressed body (Content-Encoding) is not accepted",
        )
        accepted = {"accept-encoding": "identity"}
        raise ProblemError("unsupported-media-type", detail, lang=lang, headers=accepted)
    if request.headers.get("content-type") == "application/json":
        return
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    kind = header.get_content_type() if header["content-type"] else ""
    charset = (header.get_content_charset("utf-8") or "").lower()
    if not (kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))):
        detail = say(lang, "Content-Type 应为 application/json", "Content-Type has to be application/json")
    elif charset not in ("utf-8", "utf8"):
        detail = say(lang, "字符集应为 UTF-8", "The charset has to be UTF-8")
    else:
        return
    raise ProblemError("unsupported-media-type", detail, lang=lang)


_ANYTHING = json.JSONEncoder(ensure_ascii=False, default=str)


def refuse_surrogates(data: object, lang: Lang) -> None:
    """Raise ProblemError naming the first field with a lone surrogate, which no message can carry."""
    try:
        _ANYTHING.encode(data).encode()  # the usual case, without a loop over every character
    except UnicodeEncodeError:
        field, point = lone_surrogate(data) or ("", "")
        raise invalid_fields([FieldError(field=field, message=surrogate_error(point, lang))], lang) from None


def read_batch(data: object, max_batch: int, lang: Lang) -> list[Any]:
    """Return the submissions of a decoded batch body, not validated.

    Raises ProblemError naming each wrong field of the body itself.
    """
    if not isinstance(data, dict):
        message = say(lang, "应为一个 JSON 对象", "expected a JSON object")
        raise invalid_fields([FieldError(field="", message=message)], lang)
    errors = [
        FieldError(field=name, message=say(lang, "未知字段", "unknown field"))
        for name in data
        if name != "submissions"
    ]
    submissions = data.get("submissions")
    if "submissions" not in data:
        errors.append(FieldError(field="submissions", message=say(lang, "缺少此字段", "Field required")))
    elif not isinstance(submissions, list):
        message = say(lang, "应为数组", "Input should be a valid list")
        errors.append(FieldError(field="submissions", message=message))
    elif len(submissions) > max_batch:
        message = say(lang, f"一批至多 {max_batch} 条", f"a batch has {max_batch} submissions at most")
        errors.append(FieldError(field="submissions", message=message))
    if errors or not isinstance(submissions, list):
        raise invalid_fields(errors, lang)
    return submissions
