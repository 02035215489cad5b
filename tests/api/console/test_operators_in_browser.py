"""The pages for operators in Chromium: nothing serious for axe, no sideways scroll, no message of the content policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .signed_in import COOKIE, Console, session_of
from .test_in_browser import SERIOUS, WAIT, Seen, axe
from .test_in_browser import chromium as chromium
from .test_reports import folder as folder
from .test_reports import reports as reports
from .test_reports import written as written
from .test_revisions_page import compared, loaded

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from smsvet_api.store.accounts.roles import Role

pytestmark = pytest.mark.slow
PAGES: dict[Role, tuple[str, ...]] = {
    "admin": (
        "/admin/users",
        "/admin/users/1",
        "/admin/keys",
        "/admin/webhooks",
        "/admin/settings",
        "/trail",
    ),
    "rule_manager": ("/revisions", "/revisions/2"),
    "lead": ("/reports", "REPORT", "REPORT/rows", "REPORT?view=html"),
}


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
def test_pages_are_accessible_and_fit(reports: Console, chromium: Browser, theme: str, width: int) -> None:
    import threading
    import time

    import uvicorn

    from smsvet_api.store.content.revisions import record_loaded, record_shadow

    record_loaded(reports.store, "system", loaded("a"))
    record_shadow(reports.store, "user:rules", loaded("b"))
    compared(reports, "您的订单{1}已发货")
    cookies = {role: session_of(reports.store, f"{role}-2", role)[COOKIE] for role in PAGES}
    report = next(
        part for part in reports.browser("lead").get("/reports").text.split('"') if "/reports/" in part
    )
    server = uvicorn.Server(uvicorn.Config(reports.app, port=0, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    address = f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        for role, paths in PAGES.items():
            context = chromium.new_context(
                locale="zh-CN",
                viewport={"width": width, "height": 900},
                color_scheme=theme,  # type: ignore[arg-type]
            )
            context.set_default_timeout(WAIT)
            secure = address.replace("http:", "https:")
            context.add_cookies([{"name": COOKIE, "value": cookies[role], "url": secure, "secure": True}])
            page = context.new_page()
            seen = Seen(page)
            for path in paths:
                answer = page.goto(address + path.replace("REPORT", report))
                assert answer is not None
                assert answer.status == 200, path
                page.evaluate(axe())
                found = page.evaluate("axe.run().then((found) => found.violations)")
                assert [one["id"] for one in found if one["impact"] in SERIOUS] == [], path
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert seen.messages == []
            context.close()
    finally:
        server.should_exit = True
        thread.join()
