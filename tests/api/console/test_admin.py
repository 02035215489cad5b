"""Pages for admins: users, keys, webhooks and settings. Secrets are shown once, and by forms alone."""

from __future__ import annotations

import re

import pytest

from .signed_in import Console

SECTIONS = ("/admin/users", "/admin/keys", "/admin/webhooks", "/admin/settings")


@pytest.mark.parametrize("path", SECTIONS)
def test_smoke(console: Console, path: str) -> None:
    page = console.browser("admin").get(path)
    assert page.status_code == 200, page.text
