"""Every page of the console by its route, with its visitors and whether others’ texts are on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..http.test_authorisation import routes_of
from .filled import NAME

if TYPE_CHECKING:
    from fastapi import FastAPI

    from smsvet_api.store.accounts.roles import Role


@dataclass(frozen=True)
class Visit:
    """A page as somebody sees it. `{names}` of the path are those of the filled store.

    `texts` is whether texts that others wrote are on the page.
    """

    role: Role | None
    path: str
    name: str = ""
    texts: bool = True
    status: int = 200


PAGES: dict[str, tuple[Visit, ...]] = {
    "GET /try": (Visit(None, "/try", texts=False), Visit("lead", "/try?example=wechat", "zhao", texts=False)),
    "GET /login": (Visit(None, "/login?back=/queue", texts=False),),
    "GET /password": (Visit("admin", "/password", NAME),),
    "GET /me": (Visit("reviewer", "/me", "lin"),),
    "GET /queue": (
        Visit("lead", "/queue", "zhao"),
        Visit("reviewer", "/queue?kind=signature", "lin", texts=False),
        Visit("auditor", "/queue?state=decided", texts=False),
    ),
    "GET /cases/{id}": (
        *(Visit("reviewer", f"/cases/{{case-{place}}}?show=fixed&word=刻章", "lin") for place in range(11)),
        Visit("auditor", "/cases/{case-1}"),
        Visit("lead", "/cases/{case-0}", "zhao"),
        Visit("reviewer", "/cases/{blind}", "lin", texts=False),
        Visit("lead", "/cases/{long}", "zhao", texts=False),
        Visit("lead", "/cases/{longest}", "zhao", texts=False),
        Visit("lead", "/cases/{many}", "zhao", texts=False),
        Visit("lead", "/cases/999999", "zhao", texts=False, status=404),
    ),
    "GET /clusters/{id}": (Visit("reviewer", "/clusters/{cluster}", "lin"),),
    "GET /clusters/{id}/result": (
        Visit("reviewer", "/clusters/{cluster}/result?act=reject&bulk={bulk}", "mo", texts=False),
    ),
    "GET /decisions": (
        Visit("reviewer", "/decisions", "lin"),
        Visit("lead", "/decisions", "zhao"),
        Visit("lead", "/decisions?since=x&rule=none", "zhao", texts=False),
    ),
    "GET /rules": (
        Visit("lead", "/rules?sort=hits", "zhao", texts=False),
        Visit("auditor", "/rules?q=zzzz", texts=False),
    ),
    "GET /rules/{rule_id:path}": (
        Visit("lead", "/rules/{rule}", "zhao"),
        Visit("rule_manager", "/rules/{weak}", texts=False),
    ),
    "GET /rules/basket": (Visit("lead", "/rules/basket", "zhao"),),
    "GET /dashboard": (
        Visit("lead", "/dashboard?compare=1", "zhao", texts=False),
        Visit("reviewer", "/dashboard?range=custom", "lin", texts=False),
    ),
    "GET /quality": (Visit("lead", "/quality", "zhao"),),
    "GET /submissions": (
        Visit("submitter", "/submissions", "shop"),
        Visit("submitter", "/submissions", "new", texts=False),
    ),
    "GET /submissions/new": (Visit("submitter", "/submissions/new", "shop", texts=False),),
    "GET /submissions/{submission}": (
        *(Visit("submitter", f"/submissions/{{submission-{place}}}", "shop") for place in range(11)),
        Visit("submitter", "/submissions/{longest-submission}", "shop", texts=False),
    ),
    "GET /reports": (Visit("lead", "/reports", "zhao", texts=False),),
    "GET /reports/{report}": (
        Visit("lead", "/reports/{comparison}", "zhao"),
        Visit("lead", "/reports/{comparison}?view=html", "zhao", texts=False),
        Visit("auditor", "/reports/{audit}", texts=False),
    ),
    "GET /reports/{report}/rows": (Visit("lead", "/reports/{comparison}/rows", "zhao"),),
    "GET /revisions": (Visit("rule_manager", "/revisions"),),
    "GET /revisions/{id}": (Visit("rule_manager", "/revisions/2"), Visit("auditor", "/revisions/3")),
    "GET /trail": (Visit("auditor", "/trail"),),
    "GET /admin/users": (Visit("admin", "/admin/users", NAME),),
    "GET /admin/users/{id}": (Visit("admin", "/admin/users/{user}", NAME),),
    "GET /admin/keys": (Visit("admin", "/admin/keys", NAME),),
    "GET /admin/webhooks": (Visit("admin", "/admin/webhooks", NAME),),
    "GET /admin/webhooks/{webhook}": (Visit("admin", "/admin/webhooks/{webhook}", NAME),),
    "GET /admin/settings": (Visit("admin", "/admin/settings", NAME, texts=False),),
}
"""Route -> visits. A new page needs a row: the tests of all pages then cover it."""

NO_PAGES = {
    "GET /",
    "GET /admin",
    "GET /static/{digest}/{name}",
    "GET /rules/basket/examples.yaml",
    "GET /reports/{report}/report.html",
    "GET /reports/{report}/files/{name:path}",
    "GET /trail/checkpoint.json",
    "GET /trail/events.jsonl",
}
"""Routes that lead on, and files."""


def routes_of_pages(app: FastAPI) -> set[str]:
    """Return method and path of each route of the console."""
    from smsvet_api.http.app import create_app

    own = set(routes_of(app.routes)) - set(routes_of(create_app(app.state.service.settings).routes))
    assert own
    return own


def visits() -> Iterator[Visit]:
    """Yield each visit."""
    for found in PAGES.values():
        yield from found


def path_of(visit: Visit, names: dict[str, str]) -> str:
    """Return the path of a visit in a filled store."""
    path = visit.path
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, path
    return path
