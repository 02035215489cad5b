"""Chromium without script: sign in, claim, decide, undo, hold, a cluster and an appeal, all of it by forms."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from .case_parts import LESSON, resolution_of, state_of
from .decided import person
from .serving import WAIT, browsing, serving
from .signed_in import Console
from .case_parts import LESSON, resolution_of, state_of

pytestmark = pytest.mark.slow
PASSWORD = "correct horse battery"


def test_a_walk_through_the_pages_by_forms_alone(console: Console) -> None:
    from smsvet_api.store.accounts.passwords import hashed
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.cases.tables import cases
    from smsvet_api.store.quality.rates import Rates, write_rates

    person(console, "lin", "reviewer")
    with console.store.database.transaction() as connection:
        connection.execute(users.update().where(users.c.name == "lin").values(password=hashed(PASSWORD)))
        write_rates(connection, Rates(0, 0))
    with ThreadPoolExecutor(1) as pool:
        for number in range(4):
            assert pool.submit(console.submit, LESSON, remark=str(number)).result().status_code == 201
    with console.store.database.transaction() as connection:
        connection.execute(cases.update().values(cluster="c" * 32))
    with serving(console.app) as address, browsing() as chromium:
        # Chromium keeps a cookie that is secure without TLS for localhost only.
        address = address.replace("127.0.0.1", "localhost")
        context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
        context.set_default_timeout(WAIT)
        page = context.new_page()
        page.goto(f"{address}/queue")
        page.fill("[name=name]", "lin")
        page.fill("[name=password]", PASSWORD)
        page.click("main form button.primary")
        page.wait_for_url("**/queue")
        page.locator("form[action='/queue/next'] button, button[formaction='/queue/next']").first.click()
        page.wait_for_url("**/cases/*")
        case = int(page.locator("h1").inner_text().split()[-1])
        page.locator("button[name=decision][value=approve]").first.click()
        page.locator("#toast form button").first.click()  # undo
        assert int(page.locator("h1").inner_text().split()[-1]) == case
        assert state_of(console, case).state == "open"
        page.fill("#note", "不合规")
        page.locator("#reject-panel > summary").click()
        page.locator("#reject-panel input[name=reason]").first.check()
        page.locator("#reject-panel button[value=reject]").click()
        assert (resolution_of(console, case).decision, resolution_of(console, case).note) == (
            "reject",
            "不合规",
        )
        held = int(page.locator("h1").inner_text().split()[-1])
        page.locator("#hold-panel > summary").click()
        page.locator("#hold-panel button").last.click()
        assert state_of(console, held).state == "held"
        page.goto(f"{address}/clusters/{'c' * 32}")
        page.locator("button[name=act][value=approve]").click()
        page.locator(".confirm-card button.primary").click()
        page.locator("h1", has_text="已通过").wait_for()
        context.close()
