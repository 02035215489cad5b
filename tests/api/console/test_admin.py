"""Pages for admins: users, keys, webhooks and settings. Secrets are shown once, and everything works by forms."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from .pages import HOSTILE, Browser, Markup
from .signed_in import Console
from .test_words import HAN

if TYPE_CHECKING:
    import httpx

    from smsvet_api.store.accounts.roles import Role

SECTIONS = ("/admin/users", "/admin/keys", "/admin/webhooks", "/admin/settings")
OTHERS: tuple[Role, ...] = ("submitter", "reviewer", "lead", "rule_manager", "auditor")


def sent(browser: Browser, path: str, page: str, **form: str) -> httpx.Response:
    """Send a form of a page, as a browser without a script does."""
    return browser.post(path, {"csrf": browser.token(browser.get(page).text)} | form)


def secret(page: str) -> str:
    found = re.search(r'<code id="secret"[^>]*>([^<]+)</code>', page)
    assert found is not None
    return html.unescape(found[1])


def test_a_user_is_added_with_a_password_that_is_shown_once_and_works(console: Console) -> None:
    admin = console.browser("admin")
    added = sent(admin, "/admin/users", "/admin/users", name="Wang.Li", role="reviewer")
    assert added.status_code == 200
    assert added.headers["cache-control"] == "no-store"
    password = secret(added.text)
    assert password not in admin.get("/admin/users").text
    login = Browser(console.app).post("/login", {"name": "wang.li", "password": password})
    assert (login.status_code, login.headers["location"]) == (303, "/password")
    page = admin.get("/admin/users").text
    assert "wang.li" in page
    assert "待修改一次性密码" in page
    again = sent(admin, "/admin/users", "/admin/users", name="wang.li", role="lead")
    assert again.status_code == 409
    assert "已有用户 wang.li" in again.text
    assert '<option value="lead" selected>' in again.text


def test_a_user_is_changed_disabled_and_given_a_new_password(console: Console) -> None:
    admin, lin = console.browser("admin"), console.browser("reviewer", "lin")
    page = next(
        link
        for link in re.findall(r'href="(/admin/users/[0-9]+)"[^>]*><bdi>lin<', admin.get("/admin/users").text)
    )
    assert sent(admin, f"{page}/role", page, role="lead").headers["location"] == f"{page}"
    shown = admin.get(page).text
    assert "组长" in shown
    assert "角色已更改" in shown
    assert "角色已更改" not in admin.get(page).text
    assert lin.get("/reports").status_code == 200
    assert sent(admin, f"{page}/state", page, disabled="1").status_code == 303
    assert "已停用" in admin.get(page).text
    assert lin.get("/reports").status_code in (303, 401)
    assert sent(admin, f"{page}/state", page, disabled="0").status_code == 303
    issued = sent(admin, f"{page}/password", page)
    password = secret(issued.text)
    assert password not in admin.get(page).text
    assert Browser(console.app).post("/login", {"name": "lin", "password": password}).status_code == 303
    assert sent(admin, f"{page}/role", page, role="emperor").status_code == 422


def test_the_last_admin_remains(console: Console) -> None:
    admin = console.browser("admin")
    page = re.findall(r'href="(/admin/users/[0-9]+)"', admin.get("/admin/users").text)[0]
    for path, form in ((f"{page}/state", {"disabled": "1"}), (f"{page}/role", {"role": "lead"})):
        refused = sent(admin, path, page, **form)
        assert refused.status_code == 409
        assert "最后一位管理员" in refused.text
    assert admin.get("/admin/users").status_code == 200


def test_a_key_is_shown_once_works_and_is_revoked(console: Console) -> None:
    admin = console.browser("admin")
    console.browser("submitter", "shop")
    form = {"user": "shop", "name": HOSTILE[0], "scope.submit": "on", "expires": "2026-12-31"}
    added = sent(admin, "/admin/keys", "/admin/keys", **form)
    key = secret(added.text)
    listed = admin.get("/admin/keys").text
    assert key not in listed
    assert key.split("_")[1] in listed
    assert "2027-01-01 00:00" in listed  # the end of the last day, in China
    assert HOSTILE[0] not in listed
    assert "".join(Markup(listed).text).count(HOSTILE[0]) == 1
    number = re.findall(r'action="/admin/keys/([0-9]+)/revoke"', listed)[0]
    assert sent(admin, f"/admin/keys/{number}/revoke", "/admin/keys").headers["location"] == "/admin/keys"
    assert "已吊销" in admin.get("/admin/keys").text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"scope.admin": "on"}, "没有权限 admin"),
        ({}, "至少需要一项权限"),
        ({"scope.submit": "on", "expires": "2020-01-01"}, "到期时间已过"),
        ({"scope.submit": "on", "expires": "soon"}, "2026-12-31"),
        ({"scope.submit": "on", "user": "nobody"}, "没有这个用户"),
    ],
)
def test_a_key_that_cannot_be_made_is_refused_beside_its_form(
    console: Console, form: dict[str, str], told: str
) -> None:
    console.browser("submitter", "shop")
    answer = sent(
        console.browser("admin"), "/admin/keys", "/admin/keys", **{"user": "shop", "name": "erp"} | form
    )
    assert answer.status_code in (404, 422)
    assert told in answer.text
    assert 'value="erp"' in answer.text


def test_an_endpoint_is_added_tried_rotated_and_deleted(console: Console) -> None:
    from smsvet_api.store.webhooks.delivering import Attempt, claim_due, record_attempt

    admin = console.browser("admin")
    console.browser("submitter", "shop")
    form = {"url": "https://shop.example.com/hook", "owner": "shop", "event.webhook.test": "on"}
    added = sent(admin, "/admin/webhooks", "/admin/webhooks", **form)
    first = secret(added.text)
    assert first.startswith("whsec_")
    page = re.findall(r'href="(/admin/webhooks/[0-9]+)"', added.text)[0]
    assert first not in admin.get(page).text
    assert sent(admin, f"{page}/test", page).headers["location"] == f"{page}"
    outgoing = claim_due(console.store, 10)
    for one in outgoing:
        record_attempt(console.store, one, Attempt(410, 31, HOSTILE[1]))
    shown = admin.get(page).text
    assert "31 毫秒" in shown
    assert HOSTILE[1] not in shown
    assert HOSTILE[1] in "".join(Markup(shown).text)
    assert "webhook.test" in shown
    message = re.findall(r"/messages/(msg_[^/]+)/resend", shown)[0]
    assert sent(admin, f"{page}/messages/{message}/resend", page).headers["location"] == f"{page}"
    rotated = sent(admin, f"{page}/rotate", page, hours="48")
    second = secret(rotated.text)
    assert second not in (first, "")
    assert "新旧密钥并用至" in rotated.text
    assert second not in admin.get(page).text
    changed = sent(admin, f"{page}/change", page, url="http://127.0.0.1/hook")
    assert changed.status_code == 422
    assert sent(admin, f"{page}/state", page, disabled="1").status_code == 303
    assert sent(admin, f"{page}/replay", page).status_code == 303
    assert sent(admin, f"{page}/delete", page).headers["location"] == "/admin/webhooks"
    assert admin.get(page).status_code == 404


WEEK = {f"day{number}": "09:00-12:00, 13:30-18:00" for number in range(5)}


def test_the_calendar_of_the_form_is_in_force(console: Console) -> None:
    from smsvet_api.store.cases.sla import read_calendar

    admin = console.browser("admin")
    form = {
        "minutes": "120",
        "zone": "Asia/Shanghai",
        "holidays": "2026-11-30\n",
        "workdays": "2026-11-29 10:00-16:00",
    }
    page = sent(admin, "/admin/settings/calendar", "/admin/settings", **form, **WEEK)
    assert page.headers["location"] == "/admin/settings"
    calendar = read_calendar(console.store)
    friday = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)  # 17:30 in China
    assert calendar.due(friday) == datetime(
        2026, 11, 29, 3, 30, tzinfo=UTC
    )  # 90 minutes of the shifted Sunday
    shown = admin.get("/admin/settings").text
    assert 'value="09:00-12:00, 13:30-18:00"' in shown
    assert "2026-11-29 10:00-16:00" in shown


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"day0": "9 to 5"}, "周一：时段应写作 09:00-12:00"),
        ({"day0": "18:00-09:00"}, "时段的结束应晚于开始"),
        ({"holidays": "01.10."}, "日期应写作 2026-10-01"),
        ({"zone": "Mars/Base"}, "未知时区"),
    ],
)
def test_a_calendar_that_cannot_be_used_is_refused_beside_its_form(
    console: Console, form: dict[str, str], told: str
) -> None:
    given = {"minutes": "120", "zone": "Asia/Shanghai"} | WEEK | form
    answer = sent(console.browser("admin"), "/admin/settings/calendar", "/admin/settings", **given)
    assert answer.status_code == 422
    assert told in answer.text
    assert html.escape(next(iter(form.values()))) in answer.text


def test_rates_of_sampling_are_percentages(console: Console) -> None:
    from smsvet_api.store.quality.rates import current_rates

    admin = console.browser("admin")
    form = {"second": "7.5", "golden": "0", "message": "12.25"}
    assert sent(admin, "/admin/settings/sampling", "/admin/settings", **form).status_code == 303
    rates = current_rates(console.store)
    assert (rates.second, rates.golden, rates.second_of) == (750, 0, {"message": 1225})
    for wrong in ("101", "-1", "7,5", "１", ""):
        answer = sent(admin, "/admin/settings/sampling", "/admin/settings", **form | {"second": wrong})
        assert answer.status_code == 422
    assert current_rates(console.store) == rates


def test_other_roles_neither_see_nor_change_anything(console: Console) -> None:
    for role in OTHERS:
        browser = console.browser(role)
        assert {browser.get(path).status_code for path in SECTIONS} == {403}
        token = browser.token(browser.get("/try").text)
        form = {"csrf": token, "name": "mallory", "role": "admin"}
        assert browser.post("/admin/users", form).status_code == 403
        assert browser.post("/admin/settings/sampling", form).status_code == 403
    admin = console.browser("admin")
    assert (
        admin.post("/admin/users", {"name": "mallory", "role": "admin"}).status_code == 403
    )  # without the token
    assert "mallory" not in admin.get("/admin/users").text
    assert Browser(console.app).get("/admin/users").headers["location"] == "/login?back=%2Fadmin%2Fusers"


def test_the_pages_keep_to_one_language_and_name_the_commands(console: Console) -> None:
    admin = console.browser("admin")
    console.browser("submitter", "shop")
    admin.cookies["smsvet_lang"] = "en"
    for path in SECTIONS:
        page = admin.get(path).text
        assert [part for part in Markup(page).own if HAN.search(part)] == [], path
    assert "smsvet keys add" in admin.get("/admin/keys").text
    assert "smsvet users add" in admin.get("/admin/users").text
