"""`make demo-data`: the same seed makes the same submissions, and their trail verifies."""

from __future__ import annotations

from pathlib import Path

import pytest

from .api.required import missing

SUBMISSIONS = 60


@pytest.mark.slow
def test_a_seed_fills_a_database(tmp_path: Path) -> None:
    from importlib.util import find_spec

    for package in ("sqlalchemy", "alembic", "argon2"):
        if find_spec(package) is None:
            missing(f"{package} is not installed")
    from bench.demo_data import PEOPLE, fill
    from smsvet_api.store.database import open_database
    from smsvet_api.store.figures import measure
    from smsvet_api.store.store import Store
    from smsvet_api.store.trail.verifying import verify

    stories = []
    for name in ("one", "two"):
        database = open_database(f"sqlite:///{tmp_path}/{name}.sqlite", "en")
        passwords, counts = fill(database, SUBMISSIONS, seed=7)
        assert set(passwords) == set(PEOPLE)
        submitted = sum(number for what, number in counts.items() if what.startswith("submissions: "))
        decided = sum(number for what, number in counts.items() if what.startswith("decisions: "))
        assert submitted == SUBMISSIONS
        assert decided > 0
        result = verify(Store(database))
        assert (result.events, result.damage) == (counts["events"], None)
        assert measure(Store(database)).unjudged == 0
        with pytest.raises(SystemExit, match="has the demo data already"):
            fill(database, SUBMISSIONS, seed=7)
        database.dispose()
        stories.append({what: number for what, number in counts.items() if what.startswith("submissions")})
    assert stories[0] == stories[1]


@pytest.mark.slow
def test_each_page_is_measured_with_many_cases(tmp_path: Path) -> None:
    from bench.speed import pages

    times = pages.measure(f"sqlite:///{tmp_path}/smsvet.sqlite", 200, requests=1)
    lines = pages.table({"SQLite": times}).splitlines()
    assert lines[0] == "| page | SQLite least / p50 / p95 ms |"
    assert len(lines) == len(times) + 2 > 15
    assert all(0 < least <= p50 <= p95 for least, p50, p95 in times.values())
