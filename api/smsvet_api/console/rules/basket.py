"""The basket of examples: overturned decisions that a user collects for the files of rules."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...http.identity import storage_of
from ...store.quality.examples import add_example, fragments, list_examples, remove_example
from ...store.texts import text_of
from ..acting import acting_user, back, number_in, plain_form
from ..forms import local_path
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
    user = await acting_user(request, lang, COLLECTORS)
    form = await plain_form(request)
    path = local_path(form.get("back") or "/rules/basket")
    run = storage_of(request).run
    if "remove" in form:
        await run(lang, remove_example, user, number_in(form["remove"]) or 0)
        return back(request, path, "basket.removed")
    await run(lang, add_example, user, number_in(form.get("case")) or 0, form.get("rule", ""))
    return back(request, path, "basket.added")
