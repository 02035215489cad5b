"""The commands of docs/service.md, in both languages, run as they stand against `smsvet serve`."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ..required import missing

ROOT = Path(__file__).parents[3]
PAGES = (ROOT / "docs/service.md", ROOT / "docs/zh-CN/service.md")
PATIENCE = 600
"""Seconds after which the walk counts as hung, on a machine however busy."""


def commands(page: Path) -> str:
    """Return the commands of a page, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return re.sub(r"  # .*$", "", "\n".join(blocks), flags=re.MULTILINE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def test_both_languages_have_the_same_commands() -> None:
    assert commands(PAGES[0]) == commands(PAGES[1])
    assert commands(PAGES[0]).count("\nask ") > 10


@pytest.mark.slow
def test_the_walk_works_by_copy_and_paste(tmp_path: Path) -> None:
    for tool in ("bash", "curl"):
        if shutil.which(tool) is None:
            missing(f"{tool} is not installed")
    for package in ("sqlalchemy", "alembic", "standardwebhooks"):
        pytest.importorskip(package)
    shutil.copy(ROOT / "examples/webhook_receiver.py", tmp_path)
    script = commands(PAGES[0])
    for port in ("8000", "8090"):
        assert port in script
        script = script.replace(port, str(free_port()))
    # Cases are drawn for a second review by chance; here none is, so that the appeal is the next case.
    python = f'"{sys.executable}"'
    script = script.replace("smsvet serve", f"{python} no_second_reviews.py; smsvet serve")
    (tmp_path / "no_second_reviews.py").write_text(NO_SECOND_REVIEWS, encoding="utf-8")
    shims = tmp_path / "bin"
    shims.mkdir()
    for name, command in (("smsvet", f"exec {python} -m smsvet_api"), ("python3", f"exec {python}")):
        (shims / name).write_text(f'#!/bin/sh\n{command} "$@"\n', encoding="utf-8")
        (shims / name).chmod(0o755)
    environment = os.environ | {
        "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "SMSVET_CONFIG": "",
    }
    walk = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        encoding="utf-8",
    )
    try:
        shown, _ = walk.communicate(timeout=PATIENCE)
    finally:
        if walk.poll() is None:
            os.killpg(walk.pid, signal.SIGKILL)
    log = tmp_path / "serve.log"
    assert walk.returncode == 0, f"{shown}\n{log.read_text(encoding='utf-8') if log.exists() else ''}"

    arrived = [
        json.loads(line) for line in (tmp_path / "received.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    sales = [
        one for one in arrived if one["data"]["id"] == "sale-1"
    ]  # messages sent together arrive in any order
    assert [one["data"]["status"] for one in arrived if one not in sales] == ["approved"]
    assert [(one["type"].removeprefix("submission."), one["data"]["status"]) for one in sales] == [
        ("in_review", "in_review"),
        ("decided", "rejected"),
        ("in_review", "in_review"),
        ("decided", "approved"),
    ]
    assert sales[1]["data"]["message"] == "请改按营销短信申请。"
    with (tmp_path / "decisions.csv").open(encoding="utf-8-sig", newline="") as stream:
        decided = list(csv.DictReader(stream))
    assert [(row["decision"], bool(row["withdrawn_at"])) for row in decided] == [
        ("approve", True),
        ("reject", False),
        ("approve", False),
    ]
    assert (tmp_path / "learning.csv").read_text(encoding="utf-8-sig").count("全场5折，回T退订") == 1


NO_SECOND_REVIEWS = """
import os
from smsvet_api.store.database import open_database
from smsvet_api.store.quality.rates import Rates, write_rates

database = open_database(os.environ["SMSVET_DATABASE"], "en")
with database.transaction() as connection:
    write_rates(connection, Rates(0, 0))
"""
