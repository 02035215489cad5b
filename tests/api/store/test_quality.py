"""Golden items, precision of rules, figures of reviewers, and examples of rules from overturned decisions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from smsvet_api.store.quality.precision import precision_of, ratio_of

from .decided import TEXT, add_case, add_user, cases_of, decide, open_to, set_rates, withdraw

if TYPE_CHECKING:
    from smsvet_api.store.accounts.users import User
    from smsvet_api.store.store import Store

    from .databases import TestClock

ALWAYS = 10_000
RULE = "link/in-template"
WEAK = {"rule": "marketing/opt-out", "decision": "manual_review"}
STRICT = {"rule": RULE, "decision": "reject"}


@pytest.fixture
def people(store: Store) -> dict[str, User]:
    roles = {"owner": "submitter", "lin": "reviewer", "wu": "reviewer", "zhou": "lead", "qian": "lead"}
    return {name: add_user(store, name, role) for name, role in roles.items()}


def agreed_case(store: Store, people: dict[str, User], decision: str = "reject") -> int:
    """Return a case that lin decided, and wu in a blind second review."""
    set_rates(store, second=ALWAYS)
    case = add_case(store, people["owner"])
    decide(store, case, people["lin"], decision)
    decide(store, cases_of(store, "second")[-1].id, people["wu"], decision)
    set_rates(store)
    return case


def golden_case(store: Store, people: dict[str, User]) -> Any:
    """Return the case of a golden item that was put into the queue; the expected decision is reject."""
    from smsvet_api.store.quality.golden import add_golden

    add_golden(store, people["zhou"], agreed_case(store, people), "reject")
    set_rates(store, golden=ALWAYS)
    decide(store, add_case(store, people["owner"]), people["lin"], "approve")
    (case,) = cases_of(store, "golden")
    return case


def test_a_golden_item_looks_like_any_other_case(
    store: Store, people: dict[str, User], clock: TestClock
) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.submissions.tables import submissions, verdict_rules, verdicts

    case = golden_case(store, people)
    clock.forward(days=1)
    with store.database.reading() as connection:
        copy = connection.execute(sa.select(submissions).where(submissions.c.id == case.submission_id)).one()
        original = connection.execute(sa.select(submissions).order_by(submissions.c.id)).first()
        verdict = connection.execute(sa.select(verdicts).where(verdicts.c.id == case.verdict_id)).one()
        owner = connection.execute(sa.select(users).where(users.c.id == copy.owner_id)).one()
        counted = connection.execute(
            sa.select(verdict_rules).where(verdict_rules.c.verdict_id == verdict.id)
        ).all()
    assert original is not None
    assert copy.document["body"] == original.document["body"] == TEXT
    assert copy.document["id"] != original.document["id"]
    assert copy.document["id"] == copy.client_id == verdict.document["id"]
    assert copy.received_at == verdict.at == case.opened_at
    assert verdict.document["as_of"] == verdict.as_of == "2026-11-28"
    assert (case.kind, case.provider, case.state, case.blind) == ("template", "tencent", "open", False)
    assert case.first_case_id is None
    # Its owner is no submitter, and no figure of a rule counts it.
    assert owner.disabled_at is not None
    assert owner.id != people["owner"].id
    assert counted == []


def test_nobody_who_knows_the_answer_gets_a_golden_item(store: Store, people: dict[str, User]) -> None:
    case = golden_case(store, people)
    knowing = {name for name, user in people.items() if case.id not in open_to(store, user)}
    assert knowing >= {"lin", "wu", "zhou"}
    assert "qian" not in knowing


@pytest.mark.parametrize(("decision", "agreed"), [("reject", True), ("approve", False)])
def test_the_answer_is_told_and_the_first_one_counts(
    store: Store, people: dict[str, User], decision: str, agreed: bool
) -> None:
    from smsvet_api.store.quality.golden import list_golden

    case = golden_case(store, people)
    answer = decide(store, case.id, people["qian"], decision)
    assert (answer.expected, answer.agreed) == ("reject", agreed)
    withdraw(store, case.id, people["qian"])
    decide(store, case.id, people["qian"], "reject")
    ((item,), following) = list_golden(store)
    assert (item.shown, item.answered, item.agreed, following) == (1, 1, int(agreed), None)


def test_a_golden_item_waits_only_once(store: Store, people: dict[str, User]) -> None:
    golden_case(store, people)
    decide(store, add_case(store, people["owner"]), people["lin"], "approve")
    assert len(cases_of(store, "golden")) == 1


def test_no_golden_item_is_shown_that_nobody_could_take(store: Store, people: dict[str, User]) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.accounts.tables import users

    with store.database.transaction() as connection:
        connection.execute(sa.update(users).where(users.c.name == "qian").values(disabled_at=store.now()))
    with pytest.raises(ValueError, match="not enough values"):
        golden_case(store, people)
    assert cases_of(store, "golden") == []


@pytest.mark.parametrize(
    ("name", "decision", "error"),
    [
        ("lin", "reject", "Golden items are for leads"),
        ("zhou", "approve", "not the one on which the two agreed"),
    ],
)
def test_only_what_two_people_and_a_lead_agree_on_becomes_golden(
    store: Store, people: dict[str, User], name: str, decision: str, error: str
) -> None:
    from smsvet_api.store.errors import StoreError
    from smsvet_api.store.quality.golden import add_golden, golden_candidates

    case = agreed_case(store, people)
    assert [one.case_id for one in golden_candidates(store)] == [case]
    with pytest.raises(StoreError, match=error):
        add_golden(store, people[name], case, decision)
    alone = add_case(store, people["owner"])
    decide(store, alone, people["lin"], "reject")
    with pytest.raises(StoreError, match="Two people have not agreed"):
        add_golden(store, people["zhou"], alone, "reject")


def test_a_retired_item_is_shown_no_more_until_it_is_added_again(
    store: Store, people: dict[str, User]
) -> None:
    from smsvet_api.store.quality.golden import add_golden, retire_golden

    case = agreed_case(store, people)
    item = add_golden(store, people["zhou"], case, "reject")
    assert retire_golden(store, people["zhou"], item.id).retired_at == store.now()
    set_rates(store, golden=ALWAYS)
    decide(store, add_case(store, people["owner"]), people["lin"], "approve")
    assert cases_of(store, "golden") == []
    assert add_golden(store, people["zhou"], case, "reject").retired_at is None


def test_the_precision_of_a_rule(store: Store, people: dict[str, User], clock: TestClock) -> None:
    from smsvet_api.store.quality.rule_figures import rule_figures

    set_rates(store)
    begun = store.now()
    outcomes = [("reject", None), ("reject", None), ("approve", "false_positive"), ("approve", "documents")]
    for number, (decision, overturn) in enumerate(outcomes):
        case = add_case(store, people["owner"], text=f"{TEXT}{number // 2}")
        decide(store, case, people["lin"], decision, overturn=overturn)
    add_case(store, people["owner"], findings=(STRICT, {"rule": "template/x", "decision": "reject"}))
    clock.forward(hours=8)  # the next day in China
    decide(store, add_case(store, people["owner"]), people["lin"], "approve", overturn="false_positive")
    found = rule_figures(store, RULE, begun, store.now() + timedelta(seconds=1))
    assert (found.hits, found.examined, found.distinct, found.alone) == (6, 6, 3, 5)
    assert (found.reviewed, found.rejected, found.cleared, found.overturned) == (5, 2, 0, 3)
    assert found.precision == precision_of(5, 3)
    assert found.reasons == {"false_positive": 2, "documents": 1}
    assert found.last_hit == store.now()
    assert [(day.day, day.hits, day.overturned) for day in found.days] == [
        (date(2026, 11, 28), 5, 2),
        (date(2026, 11, 29), 1, 1),
    ]
    assert rule_figures(store, "link/other", begun, store.now()).hits == 0


def test_a_finding_for_manual_review_that_a_person_clears_is_not_overturned(
    store: Store, people: dict[str, User]
) -> None:
    from smsvet_api.store.quality.rule_figures import rule_figures

    set_rates(store)
    for _ in range(3):
        case = add_case(store, people["owner"], decision="manual_review", findings=(WEAK,))
        decide(store, case, people["lin"], "approve")
    found = rule_figures(store, WEAK["rule"], store.now(), store.now() + timedelta(seconds=1))
    assert (found.reviewed, found.cleared, found.overturned) == (3, 3, 0)


def test_a_blind_second_review_is_not_a_review_of_the_rule(store: Store, people: dict[str, User]) -> None:
    from smsvet_api.store.quality.rule_figures import rule_figures

    agreed_case(store, people)
    found = rule_figures(store, RULE, store.now(), store.now() + timedelta(seconds=1))
    assert (found.hits, found.reviewed) == (1, 1)


def test_figures_of_reviewers(store: Store, people: dict[str, User], clock: TestClock) -> None:
    from smsvet_api.store.quality.reviewer_figures import agreement_report, reviewer_figures

    begun = store.now()
    set_rates(store, second=ALWAYS)
    for number in range(30):
        case = add_case(store, people["owner"])
        decide(store, case, people["lin"], "reject" if number % 2 else "approve", seconds=10 + number)
        differs = number in (3, 4)
        second = "approve" if (number % 2 == 1) is differs else "reject"
        decide(store, cases_of(store, "second")[-1].id, people["wu"], second)
    for case in cases_of(store, "disagreement"):
        decide(store, case.id, people["zhou"], "approve")
    until = store.now() + timedelta(seconds=1)
    report = agreement_report(store, begun, until)
    assert (report.blind.pairs, report.blind.agreed, report.waiting) == (30, 28, 0)
    assert report.blind.kappa is not None
    assert report.blind.kappa.value == pytest.approx(0.8667, abs=1e-4)
    assert (report.unblinded.pairs, report.unblinded.agreed, report.unblinded.kappa) == (2, 1, None)
    lin, wu, zhou = reviewer_figures(store, people["zhou"], begun, until)
    assert (lin.name, lin.decided, lin.median_seconds) == ("lin", 30, 24.5)
    assert lin.overturned == ratio_of(1, 2)
    assert (wu.name, wu.decided, wu.agreement.pairs) == ("wu", 30, 30)
    assert (zhou.decided, zhou.agreement.pairs) == (2, 0)
    assert [one.name for one in reviewer_figures(store, people["lin"], begun, until)] == ["lin"]


def test_ratio() -> None:
    assert precision_of(140, 9).value == pytest.approx(0.9357, abs=1e-4)
    assert (precision_of(140, 9).low, precision_of(140, 9).high) == pytest.approx((0.882, 0.966), abs=1e-3)
    assert precision_of(0, 0).value is None
    with pytest.raises(ValueError, match="3 of 2"):
        ratio_of(3, 2)


QUOTED = [
    '您的"验证码"：{1}',
    "a: b # c - d, [e] {f} 'g' \\h %i @j `k &l *m !n |o >p ?",
    "第一行\n第二行\t\r",
    "零宽\u200b\u2028\u2029\ufeff\x85\x7f🀄",
    "yes",
]


@pytest.mark.parametrize("text", QUOTED)
def test_a_submission_is_quoted_safely(text: str) -> None:
    import json

    import yaml

    from smsvet_api.store.quality.examples import quoted

    document = {"body": text, "variables": {"1": {"type": "name"}}, "purpose": "notification"}
    line = quoted(document)
    assert len(line.splitlines()) == 1
    assert yaml.safe_load(line) == json.loads(line) == document


def test_an_overturned_decision_becomes_an_example(store: Store, people: dict[str, User]) -> None:
    import yaml

    from smsvet_api.store.errors import ConflictError, NotFoundError, RefusedError
    from smsvet_api.store.quality.examples import add_example, fragments, list_examples, remove_example

    set_rates(store)
    lin = people["lin"]
    approved, rejected = add_case(store, people["owner"]), add_case(store, people["owner"])
    with pytest.raises(NotFoundError):
        add_example(store, lin, approved, RULE)
    decide(store, approved, lin, "approve", overturn="false_positive")
    decide(store, rejected, lin, "reject")
    assert add_example(store, lin, approved, RULE).kind == "pass"
    assert add_example(store, lin, approved, RULE).kind == "pass"  # once
    assert add_example(store, lin, rejected, "template/other").kind == "flag"
    with pytest.raises(ConflictError, match="did not go against"):
        add_example(store, lin, rejected, RULE)
    with pytest.raises(RefusedError, match="id of a rule"):
        add_example(store, lin, rejected, "a: b")
    assert list_examples(store, people["wu"]) == []
    written = yaml.safe_load(fragments(list_examples(store, lin)))
    example = {"body": TEXT, "provider": "tencent", "as_of": "2026-11-28"}
    assert written == {RULE: {"pass": [example]}, "template/other": {"flag": [example]}}
    with pytest.raises(NotFoundError):
        remove_example(store, people["wu"], list_examples(store, lin)[0].id)
    remove_example(store, lin, list_examples(store, lin)[0].id)
    assert len(list_examples(store, lin)) == 1
