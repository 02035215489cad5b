"""The service at an address of this machine, and Chromium with pages of its users."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..required import missing
from .signed_in import COOKIE, Console

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page

    from smsvet_api.store.accounts.roles import Role

WAIT = 60_000
"""Milliseconds after which something that should appear is missing; the machine may be busy."""


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
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
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


def page_of(
    browser: Browser, address: str, console: Console, role: Role | None, name: str = "", **options: Any
) -> Page:
    """Return a page of a user, None for nobody."""
    context = browser.new_context(**{"locale": "zh-CN", "reduced_motion": "reduce", **options})
    context.set_default_timeout(WAIT)
    if role:
        cookie = console.browser(role, name or None).cookies[COOKIE]
        secure = address.replace("http:", "https:")  # browsers send it to this machine without TLS too
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": secure, "secure": True}])
    return context.new_page()
