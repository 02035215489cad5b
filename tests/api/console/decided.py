"""Cases with decisions for the pages of rules, of the dashboard and of quality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..store.decided import add_case, decide, set_rates

if TYPE_CHECKING:
    from smsvet_api.store.accounts.users import User

    from .signed_in import Console

RULE = "template/foreign-variable"
OTHER = "content/medical"
BLANK = dict.fromkeys(("field", "start", "end", "suggestion", "category", "code", "clause")) | {
    "message": "",
    "fix": "",
    "source": "",
    "evidence": [],
}
STRICT = BLANK | {"rule": RULE, "decision": "reject", "text": "{name}"}
WEAK = BLANK | {"rule": OTHER, "decision": "manual_review", "text": "名医"}
ALWAYS = 10_000


def person(console: Console, name: str, role: str) -> User:
    """Return a user, who is signed in too."""
    import sqlalchemy as sa

    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.accounts.users import user_of

    console.browser(role, name)  # type: ignore[arg-type]
    with console.store.database.reading() as connection:
        return user_of(connection.execute(sa.select(users).where(users.c.name == name)).one())


def overturned(console: Console, text: str, *, note: str = "") -> int:
    """Return a case that lin approved against a rule."""
    set_rates(console.store)
    case = add_case(console.store, person(console, "shop", "submitter"), findings=(STRICT,), text=text)
    decide(
        console.store, case, person(console, "lin", "reviewer"), "approve", overturn="false_alarm", note=note
    )
    console.clock.forward(minutes=1)  # the end of a period is not included
    return case


def second_review(console: Console, text: str, first: str, second: str) -> int:
    """Return a case that lin decided first, and wu in a blind second review."""
    from ..store.decided import cases_of

    store = console.store
    lin, wu = person(console, "lin", "reviewer"), person(console, "wu", "reviewer")
    set_rates(store, second=ALWAYS)
    case = add_case(
        store, person(console, "shop", "submitter"), findings=(WEAK,), decision="manual_review", text=text
    )
    decide(store, case, lin, first)
    decide(store, cases_of(store, "second")[-1].id, wu, second)
    set_rates(store)
    console.clock.forward(minutes=1)
    return case


def waiting(console: Console, **values: Any) -> int:
    """Return an open case."""
    set_rates(console.store)
    shop = person(console, "shop", "submitter")
    return add_case(console.store, shop, findings=(WEAK,), decision="manual_review", **values)
