"""The same template as other providers write it: their placeholders instead of those of the submission's provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from smsvet import Reviewer
from smsvet.model import Lang, Placeholder

from .bodies import parse_body
from .reviewing import validated

_OTHER_SYNTAX: Final = {"foreign", "name-starts-with-digit", "bad-name"}
"""Problems of a placeholder that is right at its own provider."""


def restate_body(reviewer: Reviewer, body: bytes, lang: Lang) -> dict[str, dict[str, Any]]:
    """Return the submission in a body for each provider that writes its placeholders differently, by provider.

    None for a text with a mistake at its own provider, and none where the other provider allows fewer placeholders or
    fewer repeats: that is a difference to be seen. Raises ProblemError naming each wrong field.
    """
    data = parse_body(body, lang)
    submission = validated(reviewer, data, lang)
    if submission.body is None or not isinstance(data, dict):
        return {}
    parser = reviewer.catalogue.reader.parser
    own = parser.read(submission.body, submission.provider)
    if own.problems or not own.placeholders:
        return {}
    found = {}
    for provider in reviewer.providers:
        theirs = parser.read(submission.body, provider)
        if theirs.corrected is None or {problem.name for problem in theirs.problems} - _OTHER_SYNTAX:
            continue
        written = parser.read(theirs.corrected, provider)
        if not written.problems and len(written.placeholders) == len(own.placeholders):
            names = _names(own.placeholders, written.placeholders)
            found[provider] = {
                **_renamed(data, names), "provider": provider, "body": theirs.corrected,
            }  # fmt: skip
    return found


def _names(own: Sequence[Placeholder], written: Sequence[Placeholder]) -> dict[str, str]:
    return {
        before.name: after.name
        for before, after in zip(own, written, strict=True)
        if before.name is not None and after.name is not None
    }


def _renamed(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a submission with the values and types of its placeholders under their new names.

    They are left out where two placeholders get one name.
    """
    renamed = dict(data)
    for field in ("params", "variables"):
        given = data.get(field)
        if not isinstance(given, dict):
            continue
        if len(set(names.values())) < len(names):
            del renamed[field]
        else:
            renamed[field] = {names.get(name, name): value for name, value in given.items()}
    return renamed
