"""Retention: old texts go, statuses and decisions stay, and the trail still verifies."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
import sqlalchemy as sa

from smsvet_api.store import retention
from smsvet_api.store.accounts.tables import users
from smsvet_api.store.accounts.users import User, user_of
from smsvet_api.store.cases.choice import Choice
from smsvet_api.store.cases.deciding import decide
from smsvet_api.store.cases.search_text import folded
from smsvet_api.store.cases.tables import appeals, cases, resolutions
from smsvet_api.store.quality.copies import OWNER
from smsvet_api.store.quality.tables import golden_items, samples
from smsvet_api.store.retention import retain
from smsvet_api.store.store import Store
from smsvet_api.store.submissions.tables import submissions, verdicts
from smsvet_api.store.trail.checkpoints import take_checkpoint
from smsvet_api.store.trail.tables import events
from smsvet_api.store.trail.verifying import verify
from smsvet_api.store.webhooks.tables import outbox, webhooks

from .databases import TestClock
from .decided import add_case, add_user

SECRET = "【云雀科技】取件码八六四二，请勿告知他人"


@pytest.fixture
def owner(store: Store) -> User:
    return add_user(store, "shop", "submitter")


def finish(store: Store, owner: User, status: str, *, state: str = "decided", text: str = SECRET) -> int:
    """Store a submission of a status whose case has a state; return its id."""
    case_id = add_case(store, owner, text=text)
    with store.database.transaction() as connection:
        case = connection.execute(sa.select(cases).where(cases.c.id == case_id)).one()
        connection.execute(cases.update().where(cases.c.id == case_id).values(state=state))
        connection.execute(
            submissions.update()
            .where(submissions.c.id == case.submission_id)
            .values(status=status, final_at=store.now())
        )
        connection.execute(
            verdicts.update()
            .where(verdicts.c.id == case.verdict_id)
            .values(document={"quote": text, "findings": []})
        )
    return int(case.submission_id)


def user_named(store: Store, name: str) -> User:
    with store.database.reading() as connection:
        return user_of(connection.execute(sa.select(users).where(users.c.name == name)).one())


def webhook(store: Store, owner: User) -> None:
    with store.database.transaction() as connection:
        values = {"owner_id": owner.id, "url": "https://shop.example", "events": [], "secret": "whsec_x"}
        connection.execute(webhooks.insert().values(values | {"created_at": store.now()}))


def row(store: Store, submission_id: int) -> Any:
    with store.database.reading() as connection:
        return connection.execute(
            sa.select(
                submissions,
                verdicts.c.document.label("verdict"),
                cases.c.cluster,
                cases.c.search_text,
                cases.c.id.label("case_id"),
            )
            .join(verdicts, verdicts.c.submission_id == submissions.c.id)
            .join(cases, cases.c.submission_id == submissions.c.id)
            .where(submissions.c.id == submission_id)
        ).one()


def has_text(store: Store, submission_id: int) -> bool:
    return row(store, submission_id).document is not None


def test_each_status_has_its_own_time(store: Store, owner: User, clock: TestClock) -> None:
    approved, rejected = finish(store, owner, "approved"), finish(store, owner, "rejected")
    waiting = finish(store, owner, "in_review", state="open")
    clock.forward(days=31)
    young = finish(store, owner, "approved")
    result = retain(store, {"approved": 30, "rejected": 90}, "command")
    assert (result.deleted, result.deleted_earlier) == (1, 0)
    assert result.kept == {"approved": 1, "in_review": 1, "rejected": 1}
    assert [has_text(store, one) for one in (approved, rejected, waiting, young)] == [False, True, True, True]
    clock.forward(days=60)
    assert retain(store, {"approved": 30, "rejected": 90}, "command").deleted == 2
    assert retain(store, {"approved": 30, "rejected": 90}, "command").deleted_earlier == 3


def test_without_a_setting_nothing_is_deleted(store: Store, owner: User, clock: TestClock) -> None:
    kept = finish(store, owner, "approved")
    clock.forward(days=10_000)
    assert retain(store, {}, "command").deleted == 0
    assert has_text(store, kept)


def test_text_salt_and_verdict_go_and_the_rest_stays(store: Store, owner: User, clock: TestClock) -> None:
    gone = finish(store, owner, "rejected")
    before = row(store, gone)
    with store.database.transaction() as connection:
        connection.execute(
            appeals.insert().values(
                submission_id=gone, case_id=before.case_id, user_id=owner.id, text=SECRET, at=store.now()
            )
        )
    clock.forward(days=2)
    retain(store, {"rejected": 1}, "command")
    after = row(store, gone)
    assert (after.document, after.salt, after.verdict) == (None, None, None)
    assert (before.search_text, after.search_text, after.cluster) == (folded(SECRET), None, None)
    assert after.request_digest == ""
    assert after.forgotten_at == clock()
    assert (after.status, after.client_id, after.text_digest) == (
        "rejected",
        before.client_id,
        before.text_digest,
    )
    with store.database.reading() as connection:
        assert connection.execute(sa.select(appeals.c.text)).scalar_one() == ""


def test_the_trail_names_the_deleted_and_still_verifies(store: Store, owner: User, clock: TestClock) -> None:
    gone = sorted(finish(store, owner, "approved") for _ in range(3))
    kept = take_checkpoint(store)
    clock.forward(days=2)
    retain(store, {"approved": 1}, "command")
    result = verify(store, [kept])
    assert (result.damage, result.checkpoints) == (None, 1)
    with store.database.reading() as connection:
        event = connection.execute(sa.select(events).order_by(events.c.seq.desc()).limit(1)).one()
    assert (event.kind, event.actor) == ("submissions.forgotten", "command")
    assert event.body == f'{{"status":"approved","submissions":[{gone[0]},{gone[1]},{gone[2]}]}}'
    assert SECRET not in event.body


def test_an_undecided_case_keeps_the_text(store: Store, owner: User, clock: TestClock) -> None:
    appealed = finish(store, owner, "rejected", state="open")
    clock.forward(days=400)
    assert retain(store, {"rejected": 1}, "command").deleted == 0
    assert has_text(store, appealed)


def test_a_golden_item_keeps_its_text_until_it_is_retired(
    store: Store, owner: User, clock: TestClock
) -> None:
    golden = finish(store, owner, "rejected")
    with store.database.transaction() as connection:
        connection.execute(
            golden_items.insert().values(
                case_id=row(store, golden).case_id,
                decision="reject",
                user_id=owner.id,
                created_at=store.now(),
            )
        )
    clock.forward(days=400)
    assert retain(store, {"rejected": 1}, "command").deleted == 0
    with store.database.transaction() as connection:
        connection.execute(golden_items.update().values(retired_at=store.now()))
    assert retain(store, {"rejected": 1}, "command").deleted == 1


def test_a_copy_of_a_golden_item_goes_once_it_was_decided(store: Store, clock: TestClock) -> None:
    copies = add_user(store, OWNER, "submitter")
    decided = finish(store, copies, "in_review")
    shown = finish(store, copies, "in_review", state="open")
    clock.forward(days=60)
    assert retain(store, {"approved": 30, "rejected": 90}, "command").deleted == 1
    assert [has_text(store, one) for one in (decided, shown)] == [False, True]


def test_what_reviewers_wrote_goes_with_the_text(store: Store, owner: User, clock: TestClock) -> None:
    lin = add_user(store, "lin")
    webhook(store, owner)
    gone, kept = add_case(store, owner, text=SECRET), add_case(store, owner, text=SECRET)
    for number, case in enumerate((gone, kept)):
        clock.forward(days=20 * number)
        choice = Choice("reject", ("link/in-template",), None, f"备注{SECRET}", f"请改{SECRET}")
        decide(store, lin, case, 1, choice, f"decision-{number}")
    clock.forward(days=15)
    retain(store, {"rejected": 30}, "command")
    with store.database.reading() as connection:
        written = connection.execute(sa.select(resolutions).order_by(resolutions.c.case_id)).all()
        messages = connection.execute(sa.select(outbox).order_by(outbox.c.id)).all()
    assert [(row.note, row.message) for row in written] == [("", ""), (f"备注{SECRET}", f"请改{SECRET}")]
    assert [row.decision for row in written] == ["reject", "reject"]
    data = [json.loads(row.body)["data"] for row in messages]
    assert [(one["status"], one["message"]) for one in data] == [
        ("rejected", ""),
        ("rejected", f"请改{SECRET}"),
    ]
    assert verify(store).damage is None


def test_copies_of_a_golden_item_go_with_its_text(store: Store, owner: User, clock: TestClock) -> None:
    golden = finish(store, owner, "rejected")
    clock.forward(days=89)
    copy = finish(store, add_user(store, OWNER, "submitter"), "in_review")
    waiting = finish(store, user_named(store, OWNER), "in_review", state="open")
    with store.database.transaction() as connection:
        item = connection.execute(
            golden_items.insert()
            .values(
                case_id=row(store, golden).case_id,
                decision="reject",
                user_id=owner.id,
                created_at=store.now(),
                retired_at=store.now(),
            )
            .returning(golden_items.c.id)
        ).scalar_one()
        for shown in (copy, waiting):
            case_id = row(store, shown).case_id
            connection.execute(cases.update().where(cases.c.id == case_id).values(origin="golden"))
            connection.execute(
                samples.insert().values(
                    case_id=case_id, kind="golden", golden_id=item, created_at=store.now()
                )
            )
    clock.forward(days=2)
    assert retain(store, {"rejected": 90}, "command").deleted == 2
    assert [has_text(store, one) for one in (golden, copy, waiting)] == [False, False, True]
    with store.database.transaction() as connection:
        connection.execute(cases.update().values(state="decided"))
    assert retain(store, {"rejected": 90}, "command").deleted == 1


def test_an_interrupted_run_is_continued(
    store: Store, owner: User, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(7):
        finish(store, owner, "approved")
    clock.forward(days=2)
    monkeypatch.setattr(retention, "BATCH", 3)
    pauses: list[float] = []

    def interrupted(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        retain(store, {"approved": 1}, "command")
    result = retain(store, {"approved": 1}, "command")
    assert (result.deleted, result.deleted_earlier) == (1, 6)
    assert verify(store).damage is None
    with store.database.reading() as connection:
        forgotten = sa.select(sa.func.count()).where(events.c.kind == "submissions.forgotten")
        assert connection.execute(forgotten).scalar() == 3


def test_the_file_no_longer_holds_the_text(store: Store, owner: User, clock: TestClock) -> None:
    if store.database.file is None:
        return  # PostgreSQL removes old rows by VACUUM
    mark = secrets.token_hex(16)
    for _ in range(20):
        finish(store, owner, "approved", text=mark * 400)
    clock.forward(days=2)
    files = list(store.database.file.parent.glob("smsvet.sqlite*"))
    assert any(mark.encode() in file.read_bytes() for file in files)
    retain(store, {"approved": 1}, "command")
    files = list(store.database.file.parent.glob("smsvet.sqlite*"))
    assert not any(mark.encode() in file.read_bytes() for file in files)


def test_a_submission_in_review_has_no_retention(store: Store) -> None:
    with pytest.raises(ValueError, match="in_review"):
        retain(store, {"in_review": 1}, "command")
