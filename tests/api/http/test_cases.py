"""Cases over HTTP: the queue, a claim, a decision, its undo, a conflict, a bulk decision and an appeal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ..store.databases import KINDS
from ..store.decided import set_rates
from .stored import StoredService, stored_service

UNCLEAR = {"body": "全场5折，回T退订", "purpose": "notification", "as_of": "2026-11-22"}


@pytest.fixture(scope="module", params=KINDS)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoredService]:
    folder: Path = tmp_path_factory.mktemp("store")
    with stored_service(request.param, folder) as service:
        set_rates(service.store)
        yield service


class Desk:
    """Requests of people to one service. Each test has reviewers and a submitter of its own."""

    def __init__(self, service: StoredService, test: str) -> None:
        self.service = service
        self.test = test

    def ask(self, who: str, method: str, path: str, status: int = 200, body: Any = None, **query: Any) -> Any:
        role, _, name = who.partition(":")
        more = {} if body is None else {"json": body}
        found = self.service.ask(
            role, method, path, f"{name or role}-{self.test}"[:64], params=query, **more  # type: ignore[arg-type]
        )  # fmt: skip
        assert found.status_code == status, (path, found.text)
        assert found.headers.get("cache-control", "no-store") == "no-store"
        return found.json() if found.content else None

    def submit(self, body: str = UNCLEAR["body"]) -> int:
        return int(
            self.ask("submitter", "POST", "/v1/submissions", 201, UNCLEAR | {"body": body})["submission"]
        )

    def claim(self, who: str = "reviewer:lin") -> Any:
        return self.ask(who, "POST", "/v1/cases/claim-next", body={})["claim"]

    def decide(self, who: str, case: int, status: int = 200, **fields: Any) -> Any:
        body = {"decision": "approve", "idem": "request-1"} | fields
        return self.ask(who, "POST", f"/v1/cases/{case}/decide", status, body, lang="en")


@pytest.fixture
def desk(service: StoredService, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Provide a desk; at the end no case is left undecided for the next test."""
    from smsvet_api.store.cases.tables import cases

    yield Desk(service, request.node.name.partition("[")[0][5:45])
    with service.store.database.transaction() as connection:
        connection.execute(cases.update().values(state="decided", holder_id=None))


def test_from_the_queue_to_a_decision_and_back(desk: Desk) -> None:
    submission = desk.submit()
    queue = desk.ask("reviewer:lin", "GET", "/v1/cases", kind="template", search="折")
    assert (queue["counts"]["open"], queue["rows"][0]["decision"], queue["next"]) == (
        1,
        "manual_review",
        None,
    )
    claim = desk.claim()
    case = claim["case_id"]
    found = desk.ask("reviewer:lin", "GET", f"/v1/cases/{case}", lang="en")
    assert found["submission"]["body"] == UNCLEAR["body"]
    assert found["verdict"]["findings"]
    assert found["actions"]["decide"] is None
    assert found["actions"]["reopen"] == "only a lead may do this"
    assert desk.ask("reviewer:lin", "POST", f"/v1/cases/{case}/heartbeat")["case_id"] == case
    taken = desk.ask("reviewer:wu", "POST", f"/v1/cases/{case}/claim", 409, lang="en")
    assert taken["type"] == "urn:smsvet:problem:conflict"
    done = desk.decide("reviewer:lin", case, version=claim["version"], message="可以")
    assert desk.decide("reviewer:lin", case, version=claim["version"])["replayed"]
    path = f"/v1/submissions/{submission}"
    assert desk.ask("submitter", "GET", path)["status"] == "in_review", "not final yet"
    undone = desk.ask("reviewer:lin", "POST", f"/v1/cases/{case}/undo")
    assert undone["choice"] == {
        "decision": "approve", "reasons": [], "overturn": None, "note": "", "message": "可以",
    }  # fmt: skip
    assert undone["version"] == done["version"] + 1
    desk.decide("reviewer:lin", case, version=undone["version"], idem="request-2")
    desk.service.clock.forward(seconds=15)
    assert desk.ask("reviewer:lin", "POST", f"/v1/cases/{case}/undo", 409)["type"].endswith("too-late")
    assert desk.ask("submitter", "GET", path)["status"] == "approved"
    assert [
        row["withdrawn_at"] is None for row in desk.ask("reviewer:lin", "GET", "/v1/decisions")["rows"]
    ] == [
        True,
        False,
    ]
    desk.ask("lead", "POST", f"/v1/cases/{case}/reopen", body={"note": "投诉"})
    assert desk.ask("submitter", "GET", path)["status"] == "in_review"


def test_a_conflict_shows_both_decisions(desk: Desk) -> None:
    desk.submit()
    first = desk.claim()
    desk.service.clock.forward(minutes=11)
    second = desk.claim("reviewer:wu")
    assert second["case_id"] == first["case_id"]
    desk.decide("reviewer:wu", first["case_id"], version=second["version"])
    problem = desk.decide(
        "reviewer:lin",
        first["case_id"],
        409,
        version=first["version"],
        decision="reject",
        reasons=["house/ad"],
    )
    assert problem["type"] == "urn:smsvet:problem:version-conflict"
    conflict = problem["conflict"]
    assert conflict["theirs"]["decision"] == "approve"
    assert conflict["theirs"]["user"].startswith("wu-")
    assert conflict["yours"] == {"decision": "reject"}


