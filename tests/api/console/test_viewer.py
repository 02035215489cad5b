"""Pages for those who are signed in."""

from __future__ import annotations

import pytest

from smsvet_api.store.accounts.roles import Role

from .pages import Markup
from .signed_in import Console


@pytest.mark.parametrize(("role", "row", "menu"), [
    ("reviewer", 5, 0), ("lead", 7, 0), ("auditor", 6, 3), ("admin", 3, 0), ("submitter", 2, 0),
])  # fmt: skip
def test_the_navigation_fits_into_a_row(console: Console, role: Role, row: int, menu: int) -> None:
    page = console.browser(role).get("/me").text
    navigation = page[page.index("<nav") : page.index("</nav>")]
    links, _, more = navigation.partition("<details")
    assert (links.count("<a "), more.count("<a ")) == (row, menu)
    assert ("更多" in more) == bool(menu)


def test_the_menu_of_the_navigation_shows_that_the_page_is_in_it(console: Console) -> None:
    page = console.browser("auditor").get("/trail").text
    current = [tag for tag, attrs in Markup(page).tags if attrs.get("aria-current") in ("page", "true")]
    assert current[:2] == ["summary", "a"]


def test_a_session_of_a_test_sees_its_pages(console: Console) -> None:
    lin = console.browser("reviewer", "lin")
    assert "lin" in lin.get("/try").text
    verdict = console.submit("您的验证码为{1}，{2}分钟内有效。", purpose="verification").json()
    assert verdict["verdict"]["decision"] in ("approve", "manual_review")
    assert lin.get("/nowhere").status_code == 404
