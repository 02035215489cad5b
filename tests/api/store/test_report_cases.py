"""Cases for rows of a report: opened once, with the verdict of now, and unknown to submitters."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from .accounts import add_user
from .trail_reading import recorded

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role
    from smsvet_api.store.store import Store
    from smsvet_api.store.submissions.reporting import ReportRow

REPORT = "1f2e3d4c5b6a"
REVISION = "r" * 16


def row(number: int, decision: str = "reject") -> ReportRow:
    from smsvet_api.store.submissions.drafts import Draft
    from smsvet_api.store.submissions.reporting import ReportRow

    findings: list[dict[str, Any]] = [] if decision == "approve" else [{"rule": "a/b", "decision": decision}]
    verdict = {
        "decision": decision, "as_of": "2026-11-28", "revision": REVISION, "findings": findings, "faults": [],
    }  # fmt: skip
    draft = Draft({"body": f"您的订单{number}"}, "template", "tencent", "notification", "示例物流")
    return ReportRow(f"{REPORT}-f-{number}", draft, verdict, "cluster")


def test_each_row_becomes_one_case_that_a_lead_decides(store: Store) -> None:
    from smsvet_api.store.cases.choice import Choice
    from smsvet_api.store.cases.claiming import claim_next
    from smsvet_api.store.cases.deciding import decide
    from smsvet_api.store.cases.view import view_case
    from smsvet_api.store.submissions.reporting import open_rows, opened_ids

    lead = add_user(store, "zhao", "lead")
    assert open_rows(store, lead, REPORT, [row(1), row(2, "approve")]) == 2
    assert open_rows(store, lead, REPORT, [row(2, "approve"), row(3)]) == 1
    assert opened_ids(store, REPORT) == {f"{REPORT}-f-{number}" for number in (1, 2, 3)}
    assert opened_ids(store, REPORT[:-1]) == frozenset()
    events = recorded(store, "case.opened")
    assert [(actor, body["report"]) for _, actor, _, body in events] == [("user:zhao", REPORT)] * 3
    assert "订单" not in json.dumps(events, ensure_ascii=False)
    claim = claim_next(store, lead)
    assert claim is not None
    view = view_case(store, lead, claim.case_id)
    assert view.origin == "report"
    choice = Choice("reject", ("a/b",), None, "", "")
    assert decide(store, lead, claim.case_id, claim.version, choice, "idem-0001").decision == "reject"


def test_leads_who_open_the_same_rows_at_once_open_each_once(store: Store) -> None:
    from smsvet_api.store.submissions.reporting import open_rows

    leads = [add_user(store, name, "lead") for name in ("zhao", "qian", "sun", "li")]
    rows = [row(number) for number in range(12)]
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda lead: open_rows(store, lead, REPORT, rows), leads))
    assert sum(opened) == 12
    assert len(recorded(store, "case.opened")) == 12


@pytest.mark.parametrize("role", ["submitter", "reviewer", "rule_manager", "auditor", "admin"])
def test_only_a_lead_opens_them(store: Store, role: Role) -> None:
    from smsvet_api.store.errors import ForbiddenError
    from smsvet_api.store.submissions.reporting import open_rows, opened_ids

    with pytest.raises(ForbiddenError):
        open_rows(store, add_user(store, "somebody", role), REPORT, [row(1)])
    assert opened_ids(store, REPORT) == frozenset()


def test_no_submitter_lists_them(store: Store) -> None:
    from smsvet_api.store.submissions.reporting import OWNER, open_rows
    from smsvet_api.store.submissions.status import StatusFilter, list_statuses

    open_rows(store, add_user(store, "zhao", "lead"), REPORT, [row(1)])
    shop = add_user(store, "shop", "submitter")
    assert list_statuses(store, shop, "zh", StatusFilter(None, None, None, None), None, 10)[0] == []
    from smsvet_api.store.accounts.users import find_user

    assert find_user(store, OWNER).disabled_at is not None
