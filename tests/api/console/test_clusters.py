"""Clusters: differences, select all, preview, confirmation and the cases that are left out. Everything by forms."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import httpx
import sqlalchemy as sa

from .pages import HOSTILE, Markup
from .signed_in import Console
from .test_words import HAN

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role
    from smsvet_api.store.accounts.users import User

PLAIN = "您尾号{1}的信用卡{2}月账单已生成，本期应还{3}元，可在手机银行查看明细。"
NUMBER = "您尾号{1}的信用卡11月账单已生成，本期应还{2}元，可在手机银行查看明细。"
BRAND = "【云雀银行】"


def open_cases(console: Console, *texts: str) -> tuple[list[int], str]:
    """Submit texts, and gather their cases in one cluster, whatever their skeletons are."""
    from smsvet_api.store.cases.tables import cases

    for text in texts:
        assert console.submit(text).status_code == 201
    with console.store.database.transaction() as connection:
        ids = list(connection.execute(cases.select().order_by(cases.c.id)).scalars())
        connection.execute(cases.update().values(cluster="c" * 32))
    assert len(ids) == len(texts)
    return ids, "c" * 32


def other_verdict(console: Console, case_id: int) -> None:
    """Let the machine's verdict on a case differ from that of the others."""
    from smsvet_api.store.cases.tables import cases
    from smsvet_api.store.submissions.tables import verdict_rules, verdicts

    with console.store.database.transaction() as connection:
        row = connection.execute(cases.select().where(cases.c.id == case_id)).one()
        hits = verdict_rules.c.verdict_id == row.verdict_id
        rule = connection.execute(sa.select(verdict_rules.c.rule).where(hits).limit(1)).scalar_one()
        connection.execute(
            verdict_rules.update().where(hits, verdict_rules.c.rule == rule).values(rule="content/other")
        )
        found = connection.execute(verdicts.select().where(verdicts.c.id == row.verdict_id)).one()
        finding = {**found.document["findings"][0], "rule": "content/other"}
        document = {**found.document, "findings": [finding]}
        connection.execute(verdicts.update().where(verdicts.c.id == row.verdict_id).values(document=document))


def sign(console: Console, case_id: int) -> None:
    """Put a signature before the text of a case."""
    from smsvet_api.store.cases.tables import cases
    from smsvet_api.store.submissions.tables import submissions

    with console.store.database.transaction() as connection:
        row = connection.execute(cases.select().where(cases.c.id == case_id)).one()
        own = submissions.c.id == row.submission_id
        document = connection.execute(submissions.select().where(own)).one().document
        signed = {**document, "body": f"{BRAND}{document['body']}"}
        connection.execute(submissions.update().where(own).values(document=signed))


def ticked(page: str) -> set[int]:
    boxes = re.findall(r'<input type="checkbox" name="case" value="(\d+)"( checked)?', page)
    return {int(number) for number, checked in boxes if checked}


def preview(console: Console, cluster: str, act: str, *ids: int, name: str = "lin") -> httpx.Response:
    lin = console.browser("reviewer", name)
    token = lin.token(lin.get(f"/clusters/{cluster}").text)
    return lin.post_many(f"/clusters/{cluster}/preview", [("csrf", token), ("act", act), *_cases(ids)])


def _cases(ids: tuple[int, ...]) -> list[tuple[str, str]]:
    return [("case", str(one)) for one in ids]


def fields(page: str) -> list[tuple[str, str]]:
    """Return the hidden fields of the form that confirms."""
    form = page.partition('class="card confirm-card"')[2]
    found = re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', form)
    return [(name, html.unescape(value)) for name, value in found]


def confirm(console: Console, cluster: str, page: str, *more: tuple[str, str]) -> httpx.Response:
    lin = console.browser("reviewer", "lin")
    return lin.post_many(f"/clusters/{cluster}/decide", [*fields(page), *more])


def states(console: Console, ids: list[int]) -> list[str]:
    from smsvet_api.store.cases.tables import cases

    with console.store.database.reading() as connection:
        rows = {row.id: row.state for row in connection.execute(cases.select())}
    return [rows[one] for one in ids]


def test_members_are_shown_by_their_differences(console: Console) -> None:
    ids, cluster = open_cases(console, PLAIN, PLAIN, PLAIN, NUMBER)
    sign(console, ids[2])
    page = console.browser("reviewer", "lin").get(f"/clusters/{cluster}").text
    shown = re.sub(r"\s+", "", "".join(Markup(page).text))
    assert "同类4件" in shown
    assert f"{ids[1]}文本相同" in shown
    assert "签名云雀银行" in shown
    assert "参数11，代替：{2}" in shown
    assert "<mark" in page
    assert "已选" in shown
    assert shown.count("待处理") == 4
    assert page.count("data-row") >= 4


