"""Exports: complete tables, read back; who may; the event in the trail; a client that leaves."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from smsvet_api.files.inputs import read_rows
from smsvet_api.learning.decisions import read_decisions
from smsvet_api.store.accounts.users import User
from smsvet_api.store.cases.tables import cases, resolutions
from smsvet_api.store.exporting import COLUMNS, WINDOW, Period, Table, Windows, begin_export
from smsvet_api.store.submissions.tables import submissions, verdicts
from smsvet_api.store.trail.tables import events

from ..store.accounts import add_user
from ..store.databases import KINDS
from .stored import StoredService, stored_service

FORMULA = "=1+2;您好{1}"


def fill(service: StoredService, number: int, reviewer: User, owner: User, **changes: Any) -> None:
    """Store decided submissions without reviewing them: `number` rows of each table."""
    at = service.store.now()
    with service.store.database.transaction() as connection:
        first = connection.execute(sa.select(sa.func.coalesce(sa.func.max(submissions.c.id), 0))).scalar_one()
        ids = range(first + 1, first + number + 1)
        shared = {
            "received_at": at,
            "salt": "s",
            "text_digest": "d",
            "kind": "template",
            "provider": "tencent",
        }
        connection.execute(
            submissions.insert(),
            [
                shared
                | {
                    "id": one, "owner_id": owner.id, "client_id": f"t-{one}", "request_digest": "d",
                    "document": {"body": changes.get("body", f"{FORMULA}第{one}条")}, "status": "rejected",
                    "account": "甲", "purpose": None,
                }
                for one in ids
            ],
        )  # fmt: skip
        connection.execute(
            verdicts.insert(),
            [
                {
                    "id": one, "submission_id": one, "at": at, "decision": "manual_review", "as_of": "2026-11-28",
                    "revision": "r", "document": {"findings": [], "faults": []},
                }
                for one in ids
            ],
        )  # fmt: skip
        connection.execute(
            cases.insert(),
            [
                {
                    "id": one, "submission_id": one, "verdict_id": one, "origin": changes.get("origin", "verdict"),
                    "blind": changes.get("origin") == "second", "state": "decided", "kind": "template",
                    "provider": "tencent", "priority": 50, "opened_at": at, "due_at": at, "version": 2,
                }
                for one in ids
            ],
        )  # fmt: skip
        connection.execute(
            resolutions.insert(),
            [
                {
                    "id": one, "case_id": one, "user_id": reviewer.id, "idem": f"i-{one}",
                    "decision": changes.get("decision", "reject"), "reasons": ["content/a"], "note": "internal",
                    "message": "请修改", "at": at, "final_at": changes.get("final_at", at),
                    "withdrawn_at": changes.get("withdrawn_at"),
                }
                for one in ids
            ],
        )  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoredService]:
    folder: Path = tmp_path_factory.mktemp("store")
    with stored_service(request.param, folder) as service:
        owner, reviewer = (
            add_user(service.store, "ann", "submitter"),
            add_user(service.store, "rex", "reviewer"),
        )
        now = service.store.now()
        fill(service, WINDOW + 20, reviewer, owner)
        fill(service, 210, reviewer, owner, decision="approve")
        fill(service, 3, reviewer, owner, withdrawn_at=now)
        fill(service, 3, reviewer, owner, origin="golden")
        fill(service, 3, reviewer, owner, final_at=now + timedelta(seconds=15))
        fill(service, 1, reviewer, owner, origin="second", body="复核过的{1}")
        fill(service, 1, reviewer, owner, decision="approve", body="改判的{1}")
        fill(service, 1, reviewer, owner, decision="reject", body="改判的{1}")
        yield service


ROWS = WINDOW + 20 + 210 + 12
TAUGHT = WINDOW + 20 + 210 + 2


def export(service: StoredService, name: str, status: int = 200, **query: str) -> httpx.Response:
    response = service.ask("lead", "GET", f"/v1/export/{name}", params=query)
    assert response.status_code == status, response.text
    return response


def lines(response: httpx.Response) -> list[dict[str, str]]:
    assert response.content.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def trail(service: StoredService) -> list[tuple[str, dict[str, Any]]]:
    with service.store.database.reading() as connection:
        rows = connection.execute(
            sa.select(events).where(events.c.kind == "export.made").order_by(events.c.seq)
        ).all()
    return [(row.subject, json.loads(row.body)) for row in rows]


@pytest.mark.parametrize("table", ["submissions", "decisions"])
def test_csv_has_every_row_once(service: StoredService, table: Any) -> None:
    response = export(service, f"{table}.csv")
    rows = lines(response)
    assert tuple(rows[0]) == COLUMNS[table]
    assert [int(row["submission"]) for row in rows] == list(range(1, ROWS + 1))
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == f'attachment; filename="{table}-2026-11-28.csv"'


def test_no_cell_is_read_as_a_formula(service: StoredService) -> None:
    assert {row["body"][:2] for row in lines(export(service, "submissions.csv"))[:WINDOW]} == {"'="}


def test_internal_notes_are_not_exported(service: StoredService) -> None:
    assert "internal" not in export(service, "decisions.csv").text


def test_parquet_is_typed_and_equals_the_csv(service: StoredService) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    tables: tuple[Table, ...] = ("submissions", "decisions")
    for table in tables:
        response = export(service, f"{table}.parquet")
        read = pq.read_table(io.BytesIO(response.content))
        assert tuple(read.column_names) == COLUMNS[table]
        assert read.num_rows == ROWS
        assert pq.ParquetFile(io.BytesIO(response.content)).num_row_groups == -(-ROWS // WINDOW)
        rows = read.to_pylist()
        assert rows[0]["body"] == f"{FORMULA}第1条"
        assert str(rows[0]["received_at" if table == "submissions" else "decided_at"].tzinfo) == "UTC"
        shown = lines(export(service, f"{table}.csv"))
        assert [row["id"] for row in rows] == [row["id"] for row in shown]
        checkpoint = json.loads(read.schema.metadata[b"smsvet.checkpoint"])
        assert checkpoint == json.loads(response.headers["smsvet-checkpoint"])


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_table_for_learning_is_read_by_smsvet_learn(
    service: StoredService, tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"decisions.{form}"
    file.write_bytes(export(service, f"learning.{form}").content)
    texts, left_out = read_decisions(read_rows(str(file), "en", {"tencent": "tencent"}), file.name, "en")
    assert (len(texts), left_out) == (TAUGHT, 0)
    by_text = {one.text: one.violates for one in texts}
    assert by_text["改判的{1}"] is True  # the last decision on a text counts
    assert by_text["复核过的{1}"] is True
    assert sum(by_text.values()) == WINDOW + 22


def test_a_decision_is_learned_once_it_is_final(service: StoredService) -> None:
    before = len(lines(export(service, "learning.csv")))
    service.clock.forward(seconds=15)
    assert len(lines(export(service, "learning.csv"))) == before + 3
    service.clock.forward(seconds=-15)


def test_an_export_is_an_event_with_its_checkpoint(service: StoredService) -> None:
    response = export(service, "submissions.csv", since="2026-11-28T00:00:00Z")
    subject, body = trail(service)[-1]
    checkpoint = json.loads(response.headers["smsvet-checkpoint"])
    assert subject == "export:submissions"
    assert (body["rows"], body["format"], body["complete"]) == (ROWS, "csv", True)
    assert body["checkpoint"] == checkpoint
    with service.store.database.reading() as connection:
        last = connection.execute(sa.select(events).where(events.c.seq == checkpoint["seq"])).one()
    assert last.hash == checkpoint["hash"]


def test_periods(service: StoredService) -> None:
    assert lines(export(service, "submissions.csv", until="2026-11-28T00:00:00+08:00")) == []
    assert lines(export(service, "decisions.csv", since="2026-11-29T00:00:00+08:00")) == []
    for wrong in ("2026-11-28", "2026-11-28T00:00:00", "x"):
        export(service, "decisions.csv", 422, since=wrong)


@pytest.mark.parametrize("name", ["users.csv", "submissions.xlsx", "submissions", "a.b.csv"])
def test_other_tables_are_refused(service: StoredService, name: str) -> None:
    assert service.ask("lead", "GET", f"/v1/export/{name}").status_code in (404, 422)


def test_who_may_export(service: StoredService) -> None:
    allowed = {
        role: service.ask(role, "GET", "/v1/export/decisions.csv").status_code
        for role in ("submitter", "reviewer", "lead", "rule_manager", "auditor", "admin")
    }
    assert allowed == dict.fromkeys(("submitter", "reviewer", "admin"), 403) | dict.fromkeys(
        ("lead", "rule_manager", "auditor"), 200
    )


def test_a_client_that_leaves_is_recorded_too(service: StoredService) -> None:
    from smsvet_api.http.export import ExportStream  # the only way to leave in the middle without a socket
    from smsvet_api.http.export_formats import CsvWriter

    lead = add_user(service.store, "leaver", "lead")
    begun = begin_export(service.store, "submissions", Period())
    windows = Windows(begun)
    stream = ExportStream(
        service.app.state.storage, lead, begun, windows, CsvWriter(COLUMNS["submissions"]), "csv", "zh"
    )

    async def leave() -> None:
        parts = stream.parts(windows.next(service.store))
        await anext(parts)
        await anext(parts)
        await parts.aclose()  # type: ignore[attr-defined]

    asyncio.run(leave())
    body: dict[str, Any] = {"complete": True}
    for _ in range(600):  # a thread stores the event
        if not (body := trail(service)[-1][1])["complete"]:
            break
        time.sleep(0.1)
    assert (body["complete"], body["rows"]) == (False, WINDOW)


def test_deleted_texts_are_empty(service: StoredService) -> None:
    with service.store.database.transaction() as connection:
        connection.execute(submissions.update().where(submissions.c.id == 1).values(document=None))
    assert lines(export(service, "submissions.csv"))[0]["body"] == ""
    assert len(lines(export(service, "learning.csv"))) == TAUGHT - 1


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, form: str) -> None:
    """Ten times the rows of a window more must not need ten times the memory."""
    from smsvet_api.http.export_formats import CsvWriter, ParquetWriter

    with stored_service("sqlite", tmp_path) as service:
        owner, reviewer = (
            add_user(service.store, "ann", "submitter"),
            add_user(service.store, "rex", "reviewer"),
        )
        peaks = []
        for _ in range(2):
            fill(service, 10 * WINDOW, reviewer, owner, body="长" * 2000)
            begun = begin_export(service.store, "submissions", Period())
            columns = COLUMNS["submissions"]
            tracemalloc.start()
            writer = CsvWriter(columns) if form == "csv" else ParquetWriter(columns, begun.checkpoint)
            windows, size = Windows(begun), len(writer.begin())
            while (rows := windows.next(service.store)) is not None:
                size += len(writer.write(rows))
            size += len(writer.end())
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] < peaks[0] * 1.3
