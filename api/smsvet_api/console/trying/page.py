"""The routes of the page, and the review behind it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from smsvet.explain import Explanation
from smsvet.fields import ACCOUNT_TYPES, SOURCES
from smsvet.model import Fault, Lang

from ... import dates
from ...http.problems import ProblemError
from ...http.service import Service
from ...http.transport import address_of
from ...http.trials import NO_CORRECTIONS
from ..forms import read_form
from ..preferences import keep, preferences_of, remember
from ..rendering import FRAGMENT, render
from ..viewer import look_up_viewer, noted_session
from .access import TryAccess
from .comparison import compare, switched
from .examples import examples
from .form import MOST_CHARACTERS, MOST_DRAFT, TryForm
from .rule_trials import sample, try_content
from .view import digest, outcome, size

TEMPLATE: Final = "try.html.jinja"
FRAGMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "fields": ("fields", "settings"),
    "verdict": ("marks", "counts", "verdict", "calls"),
    "providers": ("providers",),
    "explain": ("explain",),
    "sample": ("draft",),
    "rules": ("trial",),
}
"""The blocks of the page that the script can request, by the names in its header."""
_LINKED: Final = ("kind", "provider", "purpose", "as_of")
"""The fields that a link has in its query; the text is in its fragment, which browsers never send."""

router = APIRouter()


@router.get("/")
async def first_page(request: Request) -> Response:
    """Lead to the page, or to the description of the API where the page is off.

    A login at a provider ends here: the browser gets the language and the theme of the account.
    """
    access: TryAccess = request.app.state.try_access
    response = RedirectResponse("/docs" if access.access == "off" else "/try", 302)
    await look_up_viewer(request, preferences_of(request).lang)
    if session := noted_session(request):
        keep(response, session.preferences, request.url.scheme == "https")
    return response


@router.get("/try")
async def show_page(request: Request) -> Response:
    """Return the page with an example, or empty with the settings of a link."""
    lang = preferences_of(request).lang
    query = request.query_params
    form = examples().get(query.get("example", ""), TryForm())
    form = TryForm.of(asdict(form) | {name: query[name] for name in _LINKED if query.get(name)})
    return await _page(request, form, {}, lang)


@router.post("/try")
async def check_text(request: Request) -> Response:
    """Return the page, or the parts that the script requests, with the verdict on a text. Nothing is stored."""
    sent = await read_form(request)
    await remember(request, sent)
    return await _page(request, TryForm.of(sent), sent, preferences_of(request, sent).lang)


async def _page(request: Request, form: TryForm, sent: Mapping[str, str], lang: Lang) -> Response:
    access: TryAccess = request.app.state.try_access
    service: Service = request.app.state.service
    user = await look_up_viewer(request, lang)
    access.check(user, lang)
    reviewer = service.ready(lang)
    if sent.get("switch") in reviewer.providers:
        form = await switched(form, sent["switch"], service, lang)
    wanted = [name for name in request.headers.get(FRAGMENT, "").split() if name in FRAGMENTS]
    context: dict[str, Any] = {
        "stale": False,
        "result": None,
        "sides": [],
        "explanation": None,
        "trial": None,
    }
    if sent.get("check") == "sample":
        form = replace(form, draft=sample(form.content_kind))
    if sent.get("check") == "rules" and form.draft.strip():
        access.count_trial(user, address_of(request), lang)
        context["trial"] = await try_content(form, service, request.app.state.content_trials, lang)
    errors = form.errors(lang)
    if not form.is_empty and not errors and wanted not in (["rules"], ["sample"]):
        access.count(address_of(request), lang)
        try:
            if sent.get("fix"):
                form, context["stale"] = await _fixed(form, sent["fix"], service, lang)
            context |= await _reviewed(form, service, lang, wanted)
        except ProblemError as problem:
            if problem.errors is None:
                raise
            errors = [error.message for error in problem.errors]
    providers = sorted(reviewer.providers.values(), key=lambda one: (one.region == "international", one.id))
    provider = reviewer.providers.get(form.provider)
    context |= {
        "form": form,
        "errors": errors,
        "providers": [(one.id, one.title.short(lang)) for one in providers],
        "provider_name": provider.title.short(lang) if provider else form.provider,
        "size": size(form, provider) if not errors else None,
        "most": MOST_CHARACTERS,
        "most_draft": MOST_DRAFT,
        "may_try_rules": access.may_try_rules(user),
        "today": dates.today().isoformat(),
        "examples": examples(),
        "sources": ("", *SOURCES),
        "account_types": ("", *ACCOUNT_TYPES),
        "calls": _calls(request, form, lang),
        "keeps": "try",
    }
    blocks = [block for name in wanted for block in FRAGMENTS[name]]
    return render(request, TEMPLATE, context, blocks=blocks, form=sent)


async def _reviewed(form: TryForm, service: Service, lang: Lang, wanted: list[str]) -> dict[str, Any]:
    """Return what the wanted parts show; everything for a whole page."""
    body = form.body()
    found: dict[str, Any] = {}
    if not wanted or "verdict" in wanted:
        verdict = json.loads((await service.review(body, lang)).content)
        can_be_fixed = any(item["suggestion"] for item in verdict["findings"])
        corrections = await service.corrections(body, lang) if can_be_fixed else NO_CORRECTIONS
        found["result"] = outcome(form, verdict, corrections, service.ready(lang).sources, lang)
    if not wanted or "providers" in wanted:
        found["sides"] = await compare(form, service, lang)
    if form.explain.strip() and (not wanted or "explain" in wanted):
        explained = await service.explanation(body, form.explain, lang)
        found["explanation"] = explained if isinstance(explained, Explanation) else _failed(explained)
    return found


def _failed(fault: Fault) -> Explanation:
    return Explanation(fault.rule, False, ())


async def _fixed(form: TryForm, value: str, service: Service, lang: Lang) -> tuple[TryForm, bool]:
    """Return the form with a fix, and whether the text has changed since the fix was offered."""
    corrections = await service.corrections(form.body(), lang)
    if value == "all":
        fixes = list(corrections.together)
    else:
        fixes = [fix for fix in corrections.single if digest(fix) == value]
    return form.with_fixes(fixes), not fixes


def _calls(request: Request, form: TryForm, lang: Lang) -> dict[str, str]:
    """Return the request of the API that gives the same verdict, as JSON and as a command of curl."""
    submission = form.submission()
    address = f"{request.url.scheme}://{request.url.netloc}/v1/review?lang={lang}"
    compact = json.dumps(submission, ensure_ascii=False)
    return {
        "json": json.dumps(submission, ensure_ascii=False, indent=2),
        "curl": f"curl -sS {shlex.quote(address)} -H 'content-type: application/json' -d {shlex.quote(compact)}",
    }
