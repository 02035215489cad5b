"""A store with something on every page of the console, most of it texts that may not become markup."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .case_parts import AGENCY, blind, open_case_on
from .decided import OTHER, RULE, overturned, person, second_review
from .forms import Forms, press
from .pages import HOSTILE, Browser
from .test_me import another_browser
from .test_reports import write_comparison
from .test_revisions_page import compared, loaded
from .test_trail_page import note

if TYPE_CHECKING:
    from .signed_in import Console

TEXTS = tuple(text.replace("\x00", "") for text in HOSTILE)
"""The hostile texts without the character 0, which requests are refused for."""
NAME = TEXTS[1]
"""The name of users, keys and endpoints."""
LONG = "一" * 9_993 + "工商代办注册"
LONGEST = "一段很长的说明文字，" * 1_999 + "工商代办注册"
MANY = 200
"""Findings on one case."""
CLUSTER = "c" * 32


def fill(console: Console, folder: Path) -> dict[str, str]:
    """Fill the store and the folder of reports, and return what paths name: cases, a cluster, a report and so on."""
    names = {"cluster": CLUSTER, "rule": RULE, "weak": OTHER}
    for role, name in (("submitter", "shop"), ("reviewer", "lin"), ("lead", "zhao"), ("admin", NAME)):
        person(console, name, role)
    names |= {f"case-{place}": str(_case(console, text)) for place, text in enumerate(TEXTS)}
    names |= {"long": str(_case(console, LONG)), "longest": str(_case(console, LONGEST))}
    names["many"] = str(_case_with_many_findings(console))
    names["blind"] = names["case-9"]
    blind(console, int(names["blind"]))
    names |= _decide(console, (int(names["case-0"]), int(names["case-1"])))
    for text in TEXTS:
        overturned(console, text, note=text)
        second_review(console, text, "reject", "approve")
    second_review(console, TEXTS[1], "approve", "approve")
    _collect(console)
    names |= _submissions(console, names) | {"bulk": _decide_together(console)}
    names |= _operate(console)
    names |= _report(folder)
    return names


def _case(console: Console, text: str) -> int:
    """Return the case on a text, whose fields are as hostile."""
    from smsvet_api.store.cases.tables import cases

    short = text[:40]
    console.clock.forward(seconds=1)
    case = open_case_on(
        console, f"工商代办{text}", id=f"id {short}", remark=short, account={"name": short}, signature=short
    )
    with console.store.database.transaction() as connection:
        connection.execute(cases.update().where(cases.c.id == case).values(cluster=CLUSTER))
    return case


def _case_with_many_findings(console: Console) -> int:
    """Return a case whose verdict has many findings, each at a place of its own."""
    from smsvet_api.store.cases.tables import cases
    from smsvet_api.store.submissions.tables import verdicts

    case = open_case_on(console, AGENCY + "，工商代办" * MANY)
    with console.store.database.transaction() as connection:
        number = connection.execute(cases.select().where(cases.c.id == case)).one().verdict_id
        own = verdicts.c.id == number
        document = connection.execute(verdicts.select().where(own)).one().document
        finding = {**document["findings"][0], "field": "body", "spans": None}
        findings = []
        for place in range(MANY):
            start = len(AGENCY) + 5 * place + 1
            findings.append(finding | {"rule": f"house/rule-{place}", "start": start, "end": start + 4})
        connection.execute(verdicts.update().where(own).values(document={**document, "findings": findings}))
    return case


def _decide(console: Console, chosen: tuple[int, int]) -> dict[str, str]:
    """Let lin reject two cases and the submitter appeal the first; one decision stays to be undone."""
    from smsvet_api.store.cases.appeals import appeal
    from smsvet_api.store.cases.choice import Choice
    from smsvet_api.store.cases.claiming import claim
    from smsvet_api.store.cases.deciding import decide
    from smsvet_api.store.cases.tables import cases

    lin, shop = person(console, "lin", "reviewer"), person(console, "shop", "submitter")
    found = {}
    for name, number, text in zip(("appealed", "rejected"), chosen, TEXTS, strict=False):
        version = claim(console.store, lin, number).version
        choice = Choice("reject", ("house/content",), None, text, text)
        decide(console.store, lin, number, version, choice, f"request-{number}")
        console.clock.forward(seconds=20)
        with console.store.database.reading() as connection:
            case = connection.execute(cases.select().where(cases.c.id == number)).one()
        found[name] = str(case.submission_id)
    appeal(console.store, shop, int(found["appealed"]), TEXTS[1])
    return found


def _decide_together(console: Console) -> str:
    """Let mo reject two cases of the cluster together, and return the number of the bulk decision."""
    mo = console.browser("reviewer", "mo")
    page = mo.get(f"/clusters/{CLUSTER}").text
    ticked = [value for form in Forms(page).forms for name, value in form.values if name == "case"]
    page = press(mo, page, "/preview", "reject", case=ticked[-2:]).text
    made = press(mo, page, "/decide", reason=["house/content"])
    return str(re.findall("bulk=([0-9a-f-]{36})", made.headers["location"])[0])


def _submissions(console: Console, names: dict[str, str]) -> dict[str, str]:
    """Return the submissions of cases."""
    from smsvet_api.store.cases.tables import cases

    with console.store.database.reading() as connection:
        found = {str(row.id): str(row.submission_id) for row in connection.execute(cases.select())}
    numbers = {f"submission-{place}": found[names[f"case-{place}"]] for place in range(len(TEXTS))}
    return numbers | {"longest-submission": found[names["longest"]]}


def _collect(console: Console) -> None:
    """Save a view of the queue and collect overturned decisions as examples."""
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.cases.tables import cases, resolutions

    zhao = console.browser("lead", "zhao")
    views = {"queue_views": {"".join(filter(str.isprintable, text)): "kind=template" for text in TEXTS[:8]}}
    with console.store.database.transaction() as connection:
        connection.execute(users.update().where(users.c.name == "zhao").values(preferences=views))
        joined = resolutions.join(cases, cases.c.id == resolutions.c.case_id)
        query = joined.select().where(resolutions.c.overturn.is_not(None)).with_only_columns(cases.c.id)
        numbers = list(connection.execute(query).scalars())
    token = zhao.token(zhao.get(f"/rules/{RULE}").text)
    for number in numbers[:3]:
        zhao.post("/rules/basket", {"csrf": token, "case": str(number), "rule": RULE})


def _operate(console: Console) -> dict[str, str]:
    """Load revisions, compare with a shadow, and store keys, endpoints, messages and sessions."""
    from smsvet_api.store.accounts.keys import add_key
    from smsvet_api.store.content.revisions import record_loaded, record_promoted, record_shadow
    from smsvet_api.store.webhooks.delivering import Attempt, claim_due, record_attempt
    from smsvet_api.store.webhooks.endpoints import add_endpoint, send_test
    from smsvet_api.store.webhooks.tables import webhooks

    admin, shop = person(console, NAME, "admin"), person(console, "shop", "submitter")
    record_loaded(console.store, "system", loaded("z"))
    record_shadow(console.store, f"user:{NAME}", loaded("a"))
    record_promoted(console.store, f"user:{NAME}", loaded("a"), TEXTS[1])
    record_shadow(console.store, f"user:{NAME}", loaded("b"))
    for text in TEXTS:
        compared(console, text)
        note(console, text, actor=f"user:{text[:40]}", subject=f"case:{text[:40]}")
    add_key(console.store, shop.id, NAME, ["submit"], "command")
    number = add_endpoint(console.store, admin, "https://example.com/hook", ["webhook.test"], "shop")[0].id
    for text in TEXTS:
        send_test(console.store, admin, number)
        for one in claim_due(console.store, 1):
            record_attempt(console.store, one, Attempt(500, 12, text[:300]))
    with console.store.database.transaction() as connection:
        connection.execute(webhooks.update().values(url=f"https://example.com/{TEXTS[0]}"))
    for text in TEXTS:
        another_browser(console, "lin", text[:200])
    return {"webhook": str(number), "user": str(admin.id)}


def _report(folder: Path) -> dict[str, str]:
    """Write a comparison whose rows, label and rules are hostile."""
    from smsvet_api.console.reports.folder import find_reports

    put_hostile_texts(write_comparison(folder / "2026-11"))
    found = find_reports(folder)
    return {one.kind: one.id for one in found}


def put_hostile_texts(folder: Path) -> None:
    """Replace the texts of a comparison in a folder."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    comparison = next(folder.glob("comparison=*"))
    table = pq.ParquetFile(comparison / "moved.parquet").read()
    texts = [HOSTILE[place % len(HOSTILE)] for place in range(table.num_rows)]
    for name in ("text", "account", "id"):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, pa.array(texts, pa.string()))
    pq.write_table(table, comparison / "moved.parquet")
    summary: dict[str, Any] = json.loads((comparison / "comparison.json").read_text(encoding="utf-8"))
    summary["old"]["label"] = HOSTILE[0]
    summary["rules"][HOSTILE[1]] = summary["rules"].pop("content/loan")
    (comparison / "comparison.json").write_text(json.dumps(summary), encoding="utf-8")


def reader(console: Console, role: str | None, name: str = "", lang: str = "zh") -> Browser:
    """Return a browser in a language of a user, None for nobody."""
    browser = Browser(console.app)
    browser.cookies["smsvet_lang"] = lang
    if role:
        browser.cookies |= console.browser(role, name or None).cookies  # type: ignore[arg-type]
        browser.cookies["smsvet_lang"] = lang
    return browser
