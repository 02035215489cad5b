"""Requests that the service refuses, and valid ones close to the limits."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from smsvet_api.http import limits

from .client import BATCH_LIMIT, CLEAN, JSON, LIMIT, MOST, ask, review


def post(content: str | bytes, path: str = "/v1/review", lang: str = "en", **headers: str) -> dict[str, Any]:
    return {
        "method": "POST",
        "path": path,
        "params": {"lang": lang},
        "content": content,
        "headers": JSON | {name.replace("_", "-"): value for name, value in headers.items()},
    }


def get(path: str, method: str = "GET", **query: str) -> dict[str, Any]:
    return {"method": method, "path": path, "params": {"lang": "en"} | query}


BATCH = "/v1/review/batch"
REFUSED = [
    # request, status, name of the problem, part of the detail
    (post(""), 400, "invalid-json", "line 1, column 1"),
    (post("", lang="zh"), 400, "invalid-json", "不是合法的 JSON：第 1 行第 1 列：此处应为一个值"),
    (post('{"body":\n "x",}'), 400, "invalid-json", "line 2, column"),
    (post('{"body": "x"} {}'), 400, "invalid-json", "line 1, column 15"),
    (post('{"body": "x\ny"}'), 400, "invalid-json", "line 1, column 12"),
    (post(b'{\n"body": "\xff"}'), 400, "invalid-json", "line 2, byte 10 (0xFF)"),
    (post('{"body": "x"}'.encode("utf-16")), 400, "invalid-json", "not UTF-8"),
    (post('{"body": "x", "params": [NaN]}'), 400, "invalid-json", "NaN"),
    (post('{"body": "x", "params": [1e999]}'), 400, "invalid-json", "out of range"),
    (post('{"body": "x", "body": "y"}'), 400, "invalid-json", "body is given twice"),
    (post("[" * 9000 + "]" * 9000), 400, "invalid-json", "nested"),
    (post('{"body": "x", "params": %s}' % ("[" * 64 + "]" * 64)), 400, "invalid-json", "deeper than 64"),
    (post('{"submissions": [%s]}' % ('{"a":' * 64 + "1" + "}" * 64), BATCH), 400, "invalid-json", "deeper"),
    (post("x" * (LIMIT + 1)), 413, "too-large", f"{LIMIT} bytes"),
    (post("x" * (LIMIT + 1), lang="zh"), 413, "too-large", f"不得超过 {LIMIT} 字节"),
    (post("x" * (BATCH_LIMIT + 1), BATCH), 413, "too-large", f"{BATCH_LIMIT} bytes"),
    (post("x", content_type="text/plain"), 415, "unsupported-media-type", "application/json"),
    (post("x", content_type="application/x-www-form-urlencoded"), 415, "unsupported-media-type", "json"),
    (post("x", content_type=""), 415, "unsupported-media-type", "application/json"),
    (post("{}", content_type="application/json; charset=gbk"), 415, "unsupported-media-type", "UTF-8"),
    (post("{}", content_encoding="gzip"), 415, "unsupported-media-type", "Content-Encoding"),
    (post("{}", content_encoding="identity"), 422, "invalid-fields", "signature, body, text"),
    (post("[%s]" % ("7" * 5000)), 400, "invalid-json", "a number has too many digits"),
    (post('{"body": "x", "params": [-%s]}' % ("7" * 5000), lang="zh"), 400, "invalid-json", "数字的位数过多"),
    (post('{"body": "x"}', lang="fr"), 422, "invalid-fields", "lang: 应为 zh、en 之一"),
    (post("{}"), 422, "invalid-fields", "signature, body, text"),
    (post("{}", lang="zh"), 422, "invalid-fields", "signature、body、text 至少需要一个"),
    (post("[]"), 422, "invalid-fields", "JSON object"),
    (post("null", lang="zh"), 422, "invalid-fields", "JSON 对象"),
    (post('{"body": "x", "street": 1}'), 422, "invalid-fields", "street: unknown field"),
    (post('{"body": 1, "as_of": "soon"}', lang="zh"), 422, "invalid-fields", "body: 应为字符串; as_of: "),
    (
        post('{"body": "x", "provider": "nobody"}', lang="zh"),
        422,
        "invalid-fields",
        "provider: 没有“nobody”这个值；可用：aliyun",
    ),
    (post('{"body": "x", "documents": ["deed"]}'), 422, "invalid-fields", "documents.0: "),
    (post('{"body": "x", "documents": [{"kind": "deed"}]}'), 422, "invalid-fields", "documents.0.kind: "),
    (post('{"body": "x", "documents": [{}]}'), 422, "invalid-fields", "documents.0.kind: Field required"),
    (
        post('{"body": "x", "documents": [{"kind": "trademark", "bytes": 1%s}]}' % ("0" * 400)),
        422,
        "invalid-fields",
        "documents.0.bytes: ",
    ),
    (post('{"body": "x", "variables": {"1": {"max": 0}}}'), 422, "invalid-fields", "variables.1.max: "),
    (post('{"body": "\\ud800"}'), 422, "invalid-fields", "body: U+D800 is a lone surrogate"),
    (post('{"body": "x", "params": ["\\udfff"]}', lang="zh"), 422, "invalid-fields", "params.0: U+DFFF 是"),
    (post('{"body": "x", "\\ud800": 1}'), 422, "invalid-fields", "surrogate"),
    (post('{"submissions": {}}', BATCH), 422, "invalid-fields", "submissions: "),
    (post("{}", BATCH), 422, "invalid-fields", "submissions: Field required"),
    (post("[]", BATCH, lang="zh"), 422, "invalid-fields", "JSON 对象"),
    (post('{"submissions": [], "lang": "en"}', BATCH), 422, "invalid-fields", "lang: unknown field"),
    (post(json.dumps({"submissions": [0] * (MOST + 1)}), BATCH), 422, "invalid-fields", f"{MOST}"),
    (post('{"body": "x"}', lang="fr"), 422, "invalid-fields", "lang: "),
    (get("/v1/rules", langue="en"), 422, "invalid-fields", "langue: "),
    (get("/v1/rules/no/such-rule"), 404, "unknown-rule", "/v1/rules"),
    (get("/v1/rules/"), 404, "unknown-rule", "/v1/rules"),
    (get("/nowhere"), 404, "not-found", "/docs"),
    (get("/v1/review/"), 404, "not-found", "/docs"),
    (get("/v1/review"), 405, "method-not-allowed", "Allow"),
    (get("/healthz", "DELETE"), 405, "method-not-allowed", "Allow"),
]


@pytest.mark.parametrize(("request_", "status", "name", "detail"), REFUSED)
def test_refused(app: FastAPI, request_: dict[str, Any], status: int, name: str, detail: str) -> None:
    response = ask(app, **request_)

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"urn:smsvet:problem:{name}"
    assert problem["status"] == status
    assert problem["title"]
    assert detail in problem["detail"]
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", problem["instance"])
    assert ("errors" in problem) == (name == "invalid-fields")
    for error in problem.get("errors", []):
        assert list(error) == ["field", "message"]
    assert ("allow" in response.headers) == (status == 405)


def test_every_wrong_field_is_listed(app: FastAPI) -> None:
    wrong = {"body": "x", "purpose": "news", "region": "moon", "account": {"type": 1, "nick": 2}}
    problem = ask(app, "POST", "/v1/review?lang=en", json=wrong).json()

    assert {error["field"] for error in problem["errors"]} == {
        "purpose",
        "region",
        "account.type",
        "account.nick",
    }


def test_nesting_below_the_limit_is_accepted(app: FastAPI) -> None:
    nested: Any = "1"
    for _ in range(60):
        nested = [nested]

    assert review(app, {"body": "您的验证码是{1}。", "params": [nested]})["kind"] == "message"


def test_a_byte_order_mark_is_ignored(app: FastAPI) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(CLEAN).encode()

    assert ask(app, "POST", "/v1/review", content=content, headers=JSON).status_code == 200


@pytest.mark.parametrize(("path", "limit"), [("/v1/review", LIMIT), ("/v1/review/batch", BATCH_LIMIT)])
def test_a_stream_without_length_is_cut_off(
    app: FastAPI, path: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DRAIN", limit)
    sent = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 5 * limit:
            sent += 1000
            yield b" " * 1000

    response = ask(app, "POST", path, content=stream(), headers=JSON)

    assert response.status_code == 413
    assert response.headers["connection"] == "close"
    assert 2 * limit < sent <= 2 * limit + 2000


def test_a_body_of_exactly_the_limit_is_read(app: FastAPI) -> None:
    content = json.dumps(CLEAN).encode()
    content += b" " * (LIMIT - len(content))

    assert ask(app, "POST", "/v1/review", content=content, headers=JSON).status_code == 200
