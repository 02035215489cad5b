"""Revisions in the store: which is active, which the shadow, the refused ones; and the counts of a shadow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from .decided import add_case, add_user

if TYPE_CHECKING:
    from smsvet_api.store.content.differences import Comparison
    from smsvet_api.store.content.revisions import Loaded
    from smsvet_api.store.store import Store

PLACES = {"rules": ["/srv/rules"], "policy": None, "model": None}


def loaded(name: str, archive: bytes | None = b"tar") -> Loaded:
    from smsvet_api.store.content.revisions import Loaded

    return Loaded(name * 16, PLACES, f"content-{name}", archive, "1.0")


def kinds(store: Store) -> list[str]:
    import sqlalchemy as sa

    from smsvet_api.store.trail.tables import events

    with store.database.reading() as connection:
        return list(connection.execute(sa.select(events.c.kind).order_by(events.c.seq)).scalars())


def test_workers_that_load_the_same_revision_record_it_once(store: Store) -> None:
    from smsvet_api.store.content.revision_list import in_service, list_revisions
    from smsvet_api.store.content.revisions import record_loaded

    with ThreadPoolExecutor(6) as threads:
        rows = list(threads.map(lambda _: record_loaded(store, "system", loaded("a")), range(12)))
    assert {row.id for row in rows} == {1}
    assert kinds(store) == ["revision.loaded"]
    assert len(list_revisions(store)[0]) == 1
    assert in_service(store).configured == "content-a"


def test_the_life_of_a_revision(store: Store) -> None:
    from smsvet_api.store.content.revision_list import (
        archive_of,
        earlier_revision,
        in_service,
        list_revisions,
    )
    from smsvet_api.store.content.revisions import (
        record_loaded,
        record_promoted,
        record_rolled_back,
        record_shadow,
    )

    first = record_loaded(store, "system", loaded("a"))
    record_shadow(store, "user:zheng", loaded("b"))
    promoted = record_promoted(store, "user:zheng", loaded("b"), "fine")
    state = in_service(store)
    assert (state.active, state.shadow, state.configured) == (promoted, None, "content-a")
    target = earlier_revision(store)
    assert target.revision == first.revision
    back = record_rolled_back(store, "user:zheng", loaded("a"), "not fine", promoted.id)
    assert earlier_revision(store).revision == "b" * 16
    assert kinds(store) == [
        "revision.loaded",
        "revision.shadowed",
        "revision.promoted",
        "revision.rolled_back",
    ]
    rows, following = list_revisions(store, limit=3)
    assert [(row.id, row.state, row.way) for row in rows] == [
        (back.id, "active", "rolled_back"),
        (promoted.id, "earlier", "promoted"),
        (2, "ended", "shadow"),
    ]
    assert [row.id for row in list_revisions(store, following)[0]] == [first.id]
    assert {archive_of(store, name * 16) is not None for name in "ab"} == {True}
    assert archive_of(store, "c" * 16) is None


def test_a_change_that_another_worker_made_first_is_refused(store: Store) -> None:
    from smsvet_api.store.content.revisions import (
        end_shadow,
        record_loaded,
        record_promoted,
        record_rolled_back,
        record_shadow,
    )
    from smsvet_api.store.errors import ConflictError, NotFoundError

    first = record_loaded(store, "system", loaded("a"))
    record_shadow(store, "user:zheng", loaded("b"))
    record_shadow(store, "user:zheng", loaded("c"))
    with pytest.raises(ConflictError):
        record_promoted(store, "user:zheng", loaded("b"), "late")
    record_loaded(store, "system", loaded("d"))
    with pytest.raises(ConflictError):
        record_rolled_back(store, "user:zheng", loaded("a"), "late", first.id)
    end_shadow(store, "user:zheng")
    with pytest.raises(NotFoundError):
        end_shadow(store, "user:zheng")


def test_the_same_refusal_is_recorded_once(store: Store) -> None:
    from smsvet_api.store.content.revision_list import in_service, list_revisions
    from smsvet_api.store.content.revisions import record_loaded, record_refused

    record_loaded(store, "system", loaded("a"))
    errors = [{"zh": "a.yaml:2: 错", "en": "a.yaml:2: wrong"}]
    for _ in range(3):
        record_refused(store, "system", PLACES, errors, "1.0")
    rows = list_revisions(store)[0]
    assert [(row.state, row.errors) for row in rows] == [("refused", errors), ("active", [])]
    active = in_service(store).active
    assert active is not None
    assert active.revision == "a" * 16


def comparison(submission_id: int, active: str, shadow: str, **rules: Any) -> Comparison:
    from smsvet_api.store.content.differences import Comparison

    only = rules.get("active_rules", ()), rules.get("shadow_rules", ())
    return Comparison(submission_id, "a" * 16, "b" * 16, active, shadow, *only)


def test_differences_are_counted_and_listed(store: Store) -> None:
    from smsvet_api.store.content.differences import (
        ShadowCounts,
        add_comparisons,
        list_differences,
        shadow_counts_of,
    )

    owner = add_user(store, "owner", "submitter")
    numbers = [add_case(store, owner) for _ in range(4)]
    found = [
        comparison(numbers[0], "approve", "approve"),
        comparison(numbers[1], "approve", "reject", shadow_rules=("link/x",)),
        comparison(numbers[2], "reject", "manual_review", active_rules=("link/y",)),
        comparison(numbers[3], "reject", "reject", active_rules=("link/y",), shadow_rules=("link/x",)),
    ]
    add_comparisons(store, found[:2], [("a" * 16, "b" * 16)])
    add_comparisons(store, found[2:])
    add_comparisons(store, [])
    assert shadow_counts_of(store, "b" * 16) == ShadowCounts(same=2, stricter=1, milder=1, dropped=1)
    rows, following = list_differences(store, "b" * 16, limit=2)
    assert [row.submission_id for row in rows] == [numbers[3], numbers[2]]
    assert [row.submission_id for row in list_differences(store, "b" * 16, before=following)[0]] == [
        numbers[1]
    ]
    assert [row.shadow_rules for row in list_differences(store, "b" * 16, "same")[0]] == [["link/x"]]


@pytest.mark.parametrize(
    ("active", "shadow", "relation"),
    [
        ("approve", "approve", "same"),
        ("approve", "manual_review", "stricter"),
        ("manual_review", "reject", "stricter"),
        ("reject", "approve", "milder"),
    ],
)
def test_relations(active: str, shadow: str, relation: str) -> None:
    from smsvet_api.store.content.differences import relation_of

    assert relation_of(active, shadow) == relation
