"""The folder that the processes of a service share for their counters."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smsvet_api.cli.serving import METRICS_FOLDER, shared_metrics


def test_a_folder_is_made_for_workers_and_forgotten_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(METRICS_FOLDER, raising=False)
    with shared_metrics(2):
        folder = Path(os.environ[METRICS_FOLDER])
        assert folder.is_dir()
    assert not folder.exists()
    assert METRICS_FOLDER not in os.environ


@pytest.mark.parametrize("workers", [1, 2])
def test_a_named_folder_is_made_and_kept(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "metrics"
    monkeypatch.setenv(METRICS_FOLDER, str(folder))
    with shared_metrics(workers):
        assert folder.is_dir()
    assert folder.is_dir()
    assert os.environ[METRICS_FOLDER] == str(folder)
