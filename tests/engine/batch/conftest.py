"""Tests of batches prefilter every batch, however few bodies it has."""

from __future__ import annotations

import pytest

from smsvet.batch import batch


@pytest.fixture(autouse=True)
def _prefilters_every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "FEWEST", 0)
    monkeypatch.setattr(batch, "FEWEST_POINTS", 0)
