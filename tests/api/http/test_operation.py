"""Operating the service: readiness, metrics, log lines and settings."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import threading
from pathlib import Path

import pytest
from fastapi import FastAPI

from smsvet import Reviewer
from smsvet_api.http import revision
from smsvet_api.http.app import create_app
from smsvet_api.http.loading import build
from smsvet_api.http.logs import mask
from smsvet_api.http.settings import Settings, SettingsError, read_settings

from .client import CLEAN, JSON, PHONE, SECRET, TEMPLATE, ask, ask_async, batch, review


def test_not_ready_until_the_rules_are_loaded() -> None:
    app = create_app(Settings())
    response = ask(app, "GET", "/readyz")

    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json()["detail"] == "正在加载规则"
    assert ask(app, "POST", "/v1/review", json=CLEAN).status_code == 503
    assert ask(app, "GET", "/healthz").json() == {"status": "ok"}
    assert ask(app, "GET", "/openapi.json").status_code == 200


def test_requests_are_answered_while_the_rules_are_loaded(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answered = threading.Event(), threading.Event()
    usual = sys.getswitchinterval()
    intervals: list[float] = []

    def busy(*_: object) -> Reviewer:
        intervals.append(sys.getswitchinterval())
        begun.set()
        while not answered.is_set():  # it holds the interpreter until the switch interval ends
            pass
        loaded: Reviewer = app.state.service.reviewer
        return loaded

    async def during_the_start() -> list[int]:
        starting = create_app(Settings())
        loading = asyncio.create_task(starting.state.service.load())
        await asyncio.to_thread(begun.wait)
        paths = ("/healthz", "/readyz")
        statuses = [(await ask_async(starting, "GET", path)).status_code for path in paths]
        answered.set()
        await loading
        return [*statuses, (await ask_async(starting, "GET", "/readyz")).status_code]

    monkeypatch.setattr(revision, "build", busy)
    assert asyncio.run(during_the_start()) == [200, 503, 200]
    assert intervals[0] < usual
    assert sys.getswitchinterval() == usual


def test_not_ready_names_the_wrong_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_a_log_line_has_counts_and_no_text(app: FastAPI, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_settings_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy.yaml"
    policy.touch()
    (tmp_path / "more").mkdir()
    environment = {
        "SMSVET_RULES": os.pathsep.join((str(tmp_path), str(tmp_path / "more"))),
        "SMSVET_POLICY": str(policy),
        "SMSVET_MAX_BODY_BYTES": "10",
        "SMSVET_MAX_BATCH_BYTES": "20",
        "SMSVET_MAX_BATCH": " 30 ",
        "SMSVET_LOG_LEVEL": "Warning",
        "SMSVET_CACHE": str(tmp_path / "cache"),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    settings = read_settings()
    assert settings.rules == (tmp_path, tmp_path / "more")
    assert settings.policy == policy
    assert (settings.max_body_bytes, settings.max_batch_bytes, settings.max_batch) == (10, 20, 30)
    assert (settings.log_level, settings.cache) == ("warning", tmp_path / "cache")


def test_a_variable_that_is_blank_keeps_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = read_settings()
    for name in ("SMSVET_MAX_BATCH", "SMSVET_RULES", "SMSVET_POLICY", "SMSVET_LOG_LEVEL"):
        monkeypatch.setenv(name, " ")
    assert read_settings() == defaults
    assert (defaults.max_body_bytes, defaults.max_batch_bytes, defaults.max_batch) == (1 << 20, 8 << 20, 1000)


def test_the_cache_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMSVET_CACHE", "OFF")
    assert read_settings().cache is None


def test_a_service_writes_the_startup_cache_and_is_warm(tmp_path: Path) -> None:
    settings = Settings(cache=tmp_path / "smsvet")
    first, second = build(settings), build(settings)
    assert len(list((tmp_path / "smsvet").iterdir())) == 1
    assert first.revision == second.revision
    reader = second.catalogue.reader
    assert set(reader.parser.vendors.ready) == set(second.providers)
    assert reader.lexicon.segmenter.ready


def test_the_process_that_answers_health_checks_does_not_warm_up(tmp_path: Path) -> None:
    """The long steps of the start hold the interpreter; they belong in the review processes."""

    async def is_warm(has_processes: bool) -> bool:
        app = create_app(Settings(review_processes=1, log_level="error", cache=tmp_path / "smsvet"))
        service = app.state.service
        await (service.start() if has_processes else service.load())
        try:
            ready: bool = service.reviewer.catalogue.reader.lexicon.segmenter.ready
            return ready
        finally:
            await service.stop()

    assert not asyncio.run(is_warm(has_processes=True))
    assert asyncio.run(is_warm(has_processes=False))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMSVET_RULES", "no/such/folder"),
        ("SMSVET_POLICY", "no/such/file.yaml"),
        ("SMSVET_MAX_BODY_BYTES", "1MiB"),
        ("SMSVET_MAX_BODY_BYTES", "1_000"),
        ("SMSVET_MAX_BATCH_BYTES", "-1"),
        ("SMSVET_MAX_BATCH", "0"),
        ("SMSVET_MAX_BATCH", "１０"),
        ("SMSVET_MAX_BATCH", "9" * 5000),
        ("SMSVET_LOG_LEVEL", "loud"),
        ("SMSVET_REVIEW_PROCESSES", "0"),
        ("SMSVET_DEADLINE_MS", "2s"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}: [^\n]*{value}") as caught:
        read_settings()
    assert caught.value.say("zh").startswith(f"{name}: ")
    assert re.search("[\u4e00-\u9fff]", caught.value.say("zh"))
    assert not re.search("[\u4e00-\u9fff]", caught.value.say("en"))


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMSVET_MAX_BATCH", "many")
    monkeypatch.setenv("SMSVET_LOG_LEVEL", "loud")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert caught.value.say("en").split("\n") == [
        "SMSVET_MAX_BATCH: expected a whole number above 0, found 'many'",
        "SMSVET_LOG_LEVEL: expected one of debug, info, warning, error, found 'loud'",
    ]
    assert caught.value.say("zh").split("\n") == [
        "SMSVET_MAX_BATCH: 应为大于 0 的整数，实际为“many”",
        "SMSVET_LOG_LEVEL: 应为 debug, info, warning, error 之一，实际为“loud”",
    ]
