"""The guide of the console lists the shortcuts that the pages have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smsvet.model import Lang
from smsvet_api.console.keys import SHORTCUTS

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(("lang", "page"), [("en", "console.md"), ("zh", "zh-CN/console.md")])
def test_the_table_of_keys_is_that_of_the_pages(lang: Lang, page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `([^`/]+|/)` \| [^|]+ \| ([^|]+) \|$", text)
    assert rows == [(one.keys, one.words(lang)) for one in SHORTCUTS]
