"""`smsvet trail verify` on a trail that somebody damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsvet_api.store.store import Store
from smsvet_api.store.trail import verifying
from smsvet_api.store.trail.checkpoints import append_to, read_checkpoint, take_checkpoint
from smsvet_api.store.trail.events import ROOT, event_hash
from smsvet_api.store.trail.tables import events, trail_head
from smsvet_api.store.trail.verifying import verify

from . import trail_damage as damage

NUMBER = 12
OTHER = {
    "at": "2020-01-01T00:00:00.000000Z",
    "actor": "user:mo",
    "kind": "case.undone",
    "subject": "case:99",
    "body": '{"version":99}',
    "prev": "1" * 64,
    "hash": "2" * 64,
}


@pytest.fixture
def filled(store: Store) -> Store:
    damage.fill(store, NUMBER)
    return store


def found(store: Store) -> tuple[str, int] | None:
    """Return kind and number of the first damage, without a checkpoint."""
    wrong = verify(store).damage
    return None if wrong is None else (wrong.kind, wrong.seq)


def test_an_intact_trail(filled: Store) -> None:
    result = verify(filled, [take_checkpoint(filled)])
    assert (result.events, result.checkpoints, result.damage) == (NUMBER, 1, None)
    assert result.since == damage.rows(filled)[0]["at"]


def test_an_empty_trail_is_intact(store: Store) -> None:
    result = verify(store, [take_checkpoint(store)])
    assert (result.events, result.since, result.checkpoints, result.damage) == (0, None, 1, None)


def test_later_events_do_not_disturb_an_earlier_checkpoint(filled: Store) -> None:
    kept = take_checkpoint(filled)
    damage.fill(filled, 3)
    result = verify(filled, [kept, take_checkpoint(filled)])
    assert (result.events, result.checkpoints, result.damage) == (NUMBER + 3, 2, None)


@pytest.mark.parametrize("seq", [1, 7, NUMBER])
@pytest.mark.parametrize("column", OTHER)
def test_an_edited_column_is_found(filled: Store, column: str, seq: int) -> None:
    damage.change(filled, seq, **{column: OTHER[column]})
    assert found(filled) == ("edited", seq)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda store: damage.swap(store, 4, 5), ("moved", 4)),
        (lambda store: damage.swap(store, 2, 11), ("moved", 2)),
        (lambda store: damage.remove(store, 1, 1), ("removed", 1)),
        (lambda store: damage.remove(store, 6, 8), ("removed", 6)),
        (lambda store: damage.take_out(store, 6), ("moved", 6)),
        (lambda store: damage.add(store, 0, ROOT), ("inserted", 0)),
        (lambda store: damage.add(store, -3, ROOT), ("inserted", -3)),
        (lambda store: damage.renumber(store, 5, 1), ("removed", 5)),
    ],
)
def test_a_moved_removed_or_inserted_event_is_found(
    filled: Store, change: Callable[[Store], object], expected: tuple[str, int]
) -> None:
    change(filled)
    assert found(filled) == expected


def test_an_inserted_event_shows_at_the_one_that_it_pushed_back(filled: Store) -> None:
    before = damage.rows(filled)[3]["hash"]
    damage.renumber(filled, 5, 1)
    damage.add(filled, 5, before)
    assert found(filled) == ("moved", 6)


def test_an_event_with_a_hash_computed_anew_breaks_the_chain_behind_it(filled: Store) -> None:
    before = damage.rows(filled)[3]["hash"]
    damage.remove(filled, 5, 5)
    damage.add(filled, 5, before, actor="user:mo")
    assert found(filled) == ("unlinked", 6)


def test_an_event_behind_the_head_is_found(filled: Store) -> None:
    damage.add(filled, NUMBER + 1, damage.rows(filled)[-1]["hash"])
    assert found(filled) == ("head", NUMBER + 1)


def test_a_tail_cut_without_its_head_is_found(filled: Store) -> None:
    damage.remove(filled, 10, NUMBER)
    assert found(filled) == ("cut", 10)


def test_a_missing_head_is_found(filled: Store) -> None:
    with filled.database.transaction() as connection:
        connection.execute(trail_head.delete())
    assert found(filled) == ("head", NUMBER)


def test_only_a_checkpoint_finds_a_tail_cut_with_its_head(filled: Store) -> None:
    kept = take_checkpoint(filled)
    damage.remove(filled, 10, NUMBER)
    damage.set_head(filled, 9, damage.rows(filled)[-1]["hash"])
    assert found(filled) is None
    wrong = verify(filled, [kept]).damage
    assert wrong is not None
    assert (wrong.kind, wrong.seq) == ("cut", 10)
    assert wrong.say("en") == "the tail was cut: the checkpoint names seq 12, the database ends with 9"


def test_deleting_everything_is_found(filled: Store) -> None:
    kept = take_checkpoint(filled)
    damage.remove(filled, 1, NUMBER)
    assert found(filled) == ("emptied", 1)
    damage.set_head(filled, 0, ROOT)
    assert found(filled) is None
    wrong = verify(filled, [kept]).damage
    assert wrong is not None
    assert wrong.kind == "emptied"
    assert wrong.say("en") == "all events were deleted: the checkpoint names seq 12, the database has none"
    assert wrong.say("zh") == "全部事件已被删除：检查点指向 12，数据库中没有事件"


def test_only_a_checkpoint_finds_a_chain_that_was_written_anew(filled: Store) -> None:
    kept = take_checkpoint(filled)
    damage.rewrite(filled, 2, actor="user:mo")
    assert found(filled) is None
    wrong = verify(filled, [kept]).damage
    assert wrong is not None
    assert (wrong.kind, wrong.seq) == ("rewritten", NUMBER)


def test_of_several_checkpoints_the_first_that_disagrees_is_named(store: Store) -> None:
    kept = []
    for _ in range(4):
        damage.fill(store, 3)
        kept.append(take_checkpoint(store))
    damage.rewrite(store, 5, actor="user:mo")
    result = verify(store, kept)
    assert result.checkpoints == 1
    assert result.damage is not None
    assert (result.damage.kind, result.damage.seq) == ("rewritten", 6)


def test_a_cut_and_continued_trail_is_found(filled: Store) -> None:
    kept = take_checkpoint(filled)
    damage.remove(filled, 10, NUMBER)
    damage.set_head(filled, 9, damage.rows(filled)[-1]["hash"])
    damage.fill(filled, 8)
    wrong = verify(filled, [kept]).damage
    assert wrong is not None
    assert (wrong.kind, wrong.seq) == ("rewritten", NUMBER)


def test_a_checkpoint_with_missing_events_is_named(filled: Store) -> None:
    wrong = verify(filled, [replace(take_checkpoint(filled), count=NUMBER - 1)]).damage
    assert wrong is not None
    assert wrong.kind == "checkpoint"


def test_bytes_that_are_not_text_are_an_edit(filled: Store) -> None:
    if filled.database.file is None:
        return  # PostgreSQL stores no such text
    damaged = sqlite3.connect(filled.database.file, isolation_level=None)
    for seq, value in ((3, b"\xff\xfe"), (5, None)):
        damage_at = damage.rows(filled)[seq - 1]["body"]
        damaged.execute("update events set body = cast(? as text) where seq = ?", (value or b"\x80", seq))
        assert found(filled) == ("edited", seq)
        damaged.execute("update events set body = ? where seq = ?", (damage_at, seq))
    damaged.execute("update events set body = ? where seq = 7", (b"{}",))
    assert found(filled) == ("edited", 7)
    damaged.close()


def test_it_reads_in_pages(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "PAGE", 5)
    assert verify(filled).events == NUMBER
    damage.change(filled, 11, actor="user:mo")
    assert found(filled) == ("edited", 11)


def test_it_verifies_one_moment_while_others_write(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "PAGE", 4)
    whole = event_hash

    def writing(seq: int, *parts: str) -> str:
        if seq == 5:
            damage.fill(filled, 2)
        return whole(seq, *parts)

    monkeypatch.setattr(verifying, "event_hash", writing)
    result = verify(filled)
    assert (result.events, result.damage) == (NUMBER, None)


def test_a_checkpoint_survives_its_file(filled: Store, tmp_path: Path) -> None:
    kept = take_checkpoint(filled)
    for _ in range(2):
        append_to(tmp_path / "checkpoints.jsonl", kept)
    lines = (tmp_path / "checkpoints.jsonl").read_text().splitlines()
    assert [read_checkpoint(line) for line in lines] == [kept, kept]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "seq 3",
        "{}",
        '{"seq": 3, "hash": "aa", "count": 3, "at": "2026-11-28T09:30:00Z"}',
        f'{{"seq": true, "hash": "{ROOT}", "count": 3, "at": "2026-11-28T09:30:00Z"}}',
        f'{{"seq": -1, "hash": "{ROOT}", "count": 3, "at": "2026-11-28T09:30:00Z"}}',
        f'{{"seq": 3, "hash": "{ROOT}", "count": 3, "at": "yesterday"}}',
        f'{{"seq": 3, "hash": "{ROOT}", "count": 3, "at": "2026-11-28T09:30:00"}}',
    ],
)
def test_other_text_is_no_checkpoint(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_checkpoint(line)


def test_other_lines_of_a_log_are_skipped() -> None:
    assert read_checkpoint('{"time": "2026-11-28T09:30:00Z", "event": "request", "status": 200}') is None


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_damage_never_passes(store: Store, data: st.DataObject) -> None:
    """Every change of the stored events is found with a checkpoint, and names a number that exists or existed."""
    with store.database.transaction() as connection:
        connection.execute(events.delete())
    damage.set_head(store, 0, ROOT)
    number = data.draw(st.integers(1, 8), "events")
    damage.fill(store, number)
    before = damage.rows(store)
    kept = take_checkpoint(store)
    kind = data.draw(st.sampled_from(["edit", "swap", "remove", "cut", "rewrite"]), "damage")
    seq = data.draw(st.integers(1, number), "seq")
    if kind == "edit":
        column = data.draw(st.sampled_from(sorted(OTHER)), "column")
        limit = {"kind": 64, "subject": 128, "at": 27}.get(column, 64)
        text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=limit)
        damage.change(store, seq, **{column: data.draw(text, "text")})
    elif kind == "swap":
        damage.swap(store, seq, data.draw(st.integers(1, number), "other"))
    elif kind == "remove":
        damage.remove(store, seq, data.draw(st.integers(seq, number), "last"))
    elif kind == "cut":
        damage.remove(store, seq, number)
        left = damage.rows(store)
        damage.set_head(store, seq - 1, left[-1]["hash"] if left else ROOT)
    else:
        damage.rewrite(store, seq, actor=data.draw(st.sampled_from(["user:lin", "user:mo"]), "actor"))
    result = verify(store, [kept])
    assert (result.damage is None) == (damage.rows(store) == before)
    if result.damage is not None:
        assert 1 <= result.damage.seq <= number


def test_the_count_of_a_checkpoint_is_that_of_the_rows(filled: Store) -> None:
    damage.remove(filled, 3, 4)
    kept = take_checkpoint(filled)
    assert (kept.seq, kept.count) == (NUMBER, NUMBER - 2)
    with filled.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(events)).scalar() == kept.count
