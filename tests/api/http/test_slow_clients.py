"""Clients that are slow, impatient or malformed, and the stop of the service among them."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .client import CLEAN, JSON, LIMIT
from .server_process import HEAD, PATIENCE, ServerProcess, read_all, running, wait

TIMES = {
    "SMSVET_HEADER_TIMEOUT_MS": "2000",
    "SMSVET_BODY_TIMEOUT_MS": "3000",
    "SMSVET_STOP_TIMEOUT_MS": "2000",
    "SMSVET_MAX_BODY_BYTES": str(LIMIT),
    "SMSVET_REVIEW_PROCESSES": "1",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running(tmp_path_factory.mktemp("server"), **TIMES) as server:
        yield server


SLOW = [
    pytest.param(b"POST /v1/rev", b"408", id="half a request line"),
    pytest.param(HEAD, b"408", id="headers without an end"),
    pytest.param(HEAD + b"Content-Length: 20\r\n\r\n{", b"408", id="one byte of a body"),
    pytest.param(b"", b"", id="nothing"),
]


@pytest.mark.parametrize(("sent", "status"), SLOW)
def test_a_slow_client_is_not_waited_for(server: ServerProcess, sent: bytes, status: bytes) -> None:
    begun = time.monotonic()
    with server.connect() as connection:
        connection.sendall(sent)
        answer = read_all(connection)

    assert time.monotonic() - begun > 1.9
    assert answer.partition(b" ")[2][:3] == status
    assert (b"urn:smsvet:problem:timeout" in answer) == bool(status)


def test_a_client_that_trickles_its_head_is_not_waited_for(server: ServerProcess) -> None:
    with server.connect() as connection, pytest.raises((BrokenPipeError, ConnectionResetError)):
        trickle(connection)


def trickle(connection: socket.socket) -> None:
    """Send the head of a request line by line, without an end."""
    connection.sendall(b"GET /healthz HTTP/1.1\r\n")
    for _ in range(10 * PATIENCE):
        connection.sendall(b"a: b\r\n")
        time.sleep(0.1)


MALFORMED = [
    pytest.param(b"PO\tST / HTTP/1.1\r\nHost: x\r\n\r\n", id="a tab in the method"),
    pytest.param(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", id="two lengths"),
    pytest.param(HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", id="length and chunks"),
    pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01", id="TLS"),
]


@pytest.mark.parametrize("sent", MALFORMED)
def test_a_request_that_the_parser_refuses_gets_a_problem(server: ServerProcess, sent: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(sent)
        head, _, body = read_all(connection).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["type"] == "urn:smsvet:problem:bad-request"


def test_a_bad_chunk_gets_a_problem(server: ServerProcess) -> None:
    with server.connect() as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
        answer = read_all(connection)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"urn:smsvet:problem:bad-request" in answer


@pytest.mark.parametrize("size", [LIMIT + 1, 4_000_000])
def test_urllib_reads_the_refusal_of_a_large_body(server: ServerProcess, size: int) -> None:
    request = urllib.request.Request(f"{server.url}/v1/review", b" " * size, JSON)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=PATIENCE)

    with refused.value as answer:
        assert answer.status == 413
        assert json.load(answer)["type"] == "urn:smsvet:problem:too-large"


def test_head_is_answered_on_health_checks(server: ServerProcess) -> None:
    for path in ("/healthz", "/readyz"):
        response = httpx.head(server.url + path)
        assert (response.status_code, response.content) == (200, b"")


def test_sigterm_answers_what_was_sent_and_ends_in_spite_of_a_slow_client(tmp_path: Path) -> None:
    slow = str(1000 * PATIENCE)
    variables = TIMES | {"SMSVET_BODY_TIMEOUT_MS": slow, "SMSVET_HEADER_TIMEOUT_MS": slow}
    with running(tmp_path, **variables) as server, server.connect() as half, server.connect() as idle:
        half.sendall(HEAD + b"Content-Length: 20\r\n\r\n{")
        asked = [0] * 4
        answered = [0] * 4
        refused: list[str] = []

        def ask(number: int) -> None:
            with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
                while True:
                    asked[number] += 1
                    try:
                        status = client.post("/v1/review", json=CLEAN).status_code
                    except httpx.ConnectError:  # the service takes no new connection
                        asked[number] -= 1
                        return
                    except httpx.HTTPError as error:
                        refused.append(repr(error))
                        return
                    assert status == 200
                    answered[number] += 1

        clients = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for client in clients:
            client.start()
        wait(lambda: min(answered) > 3, server.log)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        wait(lambda: not listens(server), server.log, pause=0.005)
        stopping = time.monotonic()
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")  # on its way when the stop begins
        in_time = time.monotonic() - stopping < 0.2
        for client in clients:
            client.join()
        late = read_all(idle)
        interrupted = read_all(half)
        server.process.wait(PATIENCE)
        seconds = time.monotonic() - begun

    assert answered == asked, refused
    assert b"connection: close" in late or not in_time
    assert late.startswith(b"HTTP/1.1 200 ") or not in_time
    assert b"urn:smsvet:problem:stopping" in interrupted
    assert seconds < PATIENCE / 2
    assert not subprocess.run(
        ["pgrep", "-P", str(server.process.pid)], check=False, capture_output=True
    ).stdout


def listens(server: ServerProcess) -> bool:
    """Return whether the service still accepts connections."""
    try:
        server.connect().close()
    except OSError:
        return False
    return True


def test_review_processes_end_when_the_service_is_killed(tmp_path: Path) -> None:
    with running(tmp_path, **TIMES) as server:
        (pid,) = server.review_pids()
        server.process.kill()
        server.process.wait()
    wait(lambda: has_ended(pid), server.log)


def has_ended(pid: int) -> bool:
    try:
        return ") Z" in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
