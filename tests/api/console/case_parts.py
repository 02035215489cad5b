"""Cases for the tests of the console: texts that open one, and their rows in the store."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx

from .forms import follow, press
from .pages import Browser
from .signed_in import Console

AGENCY = "工商代办，注册公司零元起，代理记账每月{1}元，送刻章"
LESSON = "一建培训班签约班，不过退费，免费试听，名师押题"


def claimed(browser: Browser) -> httpx.Response:
    return follow(browser, press(browser, browser.get("/queue").text, "/queue/next"))


def case_of(page: str) -> int:
    found = re.search(r"<title>案件 ([0-9]+)", page)
    assert found is not None, page
    return int(found[1])


def state_of(console: Console, case: int) -> Any:
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import cases

    with console.store.database.reading() as connection:
        return connection.execute(sa.select(cases).where(cases.c.id == case)).one()


def resolution_of(console: Console, case: int) -> Any:
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import resolutions

    with console.store.database.reading() as connection:
        query = sa.select(resolutions).where(resolutions.c.case_id == case).order_by(resolutions.c.id.desc())
        return connection.execute(query.limit(1)).one_or_none()


def blind(console: Console, case: int) -> None:
    from smsvet_api.store.cases.tables import cases

    with console.store.database.transaction() as connection:
        connection.execute(cases.update().where(cases.c.id == case).values(blind=True, origin="second"))


def open_case_on(console: Console, text: str, **fields: Any) -> int:
    """Submit a text and return the case on it, which is opened also where the machine would have decided."""
    import sqlalchemy as sa

    from smsvet_api.store.cases.opening import open_case
    from smsvet_api.store.cases.tables import cases
    from smsvet_api.store.submissions.tables import submissions, verdicts

    assert console.submit(text, **fields).status_code == 201
    with console.store.database.transaction() as connection:
        submission = connection.execute(
            sa.select(submissions).order_by(submissions.c.id.desc()).limit(1)
        ).one()
        found = connection.execute(
            sa.select(cases.c.id).where(cases.c.submission_id == submission.id)
        ).scalar_one_or_none()
        if found is not None:
            return int(found)
        verdict = connection.execute(
            sa.select(verdicts).where(verdicts.c.submission_id == submission.id)
        ).one()
        at = console.store.now()
        return open_case(
            connection,
            submission,
            verdict.id,
            verdict.document,
            at,
            at + timedelta(hours=4),
            cluster="c" * 32,
        )
