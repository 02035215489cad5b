"""The command line as a process: streams, encodings, pipes and signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from .command_line import ROOT, real, surroundings


def test_no_colour_without_a_terminal() -> None:
    done = real("review", "--signature", "通知", PYTHONIOENCODING="utf-8")
    assert "✗ 驳回" in done.stdout.decode()
    assert b"\x1b" not in done.stdout
    assert (done.returncode, done.stderr) == (1, b"")


def test_json_is_utf8_on_any_terminal() -> None:
    line = '{"id":"云雀","signature":"通知"}\n'.encode()
    done = real("review", "--format", "jsonl", stdin=line, PYTHONIOENCODING="gb18030")
    assert json.loads(done.stdout.decode("utf-8"))["id"] == "云雀"
    assert done.returncode == 1


def test_usage_errors_and_help_as_a_process() -> None:
    assert real("review", "--colour").returncode == 3
    assert real("--help").returncode == 0


def test_verdicts_stream_and_a_closed_pipe_is_quiet() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "smsvet_api", "review", "--format", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdin, process.stdout, process.stderr:
        process.stdin.write(b'{"id":"a","signature":"x"}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "a"
        process.stdout.close()
        process.stdin.write(b'{"id":"b","signature":"x"}\n' * 50)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a child")
def test_an_interrupt_is_quiet() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "smsvet_api", "review", "--format", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdin, process.stdout, process.stderr:
        process.stdin.write(b'{"id":"a","signature":"x"}\n')
        process.stdin.flush()
        process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""
