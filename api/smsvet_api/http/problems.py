"""Errors as problem documents (RFC 9457), in Chinese or English."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from smsvet.files.validation import describe_problem
from smsvet.model import Lang
from smsvet.submission import SubmissionError

MEDIA_TYPE = "application/problem+json"

_TITLES: Mapping[str, tuple[int, str, str]] = {
    "invalid-json": (400, "请求正文不是有效的 JSON", "The body is not valid JSON"),
    "bad-request": (400, "请求无法读取", "The request cannot be read"),
    "not-found": (404, "没有这个地址", "Nothing is at this address"),
    "unknown-rule": (404, "没有这条规则", "There is no such rule"),
    "method-not-allowed": (405, "此地址不支持该方法", "This address does not take that method"),
    "too-large": (413, "请求正文过大", "The body is too large"),
    "unsupported-media-type": (415, "请求正文应为 JSON", "The body has to be JSON"),
    "invalid-fields": (422, "有字段无法读取", "Some fields cannot be read"),
    "internal": (500, "服务内部错误", "Something failed inside the service"),
    "not-ready": (503, "服务尚未就绪", "The service is not ready"),
}
"""By name: status, title in Chinese, title in English. The name ends the problem's `type`."""

_BY_STATUS = {400: "bad-request", 404: "not-found", 405: "method-not-allowed", 413: "too-large"}


class FieldError(BaseModel):
    """One field that cannot be read."""

    field: str = Field(description="path with dots, such as documents.0.kind; empty for the whole body")
    message: str


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(description="urn:smsvet:problem:<name>")
    title: str
    status: int
    detail: str
    instance: str = Field(description="urn:uuid of this occurrence; the log line carries the same")
    errors: list[FieldError] | None = Field(None, description="only for invalid-fields: every field")


class ProblemError(Exception):
    """Ends a request with a problem document. `detail` never holds what was submitted."""

    def __init__(
        self,
        name: str,
        detail: str,
        *,
        lang: Lang = "zh",
        errors: Sequence[FieldError] | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name)
        self.name = name
        self.status = status or _TITLES[name][0]
        self.title = _TITLES[name][1 if lang == "zh" else 2]
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.instance = f"urn:uuid:{uuid4()}"

    def document(self) -> dict[str, Any]:
        """Return the problem document."""
        written: dict[str, Any] = {
            "type": f"urn:smsvet:problem:{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": self.instance,
        }
        if self.errors is not None:
            written["errors"] = [error.model_dump() for error in self.errors]
        return written

    def response(self) -> Response:
        """Return the HTTP response."""
        return Response(encode(self.document()), self.status, self.headers, MEDIA_TYPE)


_PLAIN, _ESCAPED = (
    json.JSONEncoder(ensure_ascii=escaped, allow_nan=False, separators=(",", ":"))
    for escaped in (False, True)
)


def encode(value: object) -> bytes:
    """Return JSON in UTF-8; text with lone surrogates, which UTF-8 cannot hold, is escaped instead."""
    try:
        return _PLAIN.encode(value).encode()
    except UnicodeEncodeError:
        return _ESCAPED.encode(value).encode()


def lang_of(request: Request) -> Lang:
    """Return the language asked for: `en` only where the query says so."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


def field_errors(error: SubmissionError, data: object, lang: Lang) -> list[FieldError]:
    """Return what is wrong with a submission, field by field."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return [FieldError(field="", message=error.say(lang))]
    found = []
    for item in cause.errors():
        if item["type"] == "value_error":  # a check of the whole submission: the engine words it
            found.append(FieldError(field="", message=error.say(lang)))
        else:
            found.append(FieldError(field=field_of(data, item), message=describe_problem(item, lang)))
    return [error for place, error in enumerate(found) if error not in found[:place]]


def field_of(data: object, item: Mapping[str, Any]) -> str:
    """Return the path of a pydantic error through the data: tags that pydantic adds are left out."""
    node: Any = data
    steps: list[str] = []
    for place, step in enumerate(item["loc"]):
        inside = isinstance(node, list) and isinstance(step, int) and step < len(node)
        if inside or (isinstance(node, dict) and step in node):
            node = node[step]
        elif item["type"] != "missing" or place < len(item["loc"]) - 1:
            continue
        steps.append(str(step))
    return ".".join(steps)


def sentence(errors: Sequence[FieldError]) -> str:
    """Return the errors as one line: `field: what is wrong; ...`."""
    return "; ".join(f"{error.field}: {error.message}" if error.field else error.message for error in errors)


def invalid_fields(errors: Sequence[FieldError], lang: Lang) -> ProblemError:
    """Return the problem that names each field."""
    return ProblemError("invalid-fields", sentence(errors), lang=lang, errors=errors)


def internal_error(lang: Lang) -> ProblemError:
    """Return the problem for a failure whose text must stay inside."""
    detail = "查询日志时请提供 instance" if lang == "zh" else "Quote the instance when asking for the log"
    return ProblemError("internal", detail, lang=lang)


async def answer_problem(request: Request, error: Exception) -> Response:
    """Return the response to a problem that was raised."""
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for this class only
    request.scope["smsvet.problem"] = error
    return error.response()


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Return the problem document for what the framework refuses: 404, 405 and the like."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    lang = lang_of(request)
    name = _BY_STATUS.get(error.status_code, "bad-request" if error.status_code < 500 else "internal")
    detail = {
        ("not-found", "zh"): "接口列表见 /docs",
        ("not-found", "en"): "See /docs for the addresses there are",
        ("method-not-allowed", "zh"): "可用的方法见 Allow 响应头",
        ("method-not-allowed", "en"): "The Allow header lists the methods there are",
    }.get((name, lang), HTTPStatus(error.status_code).phrase)
    problem = ProblemError(name, detail, lang=lang, status=error.status_code, headers=error.headers)
    return await answer_problem(request, problem)


async def answer_invalid_query(request: Request, error: Exception) -> Response:
    """Return the problem document that names each query parameter that cannot be read."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    lang = lang_of(request)
    errors = [
        FieldError(field=".".join(map(str, item["loc"][1:])), message=describe_problem(item, lang))
        for item in error.errors()
    ]
    return await answer_problem(request, invalid_fields(errors, lang))


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of an operation that answers these problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content} for status in (*statuses, 500)
    }
