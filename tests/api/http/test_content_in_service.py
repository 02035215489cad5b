"""Content is exchanged in service: reload, refusal, shadow, promotion, roll-back and replay.

The tests share one service, and each begins with the revision that the one before left in service.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from smsvet import Reviewer
from smsvet.schema import read_submission, write_verdict

from ..required import missing
from .content_service import Running, running, write_rule

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("content-in-service")]

OLD, NEW, OTHER = "特惠装", "尊享装", "臻享装"
AS_OF = "2026-11-22"


def text(word: str) -> dict[str, str]:
    return {"body": f"您的订单{word}已发货，请留意查收", "purpose": "notification", "as_of": AS_OF}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("content")
    return {name: folder / name for name in ("rules", "candidates")}


@pytest.fixture(scope="module")
def service(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if find_spec("alembic") is None:
        missing("alembic is not installed")
    write_rule(folders["rules"], OLD)
    write_rule(folders["candidates"] / "next", OTHER)
    with running(
        tmp_path_factory.mktemp("store"), folders["rules"], shadow_content=(folders["candidates"],)
    ) as service:
        yield service


def house(verdict: dict[str, Any]) -> bool:
    return "house/wording" in {finding["rule"] for finding in verdict["findings"]}


def events(service: Running) -> list[tuple[str, dict[str, Any]]]:
    import sqlalchemy as sa

    from smsvet_api.store.trail.tables import events

    with service.app.state.storage.store.database.reading() as connection:
        rows = connection.execute(
            sa.select(events).where(events.c.subject.like("revision:%")).order_by(events.c.seq)
        )
        return [(row.kind, json.loads(row.body)) for row in rows]


def test_a_reload_under_load_answers_every_request_wholly_by_one_revision(
    service: Running, folders: dict[str, Path]
) -> None:
    before = service.revision
    write_rule(folders["rules"], NEW)
    batch = {"submissions": [text(OLD), text(NEW)] * 60}  # more than one slice

    async def load() -> list[Any]:
        done = asyncio.Event()
        answers: list[Any] = []

        async def client(path: str, body: Any) -> None:
            while not done.is_set():
                answers.append(await service.send("POST", path, json=body))

        clients = [
            asyncio.create_task(client("/v1/review", text(OLD))),
            asyncio.create_task(client("/v1/review", text(NEW))),
            asyncio.create_task(client("/v1/review/batch", batch)),
        ]
        reloaded = await service.send("POST", "/v1/revisions/reload")
        answers.append(await service.send("POST", "/v1/review", json=text(NEW)))
        done.set()
        await asyncio.gather(*clients)
        assert reloaded.status_code == 200, reloaded.text
        return answers

    answers = service.wait(load())
    after = service.revision
    assert after != before
    assert {answer.status_code for answer in answers} == {200}
    seen = set()
    for answer in answers:
        found = answer.json()
        verdicts = found.get("verdicts", [found])
        assert len({verdict["revision"] for verdict in verdicts}) == 1
        seen.add(verdicts[0]["revision"])
        flagged = [house(verdict) for verdict in verdicts]
        if len(verdicts) > 1:
            assert flagged == [verdicts[0]["revision"] == before, verdicts[0]["revision"] == after] * 60
    assert seen == {before, after}
    assert events(service)[-1] == ("revision.loaded", {"revision": after, "before": before, "note": ""})


def test_a_reload_without_a_change_keeps_the_processes(service: Running) -> None:
    processes = service.app.state.service.processes
    assert service.ask("POST", "/v1/revisions/reload").json()["revision"] == service.revision
    assert service.app.state.service.processes is processes


def test_refused_content_leaves_the_active_revision_and_names_file_and_line(
    service: Running, folders: dict[str, Path]
) -> None:
    active, file = service.revision, folders["rules"] / "house" / "wording.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("decision: reject", "decision: refuse"), encoding="utf-8")
    try:
        answer = service.ask("POST", "/v1/revisions/reload?lang=en")
    finally:
        file.write_text(good, encoding="utf-8")
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:smsvet:problem:content-refused"
    assert f"{file}:2: decision" in answer.json()["detail"]
    assert service.revision == active
    assert house(service.ask("POST", "/v1/review", json=text(NEW)).json())
    listed = service.ask("GET", "/v1/revisions", "lead").json()["revisions"]
    assert [row["state"] for row in listed] == ["refused", "active", "earlier"]
    assert f"{file}:2: decision" in listed[0]["errors"][0]["en"]


@pytest.mark.parametrize("path", ["/etc", "../rules/..", "missing"])
def test_a_shadow_is_loaded_from_allowed_folders_alone(service: Running, path: str) -> None:
    answer = service.ask("POST", "/v1/revisions/shadow?lang=en", json={"rules": [path]})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "rules.0", "message": "not found in the folders of SMSVET_SHADOW_CONTENT"}
    ]


def test_a_shadow_judges_as_direct_reviews_do(service: Running, folders: dict[str, Path]) -> None:
    stored = [store(service, text(word)) for word in (OLD, NEW, OTHER, NEW, NEW)]
    answer = service.ask("POST", "/v1/revisions/shadow", json={"rules": ["next"]})
    assert answer.status_code == 201, answer.text
    control = service.app.state.content

    async def offer() -> None:
        for number, submission, verdict in stored:
            control.offer(number, submission, verdict)
        await control.shadow.drained()

    service.wait(offer())
    direct = Reviewer(rules=[folders["candidates"] / "next"])
    strict = {"approve": 0, "manual_review": 1, "reject": 2}
    expected = {"same": 0, "stricter": 0, "milder": 0, "dropped": 0}
    for _, submission, verdict in stored:
        shadow = write_verdict(direct.review(read_submission(submission)))
        step = strict[shadow["decision"]] - strict[verdict["decision"]]
        expected["same" if not step else "stricter" if step > 0 else "milder"] += 1
    assert expected == {"same": 1, "stricter": 1, "milder": 3, "dropped": 0}
    row = answer.json()
    assert row["revision"] == direct.revision
    found = service.ask("GET", f"/v1/revisions/{row['id']}/differences?limit=3", "lead").json()
    assert found["counts"] == expected
    assert [one["submission_id"] for one in found["differences"]] == [stored[place][0] for place in (4, 3, 2)]
    assert found["differences"][0]["active_rules"] == ["house/wording"]
    assert found["differences"][2]["shadow_rules"] == ["house/wording"]
    rest = service.ask("GET", f"/v1/revisions/{row['id']}/differences?cursor={found['next']}", "lead").json()
    assert [one["submission_id"] for one in rest["differences"]] == [stored[1][0]]
    assert rest["next"] is None
    milder = service.ask("GET", f"/v1/revisions/{row['id']}/differences?relation=milder", "lead").json()
    assert len(milder["differences"]) == 3


def test_promotion_and_roll_back_are_events(service: Running, folders: dict[str, Path]) -> None:
    before, shadow = service.revision, service.app.state.content.shadow.revision.name
    assert service.ask("POST", "/v1/revisions/promote", json={"note": ""}).status_code == 422
    promoted = service.ask("POST", "/v1/revisions/promote", json={"note": "两周对照无异常"})
    assert promoted.status_code == 200, promoted.text
    assert service.revision == shadow
    assert service.app.state.content.shadow is None
    assert house(service.ask("POST", "/v1/review", json=text(OTHER)).json())
    assert events(service)[-1] == (
        "revision.promoted",
        {"revision": shadow, "before": before, "note": "两周对照无异常"},
    )
    # A reload without a change of the configured files does not undo the promotion.
    assert service.ask("POST", "/v1/revisions/reload").json()["revision"] == shadow
    (folders["rules"] / "house" / "wording.yaml").write_text("broken: [", encoding="utf-8")
    back = service.ask("POST", "/v1/revisions/rollback", json={"note": "误拒增多"})
    assert back.status_code == 200, back.text
    assert service.revision == before
    assert house(service.ask("POST", "/v1/review", json=text(NEW)).json())
    assert events(service)[-1] == (
        "revision.rolled_back",
        {"revision": before, "before": shadow, "note": "误拒增多"},
    )


def test_a_verdict_is_replayed_with_its_own_revision(service: Running) -> None:
    listed = service.ask("GET", "/v1/revisions", "lead").json()["revisions"]
    first = next(row["revision"] for row in reversed(listed) if row["state"] == "earlier")
    assert first not in {service.revision, ""}
    number, _, verdict = store(service, text(NEW))
    assert service.ask("POST", f"/v1/submissions/{number}/replay", "lead").json()["state"] == "equal"
    # The verdict of the first revision, which flagged another word.
    earlier = {**verdict, "revision": first, "findings": [], "decision": "approve"}
    number, _, _ = store(service, text(NEW), earlier)
    answer = service.ask("POST", f"/v1/submissions/{number}/replay", "lead").json()
    assert (answer["state"], answer["revision"]) == ("equal", first)
    number, _, _ = store(service, text(OLD), earlier)
    assert service.ask("POST", f"/v1/submissions/{number}/replay", "lead").json()["state"] == "different"


def test_another_worker_follows(service: Running, folders: dict[str, Path], tmp_path: Path) -> None:
    write_rule(folders["rules"], NEW)
    with running(tmp_path, folders["rules"], database=service.database) as other:
        assert other.revision == service.revision
        write_rule(folders["rules"], OTHER)
        assert other.ask("POST", "/v1/revisions/reload", keys=service.keys).status_code == 200
        service.wait(service.app.state.content.follow("en"))
        assert service.revision == other.revision
        assert house(service.ask("POST", "/v1/review", json=text(OTHER)).json())


def resident() -> int:
    """Return the resident memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_memory_does_not_grow_with_reloads(service: Running, folders: dict[str, Path]) -> None:
    sizes = []
    for number in range(5):
        write_rule(folders["rules"], f"套餐{number}号")
        assert service.ask("POST", "/v1/revisions/reload").status_code == 200
        service.wait(service.app.state.service.settled())
        sizes.append(resident())
    assert sizes[4] < 1.15 * sizes[1], sizes


