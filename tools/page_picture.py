"""Write the picture of a page of a running service, with Chromium and a font that has Chinese characters.

    python -m tools.page_picture 'http://127.0.0.1:8000/try?example=wechat' docs/images/try.png --lang en --dark
    python -m tools.page_picture http://127.0.0.1:8000/queue docs/images/console-queue.png --user lin

`--user` begins a session of that user in the database of the service (SMSVET_DATABASE). SMSVET_TEST_BROWSER names the
browser, else it is `chromium`.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright


def session_cookie(user: str) -> str:
    """Begin a session for a user, and return its cookie."""
    from smsvet_api.http.transport import SECURE_COOKIE
    from smsvet_api.store.accounts.sessions import begin_session
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.database import open_database
    from smsvet_api.store.store import Store

    database = open_database(os.environ["SMSVET_DATABASE"], "en")
    with database.transaction() as connection:
        connection.execute(users.update().where(users.c.name == user).values(must_change=False))
        row = connection.execute(users.select().where(users.c.name == user)).one()
        return f"{SECURE_COOKIE}={begin_session(connection, Store(database).now(), row, 'picture').cookie}"


def picture(
    address: str,
    target: Path,
    locale: str,
    theme: Literal["light", "dark"],
    size: tuple[int, int],
    cookie: str | None = None,
) -> None:
    """Write the top of a page as PNG. Raises playwright's Error without a browser."""
    browser = os.environ.get("SMSVET_TEST_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            locale=locale,
            extra_http_headers={"cookie": cookie} if cookie else None,
        )
        page.goto(address)
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
        chromium.close()


def main() -> None:
    """Write the picture of one page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address")
    parser.add_argument("target", type=Path)
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--size", default="1280x1100", help="width and height in pixels")
    parser.add_argument("--user", help="whose page it is")
    chosen = parser.parse_args()
    width, height = map(int, chosen.size.split("x"))
    locale = {"zh": "zh-CN", "en": "en-US"}[chosen.lang]
    cookie = session_cookie(chosen.user) if chosen.user else None
    picture(
        chosen.address, chosen.target, locale, "dark" if chosen.dark else "light", (width, height), cookie
    )
    print(chosen.target)


if __name__ == "__main__":
    main()
