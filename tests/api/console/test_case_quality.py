"""The page of a blind second review, and of the copy of a golden item."""

from __future__ import annotations

import re

from .case_parts import AGENCY, blind, case_of, claimed, resolution_of, state_of
from .forms import follow, press
from .signed_in import Console


def test_a_blind_case_hides_what_would_sway(filled: Console) -> None:
    browser = filled.browser("reviewer")
    case = case_of(claimed(browser).text)
    blind(filled, case)
    page = browser.get(f"/cases/{case}").text
    main = page.partition("<main")[2]
    assert "双人复核：请独立判断" in page
    for hidden in ("finding-1", "<mark", "相似", "content/agency", 'class="badge', "case-fixed", "机器 "):
        assert hidden not in main, hidden
    follow(browser, press(browser, page, "/decide", "reject", reason=["house/content"]))
    assert resolution_of(filled, case).decision == "reject"


def test_a_golden_case_looks_like_any_other(console: Console) -> None:
    """A reviewer gets the same page for the copy of a golden item and for a case with the same text."""
    from smsvet_api.store.quality.rates import Rates, write_rates
    from smsvet_api.store.quality.tables import golden_items, samples

    for _ in range(2):
        console.submit(AGENCY, account={"name": "示例商务"})
    first, twin = 1, 2
    lead = console.browser("lead")
    with console.store.database.transaction() as connection:
        user = connection.execute(golden_items.metadata.tables["users"].select()).first()
        assert user is not None
        connection.execute(
            golden_items.insert().values(
                case_id=first, decision="approve", user_id=user.id, created_at=console.clock()
            )
        )
        write_rates(connection, Rates(0, 10_000))
    for name in ("lin", "mo"):
        console.browser("reviewer", name)
    page = follow(lead, press(lead, lead.get(f"/cases/{first}").text, f"/cases/{first}/claim")).text
    press(lead, page, "/decide", "approve")  # the lead gets the twin next, and gives it back
    lead.post(f"/cases/{twin}/release", {"csrf": lead.token(page)})
    with console.store.database.reading() as connection:
        copy = connection.execute(samples.select()).one().case_id
    lin = console.browser("reviewer", "lin")
    ordinary, golden = (plain(lin.get(f"/cases/{case}").text, case) for case in (twin, copy))
    assert golden == ordinary
    assert state_of(console, copy).origin == "golden"
    rows = lin.get("/queue").text
    assert plain(row_of(rows, copy), copy) == plain(row_of(rows, twin), twin)
    # The answer follows the decision.
    page = follow(lin, press(lin, lin.get(f"/cases/{copy}").text, f"/cases/{copy}/claim")).text
    told = follow(lin, press(lin, page, "/decide", "approve")).text
    assert "标准答案 通过，一致" in told


def row_of(page: str, case: int) -> str:
    return page.partition(f'<li id="row-{case}"')[2].partition("</li>")[0]


def plain(page: str, case: int) -> str:
    """Return a page without what differs from case to case: ids, times, the value made with the form."""
    page = re.sub(r"<time .*?</time>", "TIME", page)
    # Each lists the other cases of the cluster: an ordinary case the original, its copy never.
    page = re.sub(r'<ul class="past">.*?</ul>', "SIMILAR", page, flags=re.DOTALL)
    page = re.sub(r'name="(?:idem|csrf|version)" value="[^"]*"', "VALUE", page)
    page = re.sub(r"剩余 [0-9 小时分]+", "LEFT", page)
    return re.sub(rf'(/cases/|案件 |#|row-|data-claim="){case}\b', r"\1ID", page)
