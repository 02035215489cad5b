"""The places from which a request may load a shadow revision: the service's own and those the operator allows."""

from __future__ import annotations

from pathlib import Path

from smsvet.model import Lang

from ..wording import say
from .own_content import Places
from .problems import FieldError, invalid_fields
from .settings import Settings


def shadow_places(
    settings: Settings, rules: list[str] | None, policy: str | None, model: str | None, lang: Lang
) -> Places:
    """Return the places that a request names; None stands for the service's own place, an empty text for none.

    A relative path is looked up in each allowed folder. Raises ProblemError for a path that is not one of the service's
    own places and not in an allowed folder, with all links resolved, whether or not it exists.
    """
    folders = (
        (*settings.rules, *settings.found.folders)
        if rules is None
        else tuple(
            _allowed(settings, f"rules.{number}", text, lang, folder=True)
            for number, text in enumerate(rules)
        )
    )
    chosen_policy = settings.policy if policy is None else None
    chosen_model = settings.model if model is None else None
    if policy:
        chosen_policy = _allowed(settings, "policy", policy, lang, folder=False)
    if model:
        chosen_model = _allowed(settings, "model", model, lang, folder=False)
    return Places(folders, chosen_policy, chosen_model)


def _allowed(settings: Settings, field: str, text: str, lang: Lang, *, folder: bool) -> Path:
    own = {
        path.resolve()
        for path in (*settings.rules, *settings.found.folders, settings.policy, settings.model)
        if path is not None
    }
    for place in settings.shadow_content:
        path = (place / text).resolve()
        allowed = path in own or path.is_relative_to(place.resolve())
        if allowed and (path.is_dir() if folder else path.is_file()):
            return path
    path = Path(text).resolve()
    if path in own and Path(text).is_absolute():
        return path
    message = say(
        lang,
        "不在 SMSVET_SHADOW_CONTENT 列出的文件夹中",
        "not found in the folders of SMSVET_SHADOW_CONTENT",
    )
    raise invalid_fields([FieldError(field=field, message=message)], lang)