def test_select_all_never_ticks_another_verdict_nor_what_others_have(console: Console) -> None:
    from smsvet_api.store.cases.claiming import claim

    ids, cluster = open_cases(console, PLAIN, PLAIN, PLAIN, PLAIN)
    other_verdict(console, ids[3])
    wu = console.browser("reviewer", "wu")
    claim(console.store, wu_of(console), ids[1])
    lin = console.browser("reviewer", "lin")
    for query in ("", "?tick=all"):
        assert ticked(lin.get(f"/clusters/{cluster}{query}").text) == {ids[0], ids[2]}
    assert ticked(lin.get(f"/clusters/{cluster}?tick=none").text) == set()
    assert "由 wu 处理至" in lin.get(f"/clusters/{cluster}").text
    assert ticked(wu.get(f"/clusters/{cluster}").text) == {ids[0], ids[1], ids[2]}


def wu_of(console: Console) -> User:
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.accounts.users import user_of

    with console.store.database.reading() as connection:
        return user_of(connection.execute(users.select().where(users.c.name == "wu")).one())


def test_beyond_two_hundred_none_is_ticked(console: Console) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import cases

    _, cluster = open_cases(console, PLAIN)
    with console.store.database.transaction() as connection:
        row = connection.execute(sa.select(cases)).one()._mapping
        copied = {name: value for name, value in row.items() if name != "id"}
        connection.execute(cases.insert(), [copied] * 200)
    page = console.browser("reviewer", "lin").get(f"/clusters/{cluster}").text
    assert ticked(page) == set()
    assert page.count('name="case"') == 200
    assert "共 201 件" in page


def test_the_preview_counts_and_the_confirmation_decides(console: Console) -> None:
    from smsvet_api.store.cases.claiming import claim

    ids, cluster = open_cases(console, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN)
    other_verdict(console, ids[4])
    console.browser("reviewer", "wu")
    page = preview(console, cluster, "reject", *ids).text
    assert "将拒绝 4 条，1 条因结论不同被排除" in page
    assert states(console, ids) == ["open"] * 5
    claim(console.store, wu_of(console), ids[3])  # between preview and confirmation
    lacking = confirm(console, cluster, page)
    assert lacking.status_code == 422
    assert "至少选择一个原因" in lacking.text
    assert states(console, ids) == ["open"] * 5
    done = confirm(console, cluster, page, ("reason", "house/content"), ("message", "请修改"))
    assert done.status_code == 303
    assert states(console, ids) == ["decided", "decided", "decided", "open", "open"]
    lin = console.browser("reviewer", "lin")
    result = lin.get(done.headers["location"]).text
    assert "已拒绝 3 条" in result
    assert "1 件未处理" in result
    assert f"/cases/{ids[3]}" in result
    assert "此同类组还有 2 件待处理" in result
    again = confirm(console, cluster, page, ("reason", "house/content"), ("message", "请修改"))
    assert again.status_code == 303, "the same form sent twice decides once"
    assert states(console, ids)[:3] == ["decided"] * 3


def test_an_overturn_needs_its_reason(console: Console) -> None:
    from smsvet_api.store.submissions.tables import verdicts

    ids, cluster = open_cases(console, PLAIN, PLAIN)
    with console.store.database.transaction() as connection:
        for row in connection.execute(verdicts.select()).all():
            finding = {**row.document["findings"][0], "decision": "reject"}
            document = {**row.document, "findings": [finding]}
            connection.execute(verdicts.update().where(verdicts.c.id == row.id).values(document=document))
    page = preview(console, cluster, "approve", *ids).text
    assert 'name="overturn" required' in page
    assert confirm(console, cluster, page).status_code == 422
    assert confirm(console, cluster, page, ("overturn", "false_alarm")).status_code == 303
    assert states(console, ids) == ["decided"] * 2


def test_a_bulk_decision_is_undone_within_fifteen_seconds(console: Console) -> None:
    ids, cluster = open_cases(console, PLAIN, PLAIN)
    done = confirm(console, cluster, preview(console, cluster, "approve", *ids).text)
    lin = console.browser("reviewer", "lin")
    page = lin.get(done.headers["location"]).text
    bulk = re.search(r'name="bulk" value="([0-9a-f-]{36})"', page)
    assert bulk is not None
    form = {"csrf": lin.token(page), "bulk": bulk[1]}
    wu = console.browser("reviewer", "wu")
    others = {"csrf": wu.token(wu.get("/password").text), "bulk": bulk[1]}
    assert wu.post(f"/clusters/{cluster}/undo", others).headers["location"].startswith("/decisions")
    assert states(console, ids) == ["decided"] * 2
    undone = lin.post(f"/clusters/{cluster}/undo", form)
    assert undone.headers["location"] == f"/clusters/{cluster}"
    assert states(console, ids) == ["open"] * 2
    assert "已撤销 2 件" in lin.get(undone.headers["location"]).text
    console.clock.forward(seconds=16)
    assert "撤销这" not in lin.get(done.headers["location"]).text