def test_a_case_is_skipped_held_escalated_reassigned_and_released(desk: Desk) -> None:
    for _ in range(2):
        desk.submit()
    lin, lead = "reviewer:lin", "lead"
    skipped = desk.claim()["case_id"]
    desk.ask(lin, "POST", f"/v1/cases/{skipped}/skip", 204)
    other = desk.claim()["case_id"]
    assert other != skipped
    until = (desk.service.clock() + timedelta(hours=1)).isoformat()
    desk.ask(lin, "POST", f"/v1/cases/{other}/hold", body={"until": until, "note": "等材料"})
    assert [row["id"] for row in desk.ask(lin, "GET", "/v1/cases", state="held")["rows"]] == [other]
    desk.ask(lin, "POST", f"/v1/cases/{other}/release", 204)
    desk.ask(lin, "POST", f"/v1/cases/{other}/escalate", body={})
    assert (
        desk.ask(lead, "POST", "/v1/cases/claim-next", body={"state": "escalated"})["claim"]["case_id"]
        == other
    )
    to = f"wu-{desk.test}"
    desk.ask("reviewer:wu", "GET", "/v1/cases")
    desk.ask(lead, "POST", f"/v1/cases/{other}/reassign", body={"to": to})
    assert desk.ask(lead, "GET", f"/v1/cases/{other}")["row"]["holder"] == to


def test_a_bulk_decision(desk: Desk) -> None:
    for price in (3, 5, 7):
        desk.submit(f"全场{price}折，回T退订")
    lin = "reviewer:lin"
    cluster = desk.ask(lin, "GET", "/v1/cases")["rows"][0]["cluster"]
    found = desk.ask(lin, "GET", f"/v1/clusters/{cluster}")
    assert [len(one["differences"]) for one in found["members"]] == [0, 1, 1]
    assert found["members"][1]["differences"][0]["kind"] == "number"
    choice = {"decision": "reject", "reasons": ["house/ad"]}
    preview = desk.ask(lin, "POST", f"/v1/clusters/{cluster}/preview", body=choice)
    assert (len(preview["cases"]), preview["excluded"]) == (3, [])
    body = choice | {"cases": preview["cases"], "idem": "request-1"}
    done = desk.ask(lin, "POST", f"/v1/clusters/{cluster}/decide", body=body)
    assert len(done["case_ids"]) == 3
    rows = desk.ask(lin, "GET", "/v1/decisions", bulk_id=done["bulk_id"], limit=2)
    assert len(rows["rows"]) == 2
    assert (
        len(desk.ask(lin, "GET", "/v1/decisions", bulk_id=done["bulk_id"], cursor=rows["next"])["rows"]) == 1
    )


def test_an_appeal(desk: Desk) -> None:
    submission = desk.submit()
    claim = desk.claim()
    desk.decide(
        "reviewer:lin", claim["case_id"], version=claim["version"], decision="reject", reasons=["house/ad"]
    )
    path = f"/v1/submissions/{submission}/appeal"
    assert desk.ask("submitter", "POST", path, 409, {"text": "请复核"})["status"] == 409
    desk.service.clock.forward(seconds=15)
    desk.ask("submitter:rival", "POST", path, 404, {"text": "请复核"})
    desk.ask("submitter", "POST", path, 201, {"text": "请复核"})
    assert desk.claim() is None, "somebody else decides it"
    assert desk.claim("reviewer:wu") is not None


REFUSED: list[tuple[str, str, str, Any, int]] = [
    ("auditor", "POST", "/v1/cases/claim-next", {}, 403),
    ("submitter", "GET", "/v1/cases", None, 403),
    ("admin", "GET", "/v1/cases", None, 403),
    ("rule_manager", "GET", "/v1/cases/1", None, 403),
    ("reviewer", "GET", "/v1/cases/999999", None, 404),
    ("reviewer", "POST", "/v1/cases/999999/claim", None, 404),
    ("reviewer", "POST", "/v1/cases/claim-next", {"colour": "red"}, 422),
    ("reviewer", "POST", "/v1/cases/claim-next", {"min_risk": 101}, 422),
    ("reviewer", "POST", "/v1/cases/1/decide", {"decision": "approve"}, 422),
    ("reviewer", "POST", "/v1/cases/1/decide", {"decision": "maybe", "version": 1, "idem": "request-1"}, 422),
    ("reviewer", "POST", "/v1/cases/1/hold", {"until": "tomorrow"}, 422),
    ("reviewer", "GET", "/v1/clusters/nothing", None, 422),
    ("reviewer", "GET", f"/v1/clusters/{'e' * 32}", None, 404),
    ("reviewer", "POST", "/v1/submissions/1/appeal", {"text": "x"}, 403),
    ("auditor", "GET", "/v1/cases", None, 200),
    ("auditor", "GET", "/v1/decisions", None, 200),
]  # fmt: skip


def test_refusals(desk: Desk) -> None:
    for who, method, path, body, status in REFUSED:
        desk.ask(who, method, path, status, body)
    problem = desk.ask("reviewer", "GET", "/v1/cases", 422, cursor="x")
    assert problem["errors"][0]["field"] == "cursor"


def test_the_openapi_names_each_body(service: StoredService) -> None:
    document = service.app.openapi()
    schemas, paths = document["components"]["schemas"], document["paths"]
    for path, name in {
        "/v1/cases/claim-next": "FiltersIn",
        "/v1/cases/{id}/decide": "DecisionIn",
        "/v1/clusters/{id}/decide": "BulkIn",
        "/v1/submissions/{submission}/appeal": "AppealIn",
    }.items():
        body = paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert body == {"$ref": f"#/components/schemas/{name}"}
        assert schemas[name]["additionalProperties"] is False
    assert "conflict" in schemas["Problem"]["properties"]
    assert "MemberIn" in schemas
    assert set(schemas["DecisionIn"]["required"]) == {"decision", "version", "idem"}
