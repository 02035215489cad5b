"""The page of the audit trail: events by filters, verification on demand, checkpoints and the download."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from .pages import HOSTILE, Markup
from .signed_in import Console
from .test_words import HAN

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role

OTHERS: tuple[Role, ...] = ("submitter", "reviewer", "lead", "rule_manager")


def note(console: Console, text: str, actor: str = "user:lin", subject: str = "case:7") -> None:
    from smsvet_api.store.trail.events import append

    with console.store.database.transaction() as connection:
        append(connection, console.clock(), actor, "revision.promoted", subject, {"note": text})


def events_of(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<th scope="row" class="n">([0-9]+)</th>', page)]


def test_events_are_filtered_and_paged(console: Console) -> None:
    audit = console.browser("auditor")
    for number in range(60):
        note(console, f"note {number}", subject=f"case:{number % 2}")
    first = audit.get("/trail").text
    older = re.findall(r'rel="next" href="([^"]+)"', first)[0]
    numbers = events_of(first) + events_of(audit.get(older.replace("&amp;", "&")).text)
    assert numbers == list(range(61, 0, -1))
    assert len(events_of(audit.get("/trail?subject=case:1&kind=revision").text)) == 30
    assert events_of(audit.get("/trail?since=2026-11-28&until=2026-11-28").text) != []
    none = audit.get("/trail?since=2026-11-29").text
    assert events_of(none) == []
    assert "没有符合筛选的事件" in none
    assert events_of(audit.get("/trail?since=yesterday&before=x").text) == numbers[:50]


def test_a_verification_tells_when_up_to_which_event_and_the_damage(console: Console) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.trail.tables import events

    audit = console.browser("auditor")
    page = audit.get("/trail").text
    assert "尚未校验" in page
    answer = audit.post("/trail/verify", {"csrf": audit.token(page)})
    assert answer.headers["location"] == "/trail"
    page = audit.get("/trail").text
    assert "✓ 完好" in page
    note(console, "later")
    assert "其后新增 1" in audit.get("/trail").text
    with console.store.database.transaction() as connection:
        connection.execute(sa.update(events).where(events.c.seq == 1).values(actor="user:eve"))
    audit.post("/trail/verify", {"csrf": audit.token(page)})
    page = audit.get("/trail").text
    assert "事件 1 的内容已被改动" in page
    assert "✕ 已损坏" in page


def test_the_file_of_checkpoints_takes_part(console: Console, tmp_path: Path) -> None:
    audit = console.browser("auditor")
    taken = audit.get("/trail/checkpoint.json")
    assert taken.json()["seq"] == 1
    kept = tmp_path / "kept.jsonl"
    kept.write_text(f"{taken.text}not a checkpoint\n", encoding="utf-8")
    verifier = console.app.state.verifier
    verifier.settings = verifier.settings.model_copy(update={"checkpoint_to": str(kept)})
    page = audit.get("/trail").text
    audit.post("/trail/verify", {"csrf": audit.token(page)})
    from smsvet_api.store.trail.last_verification import last_verification

    found = last_verification(console.store)
    assert found is not None
    assert found.checkpoints == 1


def test_the_download_verifies_by_itself(console: Console) -> None:
    from smsvet_api.store.trail.events import event_hash

    audit = console.browser("auditor")
    note(console, "理由 \u202e <b>")
    lines = audit.get("/trail/events.jsonl").text.splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["seq"] for event in events] == [2, 1]
    for event in events:
        parts = (event[name] for name in ("at", "actor", "kind", "subject", "body", "prev"))
        assert event["hash"] == event_hash(event["seq"], *parts)
    only = audit.get("/trail/events.jsonl?actor=user:lin").text.splitlines()
    assert [json.loads(line)["seq"] for line in only] == [2]


def test_hostile_notes_are_shown_as_text(console: Console) -> None:
    for text in HOSTILE:
        note(console, text, subject=f"case:{text[:40]}".replace("\0", ""))
    page = console.browser("auditor").get("/trail").text
    markup = Markup(page)
    assert [tag for tag, _ in markup.tags if tag in ("img", "b")] == []
    assert [tag for tag, attributes in markup.tags if any(name.startswith("on") for name in attributes)] == []
    assert sum(tag == "script" for tag, _ in markup.tags) == 1
    assert "\u202e" not in page
    assert "U+202E U+2066" in page
    assert HOSTILE[0] in "".join(markup.text)


def test_a_damaged_event_is_shown_too(console: Console) -> None:
    import sqlalchemy as sa

    note(console, "later")
    damage = "update events set at = 'yesterday', body = cast(x'ff00' as text), kind = x'fe' where seq = 1"
    with console.store.database.transaction() as connection:
        connection.execute(sa.text(damage))
    audit = console.browser("auditor")
    assert events_of(audit.get("/trail").text) == [2, 1]
    assert len(audit.get("/trail/events.jsonl").text.splitlines()) == 2


def test_only_auditors_and_admins_have_the_page(console: Console) -> None:
    for role in OTHERS:
        browser = console.browser(role)
        paths = ("/trail", "/trail/events.jsonl", "/trail/checkpoint.json")
        assert {browser.get(path).status_code for path in paths} == {403}
        token = browser.token(browser.get("/try").text)
        assert browser.post("/trail/verify", {"csrf": token}).status_code == 403
    assert console.browser("admin").get("/trail").status_code == 200


def test_the_page_keeps_to_one_language(console: Console) -> None:
    note(console, "早")
    audit = console.browser("auditor")
    audit.cookies["smsvet_lang"] = "en"
    page = audit.get("/trail").text
    audit.post("/trail/verify", {"csrf": audit.token(page)})
    assert [part for part in Markup(audit.get("/trail").text).own if HAN.search(part)] == []
