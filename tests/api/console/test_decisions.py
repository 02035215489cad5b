"""The list of decisions: filters in the address, undo, reopen, export and who sees whose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .pages import HOSTILE, Markup
from .signed_in import Console
from .test_words import HAN

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role

TEXT = "您尾号{1}的信用卡{2}月账单已生成，本期应还{3}元，可在手机银行查看明细。"


def decide(console: Console, name: str = "lin", text: str = TEXT, **choice: Any) -> int:
    """Let a reviewer decide the case of a new submission; return the case."""
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.accounts.users import user_of
    from smsvet_api.store.cases.choice import Choice
    from smsvet_api.store.cases.claiming import claim
    from smsvet_api.store.cases.deciding import decide as decide_case
    from smsvet_api.store.cases.tables import cases

    console.browser("reviewer", name)
    assert console.submit(text).json()["verdict"]["decision"] == "manual_review"
    with console.store.database.reading() as connection:
        user = user_of(connection.execute(users.select().where(users.c.name == name)).one())
        newest = connection.execute(cases.select().order_by(cases.c.id.desc()).limit(1)).one()
    version = claim(console.store, user, newest.id).version
    made = Choice(**({"decision": "reject", "reasons": ("notification/payment-reminder",)} | choice))
    decide_case(console.store, user, newest.id, version, made, f"request-{newest.id}")
    return int(newest.id)


def listed(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="case-link" href="/cases/(\d+)"', page)]


def test_a_reviewer_sees_the_own_decisions_and_leads_all(console: Console) -> None:
    first = decide(console)
    second = decide(console, "wu")
    assert listed(console.browser("reviewer", "lin").get("/decisions").text) == [first]
    for reader in (console.browser("lead"), console.browser("auditor")):
        page = reader.get("/decisions").text
        assert listed(page) == [second, first]
        assert "所有审核员的决定" in page


SELECTED = {
    "person=lin": ["rejected", "approved"],
    "person=wu": ["others"],
    "decision=approve": ["approved"],
    "rule=notification/payment-reminder&person=lin": ["rejected", "approved"],
    "rule=no/such": [],
    "overturn=any": [],
    "overturn=none&decision=reject": ["others", "rejected"],
    "since=2026-11-28&until=2026-11-28": ["others", "rejected", "approved"],
    "since=2026-11-29": [],
    "until=2026-11-27": [],
    "state=withdrawn": [],
    "state=final&person=lin": ["rejected", "approved"],
}


def test_the_address_has_the_filter(console: Console) -> None:
    made = {"approved": decide(console, decision="approve", reasons=()), "rejected": decide(console)}
    made["others"] = decide(console, "wu")
    zhao = console.browser("lead", "zhao")
    found = {query: listed(zhao.get(f"/decisions?{query}").text) for query in SELECTED}
    assert found == {query: [made[name] for name in names] for query, names in SELECTED.items()}


def test_the_form_keeps_what_the_address_has(console: Console) -> None:
    decide(console)
    page = (
        console.browser("lead", "zhao")
        .get("/decisions?person=lin&decision=reject&rule=a/b&since=2026-11-01&overturn=false_alarm")
        .text
    )
    for part in ('name="person" value="lin"', 'value="a/b"', 'value="2026-11-01"'):
        assert part in page
    assert 'value="false_alarm" selected' in page
    assert 'value="reject" selected' in page
    assert "此筛选下没有决定" not in page or listed(page) == []
    assert "清除筛选" in page


def test_a_wrong_date_is_named_and_a_wrong_cursor_leads_to_the_first_page(console: Console) -> None:
    lin = console.browser("reviewer", "lin")
    assert "2026-11-28 的形式，而不是“gestern”" in lin.get("/decisions?since=gestern").text
    assert "起始日期晚于结束日期" in lin.get("/decisions?since=2026-11-02&until=2026-11-01").text
    assert lin.get("/decisions?cursor=nonsense").status_code == 303
    for odd in ("person=%00", "case=99999999999", "bulk='", "rule=" + "x" * 500, "decision=maybe"):
        assert lin.get(f"/decisions?{odd}").status_code == 200


def test_many_decisions_have_pages(console: Console) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import resolutions

    decide(console)
    with console.store.database.transaction() as connection:
        row = connection.execute(sa.select(resolutions)).one()._mapping
        copied = {name: value for name, value in row.items() if name != "id"}
        connection.execute(resolutions.insert(), [copied | {"idem": f"copy-{n:04}"} for n in range(60)])
    lin = console.browser("reviewer", "lin")
    page = lin.get("/decisions?decision=reject").text
    assert len(listed(page)) == 50
    following = re.search(r'href="(/decisions\?[^"]*)" rel="next"', page)
    assert following is not None
    assert "decision=reject" in following[1]
    rest = lin.get(following[1].replace("&amp;", "&")).text
    assert len(listed(rest)) == 11
    assert "回到最近" in rest


def test_a_decision_is_undone_within_fifteen_seconds(console: Console) -> None:
    case = decide(console)
    lin = console.browser("reviewer", "lin")
    page = lin.get("/decisions").text
    assert 'action="/decisions/undo"' in page
    form = {"csrf": lin.token(page), "case": str(case), "back": "/decisions"}
    assert lin.post("/decisions/undo", form).headers["location"] == f"/cases/{case}"
    page = lin.get("/decisions").text
    assert f"已撤销案件 {case} 的决定" in page
    assert 'action="/decisions/undo"' not in page
    assert listed(lin.get("/decisions?state=withdrawn").text) == [case]


def test_after_fifteen_seconds_a_lead_reopens_with_a_reason(console: Console) -> None:
    case = decide(console)
    lin, zhao = console.browser("reviewer", "lin"), console.browser("lead", "zhao")
    assert "reopen" not in zhao.get("/decisions").text.replace("/decisions/reopen?", "")
    console.clock.forward(seconds=16)
    page = lin.get("/decisions").text
    assert 'action="/decisions/undo"' not in page
    assert 'action="/decisions/reopen"' not in page
    form = {"csrf": lin.token(page), "case": str(case), "back": "/decisions", "note": "再看"}
    late = lin.post("/decisions/undo", form)
    assert late.headers["location"] == "/decisions"
    assert "已过撤销时限" in lin.get("/decisions").text
    assert lin.post("/decisions/reopen", form).status_code == 403
    page = zhao.get("/decisions?person=lin").text
    assert 'action="/decisions/reopen"' in page
    form = {"csrf": zhao.token(page), "case": str(case), "back": "/decisions?person=lin", "note": " "}
    assert zhao.post("/decisions/reopen", form).status_code == 303
    assert "请写明原因" in zhao.get("/decisions").text
    done = zhao.post("/decisions/reopen", form | {"note": "补充了授权书"})
    assert done.headers["location"] == "/decisions?person=lin"
    page = zhao.get("/decisions?person=lin").text
    assert f"已重新打开案件 {case}" in page
    assert 'action="/decisions/reopen"' not in page
    assert zhao.post("/decisions/reopen", form | {"note": "再来"}).status_code == 303
    assert "未能重新打开" in zhao.get("/decisions").text


def test_the_way_back_stays_on_the_list(console: Console) -> None:
    zhao = console.browser("lead", "zhao")
    form = {"csrf": zhao.token(zhao.get("/decisions").text), "case": "1", "note": ""}
    for back in ("https://evil.example/", "//evil.example", "/logout", "javascript:x"):
        assert zhao.post("/decisions/reopen", form | {"back": back}).headers["location"] == "/decisions"


def test_leads_and_auditors_export_what_the_dates_select(console: Console) -> None:
    case = decide(console)
    assert "/v1/export/" not in console.browser("reviewer", "lin").get("/decisions").text
    for browser in (console.browser("lead"), console.browser("auditor")):
        page = browser.get("/decisions?since=2026-11-28&until=2026-11-28").text
        links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/v1/export/[^"]*)"', page)]
        assert {link.partition("?")[0] for link in links} >= {
            "/v1/export/decisions.csv",
            "/v1/export/learning.csv",
        }
        table = browser.get(next(link for link in links if "decisions.csv" in link))
        assert table.headers["content-type"].startswith("text/csv")
        assert f"{case}," in table.text or f",{case}" in table.text
        assert "since=2026-11-28T00%3A00%3A00%2B08%3A00" in links[0]
        assert "until=2026-11-29T00%3A00%3A00%2B08%3A00" in links[0]


def test_an_auditor_changes_nothing(console: Console) -> None:
    case = decide(console)
    console.clock.forward(seconds=16)
    audit = console.browser("auditor", "audit")
    page = audit.get("/decisions").text
    assert 'method="post" action="/decisions' not in page
    form = {"csrf": audit.token(page), "case": str(case), "note": "再看"}
    for action in ("undo", "reopen"):
        assert audit.post(f"/decisions/{action}", form).status_code == 403


def test_other_roles_have_no_decisions(console: Console) -> None:
    roles: tuple[Role, ...] = ("submitter", "rule_manager", "admin")
    for role in roles:
        browser = console.browser(role)
        assert browser.get("/decisions").status_code == 403
        assert 'href="/decisions"' not in browser.get("/password").text
        token = browser.token(browser.get("/password").text)
        assert browser.post("/decisions/undo", {"csrf": token, "case": "1"}).status_code == 403


def test_hostile_texts_stay_texts(console: Console) -> None:
    for number, text in enumerate(HOSTILE):
        harmless = text.replace("\x00", "")
        console.clock.forward(seconds=1)
        decide(console, text=TEXT, note=f"{number}{harmless}", message=harmless)
    from smsvet_api.store.submissions.tables import submissions

    with console.store.database.transaction() as connection:
        for number, text in enumerate(HOSTILE, start=1):
            own = submissions.c.id == number
            connection.execute(submissions.update().where(own).values(document={"body": text}))
    page = console.browser("reviewer", "lin").get(f"/decisions?rule={HOSTILE[1]}").text
    page += console.browser("reviewer", "lin").get("/decisions").text
    tags = Markup(page).tags
    assert [tag for tag, known in tags if tag == "img" or (tag == "script" and "src" not in known)] == []
    assert not [name for _, known in tags for name in known if name.startswith("on") or name == "style"]
    assert not set(page) & {"\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b"}
    assert "U+202E" in page


def test_pages_are_in_one_language(console: Console) -> None:
    decide(console)
    decide(console, "wu")
    zhao = console.browser("lead", "zhao")
    zhao.cookies["smsvet_lang"] = "en"
    for path in ("/decisions", "/decisions?rule=x", "/decisions?since=x"):
        assert [part for part in Markup(zhao.get(path).text).own if HAN.search(part)] == []
