"""Reviews that never end, and processes that die: the service answers, and nothing is approved."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import signal
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from smsvet.model import Fault
from smsvet_api.http.app import create_app
from smsvet_api.http.loading import build
from smsvet_api.http.problems import FieldError, ProblemError, invalid_fields
from smsvet_api.http.processes import DeadlineError, ReviewProcesses
from smsvet_api.http.reviewing import SLICE_BYTES, SLICE_ITEMS, fault_in_body, split_batch
from smsvet_api.http.settings import Settings

from .client import CLEAN
from .server_process import HEAD, ServerProcess, read_all, running, wait

RULE = """\
title: {zh: 慢, en: slow}
decision: reject
message: {zh: 慢, en: slow}
why: {zh: 试, en: try}
fix: {zh: 改, en: change}
source: ours
check: {kind: python}
examples:
  flag: [{body: "您好，永不"}]
  pass: [{body: "您好"}]
"""
# The pattern holds the interpreter, as `while True` would not.
CHECK = """\
import os
import re

def check(document):
    body = document.submission.body or ""
    if "无尽" in body:
        re.match("(a|a)*b", "a" * 64)
    if "猝死" in body:
        os._exit(7)
    print(end="")
    return ()
"""
DEADLINE = 3000  # ms; long enough for several reviews on a busy machine
ENDLESS = {"id": "endless", "body": "您好，无尽的等待", "purpose": "notification"}
LETHAL = {"id": "lethal", "body": "您好，猝死", "purpose": "notification"}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "test").mkdir()
    (folder / "test" / "slow.yaml").write_text(RULE, encoding="utf-8")
    (folder / "test" / "slow.py").write_text(CHECK, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    variables = {
        "SMSVET_RULES": str(rules),
        "SMSVET_DEADLINE_MS": str(DEADLINE),
        "SMSVET_REVIEW_PROCESSES": "2",
    }
    with running(tmp_path_factory.mktemp("server"), **variables) as server:
        yield server


def two_processes(server: ServerProcess) -> list[int]:
    """Return the ids of both review processes, once a test before has got its process replaced."""
    return wait(lambda: pids if len(pids := server.review_pids()) == 2 else None, server.log)


def test_a_review_past_the_deadline_asks_for_a_person_while_health_checks_are_answered(
    server: ServerProcess,
) -> None:
    two_processes(server)
    verdicts: list[dict[str, object]] = []
    hostile = threading.Thread(target=lambda: verdicts.append(server.review(**ENDLESS)))
    seconds: list[float] = []
    with httpx.Client(base_url=server.url, timeout=60) as client:
        client.get("/healthz")
        hostile.start()
        while hostile.is_alive():
            begun = time.perf_counter()
            assert client.get("/healthz").json() == {"status": "ok"}
            seconds.append(time.perf_counter() - begun)
            time.sleep(0.01)
    hostile.join()

    (verdict,) = verdicts
    assert verdict["id"] == "endless"
    assert (verdict["kind"], verdict["decision"]) == ("template", "manual_review")
    assert verdict["faults"] == [
        {"rule": "deadline", "error": f"the review took longer than {DEADLINE} ms and was stopped"}
    ]
    assert verdict["findings"] == []
    assert len(seconds) > 20
    assert statistics.median(seconds) < 0.05  # the machine of a test is busy
    assert max(seconds) < 2


def test_other_reviews_go_on_beside_one_that_never_ends(server: ServerProcess) -> None:
    two_processes(server)
    # The size keeps it off the process that is reserved for small requests.
    hostile = threading.Thread(target=lambda: server.review(**ENDLESS, remark="说明" * 500))
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for _ in range(2):  # each process in turn: its first review loads what later ones use
            client.post("/v1/review", json=CLEAN)
        hostile.start()
        time.sleep(0.3)
        decision = client.post("/v1/review", json=CLEAN).json()["decision"]
        endless = hostile.is_alive()
    hostile.join()

    assert (decision, endless) == ("approve", True)


def test_in_a_batch_only_the_slow_submission_gets_the_fault(server: ServerProcess) -> None:
    two_processes(server)
    batch = {"submissions": [CLEAN, {"id": "wrong"}, ENDLESS, CLEAN]}
    response = httpx.post(f"{server.url}/v1/review/batch", json=batch, timeout=60)
    assert response.status_code == 200, response.text
    first, wrong, endless, last = response.json()["verdicts"]

    assert response.headers["cache-control"] == "no-store"
    assert first == last
    assert (first["decision"], first["faults"]) == ("approve", [])
    assert (wrong["id"], wrong["index"]) == ("wrong", 1)
    assert (endless["id"], endless["decision"]) == ("endless", "manual_review")
    assert [fault["rule"] for fault in endless["faults"]] == ["deadline"]


def test_a_review_that_ends_its_process_asks_for_a_person(server: ServerProcess) -> None:
    before = two_processes(server)
    verdict = server.review(**LETHAL)

    assert (verdict["id"], verdict["decision"]) == ("lethal", "manual_review")
    assert [fault["rule"] for fault in verdict["faults"]] == ["process"]
    assert not set(before) & set(two_processes(server))
    assert server.review(**CLEAN)["decision"] == "approve"


def test_a_killed_process_is_replaced_and_the_request_answered(server: ServerProcess) -> None:
    for _ in range(2):
        killed = two_processes(server)[0]
        os.kill(killed, signal.SIGKILL)
        assert server.review(**CLEAN)["decision"] == "approve"
        assert killed not in two_processes(server)
        ended = server.logged("review process ended")
        assert [line["status"] for line in ended if line["pid"] == killed] == [-signal.SIGKILL]


def test_a_signal_to_the_whole_group_leaves_the_review_processes_alone(server: ServerProcess) -> None:
    before = two_processes(server)
    for pid in before:
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGINT)
    assert server.review(**CLEAN)["decision"] == "approve"
    assert two_processes(server) == before


def test_the_service_reviews_in_processes_as_it_does_on_the_loop() -> None:
    async def answers(app_has_processes: bool) -> list[bytes]:
        app = create_app(Settings(review_processes=1, log_level="error"))
        service = app.state.service
        await (service.start() if app_has_processes else service.load())
        try:
            single = await service.review(
                b'{"body": "\xe6\x82\xa8\xe5\xa5\xbd{1}", "as_of": "2026-11-22"}', "en"
            )
            body = b'{"submissions": [%s]}' % b",".join([b'{"signature": "x"}'] * (SLICE_ITEMS + 1))
            batch = [answer.content async for answer in service.review_batch(body, "zh")]
            with pytest.raises(ProblemError) as refused:
                await service.review(b'{"body": 1}', "en")
            assert refused.value.errors == [
                FieldError(field="body", message="Input should be a valid string")
            ]
            return [single.content, *batch]
        finally:
            await service.stop()

    on_loop = asyncio.run(answers(app_has_processes=False))
    assert len(on_loop) == 3
    assert asyncio.run(answers(app_has_processes=True)) == on_loop


def test_requests_wait_for_a_process_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    from smsvet_api.http import processes

    async def refusals() -> list[ProblemError]:
        pool = ReviewProcesses(Settings())
        found = []
        for seconds, most in ((0.01, 1000), (10, 10)):
            monkeypatch.setattr(processes, "MAX_WAIT", seconds)
            monkeypatch.setattr(processes, "MAX_WAITING_BYTES", most)
            with pytest.raises(ProblemError) as refused:
                await pool.run("review_body", b"", "zh", size=100, lang="zh")
            found.append(refused.value)
        return found

    assert [(problem.name, problem.status) for problem in asyncio.run(refusals())] == [("busy", 503)] * 2


def test_a_problem_passes_between_processes_unchanged() -> None:
    problem = invalid_fields([FieldError(field="body", message="wrong")], "en")
    assert pickle.loads(pickle.dumps(problem)).document() == problem.document()


def test_a_fault_leaves_the_other_fields_of_the_verdict_as_they_are() -> None:
    reviewer = build(Settings(cache=None))
    body = b'{"id": "a", "text": "x", "provider": "aliyun", "as_of": "2026-01-02"}'
    answer = fault_in_body(reviewer, body, Fault("deadline", "late"), "zh")
    assert answer.tally == {("review", "manual_review", "aliyun", "message"): 1, ("fault", "deadline"): 1}
    assert b'"as_of":"2026-01-02"' in answer.content
    assert [len(items) for items in split_batch(reviewer, b'{"submissions":[1,2,3]}', 3, "zh")] == [3]


@pytest.mark.parametrize(
    ("units", "count", "slices"),
    [
        (333, 10, [5, 5]),  # 加微信 x 333 is 3 KiB
        (166, 100, [10] * 10),
        (1, 250, [100, 100, 50]),
        (9000, 3, [1, 1, 1]),
        (0, 0, []),
    ],
)
def test_a_batch_is_sliced_by_bytes_and_number(units: int, count: int, slices: list[int]) -> None:
    reviewer = build(Settings(cache=None))
    body = json.dumps({"submissions": [{"body": "加微信" * units}] * count}, ensure_ascii=False).encode()
    split = split_batch(reviewer, body, 1000, "zh")
    assert [len(items) for items in split] == slices
    assert all(len(items) == 1 or sum(map(len, items)) <= SLICE_BYTES for items in split)


def test_sigterm_ends_the_service_beside_a_review_that_never_ends(rules: Path, tmp_path: Path) -> None:
    variables = {
        "SMSVET_RULES": str(rules),
        "SMSVET_DEADLINE_MS": "600000",
        "SMSVET_STOP_TIMEOUT_MS": "1000",
        "SMSVET_REVIEW_PROCESSES": "1",
    }
    body = json.dumps(ENDLESS).encode()
    with running(tmp_path, **variables) as server, server.connect() as waiting:
        (pid,) = server.review_pids()
        waiting.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        assert b"urn:smsvet:problem:stopping" in read_all(waiting)
        server.process.wait(30)
        assert not Path(f"/proc/{pid}/status").exists()


def test_the_deadline_ends_the_process(rules: Path) -> None:
    async def ended() -> int:
        pool = ReviewProcesses(
            Settings(rules=(rules,), review_processes=1, deadline_ms=300, log_level="error")
        )
        await pool.start()
        (process,) = pool.alive
        try:
            body = b'{"body": "\xe6\x97\xa0\xe5\xb0\xbd"}'
            with pytest.raises(DeadlineError):
                await pool.run("review_body", body, "zh", size=len(body), lang="zh")
            return await process.process.wait()
        finally:
            await pool.stop()

    assert asyncio.run(ended()) == -signal.SIGKILL


def test_a_process_that_cannot_start_is_reported_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from smsvet_api.http import processes

    attempts: list[float] = []

    async def refused() -> None:
        attempts.append(time.monotonic())
        raise OSError("no process id left")

    async def ready() -> ProblemError:
        service = create_app(Settings(review_processes=1, log_level="error")).state.service
        await service.start()
        with pytest.raises(ProblemError) as problem:
            service.able("en")
        await asyncio.sleep(2.5)
        await service.stop()
        return problem.value

    monkeypatch.setattr(processes, "spawn", refused)
    assert asyncio.run(ready()).detail == "No review process is running"
    assert len(attempts) == 2
