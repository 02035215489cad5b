"""The basket of examples: overturned decisions that a user collects for the files of rules."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from smsvet.model import Lang

from ...http.identity import session_in, storage_of
from ...http.problems import ProblemError
from ...store.quality.examples import add_example, fragments, list_examples, remove_example
from ...store.texts import text_of
from ...wording import say
from ..forms import local_path, read_form
from ..notices import Notice, leave
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer
from .page import COLLECTORS
from .rule_view import shown_text

FILE = "examples.yaml"

router = APIRouter()


@router.get("/rules/basket")
async def show_basket(request: Request) -> Response:
    """Return the page with the user's basket."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, COLLECTORS)
    found = await storage_of(request).run(lang, list_examples, user)
    context = {
        "examples": [(one, shown_text(text_of(one.document or {}))) for one in found],
        "yaml": fragments(found),
        "file": FILE,
    }
    return render(request, "basket.html.jinja", context)


@router.get(f"/rules/basket/{FILE}")
async def download_basket(request: Request) -> Response:
    """Return the basket as YAML for rule files."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, COLLECTORS)
    found = await storage_of(request).run(lang, list_examples, user)
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{FILE}"'}
    return Response(fragments(found).encode("utf-8", "replace"), 200, headers, "application/yaml")


@router.post("/rules/basket")
async def change_basket(request: Request) -> Response:
    """Put a case into the basket as an example of a rule, or take one out, and go back to the page before."""
    lang = preferences_of(request).lang
    await session_in(request, lang)
    user = await require_viewer(request, lang, COLLECTORS)
    form = await read_form(request)
    storage = storage_of(request)
    if "remove" in form:
        await storage.run(lang, remove_example, user, _number(form["remove"], lang))
        notice = Notice("basket.removed", {})
    else:
        rule = form.get("rule", "")
        await storage.run(lang, add_example, user, _number(form.get("case", ""), lang), rule)
        notice = Notice("basket.added", {})
    response = RedirectResponse(local_path(form.get("back") or "/rules/basket"), 303)
    leave(response, notice, secure=request.url.scheme == "https")
    return response


def _number(value: str, lang: Lang) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise ProblemError("not-found", say(lang, "没有这个案件", "There is no such case"), lang=lang)
    return int(value)
