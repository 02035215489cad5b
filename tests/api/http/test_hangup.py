"""SIGHUP reloads the content, in one process and in all workers, without a restart."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from .content_service import write_rule
from .server_process import SERVE, running, wait

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="the system has no SIGHUP"),
]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_hangup_reloads_the_content(tmp_path: Path, workers: int) -> None:
    rules = tmp_path / "rules"
    write_rule(rules, "特惠装")
    variables = {
        "SMSVET_RULES": str(rules),
        "SMSVET_DATABASE": f"sqlite:///{tmp_path}/smsvet.sqlite" if workers > 1 else "none",
        "SMSVET_REVIEW_PROCESSES": "1",
        "SMSVET_DEADLINE_MS": "60000",
    }

    def rules_hit() -> set[str]:
        verdict: dict[str, Any] = server.review(body="您的订单尊享装已发货", as_of="2026-11-22")
        return {finding["rule"] for finding in verdict["findings"]}

    with running(tmp_path, (*SERVE, "--workers", str(workers)), **variables) as server:
        wait(lambda: len(server.logged("ready")) == workers, server.log)
        assert "house/wording" not in rules_hit()
        write_rule(rules, "尊享装")
        os.kill(server.process.pid, signal.SIGHUP)
        wait(lambda: len(server.logged("ready")) == 2 * workers, server.log)
        assert all("house/wording" in rules_hit() for _ in range(10))
        (rules / "house" / "wording.yaml").write_text("title: [", encoding="utf-8")
        os.kill(server.process.pid, signal.SIGHUP)
        wait(lambda: server.logged("content not reloaded"), server.log)
        assert "house/wording" in rules_hit()
        assert len({line["revision"] for line in server.logged("ready")}) == 2