def test_the_ticked_go_to_the_leads(console: Console) -> None:
    ids, cluster = open_cases(console, PLAIN, PLAIN)
    page = preview(console, cluster, "escalate", ids[0]).text
    assert "将提请组长 1 条" in page
    done = confirm(console, cluster, page, ("note", "请定夺"))
    assert states(console, ids) == ["escalated", "open"]
    assert "已提请组长 1 条" in console.browser("reviewer", "lin").get(done.headers["location"]).text


def test_nothing_ticked_says_so_and_an_empty_cluster_leads_on(console: Console) -> None:
    ids, cluster = open_cases(console, PLAIN)
    nothing = preview(console, cluster, "reject")
    assert nothing.status_code == 422
    assert "请先勾选案件" in nothing.text
    confirm(console, cluster, preview(console, cluster, "approve", *ids).text)
    empty = console.browser("reviewer", "lin").get(f"/clusters/{cluster}")
    assert empty.status_code == 404
    assert "没有待处理的案件" in empty.text
    assert 'href="/queue"' in empty.text


def test_other_roles_have_no_clusters(console: Console) -> None:
    _, cluster = open_cases(console, PLAIN)
    roles: tuple[Role, ...] = ("submitter", "rule_manager", "admin")
    for role in roles:
        browser = console.browser(role)
        assert browser.get(f"/clusters/{cluster}").status_code == 403
        token = browser.token(browser.get("/password").text)
        for act in ("preview", "decide", "undo"):
            assert browser.post(f"/clusters/{cluster}/{act}", {"csrf": token}).status_code == 403


def test_an_auditor_looks_and_changes_nothing(console: Console) -> None:
    ids, cluster = open_cases(console, PLAIN, PLAIN)
    audit = console.browser("auditor", "audit")
    page = audit.get(f"/clusters/{cluster}").text
    assert "同类 2 件" in page
    assert 'type="checkbox"' not in page
    assert 'name="act"' not in page
    form = {"csrf": audit.token(page), "act": "approve", "case": str(ids[0])}
    assert audit.post(f"/clusters/{cluster}/preview", form).status_code == 403
    form = {"csrf": audit.token(page), "act": "approve", "case": f"{ids[0]}:1", "idem": "abcdefgh"}
    assert audit.post(f"/clusters/{cluster}/decide", form).status_code == 403
    assert states(console, ids) == ["open"] * 2


def test_a_form_of_another_site_is_refused(console: Console) -> None:
    ids, cluster = open_cases(console, PLAIN)
    lin = console.browser("reviewer", "lin")
    form = {"csrf": "wrong", "act": "approve", "case": f"{ids[0]}:1", "idem": "abcdefgh"}
    assert lin.post(f"/clusters/{cluster}/decide", form).status_code == 403
    assert states(console, ids) == ["open"]


def test_hostile_texts_stay_texts(console: Console) -> None:
    """The texts are in the representative, in the differences and in names."""
    from smsvet_api.store.submissions.tables import submissions

    _, cluster = open_cases(console, *[PLAIN] * (len(HOSTILE) + 1))
    with console.store.database.transaction() as connection:
        for number, text in enumerate(HOSTILE, start=2):
            own = submissions.c.id == number
            document = connection.execute(submissions.select().where(own)).one().document
            hostile = {"document": {**document, "body": f"{PLAIN}{text}"}, "account": text.replace("\0", "")}
            connection.execute(submissions.update().where(own).values(hostile))
    lin = console.browser("reviewer", "lin")
    page = lin.get(f"/clusters/{cluster}").text
    tags = Markup(page).tags
    assert {tag for tag, known in tags if tag == "img" or (tag == "script" and "src" not in known)} == set()
    assert not [name for _, known in tags for name in known if name.startswith("on") or name == "style"]
    assert not set(page) & {"\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b"}
    assert "U+202E" in page


def test_an_english_page_has_no_chinese_of_its_own(console: Console) -> None:
    ids, cluster = open_cases(console, PLAIN, NUMBER)
    lin = console.browser("reviewer", "lin")
    lin.cookies["smsvet_lang"] = "en"
    pages = [lin.get(f"/clusters/{cluster}").text, preview(console, cluster, "reject", *ids).text]
    done = confirm(console, cluster, pages[1], ("reason", "house/content"))
    pages.append(lin.get(done.headers["location"]).text)
    for page in pages:
        own = [part for part in Markup(page).own if HAN.search(part)]
        assert [
            part for part in own if "应还" not in part and "您已支付" not in part
        ] == []  # quoted by the rule