def test_a_revision_that_is_gone_is_said_to_be(service: Running) -> None:
    verdict = {"revision": "0" * 16, "decision": "approve", "as_of": AS_OF, "findings": [], "faults": []}
    number, _, _ = store(service, text(NEW), verdict)
    answer = service.ask("POST", f"/v1/submissions/{number}/replay", "lead").json()
    assert (answer["state"], answer["verdict"]) == ("gone", None)
    assert service.ask("POST", "/v1/submissions/99999/replay", "lead").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "role", "status"),
    [
        ("GET", "/v1/revisions", "reviewer", 403),
        ("POST", "/v1/revisions/reload", "lead", 403),
        ("POST", "/v1/revisions/rollback", "lead", 403),
        ("DELETE", "/v1/revisions/shadow", "lead", 403),
        ("DELETE", "/v1/revisions/shadow", "rule_manager", 404),
        ("GET", "/v1/revisions/99999/differences", "lead", 404),
    ],
)
def test_who_may(service: Running, method: str, path: str, role: str, status: int) -> None:
    body: dict[str, Any] = {"json": {}} if method == "POST" and path.endswith("back") else {}
    assert service.ask(method, path, role, **body).status_code == status


def store(
    service: Running, submission: dict[str, str], verdict: dict[str, Any] | None = None
) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Store a submission with the active revision's verdict, or another one."""
    from smsvet_api.store.submissions.tables import submissions, verdicts

    from ..store.decided import add_case, add_user

    database = service.app.state.storage.store
    if verdict is None:
        verdict = service.ask("POST", "/v1/review", json=submission).json()
    assert verdict is not None
    number = add_case(database, add_user(database, f"owner-{secrets.token_hex(4)}", "submitter"))
    with database.database.transaction() as connection:
        connection.execute(submissions.update().where(submissions.c.id == number).values(document=submission))
        connection.execute(
            verdicts.update()
            .where(verdicts.c.submission_id == number)
            .values(document=verdict, revision=verdict["revision"], as_of=AS_OF, decision=verdict["decision"])
        )
    return number, submission, verdict
