"""The page of a case by forms, without script: decide, undo, hold, skip, escalate, conflicts, and what a blind case hides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from .case_parts import AGENCY, case_of, claimed, open_case_on, resolution_of, state_of
from .forms import Forms, follow, press
from .pages import HOSTILE, Markup
from .signed_in import Console


def test_the_page_has_marks_with_numbers_findings_and_facts(filled: Console) -> None:
    page = claimed(filled.browser("reviewer")).text
    assert re.search(r'<a class="mark manual_review" href="#finding-1" data-numbers="1[^"]*">', page)
    assert re.search(r'<sup class="manual_review">[0-9]+</sup>', page)
    assert 'class="hole"><bdi>{1}</bdi>' in page
    assert 'href="/rules/content/agency"' in page
    assert "不符合内容规范/代办财税" in page
    assert "强词" in page
    assert "示例商务" in page
    assert "次申请" in page
    assert "锁定至" in page
    assert "另有 2 件，拒绝 0" in page


@pytest.mark.parametrize(
    ("number", "status"), [("999999", 404), ("99999999999999999999", 422), ("0", 422), ("x", 422)]
)
def test_a_number_of_no_case_is_an_error_page(console: Console, number: str, status: int) -> None:
    answer = console.browser("lead").get(f"/cases/{number}")
    assert answer.status_code == status
    assert "<h1" in answer.text


def test_a_decision_leads_to_the_next_case_with_an_undo(filled: Console) -> None:
    browser = filled.browser("reviewer")
    first = claimed(browser).text
    case = case_of(first)
    following = follow(browser, press(browser, first, "/decide", "approve", note="可以"))
    assert case_of(following.text) != case
    assert f"案件 {case} 已通过，已领取 {case_of(following.text)}" in following.text
    assert state_of(filled, case).state == "decided"
    assert resolution_of(filled, case).note == "可以"
    back = follow(browser, press(browser, following.text, f"/cases/{case}/undo")).text
    assert case_of(back) == case
    assert f"案件 {case} 的决定已撤销" in back
    assert "\n可以</textarea>" in back
    assert state_of(filled, case).state == "open"


def test_after_fifteen_seconds_a_decision_cannot_be_undone(filled: Console) -> None:
    browser = filled.browser("reviewer")
    first = claimed(browser).text
    following = follow(browser, press(browser, first, "/decide", "approve")).text
    filled.clock.forward(seconds=16)
    response = press(browser, following, f"/cases/{case_of(first)}/undo")
    assert response.status_code == 409
    assert "已过撤销时限" in response.text
    assert state_of(filled, case_of(first)).state == "decided"


def test_a_rejection_tells_the_submitter_what_to_change(filled: Console) -> None:
    browser = filled.browser("reviewer")
    page = claimed(browser).text
    case = case_of(page)
    press(browser, page, "/decide", "reject", reason=["content/agency", "house/documents"], message="")
    made = resolution_of(filled, case)
    assert made.decision == "reject"
    assert made.reasons == ["content/agency", "house/documents"]
    assert "代办与财税代理：" in made.message
    assert "证明材料不足" in made.message
    assert "agency" not in made.message


def test_a_form_that_is_not_taken_is_shown_again_with_its_words(filled: Console) -> None:
    browser = filled.browser("reviewer")
    page = claimed(browser).text
    response = press(
        browser, page, "/decide", "reject", note="写了很久的备注", message="给您的话", reason=None
    )
    assert response.status_code == 422
    assert "拒绝时至少选择一个原因" in response.text
    assert "\n写了很久的备注</textarea>" in response.text
    assert "\n给您的话</textarea>" in response.text
    assert state_of(filled, case_of(page)).state == "open"


def test_going_against_the_machine_needs_a_reason(console: Console) -> None:
    console.submit(AGENCY)
    browser = console.browser("lead")
    page = claimed(browser).text
    case = case_of(page)
    decide_against_reject(console, case)
    page = browser.get(f"/cases/{case}").text
    response = press(browser, page, "/decide", "approve")
    assert response.status_code == 422
    assert "与机器结论不符，请选择原因" in response.text
    press(browser, response.text, "/decide", "approve", **{"overturn-approve": "false_alarm"})
    assert resolution_of(console, case).overturn == "false_alarm"


def decide_against_reject(console: Console, case: int) -> None:
    """Make the findings of a case reject."""
    import sqlalchemy as sa

    from smsvet_api.store.submissions.tables import verdicts

    verdict = state_of(console, case).verdict_id
    with console.store.database.transaction() as connection:
        document = connection.execute(
            sa.select(verdicts.c.document).where(verdicts.c.id == verdict)
        ).scalar_one()
        for finding in document["findings"]:
            finding["decision"] = "reject"
        connection.execute(verdicts.update().where(verdicts.c.id == verdict).values(document=document))


def test_a_case_is_held_until_a_moment(filled: Console) -> None:
    browser = filled.browser("reviewer")
    page = claimed(browser).text
    case = case_of(page)
    following = follow(browser, press(browser, page, "/hold", note="等材料", hours="24")).text
    assert "搁置至 11-29 17:30" in following
    assert state_of(filled, case).held_until == filled.clock() + timedelta(hours=24)
    assert f'id="row-{case}"' in browser.get("/queue?state=held").text
    page = browser.get(f"/cases/{case}").text
    assert "等材料" in page
    assert "继续处理" not in page  # another case is claimed
    response = press(browser, following, "/hold", until="2020-01-01T10:00")
    assert response.status_code == 422
    assert "应在 30 天之内" in response.text
    response = press(browser, following, "/hold", until="yesterday")
    assert response.status_code == 422


def test_a_skipped_case_goes_back_and_another_is_claimed(filled: Console) -> None:
    browser = filled.browser("reviewer")
    page = claimed(browser).text
    following = follow(browser, press(browser, page, "/skip")).text
    assert case_of(following) != case_of(page)
    assert state_of(filled, case_of(page)).holder_id is None


def test_an_escalated_case_is_for_the_lead(filled: Console) -> None:
    browser = filled.browser("reviewer")
    page = claimed(browser).text
    case = case_of(page)
    press(browser, page, "/escalate", note="拿不准")
    assert state_of(filled, case).state == "escalated"
    lead = filled.browser("lead")
    assert f'id="row-{case}"' in lead.get("/queue?state=escalated").text
    page = lead.get(f"/cases/{case}").text
    assert "拿不准" in page
    page = follow(lead, press(lead, page, f"/cases/{case}/claim")).text
    follow(lead, press(lead, page, "/decide", "approve"))
    assert state_of(filled, case).state == "decided"


def test_the_last_decision_leads_back_to_the_queue(console: Console) -> None:
    console.submit(AGENCY)
    browser = console.browser("reviewer")
    page = follow(browser, press(browser, claimed(browser).text, "/decide", "approve")).text
    assert "队列已清空，今天处理 1 件" in page
    assert "没有下一件" in page


def test_a_case_that_somebody_else_decided_shows_both_decisions(filled: Console) -> None:
    lin, mo = filled.browser("reviewer", "lin"), filled.browser("reviewer", "mo")
    stale = claimed(lin).text
    case = case_of(stale)
    filled.clock.forward(minutes=11)
    theirs = follow(mo, press(mo, mo.get(f"/cases/{case}").text, f"/cases/{case}/claim")).text
    press(mo, theirs, "/decide", "reject", reason=["content/agency"])
    response = press(lin, stale, "/decide", "approve", note="我查过执照")
    assert response.status_code == 409
    assert "mo 已处理此案件" in response.text
    assert "\n我查过执照</textarea>" in response.text
    conflict = response.text.partition('class="card conflict"')[2].partition("</section>")[0]
    assert re.findall(r"decision (approve|reject)", conflict) == ["reject", "approve"]
    assert resolution_of(filled, case).decision == "reject"
    # To the leads, once the other decision is final.
    response = press(lin, response.text, "/object", note="我查过执照")
    assert response.status_code == 409
    filled.clock.forward(seconds=16)
    page = lin.get(f"/cases/{case}").text
    follow(lin, press(lin, page, "/object", note="我查过执照"))
    assert state_of(filled, case).state == "escalated"
    assert "我查过执照" in filled.browser("lead").get(f"/cases/{case}").text


def test_a_lock_that_ran_out_still_decides_if_nobody_came(filled: Console) -> None:
    browser = filled.browser("reviewer")
    page = claimed(browser).text
    case = case_of(page)
    filled.clock.forward(minutes=11)
    again = browser.get(f"/cases/{case}").text
    assert "锁定已过期，仍可提交；若已有他人处理会提示" in again
    follow(browser, press(browser, page, "/decide", "approve"))
    assert state_of(filled, case).state == "decided"


def test_reading_does_not_claim_and_a_taken_case_names_its_holder(filled: Console) -> None:
    lin, mo = filled.browser("reviewer", "lin"), filled.browser("reviewer", "mo")
    case = case_of(claimed(lin).text)
    page = mo.get(f"/cases/{case}").text
    assert "由 lin 处理中，锁定至" in page
    assert "/decide" not in {address for form in Forms(page).forms for _, _, address in form.buttons}
    free = next(one for one in (1, 2, 3) if one != case)
    page = mo.get(f"/cases/{free}").text
    assert state_of(filled, free).holder_id is None
    page = follow(mo, press(mo, page, f"/cases/{free}/claim")).text
    assert "锁定至" in page


def test_a_decided_case_says_by_whom(filled: Console) -> None:
    lin = filled.browser("reviewer", "lin")
    page = claimed(lin).text
    press(lin, page, "/decide", "reject", reason=["content/agency"])
    page = filled.browser("reviewer", "mo").get(f"/cases/{case_of(page)}").text
    assert "lin 处理于" in page
    assert "领取下一件" in page


def test_a_lead_releases_reassigns_and_reopens(filled: Console) -> None:
    lin, lead = filled.browser("reviewer", "lin"), filled.browser("lead", "zhou")
    filled.browser("reviewer", "mo")
    case = case_of(claimed(lin).text)
    press(lead, lead.get(f"/cases/{case}").text, "/release")
    assert state_of(filled, case).holder_id is None
    page = follow(lead, press(lead, lead.get(f"/cases/{case}").text, "/reassign", to="mo")).text
    assert f"案件 {case} 已改派给 mo" in page
    assert state_of(filled, case).state == "held"
    mo = filled.browser("reviewer", "mo")
    page = follow(mo, press(mo, mo.get(f"/cases/{case}").text, f"/cases/{case}/claim")).text
    press(mo, page, "/decide", "approve")
    filled.clock.forward(seconds=16)
    follow(lead, press(lead, lead.get(f"/cases/{case}").text, "/reopen", note="再看一次"))
    assert state_of(filled, case).state == "open"


def test_a_heartbeat_extends_the_lock(filled: Console) -> None:
    browser = filled.browser("reviewer")
    page = claimed(browser).text
    filled.clock.forward(minutes=5)
    follow(browser, press(browser, page, "/heartbeat"))
    assert state_of(filled, case_of(page)).locked_until == filled.clock() + timedelta(minutes=10)


def test_an_auditor_reads_and_changes_nothing(filled: Console) -> None:
    auditor = filled.browser("auditor")
    case = case_of(claimed(filled.browser("reviewer")).text)
    page = auditor.get(f"/cases/{case}")
    assert page.status_code == 200
    forms = [form for form in Forms(page.text).forms if form.method == "post"]
    actions = {address for form in forms for _, _, address in form.buttons}
    assert {one for one in actions if one.startswith("/cases")} == set()
    token = auditor.token(page.text)
    for action in ("decide", "claim", "skip", "hold", "escalate", "undo", "release", "reopen", "object"):
        response = auditor.post(f"/cases/{case}/{action}", {"csrf": token})
        assert response.status_code == 403, action


def test_a_form_without_its_token_is_refused(filled: Console) -> None:
    browser = filled.browser("reviewer")
    case = case_of(claimed(browser).text)
    assert browser.post(f"/cases/{case}/skip", {}).status_code == 403


def test_why_a_word_was_not_flagged(filled: Console) -> None:
    browser = filled.browser("reviewer")
    case = case_of(claimed(browser).text)
    page = browser.get(f"/cases/{case}?word=刻章").text
    assert 'class="gates"' in page
    assert 'id="case-why" open' in page


def test_the_fixed_version_is_shown_on_demand(filled: Console) -> None:
    browser = filled.browser("reviewer")
    case = case_of(claimed(browser).text)
    assert "按建议修改后" not in browser.get(f"/cases/{case}").text
    assert "按建议修改后" in browser.get(f"/cases/{case}?show=fixed").text


def test_rules_that_have_changed_since_are_announced(filled: Console) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.submissions.tables import verdicts

    browser = filled.browser("reviewer")
    case = case_of(claimed(browser).text)
    with filled.store.database.transaction() as connection:
        connection.execute(sa.update(verdicts).values(revision="f" * 64))
        row = connection.execute(sa.select(verdicts).limit(1)).one()
        kept = row.document | {"findings": row.document["findings"][:1]}
        connection.execute(sa.update(verdicts).values(document=kept))
    page = browser.get(f"/cases/{case}").text
    assert "规则已更新" in page
    assert '<code translate="no">ffffffff</code>' in page


def test_a_failed_rule_is_named(filled: Console) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.submissions.tables import verdicts

    case = case_of(claimed(filled.browser("reviewer")).text)
    with filled.store.database.transaction() as connection:
        row = connection.execute(sa.select(verdicts).limit(1)).one()
        broken = row.document | {"faults": [{"rule": "link/short", "error": "RuntimeError"}]}
        connection.execute(sa.update(verdicts).values(document=broken))
    page = filled.browser("reviewer").get(f"/cases/{case}").text
    assert "1 条规则运行失败，已转人工" in page
    assert "link/short" in page


def test_a_user_without_shortcuts_sees_none(filled: Console) -> None:
    from smsvet_api.store.accounts.tables import users

    browser = filled.browser("reviewer")
    with filled.store.database.transaction() as connection:
        connection.execute(users.update().values(preferences={"shortcuts": False}))
    page = claimed(browser).text
    assert 'data-shortcuts="off"' in page
    assert "aria-keyshortcuts" not in page
    assert '<dialog id="shortcuts"' not in page


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_a_hostile_text_is_shown_as_text(console: Console, place: int) -> None:
    text = HOSTILE[place].replace("\x00", "")
    fields = {"remark": text, "account": {"name": text[:100]}, "signature": text[:40]}
    case = open_case_on(console, f"工商代办{text}", **fields)
    response = console.browser("reviewer").get(f"/cases/{case}")
    assert response.status_code == 200
    page = Markup(response.text)
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert all((one.get("src") or "").startswith("/static/") for one in scripts)
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    shown = "".join(page.text)
    assert not {"\u202e", "\u2066", "\ufeff"} & set(shown)


def test_an_english_page_has_no_chinese_of_its_own(filled: Console) -> None:
    from .test_words import HAN

    browser = filled.browser("reviewer")
    case = case_of(claimed(browser).text)
    browser.cookies["smsvet_lang"] = "en"
    for path in ("/queue", f"/cases/{case}"):
        page = browser.get(path).text
        own = [part for part in Markup(page).own if HAN.search(part)]
        # Messages quote the text.
        assert [part for part in own if not re.search("[“”]", part)] == [], path
