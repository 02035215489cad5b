"""The command line as a process: streams, encodings, pipes and signals."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ..files.test_damaged import sheet, workbook
from .command_line import PATIENCE, ROOT, real, surroundings


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
        assert process.wait(PATIENCE) == 141


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
        assert interrupted(process) == 130
        assert process.stderr.read() == b""


def interrupted(process: subprocess.Popen[bytes]) -> int:
    """Return the status of a process after Ctrl-C.

    A signal that arrives just before a read begins to block has no effect until the read ends, so it is sent again.
    """
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(PATIENCE / 5)
    process.kill()
    return process.wait()


REJECTED = {0, 1, 2}
"""The statuses of verdicts, which no failure may have."""
LINE = '{"id":"a","text":"【云雀科技】您的订单已发货。","purpose":"notification"}\n'
PYTHON_RULE = """\
title: {zh: 试, en: try}
decision: reject
message: {zh: 试, en: try}
why: {zh: 试, en: try}
fix: {zh: 试, en: try}
source: ours
check: {kind: python}
examples: {flag: [{body: "您好"}], pass: [{body: "您好"}]}
"""
SLOW_RULE = PYTHON_RULE.replace("kind: python", 'kind: pattern, pattern: "(a|a)*b"')


def shell(command: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a shell command, with `$SMSVET` for the command line."""
    surrounding = surroundings(SMSVET=f"{sys.executable} -m smsvet_api", **environment)
    return subprocess.run(
        command, shell=True, cwd=tmp_path, env=surrounding, capture_output=True, text=True, check=False,
        timeout=PATIENCE, executable="/bin/bash",
    )  # fmt: skip


posix = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")


@posix
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("$SMSVET review a.jsonl --format jsonl > /dev/full", "无法写入标准输出：No space left on device"),
        ("$SMSVET review a.jsonl --lang en > /dev/full", "cannot write standard output: No space left on device"),
        ("$SMSVET --help > /dev/full", "无法写入标准输出"),
        ("$SMSVET rules > /dev/full", "无法写入标准输出"),
        ("$SMSVET review a.jsonl >&-", "标准输出已关闭"),
        ("$SMSVET review <&-", "标准输入已关闭"),
        ("$SMSVET review none.jsonl 2>&-", ""),
        ("$SMSVET review none.jsonl 2>/dev/full", ""),
        ("mkfifo b.jsonl; $SMSVET review b.jsonl", "不是普通文件"),
        ("mkfifo b.json; $SMSVET review --body 您好 --account b.json", "不是普通文件"),
        ("$SMSVET review --body 您好 --account /dev/zero", "不是普通文件"),
        ("mkdir -p r/a; ln -s /dev/zero r/a/b.yaml; $SMSVET review a.jsonl --rules r", "不是普通文件"),
        ("mkdir -p r/a; mkfifo r/a/b.py; $SMSVET review a.jsonl --rules r", "不是普通文件"),
        ("printf 'terms: %050000d' 0 | tr 0 '[' > p.yaml; $SMSVET review a.jsonl --policy p.yaml", "p.yaml:1: 嵌套超过 64 层"),
        ("head -c 2000000 /dev/zero > p.yaml; $SMSVET review a.jsonl --policy p.yaml", "超过 1 MiB"),
        ("printf 'terms: %050000d' 0 | tr 0 '[' > rules/a/b.yaml; $SMSVET review a.jsonl --rules rules", "a/b.yaml:1: 嵌套超过 64 层"),
        ("$SMSVET review cut.xlsx", "已损坏"),
        ("$SMSVET review entities.xlsx", "不是工作簿的 XML"),
        ("$SMSVET review wide.xlsx", "最多 256 列"),
        ("$SMSVET check slow", "耗时呈指数增长"),
        ("$SMSVET review a.jsonl --rules slow", "耗时呈指数增长"),
        ("ulimit -n 3; $SMSVET review a.jsonl", None),
    ],
)  # fmt: skip
def test_no_failure_has_the_status_of_a_verdict(command: str, said: str | None, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE, encoding="utf-8")
    (tmp_path / "rules/a").mkdir(parents=True)
    (tmp_path / "slow/a").mkdir(parents=True)
    (tmp_path / "slow/a/b.yaml").write_text(SLOW_RULE, encoding="utf-8")
    workbook(tmp_path / "cut.xlsx", sheet1=sheet("")[:-30])
    workbook(tmp_path / "entities.xlsx", sheet1=b'<!DOCTYPE a [<!ENTITY a "aaaaaaaa">]>' + sheet(""))
    workbook(tmp_path / "wide.xlsx", sheet1=sheet('<row r="2"><c r="XFD2" t="n"><v>1</v></c></row>'))
    done = shell(command, tmp_path)
    assert done.returncode not in REJECTED
    if said is not None:
        assert done.returncode == 3
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_a_text_that_once_held_the_process_is_reviewed() -> None:
    done = real("review", "--body", "你" + "看" * 60, "--purpose", "notification", "--format", "jsonl")
    assert json.loads(done.stdout)["faults"] == []
    assert done.returncode in REJECTED


def test_a_size_beyond_any_number_is_an_error_of_its_row() -> None:
    proof = '{"kind":"trademark","bytes":1' + "0" * 400 + "}"
    done = real(
        "review", "--format", "jsonl", stdin=f'{{"signature":"云雀","documents":[{proof}]}}\n'.encode()
    )
    assert "documents.0.bytes" in json.loads(done.stdout)["error"]
    assert done.returncode == 3


@posix
def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE * 300, encoding="utf-8")
    # bash counts blocks of 1024 bytes
    limited = "ulimit -f 20; $SMSVET review a.jsonl --format jsonl > out.jsonl"
    done = shell(limited, tmp_path, SMSVET_CACHE="off")
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    written = (tmp_path / "out.jsonl").read_bytes()
    assert written.endswith(b"}\n")
    assert 10_000 < len(written) < 20_480
    assert all(json.loads(line)["id"] == "a" for line in written.splitlines())


@pytest.mark.parametrize(
    "function", ["import sys\nsys.exit(0)\n", "import sys\ndef check(document):\n    sys.exit(0)\n"]
)
def test_a_rule_that_exits_does_not_approve(function: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.yaml").write_text(PYTHON_RULE, encoding="utf-8")
    (tmp_path / "a" / "b.py").write_text(function, encoding="utf-8")
    done = real("review", "--signature", "云雀科技", "--rules", str(tmp_path))
    assert done.returncode == (2 if "def" in function else 3)
    assert "SystemExit: 0" in (done.stdout + done.stderr).decode()
    asked = real("explain", "--signature", "云雀科技", "--rule", "a/b", "--rules", str(tmp_path))
    assert asked.returncode == 3
