"""The routes of the pages for admins."""

from __future__ import annotations

from typing import Final

from . import keys_page, settings_page, users_page, webhook_page, webhooks_page

ROUTERS: Final = tuple(
    page.router for page in (users_page, keys_page, webhooks_page, webhook_page, settings_page)
)
