"""The HTTP service, from a request's bytes to its answer, its log line and its counters."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from smsvet import Reviewer, Submission, Verdict
from smsvet.model import Fault, Lang
from smsvet_api import routes
from smsvet_api.app import create_app
from smsvet_api.logs import mask
from smsvet_api.settings import Settings, SettingsError

LIMIT, BATCH_LIMIT, MOST = 20_000, 60_000, 300
PHONE = "13912345678"
TEMPLATE = {"id": "t-1", "body": "您的验证码为｛1｝，点击{2}查看", "purpose": "verification"}
CLEAN = {"body": "您的验证码是{1}，{2}分钟内有效。", "purpose": "verification", "as_of": "2026-11-22"}
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = create_app(Settings(max_body_bytes=LIMIT, max_batch_bytes=BATCH_LIMIT, max_batch=MOST))
    asyncio.run(app.state.service.load())
    assert app.state.service.failure is None, app.state.service.failure
    return app


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


# Reviews


def test_a_verdict_has_the_fields_of_the_contract(app: FastAPI) -> None:
    verdict = review(app, TEMPLATE)

    assert list(verdict) == [
        "id",
        "kind",
        "decision",
        "provider",
        "as_of",
        "findings",
        "faults",
        "revision",
    ]
    assert (verdict["id"], verdict["kind"], verdict["decision"]) == ("t-1", "template", "reject")
    assert verdict["faults"] == []
    for finding in verdict["findings"]:
        body, start, end = TEMPLATE["body"], finding["start"], finding["end"]
        assert finding["text"] == (body[start:end] if start is not None else None)
        assert {"rule", "decision", "field", "message", "fix", "suggestion", "category", "transforms"} <= set(
            finding
        )
        assert {"code", "source"} <= set(finding)


def test_messages_are_chinese_unless_english_is_asked_for(app: FastAPI) -> None:
    def messages(**query: str) -> list[str]:
        return [finding["message"] for finding in review(app, TEMPLATE, **query)["findings"]]

    assert messages() == messages(lang="zh")
    assert all(re.search("[一-鿿]", message) for message in messages())
    assert len(messages(lang="en")) == len(messages())
    assert not set(messages(lang="en")) & set(messages())


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "2026-11-22"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "2026-11-23"),
    ],
)
def test_today_is_the_date_in_china(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, now: datetime, day: str
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return now.astimezone(tz)

    monkeypatch.setattr(routes, "datetime", Clock)

    assert review(app, {"signature": "通知"})["as_of"] == day
    assert review(app, {"signature": "通知", "as_of": None})["as_of"] == day
    assert review(app, {"signature": "通知", "as_of": "2018-10-09"})["as_of"] == "2018-10-09"


def test_http_answers_what_python_answers(app: FastAPI) -> None:
    verdict = Reviewer.review(
        app.state.service.reviewer,
        Submission(body=CLEAN["body"], purpose="verification", as_of=date(2026, 11, 22)),
    )
    answer = review(app, CLEAN)

    assert answer["decision"] == verdict.decision.value
    assert [finding["rule"] for finding in answer["findings"]] == [
        finding.rule for finding in verdict.findings
    ]
    assert answer["revision"] == verdict.revision


# Batches


def test_a_batch_answers_every_submission_in_its_place(app: FastAPI) -> None:
    answers = batch(
        app,
        [
            CLEAN | {"id": "a"},
            {"id": "b", "purpose": "news"},
            {"id": "c"},
            "not an object",
            {"id": 5, "body": "x"},
            {"id": "d", "body": "x", "provider": "nobody"},
            {"id": "e", "body": "x\ud800"},
            CLEAN | {"id": "f"},
        ],
        lang="en",
    )

    assert [answer.get("decision") is None for answer in answers] == [False] + [True] * 6 + [False]
    assert [answer["id"] for answer in answers] == ["a", "b", "c", None, None, "d", "e", "f"]
    wrong = answers[1:7]
    assert [list(answer) for answer in wrong] == [["id", "index", "error"]] * 6
    assert [answer["index"] for answer in wrong] == [1, 2, 3, 4, 5, 6]
    for answer, word in zip(wrong, ("purpose", "signature", "object", "id", "provider", "body"), strict=True):
        assert word in answer["error"]


def test_a_batch_equals_its_reviews(app: FastAPI) -> None:
    submissions = [CLEAN, TEMPLATE | {"as_of": "2026-11-22"}, {"signature": "测试", "as_of": "2026-11-22"}]

    assert batch(app, submissions) == [review(app, submission) for submission in submissions]


def test_an_empty_batch_is_answered(app: FastAPI) -> None:
    assert batch(app, []) == []


def test_a_large_batch_lets_others_through(app: FastAPI) -> None:
    async def both() -> list[str]:
        done = []

        async def note(name: str, method: str, path: str, **request: Any) -> None:
            response = await ask_async(app, method, path, **request)
            assert response.status_code == 200
            done.append(name)

        large = {"submissions": [{"body": "您的验证码是{1}。"}] * MOST}
        await asyncio.gather(
            note("batch", "POST", "/v1/review/batch", json=large), note("health", "GET", "/healthz")
        )
        return done

    assert asyncio.run(both()) == ["health", "batch"]


# What is refused


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
    # request, status, name of the problem, what the detail says
    (post(""), 400, "invalid-json", "line 1, column 1"),
    (post("", lang="zh"), 400, "invalid-json", "第 1 行第 1 列：此处应为一个值"),
    (post('{"body":\n "x",}'), 400, "invalid-json", "line 2, column"),
    (post('{"body": "x"} {}'), 400, "invalid-json", "line 1, column 15"),
    (post('{"body": "x\ny"}'), 400, "invalid-json", "line 1, column 12"),
    (post(b'{\n"body": "\xff"}'), 400, "invalid-json", "line 2: byte 12 is not UTF-8"),
    (post('{"body": "x"}'.encode("utf-16")), 400, "invalid-json", "not UTF-8"),
    (post('{"body": "x", "params": [NaN]}'), 400, "invalid-json", "NaN"),
    (post('{"body": "x", "params": [-Infinity]}'), 400, "invalid-json", "Infinity"),
    (post('{"body": "x", "params": [1e999]}'), 400, "invalid-json", "out of range"),
    (post('{"body": "x", "params": [%s]}' % ("9" * 5000)), 400, "invalid-json", "out of range"),
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
    (post("{}"), 422, "invalid-fields", "signature, body, text"),
    (post("{}", lang="zh"), 422, "invalid-fields", "signature、body、text 至少需要一个"),
    (post("[]"), 422, "invalid-fields", "JSON object"),
    (post("null", lang="zh"), 422, "invalid-fields", "JSON 对象"),
    (post('{"body": "x", "street": 1}'), 422, "invalid-fields", "street: unknown field"),
    (post('{"body": 1, "as_of": "soon"}', lang="zh"), 422, "invalid-fields", "body: 应为字符串; as_of: "),
    (post('{"body": "x", "provider": "nobody"}', lang="zh"), 422, "invalid-fields", "provider: 应为"),
    (post('{"body": "x", "documents": ["deed"]}'), 422, "invalid-fields", "documents.0: "),
    (post('{"body": "x", "documents": [{"kind": "deed"}]}'), 422, "invalid-fields", "documents.0.kind: "),
    (post('{"body": "x", "documents": [{}]}'), 422, "invalid-fields", "documents.0.kind: Field required"),
    (post('{"body": "x", "variables": {"1": {"max": 0}}}'), 422, "invalid-fields", "variables.1.max: "),
    (post('{"body": "\\ud800"}'), 422, "invalid-fields", "body: holds a lone surrogate"),
    (post('{"body": "x", "params": ["\\udfff"]}', lang="zh"), 422, "invalid-fields", "params.0: 含有孤立"),
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


def test_nesting_that_is_allowed(app: FastAPI) -> None:
    nested: Any = "1"
    for _ in range(60):
        nested = [nested]

    assert review(app, {"body": "您的验证码是{1}。", "params": [nested]})["kind"] == "message"


def test_a_byte_order_mark_is_passed_over(app: FastAPI) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(CLEAN).encode()

    assert ask(app, "POST", "/v1/review", content=content, headers=JSON).status_code == 200


@pytest.mark.parametrize(("path", "limit"), [("/v1/review", LIMIT), ("/v1/review/batch", BATCH_LIMIT)])
def test_a_stream_without_length_is_cut_off(app: FastAPI, path: str, limit: int) -> None:
    sent = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 5 * limit:
            sent += 1000
            yield b" " * 1000

    response = ask(app, "POST", path, content=stream(), headers=JSON)

    assert response.status_code == 413
    assert response.headers["connection"] == "close"
    assert limit < sent <= limit + 2000


def test_a_body_of_exactly_the_limit_is_read(app: FastAPI) -> None:
    content = json.dumps(CLEAN).encode()
    content += b" " * (LIMIT - len(content))

    assert ask(app, "POST", "/v1/review", content=content, headers=JSON).status_code == 200


# Failures inside


class Broken:
    """A Reviewer that fails on one body, quoting it, as code that meets a text might."""

    def __init__(self, reviewer: Reviewer) -> None:
        self.reviewer = reviewer
        self.rules, self.providers, self.revision = reviewer.rules, reviewer.providers, reviewer.revision

    def review(self, submission: Submission, lang: Lang = "zh") -> Verdict:
        verdict = self.reviewer.review(submission, lang)
        if submission.body == f"call {PHONE}":
            raise ValueError(submission.body)
        if submission.body == "fault":
            return replace(verdict, faults=(Fault("template/x", f"KeyError: {PHONE}"),))
        return verdict


@pytest.fixture
def broken(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    monkeypatch.setattr(app.state.service, "reviewer", Broken(app.state.service.reviewer))
    return app


def test_a_failure_is_a_problem_that_tells_nothing(
    broken: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    response = ask(broken, "POST", "/v1/review?lang=en", json={"body": f"call {PHONE}"})
    log = capsys.readouterr().err

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:smsvet:problem:internal"
    assert PHONE not in response.text
    assert "ValueError" not in response.text
    failed, request = map(json.loads, log.splitlines())
    assert failed["error"] == "ValueError"
    assert failed["at"][-1].startswith("api/test_http.py:")
    assert failed["instance"] == request["instance"] == response.json()["instance"]
    assert PHONE not in log


def test_a_failure_loses_one_submission_of_a_batch(
    broken: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = batch(broken, [CLEAN, {"id": "b", "body": f"call {PHONE}"}, CLEAN])
    log = capsys.readouterr().err

    assert [answer.get("decision") for answer in answers][1] is None
    assert (answers[1]["id"], answers[1]["index"]) == ("b", 1)
    assert answers[0] == answers[2]
    instance = re.search(r"urn:uuid:[0-9a-f-]{36}", answers[1]["error"])
    assert instance is not None
    assert instance[0] in log
    assert PHONE not in log + answers[1]["error"]


def test_faults_are_logged_by_rule_alone(broken: FastAPI, capsys: pytest.CaptureFixture[str]) -> None:
    assert review(broken, {"body": "fault"})["faults"][0]["rule"] == "template/x"
    log = capsys.readouterr().err

    assert json.loads(log.splitlines()[0])["rules"] == ["template/x"]
    assert PHONE not in log


# Rules


def test_rules_are_listed(app: FastAPI) -> None:
    listed = ask(app, "GET", "/v1/rules").json()

    assert [rule["id"] for rule in listed["rules"]] == [rule.id for rule in app.state.service.reviewer.rules]
    assert listed["revision"] == app.state.service.reviewer.revision
    for rule in listed["rules"]:
        assert list(rule) == [
            "id",
            "title",
            "decision",
            "providers",
            "since",
            "until",
            "category",
            "source",
        ]


def test_rules_by_topic(app: FastAPI) -> None:
    def topic(name: str) -> list[str]:
        return [rule["id"] for rule in ask(app, "GET", "/v1/rules", params={"topic": name}).json()["rules"]]

    assert topic("template")
    assert all(rule.startswith("template/") for rule in topic("template"))
    assert topic("templat") == []


def test_every_rule_is_explained_in_both_languages(app: FastAPI) -> None:
    for rule in app.state.service.reviewer.rules:
        chinese = ask(app, "GET", f"/v1/rules/{rule.id}").json()
        english = ask(app, "GET", f"/v1/rules/{rule.id}", params={"lang": "en"}).json()

        assert chinese["id"] == english["id"] == rule.id
        assert (chinese["title"], english["title"]) == (rule.file.title.zh, rule.file.title.en)
        assert (chinese["why"], english["fix"]) == (rule.file.why.zh, rule.file.fix.en)
        assert len(chinese["examples"]["flag"]) == len(rule.file.examples.flag)
        assert len(chinese["examples"]["pass"]) == len(rule.file.examples.passes)
        assert {"message", "clause", "codes", "standard", "source"} <= set(chinese)


# Operation


def test_not_ready_until_the_rules_are_loaded() -> None:
    app = create_app(Settings())
    response = ask(app, "GET", "/readyz")

    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json()["detail"] == "正在加载规则"
    assert ask(app, "POST", "/v1/review", json=CLEAN).status_code == 503
    assert ask(app, "GET", "/healthz").json() == {"status": "ok"}
    assert ask(app, "GET", "/openapi.json").status_code == 200


def test_not_ready_says_which_file_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("rules:\n  template/no-such-rule: off\n", encoding="utf-8")
    app = create_app(Settings(policy=policy))
    asyncio.run(app.state.service.load())
    response = ask(app, "GET", "/readyz")

    assert response.status_code == 503
    assert "retry-after" not in response.headers
    assert f"{policy}" in response.json()["detail"]
    assert "policy.yaml" in capsys.readouterr().err


def test_ready(app: FastAPI) -> None:
    answer = ask(app, "GET", "/readyz").json()

    assert answer["status"] == "ready"
    assert answer["rules"] == len(app.state.service.reviewer.rules)
    assert "tencent" in answer["providers"]


def test_metrics(app: FastAPI) -> None:
    def value(line: str) -> float:
        text = ask(app, "GET", "/metrics").text
        return next((float(row.rpartition(" ")[2]) for row in text.splitlines() if row.startswith(line)), 0.0)

    verdict = review(app, TEMPLATE)
    decision, first = verdict["decision"], verdict["findings"][0]
    times = sum(first["rule"] == finding["rule"] for finding in verdict["findings"])
    lines = (
        'smsvet_requests_total{method="POST",route="/v1/review",status="200"}',
        'smsvet_request_seconds_count{route="/v1/review"}',
        f'smsvet_reviews_total{{decision="{decision}",kind="template",provider="tencent"}}',
        f'smsvet_findings_total{{decision="{first["decision"]}",rule="{first["rule"]}"}}',
        'smsvet_requests_total{method="GET",route="unmatched",status="404"}',
        'smsvet_unreviewed_total{reason="invalid"}',
        "smsvet_batch_size_count",
        "smsvet_batch_size_sum",
    )
    before = [value(line) for line in lines]
    review(app, TEMPLATE)
    ask(app, "GET", f"/nowhere/{PHONE}")
    batch(app, [{}, {"signature": "测试"}])
    after = [value(line) for line in lines]

    assert [new - old for old, new in zip(before, after, strict=True)] == [
        1,
        1,
        1,
        times,
        1,
        1,
        1,
        2,
    ]
    text = ask(app, "GET", "/metrics").text
    assert "smsvet_ready 1.0" in text
    assert PHONE not in text


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


def test_a_log_line_counts_and_never_quotes(app: FastAPI, capsys: pytest.CaptureFixture[str]) -> None:
    review(app, SECRET)
    batch(app, [SECRET, {"body": PHONE, "secret": PHONE}])
    ask(app, "GET", f"/v1/rules/{PHONE}", params={"lang": PHONE})
    ask(app, "POST", "/v1/review", content=f'{{"body": "绝密{PHONE}', headers=JSON)
    log = capsys.readouterr().err
    lines = [line for line in map(json.loads, log.splitlines()) if line["event"] == "request"]

    assert [line["route"] for line in lines] == [
        "/v1/review",
        "/v1/review/batch",
        "/v1/rules/{id}",
        "/v1/review",
    ]
    assert [line["status"] for line in lines] == [200, 200, 422, 400]
    assert sum(lines[0]["decisions"].values()) == 1
    assert (sum(lines[1]["decisions"].values()), lines[1]["unreviewed"]) == (1, 1)
    assert lines[0]["revision"] == app.state.service.reviewer.revision
    assert all(line["milliseconds"] > 0 and line["method"] for line in lines)
    for secret in (PHONE, "绝密", "\\u7edd", "applicant-77"):
        assert secret not in log


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13912345678", "139****5678"),
        ("+8613912345678", "+86139****5678"),
        ("call 008613912345678.", "call 0086139****5678."),
        ("process 1234567 on port 8000", "process 1234567 on port 8000"),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(text) == masked


# Settings


def test_settings_from_the_environment(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.touch()
    (tmp_path / "more").mkdir()
    settings = Settings.from_environment(
        {
            "SMSVET_RULES": os.pathsep.join((str(tmp_path), str(tmp_path / "more"))),
            "SMSVET_POLICY": str(policy),
            "SMSVET_MAX_BODY_BYTES": "10",
            "SMSVET_MAX_BATCH_BYTES": "20",
            "SMSVET_MAX_BATCH": "30",
            "SMSVET_LOG_LEVEL": "Warning",
        }
    )

    assert settings == Settings((tmp_path, tmp_path / "more"), policy, 10, 20, 30, "warning")
    assert Settings.from_environment({"SMSVET_MAX_BATCH": ""}) == Settings()
    assert (Settings().max_body_bytes, Settings().max_batch_bytes) == (1 << 20, 8 << 20)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMSVET_RULES", "no/such/folder"),
        ("SMSVET_POLICY", "no/such/file.yaml"),
        ("SMSVET_MAX_BODY_BYTES", "1MiB"),
        ("SMSVET_MAX_BATCH_BYTES", "-1"),
        ("SMSVET_MAX_BATCH", "0"),
        ("SMSVET_MAX_BATCH", "１０"),
        ("SMSVET_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: "):
        Settings.from_environment({name: value})


# A real server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, Path]]:
    log = tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "uvicorn", "--factory", "smsvet_api.app:create_app", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "SMSVET_MAX_BODY_BYTES": str(LIMIT)}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream, env=environment)
    try:
        port = int(
            wait(lambda: re.search(r"running on http://127\.0\.0\.1:([0-9]+)", log.read_text()), log)[1]
        )
        url = f"http://127.0.0.1:{port}"
        wait(lambda: httpx.get(f"{url}/readyz").status_code == 200, log)
        yield url, port, log
    finally:
        process.terminate()
        process.wait(10)


def wait(until: Any, log: Path) -> Any:
    deadline = time.monotonic() + 60
    while not (found := until()):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    return found


def test_a_real_server_reviews(server: tuple[str, int, Path]) -> None:
    url, _, _ = server
    with httpx.Client(base_url=url) as client:
        assert client.post("/v1/review", json=TEMPLATE).json()["decision"] == "reject"
        answers = client.post("/v1/review/batch", json={"submissions": [TEMPLATE, {}]}).json()["verdicts"]
        assert [answer["id"] for answer in answers] == ["t-1", None]
        assert client.get("/docs").status_code == 200


def test_a_real_server_cuts_off_a_chunked_body(server: tuple[str, int, Path]) -> None:
    _, port, _ = server
    head = b"POST /v1/review HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(LIMIT // 1000 + 1):
            connection.sendall(b"3e8\r\n" + b" " * 1000 + b"\r\n")
        answer = read_all(connection)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"urn:smsvet:problem:too-large" in answer


def test_a_real_server_refuses_a_length_before_the_body_comes(server: tuple[str, int, Path]) -> None:
    _, port, _ = server
    head = b"POST /v1/review HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(head + b"Expect: 100-continue\r\nContent-Length: 999999999\r\n\r\n")
        answer = read_all(connection)

    assert answer.startswith(b"HTTP/1.1 413 ")


def read_all(connection: socket.socket) -> bytes:
    answer = b""
    while part := connection.recv(65536):
        answer += part
    return answer


def test_a_real_server_logs_no_text(server: tuple[str, int, Path]) -> None:
    url, _, log = server
    with httpx.Client(base_url=url) as client:
        client.post("/v1/review", json=SECRET)
        client.post(f"/v1/review?text={PHONE}&lang=绝密", json=SECRET)
        client.get(f"/{PHONE}")
    wait(lambda: '"unmatched"' in log.read_text(), log)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]

    assert {"ready", "request"} <= {line["event"] for line in lines}
    for secret in (PHONE, "绝密", "\\u7edd", "%E7%BB%9D"):
        assert secret not in log.read_text(encoding="utf-8")
