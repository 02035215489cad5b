"""Fifteen seconds to undo: before them no message ever leaves, after them the decision stays and a lead can reopen it."""

from __future__ import annotations

import json

from smsvet_api.store.webhooks.delivering import Attempt, claim_due, record_attempt
from smsvet_api.store.webhooks.endpoints import add_endpoint

from .case_parts import AGENCY, case_of, claimed, state_of
from .decided import person
from .forms import follow, press
from .signed_in import Console
from .case_parts import AGENCY, case_of, claimed, state_of


def decided_messages(console: Console) -> list[str]:
    """Send what is due, and return the status that each message on a decision names."""
    found = []
    for message in claim_due(console.store, 100):
        data = json.loads(message.body)["data"]
        found += [data["status"]] if data.get("decided_by") == "person" else []
        record_attempt(console.store, message, Attempt(200, 5, ""))
    return found


def decided(console: Console) -> tuple[int, str]:
    """Let lin approve a case of a submitter with an endpoint; return it, and the page that follows."""
    shop = person(console, "shop", "submitter")
    add_endpoint(console.store, shop, "https://example.com/hook", [])
    console.submit(AGENCY)
    lin = console.browser("reviewer", "lin")
    page = claimed(lin).text
    return case_of(page), follow(lin, press(lin, page, "/decide", "approve")).text


def test_at_14_seconds_a_decision_is_withdrawn_and_no_message_ever_leaves(console: Console) -> None:
    case, page = decided(console)
    console.clock.forward(seconds=14)
    assert decided_messages(console) == []
    lin = console.browser("reviewer", "lin")
    assert case_of(follow(lin, press(lin, page, f"/cases/{case}/undo")).text) == case
    assert state_of(console, case).state == "open"
    console.clock.forward(days=5)
    assert decided_messages(console) == []


def test_at_16_seconds_the_decision_stays_and_a_lead_can_reopen_it(console: Console) -> None:
    case, page = decided(console)
    console.clock.forward(seconds=16)
    assert decided_messages(console) == ["approved"]
    lin = console.browser("reviewer", "lin")
    refused = press(lin, page, f"/cases/{case}/undo")
    assert refused.status_code == 409
    assert "已过撤销时限" in refused.text
    lead = console.browser("lead")
    shown = lead.get(f"/cases/{case}").text
    press(lead, shown, f"/cases/{case}/reopen", note="金额有误")
    assert state_of(console, case).state == "open"
