"""Requests to the service inside the test process, and the submissions that they send."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
from fastapi import FastAPI

LIMIT, BATCH_LIMIT, MOST = 20_000, 60_000, 300
PHONE = "13912345678"
TEMPLATE = {"id": "t-1", "body": "您的验证码为｛1｝，点击{2}查看", "purpose": "verification"}
CLEAN = {"body": "您的验证码是{1}，{2}分钟内有效。", "purpose": "verification", "as_of": "2026-11-22"}
SECRET = {
    "id": "applicant-77",
    "signature": "绝密签名",
    "body": f"请拨打{PHONE}领取{{1}}",
    "params": ["绝密参数"],
    "text": f"【绝密签名】请拨打{PHONE}领取绝密参数",
    "remark": "绝密备注",
    "recipients": [f"+86{PHONE}"],
    "account": {"name": "绝密公司"},
}
JSON = {"content-type": "application/json"}


def ask(app: FastAPI, method: str, path: str, **request: Any) -> httpx.Response:
    return asyncio.run(ask_async(app, method, path, **request))


async def ask_async(app: FastAPI, method: str, path: str, **request: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://smsvet") as client:
        return await client.request(method, path, **request)


def review(app: FastAPI, submission: object, **query: str) -> dict[str, Any]:
    response = ask(app, "POST", "/v1/review", json=submission, params=query)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def batch(app: FastAPI, submissions: list[Any], **query: str) -> list[dict[str, Any]]:
    content = json.dumps({"submissions": submissions})
    response = ask(app, "POST", "/v1/review/batch", content=content, headers=JSON, params=query)
    assert response.status_code == 200, response.text
    answers: list[dict[str, Any]] = response.json()["verdicts"]
    return answers
