"""The pages for operators in Chromium: nothing serious for axe, no sideways scroll, no message of the content policy."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from ..required import missing
from .signed_in import COOKIE, Console, console, session_of
from .test_in_browser import SERIOUS, WAIT, Seen, axe
from .test_reports import write_comparison
from .test_revisions_page import compared, loaded

if TYPE_CHECKING:
    from fastapi import FastAPI
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


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application, and provide its address."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Provide Chromium."""
    path = os.environ.get("SMSVET_TEST_BROWSER") or shutil.which("chromium")
    if path is None:
        missing("no browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def filled(made: Console, folder: Path) -> str:
    """Load a shadow that differs, and return the address of the comparison."""
    from smsvet_api.console.reports.folder import find_reports
    from smsvet_api.store.content.revisions import record_loaded, record_shadow

    record_loaded(made.store, "system", loaded("a"))
    record_shadow(made.store, "user:rules", loaded("b"))
    compared(made, "您的订单{1}已发货")
    found = next(one for one in find_reports(folder) if one.kind == "comparison")
    return f"/reports/{found.id}"


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
def test_pages_are_accessible_and_fit(
    app: FastAPI, tmp_path: Path, theme: Literal["light", "dark"], width: int
) -> None:
    write_comparison(tmp_path / "reports" / "2026-11")
    with console(app, tmp_path, reports=tmp_path / "reports") as made:
        report = filled(made, tmp_path / "reports")
        cookies = {role: session_of(made.store, f"{role}-2", role)[COOKIE] for role in PAGES}
        with serving(made.app) as address, browsing() as browser:
            for role, paths in PAGES.items():
                context = browser.new_context(
                    locale="zh-CN", viewport={"width": width, "height": 900}, color_scheme=theme
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
