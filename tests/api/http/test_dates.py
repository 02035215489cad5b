"""One date at every entry point: today's in China."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import FastAPI

import smsvet_api
from smsvet import Reviewer, Submission
from smsvet_api import dates

from ..cli.command_line import run
from .client import review


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Stop the clock of the entry points at the parametrized moment."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return request.param.astimezone(tz)

    monkeypatch.setattr(dates, "datetime", Clock)


MIDNIGHT = [
    pytest.param(datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), "2026-11-22", id="a second before midnight"),
    pytest.param(datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "2026-11-23", id="midnight"),
]


@pytest.mark.parametrize(("clock", "day"), MIDNIGHT, indirect=["clock"])
def test_every_entry_point_has_the_date_in_china(app: FastAPI, clock: None, day: str) -> None:
    line = run("review", "--signature", "云雀科技", "--format", "jsonl").stdout
    assert json.loads(line)["as_of"] == day
    for given in ({}, {"as_of": None}):
        assert review(app, {"signature": "云雀科技", **given})["as_of"] == day
    assert review(app, {"signature": "云雀科技", "as_of": "2018-10-09"})["as_of"] == "2018-10-09"
    assert smsvet_api.today().isoformat() == day


def test_python_has_the_release_date_unless_it_names_one() -> None:
    reviewer = Reviewer()
    assert reviewer.review(Submission(signature="云雀科技")).as_of == reviewer.catalogue.released
    day = smsvet_api.today()
    assert reviewer.review(Submission(signature="云雀科技", as_of=day)).as_of == day
    assert isinstance(day, date)
