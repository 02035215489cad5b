"""Errors as problem documents (RFC 9457), in Chinese or English."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal
from uuid import uuid4

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from smsvet.files.validation import describe_problem, errors_of
from smsvet.model import Lang
from smsvet.submission import SubmissionError

from ..wording import say

MEDIA_TYPE = "application/problem+json"

_TITLES: Mapping[str, tuple[int, str, str]] = {
    "invalid-json": (400, "请求正文不是有效的 JSON", "The body is not valid JSON"),
    "bad-request": (400, "请求无法读取", "The request cannot be read"),
    "unauthorized": (401, "需要登录或 API 密钥", "Sign in, or send an API key"),
    "wrong-login": (401, "登录失败", "The login failed"),
    "csrf": (403, "请求来源无法确认", "The origin of the request is not confirmed"),
    "password-change": (403, "须先更改密码", "The password has to be changed first"),
    "plain-http": (403, "连接未加密", "The connection is not encrypted"),
    "forbidden": (403, "没有权限", "This is not allowed"),
    "not-found": (404, "没有这个地址", "Nothing is at this address"),
    "unknown-rule": (404, "没有这条规则", "There is no such rule"),
    "method-not-allowed": (405, "此地址不支持该方法", "This address does not take that method"),
    "timeout": (408, "请求接收超时", "The request did not arrive in time"),
    "conflict": (409, "与当前状态冲突", "The state does not allow this"),
    "version-conflict": (409, "案件已被他人处理", "Somebody else has changed the case"),
    "id-reused": (409, "同一 id 已用于其他内容", "The id was used for another submission"),
    "too-late": (409, "已过撤销时限", "It is too late to undo"),
    "too-large": (413, "请求正文过大", "The body is too large"),
    "unsupported-media-type": (415, "请求正文应为 JSON", "The body has to be JSON"),
    "revision-gone": (410, "该版本的内容已无法载入", "The content of the revision is gone"),
    "content-refused": (422, "内容有错误，未采用", "The content has errors and was not taken"),
    "invalid-fields": (422, "有字段无法读取", "Some fields cannot be read"),
    "too-many-requests": (429, "请求过于频繁", "Too many requests"),
    "internal": (500, "服务内部错误", "Something failed inside the service"),
    "not-ready": (503, "服务尚未就绪", "The service is not ready"),
    "provider-down": (503, "登录服务不可用", "The login provider is not available"),
    "store-down": (503, "数据库不可用", "Storage is down"),
    "busy": (503, "服务繁忙", "The service is busy"),
    "stopping": (503, "服务正在停止", "The service is stopping"),
}
"""Name -> status, title in Chinese, title in English. The name is the last part of the problem's `type`."""

_BY_STATUS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    408: "timeout",
    413: "too-large",
}


class FieldError(BaseModel):
    """One field that cannot be read."""

    field: str = Field(description="path with dots, such as documents.0.kind; empty for the whole body")
    message: str


class OtherDecision(BaseModel):
    """Who changed a case meanwhile, and the decision if there is one."""

    user: str | None
    decision: Literal["approve", "reject"] | None
    at: AwareDatetime | None


class OwnDecision(BaseModel):
    """The decision that was refused."""

    decision: Literal["approve", "reject"]


class DecisionConflict(BaseModel):
    """Both decisions on a case that somebody else has changed."""

    version: int = Field(description="the version of the case now")
    state: str
    theirs: OtherDecision
    yours: OwnDecision


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(description="urn:smsvet:problem:<name>")
    title: str
    status: int
    detail: str
    instance: str = Field(description="urn:uuid of this occurrence; the log line carries the same")
    errors: list[FieldError] | None = Field(None, description="only for invalid-fields: every field")
    conflict: DecisionConflict | None = Field(None, description="only for version-conflict: both decisions")


