"""The service in a separate process, reached over a socket."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .client import LIMIT, PHONE, SECRET, TEMPLATE
from .server_process import read_all, running, wait


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, Path]]:
    command = ["-m", "uvicorn", "--factory", "smsvet_api.http.app:create_app", "--port", "0"]
    folder = tmp_path_factory.mktemp("server")
    with running(folder, command, SMSVET_MAX_BODY_BYTES=str(LIMIT), SMSVET_REVIEW_PROCESSES="1") as server:
        yield server.url, server.port, server.log


def test_a_real_server_reviews(server: tuple[str, int, Path]) -> None:
    url, _, _ = server
    with httpx.Client(base_url=url) as client:
        assert client.post("/v1/review", json=TEMPLATE).json()["decision"] == "reject"
        answers = client.post("/v1/review/batch", json={"submissions": [TEMPLATE, {}]}).json()["verdicts"]
        assert [answer["id"] for answer in answers] == ["t-1", None]
        assert client.get("/openapi.json").status_code == 200


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


def test_a_real_server_refuses_a_content_length_before_the_body(server: tuple[str, int, Path]) -> None:
    _, port, _ = server
    head = b"POST /v1/review HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(head + b"Expect: 100-continue\r\nContent-Length: 999999999\r\n\r\n")
        answer = read_all(connection)

    assert answer.startswith(b"HTTP/1.1 413 ")


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
