"""Runs the command line inside the test process or as a separate process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from smsvet_api.cli.app import app

ROOT = Path(__file__).parents[3]
PATIENCE = 300
"""Seconds after which a command counts as hung, on a machine however busy."""
CLEAN = "您的快递已到{1}，取件码{2}，请于{3}前领取。"
BANNED = "葡京真人荷官在线发牌，注册送彩金"


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.removesuffix("\n").split("\n")]


def real(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "smsvet_api", *arguments],
        input=stdin,
        capture_output=True,
        env=surroundings(**environment),
        cwd=ROOT,
        check=False,
        timeout=PATIENCE,
    )


def surroundings(**environment: str) -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT / "engine"), str(ROOT / "api")])
    return {**os.environ, "PYTHONPATH": paths, **environment}


def instead_of_serving(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return a mapping that receives the options of the next service; it ends at once, before it listens."""
    import uvicorn

    started: dict[str, Any] = {}

    class Config:
        def __init__(self, app: str, **options: Any) -> None:
            started.update(options, app=app)

        def bind_socket(self) -> None:
            pass

    class Server:
        started = True

        def __init__(self, config: Config, sockets: object = None) -> None:
            pass

        def run(self) -> None:
            pass

    monkeypatch.setattr(uvicorn, "Config", Config)
    monkeypatch.setattr(uvicorn, "Server", Server)
    monkeypatch.setattr("smsvet_api.cli.supervisor.Supervisor", Server)
    return started