class ProblemError(Exception):
    """Ends a request with a problem document. `detail` never contains submitted text."""

    def __init__(
        self,
        name: str,
        detail: str,
        *,
        lang: Lang = "zh",
        errors: Sequence[FieldError] | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        extension: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(name, detail)  # the arguments with which pickle makes a copy
        self.name = name
        self.status = status or _TITLES[name][0]
        self.title = say(lang, *_TITLES[name][1:])
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.extension = dict(extension or {})
        """Further members of the document, which `Problem` declares."""
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
        return written | self.extension

    def response(self) -> Response:
        """Return the HTTP response, which no cache keeps: a refusal holds for one request."""
        headers = {"cache-control": "no-store"} | self.headers
        return Response(encode(self.document()), self.status, headers, MEDIA_TYPE)


_PLAIN, _ESCAPED = (
    json.JSONEncoder(ensure_ascii=escaped, allow_nan=False, separators=(",", ":"))
    for escaped in (False, True)
)


def encode(value: object) -> bytes:
    """Return a value as JSON in UTF-8, escaped to ASCII if it contains lone surrogates."""
    try:
        return _PLAIN.encode(value).encode()
    except UnicodeEncodeError:
        return _ESCAPED.encode(value).encode()


def lang_of(request: Request) -> Lang:
    """Return the requested language: `en` if the query is `lang=en`, else `zh`."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


def field_errors(error: SubmissionError, data: object, lang: Lang) -> list[FieldError]:
    """Return the errors of a submission, one for each field."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        field, colon, message = error.say(lang).partition(": ")
        return [FieldError(field=field if colon else "", message=message or field)]
    found = []
    for item in errors_of(cause):
        if item["type"] == "value_error":  # a check of the whole submission, with the engine's message
            found.append(FieldError(field="", message=error.say(lang)))
        else:
            found.append(FieldError(field=field_of(data, item), message=describe_problem(item, lang)))
    return [error for place, error in enumerate(found) if error not in found[:place]]


def field_of(data: object, item: Mapping[str, Any]) -> str:
    """Return the path of a pydantic error through the data, without the tags that pydantic adds."""
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
    """Return the errors as one line: `field: message; ...`."""
    return "; ".join(f"{error.field}: {error.message}" if error.field else error.message for error in errors)


def invalid_fields(errors: Sequence[FieldError], lang: Lang) -> ProblemError:
    """Return the 422 problem that lists each wrong field."""
    return ProblemError("invalid-fields", sentence(errors), lang=lang, errors=errors)


def internal_error(lang: Lang) -> ProblemError:
    """Return the 500 problem, without the text of the failure, which may quote a message."""
    detail = say(lang, "查询日志时请提供 instance", "Quote the instance when asking for the log")
    return ProblemError("internal", detail, lang=lang)


def stopping(lang: Lang) -> ProblemError:
    """Return the 503 problem for a request that the stop of the service interrupts."""
    detail = say(lang, "请稍后重试", "Try again later")
    return ProblemError("stopping", detail, lang=lang, headers={"connection": "close", "retry-after": "1"})


async def answer_problem(request: Request, error: Exception) -> Response:
    """Return the response for a raised ProblemError."""
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for this class only
    request.scope["smsvet.problem"] = error
    return error.response()


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Return the problem document for an error of the framework, such as 404 or 405."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    lang = lang_of(request)
    name = _BY_STATUS.get(error.status_code, "bad-request" if error.status_code < 500 else "internal")
    detail = {
        "not-found": say(lang, "接口列表见 /docs", "See /docs for the available addresses"),
        "method-not-allowed": say(
            lang, "可用的方法见 Allow 响应头", "The Allow header lists the available methods"
        ),
    }.get(name, HTTPStatus(error.status_code).phrase)
    problem = ProblemError(name, detail, lang=lang, status=error.status_code, headers=error.headers)
    return await answer_problem(request, problem)


async def answer_invalid_query(request: Request, error: Exception) -> Response:
    """Return the problem document that lists each invalid query parameter."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    lang = lang_of(request)
    errors = [
        FieldError(field=".".join(map(str, item["loc"][1:])), message=describe_problem(item, lang))
        for item in error.errors()
    ]
    return await answer_problem(request, invalid_fields(errors, lang))


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses of an operation that can return these problem statuses."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content} for status in (*statuses, 500)
    }


def user_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses of an operation for users: these problem statuses, and those of all such operations."""
    return responses(*sorted({*statuses, 401, 403, 422, 429, 503}))


def user_body_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses of an operation for users that takes a JSON body."""
    return user_responses(*statuses, 400, 408, 413, 415)
