"""A case as its page shows it: the text with marks, the findings, and what follows from the user's actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from smsvet import Reviewer
from smsvet.model import Lang

from ...http.problems import encode
from ...http.trials import NO_CORRECTIONS
from ...store.cases.choice import Choice, needs_overturn
from ...store.cases.clusters import Difference, differences
from ...store.cases.view import CaseView, Similar
from ...store.texts import TEXTS
from ..marks import Marked, marked, marks_of
from ..trying.form import TryForm
from ..trying.view import Group, Outcome, Size, outcome, size
from .durations import due_words
from .preview import rendered, types_of
from .reasons import Reason, message_of, reasons_of

SIMILAR: Final = 5
_FORM_FIELD: Final = {"body": "template", "text": "message", "signature": "signature"}


@dataclass(frozen=True, slots=True)
class ShownSimilar:
    """A similar case: its share of equal text in percent, and its differences from this one."""

    one: Similar
    percent: int
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case as its page shows it, besides its `CaseView`. `outcome` is None for a blind case."""

    form: TryForm
    content: Sequence[Marked]
    folded: str
    types: Mapping[str, str]
    outcome: Outcome | None
    groups: Mapping[int, Group]
    """The findings of each rule by their number."""
    due: str
    preview: str
    size: Size
    similar: Sequence[ShownSimilar]
    rules: Sequence[Reason]
    house: Sequence[Reason]
    message: str
    overturns: Mapping[str, bool]
    """Whether approve or reject contradicts the machine, and needs a reason."""
    owned: bool
    """The user has claimed the case, though the lock may have run out."""
    lapsed: bool


def shown_case(
    view: CaseView, reviewer: Reviewer, lang: Lang, ticked: Sequence[str] | None = None, message: str = ""
) -> ShownCase:
    """Return what the page shows. `ticked` and `message` are those of a form that is shown again."""
    document = view.submission or {}
    field = next((name for name in TEXTS if document.get(name) is not None), "body")
    form = _form(view, document, field)
    verdict = None if view.verdict is None else _in_language(view.verdict, lang)
    found = None if verdict is None else outcome(form, verdict, NO_CORRECTIONS, reviewer.sources, lang)
    findings = view.verdict["findings"] if view.verdict else ()
    rules, house = reasons_of(findings, ticked, lang)
    marks = marks_of(findings, found.numbers, field) if found else ()
    provider = reviewer.providers.get(view.row.provider)
    preview = rendered(form.content, document, view.row.provider) if field == "body" else form.content
    row, mine = view.row, view.lock_ends_at is not None
    known = None if view.verdict is None else dict(view.verdict)
    return ShownCase(
        form=form,
        content=marked(form.content, marks, placeholders=field == "body"),
        folded=reviewer.catalogue.reader.folder.plain(form.content),
        types=types_of(document, view.row.provider, lang),
        outcome=found,
        groups={one.number: one for one in (*found.reasons, *found.advice)} if found else {},
        due=due_words(lang, row.due_at, view.at),
        preview=preview,
        size=size(_with_content(form, preview), provider),
        similar=[_similar(one, row.text) for one in view.similar[:SIMILAR]],
        rules=rules,
        house=house,
        message=message or message_of((*rules, *house)),
        overturns={
            "approve": known is not None and needs_overturn(known, Choice("approve")),
            "reject": known is not None and needs_overturn(known, Choice("reject")),
        },
        owned=mine and row.state in ("open", "escalated"),
        lapsed=mine and row.locked_until is None,
    )


def json_of(view: CaseView) -> dict[str, Any]:
    """Return the submission as JSON of the API, with the provider and date of the review."""
    as_of = view.verdict["as_of"] if view.verdict else None
    extra = {"provider": view.row.provider} | ({"as_of": as_of} if as_of else {})
    return {**(view.submission or {}), **extra}


def body_of(view: CaseView) -> bytes:
    """Return the submission as a request body of the API, with the provider and date of the review."""
    return encode(json_of(view))


def _form(view: CaseView, document: Mapping[str, Any], field: str) -> TryForm:
    return TryForm(
        kind=_FORM_FIELD[field],
        content=str(document.get(field) or ""),
        provider=view.row.provider,
        purpose=view.row.purpose or "",
        signature=str(document.get("signature") or "") if field != "signature" else "",
        as_of=str((view.verdict or {}).get("as_of") or ""),
    )


def _with_content(form: TryForm, content: str) -> TryForm:
    return TryForm(form.kind, content, form.provider, form.purpose, form.as_of, form.signature)


def _in_language(verdict: Mapping[str, Any], lang: Lang) -> Mapping[str, Any]:
    """Return a stored verdict, whose findings have their English texts inside, in a language.

    The names of evidence are stored in Chinese only; the message of the finding has them in either language.
    """
    if lang == "zh":
        return verdict
    return {
        **verdict,
        "findings": [{**one, "evidence": [], **one.get("en", {})} for one in verdict["findings"]],
    }


def _similar(one: Similar, text: str) -> ShownSimilar:
    ratio = SequenceMatcher(None, text, one.row.text, autojunk=False).ratio()
    return ShownSimilar(one, round(100 * ratio), differences(text, one.row.text)[:6])
