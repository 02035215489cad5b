"""The page of revisions: what is in service, refused loads, the shadow's differences, promotion and roll-back."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from smsvet import ContentError

from .pages import HOSTILE, Browser, Markup
from .signed_in import Console
from .test_words import HAN

if TYPE_CHECKING:
    import httpx

    from smsvet.model import Lang
    from smsvet_api.store.accounts.roles import Role
    from smsvet_api.store.content.revisions import Loaded

OTHERS: tuple[Role, ...] = ("submitter", "reviewer", "lead", "admin")
ERROR = "house/wording.yaml:3: key decision: expected approve, manual_review or reject"


def loaded(name: str) -> Loaded:
    from smsvet_api.store.content.revisions import Loaded

    places = {"rules": [f"/srv/{name}"], "policy": None, "model": None}
    return Loaded(name * 16, places, f"content-{name}", b"tar", "1.0")


@dataclass
class Control:
    """Stands for the loading of content, which takes seconds: it records the revisions in the store."""

    console: Console
    refused: bool = False
    calls: list[str] = field(default_factory=list)

    async def reload(self, lang: Lang, actor: str) -> None:
        from smsvet_api.http.content_outcomes import content_refused

        self.calls.append(f"reload {actor}")
        if self.refused:
            raise content_refused(ContentError(ERROR, ERROR), lang)

    async def begin_shadow(self, _lang: Lang, actor: str, places: Any) -> None:
        from smsvet_api.store.content.revisions import record_shadow

        self.calls.append(f"shadow {[path.name for path in places.rules]} {places.policy}")
        record_shadow(self.console.store, actor, loaded("b"))

    async def end_shadow(self, _lang: Lang, actor: str) -> None:
        from smsvet_api.store.content.revisions import end_shadow

        end_shadow(self.console.store, actor)

    async def promote(self, _lang: Lang, actor: str, note: str) -> None:
        from smsvet_api.store.content.revisions import record_promoted

        record_promoted(self.console.store, actor, loaded("b"), note)

    async def roll_back(self, lang: Lang, actor: str, note: str, name: str | None) -> None:
        from smsvet_api.store.content.revision_list import earlier_revision, in_service
        from smsvet_api.store.content.revisions import record_rolled_back

        target = await self.console.app.state.storage.run(lang, earlier_revision, name)
        active = in_service(self.console.store).active
        assert active is not None
        record_rolled_back(self.console.store, actor, loaded(target.revision[0]), note, active.id)


@pytest.fixture
def control(console: Console) -> Control:
    from smsvet_api.store.content.revisions import record_loaded

    record_loaded(console.store, "system", loaded("a"))
    made = Control(console)
    console.app.state.content = made
    return made


def sent(browser: Browser, path: str, **form: str) -> httpx.Response:
    return browser.post(path, {"csrf": browser.token(browser.get("/revisions").text)} | form)


def compared(console: Console, text: str) -> None:
    """Let the shadow judge a submission more strictly, and 49 others alike."""
    from smsvet_api.store.content.differences import Comparison, add_comparisons
    from smsvet_api.store.submissions.drafts import Draft
    from smsvet_api.store.submissions.submitting import receive

    console.browser("submitter", "shop")
    with console.store.database.reading() as connection:
        from smsvet_api.store.accounts.tables import users
        from smsvet_api.store.accounts.users import user_of

        row = connection.execute(users.select().where(users.c.name == "shop")).one()
    draft = Draft({"body": text}, "template", "tencent", None, None)
    number = receive(console.store, user_of(row), draft).id
    stricter = Comparison(number, "a" * 16, "b" * 16, "approve", "manual_review", (), ("house/wording",))
    same = Comparison(number, "a" * 16, "b" * 16, "approve", "approve", (), ())
    add_comparisons(console.store, [stricter] + [same] * 49)


def test_the_errors_of_a_refused_load_are_shown_verbatim(console: Console, control: Control) -> None:
    from smsvet_api.store.content.revisions import record_refused

    manager = console.browser("rule_manager")
    control.refused = True
    answer = sent(manager, "/revisions/reload")
    assert answer.status_code == 422
    assert html.escape(ERROR) in answer.text
    errors = [{"zh": "第 3 行", "en": ERROR}, {"zh": HOSTILE[0], "en": HOSTILE[0]}]
    record_refused(console.store, "user:rule_manager", {"rules": ["/srv/a"]}, errors, "1.0")
    page = manager.get("/revisions").text
    assert "最近一次加载被拒绝" in page
    assert "第 3 行" in page
    assert HOSTILE[0] not in page
    assert HOSTILE[0] in "".join(Markup(page).text)
    manager.cookies["smsvet_lang"] = "en"
    assert ERROR in html.unescape(manager.get("/revisions").text)
    assert control.calls == ["reload user:rule_manager"]


def test_a_shadow_is_loaded_compared_and_promoted_with_a_note(console: Console, control: Control) -> None:
    from smsvet_api.store.content.revision_list import in_service

    manager = console.browser("rule_manager")
    assert sent(manager, "/revisions/shadow", without_policy="on").headers["location"] == "/revisions"
    assert control.calls == ["shadow [] None"]
    page = manager.get("/revisions").text
    assert "影子还没有判断过提交" in page
    compared(console, "您的订单{1}已发货<b>")
    page = manager.get("/revisions").text
    assert "您的订单{1}已发货&lt;b&gt;" in page
    assert "影子判断了 50 件，其中新转人工 1 件" in page
    assert "house/wording" in page
    refused = sent(manager, "/revisions/promote", note="  ")
    assert refused.status_code == 422
    assert "请写明为什么启用此版本" in refused.text
    assert sent(manager, "/revisions/promote", note="试跑一周").headers["location"] == "/revisions"
    active = in_service(console.store).active
    assert active is not None
    assert (active.revision[0], active.note, active.loaded_by) == ("b", "试跑一周", "user:rule_manager")


def test_differences_are_listed_by_relation(console: Console, control: Control) -> None:
    manager = console.browser("rule_manager")
    sent(manager, "/revisions/shadow")
    compared(console, HOSTILE[7])
    link = re.findall(r'href="(/revisions/[0-9]+)">查看全部差异', manager.get("/revisions").text)[0]
    page = manager.get(f"{link}?relation=stricter").text
    assert "U+202E" in page
    assert "\u202e" not in page
    assert "还没有差异" in manager.get(f"{link}?relation=milder").text
    assert manager.get("/revisions/999").status_code == 404
    assert sent(manager, "/revisions/shadow/end").headers["location"] == "/revisions"
    assert "已结束的影子" in manager.get(link).text
    assert control.calls == ["shadow [] None"]


def test_one_button_rolls_back_and_any_earlier_revision_can_return(
    console: Console, control: Control
) -> None:
    from smsvet_api.store.content.revision_list import in_service
    from smsvet_api.store.content.revisions import record_loaded

    manager = console.browser("rule_manager")
    assert "/revisions/rollback" not in manager.get("/revisions").text
    record_loaded(console.store, "system", loaded("c"))
    record_loaded(console.store, "system", loaded("d"))
    assert sent(manager, "/revisions/rollback").headers["location"] == "/revisions"
    assert sent(manager, "/revisions/rollback", revision="a" * 16, note="旧规则").status_code == 303
    active = in_service(console.store).active
    assert active is not None
    assert (active.revision[0], active.note) == ("a", "旧规则")
    assert sent(manager, "/revisions/rollback", revision="e" * 16).status_code == 404
    assert control.calls == []


def test_a_shadow_is_loaded_from_allowed_places_only(console: Console, control: Control) -> None:
    manager = console.browser("rule_manager")
    for rules in ("/etc", "../..", "nowhere"):
        refused = sent(manager, "/revisions/shadow", rules=rules)
        assert refused.status_code == 422
        assert "SMSVET_SHADOW_CONTENT" in refused.text
    assert control.calls == []


def test_an_auditor_reads_and_others_do_not(console: Console, control: Control) -> None:
    audit = console.browser("auditor")
    page = audit.get("/revisions").text
    assert "现行版本" in page
    assert "<button" not in page.split("<main", 1)[1].split("</main>")[0]
    for path in ("reload", "shadow", "shadow/end", "promote", "rollback"):
        answer = audit.post(f"/revisions/{path}", {"csrf": audit.token(page), "note": "x"})
        assert answer.status_code == 403
    assert {console.browser(role).get("/revisions").status_code for role in OTHERS} == {403}
    assert control.calls == []


def test_the_page_keeps_to_one_language(console: Console, control: Control) -> None:
    manager = console.browser("rule_manager")
    manager.cookies["smsvet_lang"] = "en"
    assert [part for part in Markup(manager.get("/revisions").text).own if HAN.search(part)] == []
    sent(manager, "/revisions/shadow")
    compared(console, "您的订单{1}已发货")
    assert [part for part in Markup(manager.get("/revisions").text).own if HAN.search(part)] == []
    assert control.calls == ["shadow [] None"]
