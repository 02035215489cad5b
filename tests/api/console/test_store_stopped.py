"""The database stops while a reviewer works: pages say so, the note is not lost, and texts are still judged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .case_parts import AGENCY, case_of, claimed, resolution_of, state_of
from .forms import press
from .pages import FULL_WIDTH
from .serving import browsing, page_of, serving
from .signed_in import Console
from .case_parts import AGENCY, case_of, claimed, resolution_of, state_of

TABLES = ("sessions", "cases", "submissions")


@contextmanager
def stopped(console: Console) -> Iterator[None]:
    """Take tables away, so that each statement on them fails."""
    import sqlalchemy as sa

    def rename(old: str, new: str) -> None:
        with console.store.database.transaction() as connection:
            for table in TABLES:
                connection.execute(sa.text(f"alter table {old.format(table)} rename to {new.format(table)}"))

    rename("{}", "{}_gone")
    yield
    rename("{}_gone", "{}")


def test_pages_say_that_the_store_is_down_and_texts_are_judged(console: Console) -> None:
    console.submit(AGENCY)
    lin = console.browser("reviewer", "lin")
    page = claimed(lin).text
    with stopped(console):
        for path in ("/queue", f"/cases/{case_of(page)}", "/dashboard", "/submissions"):
            answer = lin.get(path)
            assert answer.status_code == 503, path
            assert "数据库不可用" in answer.text
            assert "可以试一试，暂不能提交" in answer.text
            assert 'href="/try"' in answer.text
        refused = press(lin, page, "/decide", "approve", note="已电话核实")
        assert refused.status_code == 503
        assert "数据库不可用" in refused.text
        form = {"content": FULL_WIDTH, "purpose": "verification", "provider": "tencent", "kind": "template"}
        assert 'class="decision reject' in lin.post("/try", form).text
        body = {"body": FULL_WIDTH, "purpose": "verification", "provider": "tencent"}
        verdict = lin.send_json("/v1/review", body, "")
        assert (verdict.status_code, verdict.json()["decision"]) == (200, "reject")
    assert state_of(console, case_of(page)).state == "open"


@pytest.mark.slow
def test_the_note_is_kept_until_the_store_is_back(console: Console) -> None:
    for number in range(2):
        console.submit(AGENCY, remark=str(number))
    case = case_of(claimed(console.browser("reviewer", "lin")).text)
    with serving(console.app) as address, browsing() as chromium:
        page = page_of(chromium, address, console, "reviewer", "lin")
        page.goto(f"{address}/cases/{case}")
        page.fill("#note", "已电话核实")
        page.keyboard.press("Escape")
        with stopped(console):
            page.keyboard.press("a")
            page.locator("#toast", has_text="数据库不可用").wait_for()
            assert page.input_value("#note") == "已电话核实"
        page.keyboard.press("a")
        page.wait_for_function(f"() => !document.title.includes(' {case} ')")
    made = resolution_of(console, case)
    assert (made.decision, made.note) == ("approve", "已电话核实")
