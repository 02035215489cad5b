"""Values of placeholders, from `params` or extracted from a rendered text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from ..document import Document, json_text
from ..model import Placeholder, Span
from ..text.text import Text
from .comparison import match_template

NEAR = 12
"""Code points on either side of a placeholder that are its context."""

MINUTES = re.compile(r"[ \s]*(?:分钟|分(?![行店校部])|小时|秒|天|min|hour)")
KEYWORD = re.compile(
    r"验证码|校验码|注册码|动态码|激活码|随机码|短信码|动态密码|verification code|passcode|\bcode\b|\botp\b"
)

_SIGNED = re.compile(r"\s*【[^【】]*】")
_SIGNED_SQUARE = re.compile(r"\s*\[[^\[\]]*\] ?")
_SIGNED_LAST = re.compile(r"【[^【】]*】\s*\Z")


@dataclass(frozen=True, slots=True)
class Filling:
    """A value to be sent, its span in the submission, and the template text around its placeholder.

    `attribute` is the declared attribute, else the one in the placeholder's syntax (Huawei's `${PHONE}`). `longest`
    is the smaller of the declared maximum and the placeholder's maximum, in code points.
    """

    key: str
    value: str
    span: Span
    placeholder: Placeholder | None = None
    before: str = ""
    after: str = ""
    attribute: str | None = None
    longest: int | None = None

    def place(self, start: int, end: int) -> Span:
        """Return the place in the submitted field of the value's code points [start, end)."""
        return Span(self.span.field, self.span.start + start, self.span.start + end)


def fillings(document: Document) -> list[Filling]:
    """Return the string values of `params`. Without `params`, return the values in the rendered text, if it matches."""
    if document.submission.params is not None:
        return _given(document)
    found = values_in(document, document.texts.get("text"))
    return [
        _filling(document, placeholder.name or str(number), value, span, placeholder)
        for number, (placeholder, value, span) in enumerate(found, start=1)
    ]


def values_in(document: Document, text: Text | None) -> list[tuple[Placeholder, str, Span]]:
    """Return each placeholder with its value in a rendered text; empty if the text does not match the template."""
    body = document.body
    if text is None or body is None or not body.placeholders:
        return []
    start, end = content_place(document, text.original)
    written = text.original[start:end]
    places = match_template(body.original, placeholder_places(body), written)
    return [
        (placeholder, written[left:right], text.place(start + left, start + right))
        for placeholder, (left, right) in zip(body.placeholders, places or (), strict=False)
    ]


def content_place(document: Document, text: str) -> tuple[int, int]:
    """Return the half-open code-point offsets of a rendered text without its signature.

    Returns the whole text if the body includes the signature.
    """
    body = document.body.original if document.body else ""
    if body.lstrip().startswith(("【", "[")):
        return 0, len(text)
    abroad = document.region == "international" or document.provider.signature_brackets == "[]"
    signed = _SIGNED.match(text) or (_SIGNED_SQUARE.match(text) if abroad else None)
    if signed:
        return signed.end(), len(text)
    last = None if body.rstrip().endswith("】") else _SIGNED_LAST.search(text)
    return 0, last.start() if last else len(text)


def placeholder_places(body: Text) -> list[tuple[int, int]]:
    """Return the half-open offsets of a body's placeholders, in order."""
    return [(placeholder.span.start, placeholder.span.end) for placeholder in body.placeholders]


def fill_in(document: Document) -> str | None:
    """Return the body with its placeholders replaced by their values; None if a placeholder has no string value."""
    body = document.body
    if body is None:
        return None
    out, at = [], 0
    for key, placeholder in bind(body.placeholders, document.values):
        value = document.values.get(key) if key else None
        if not isinstance(value, str):
            return None
        out += [body.original[at : placeholder.span.start], value]
        at = placeholder.span.end
    return "".join([*out, body.original[at:]])


def code_value(document: Document, found: list[Filling]) -> Filling | None:
    """Return the value that is the verification code, None if there is none.

    This is the value declared as a code. In a verification template without such a declaration, it is the value
    nearest to a keyword such as 验证码.
    """
    declared = [
        one
        for one in found
        if (one.attribute or "").lower() in ("otp", "numbercaptcha", "characterwithnumber2")
    ]
    if declared or document.purpose != "verification":
        return declared[0] if declared else None
    body = document.body
    if body is None:
        return None
    words = [body.span(*word.span()) for word in KEYWORD.finditer(body.folded)]
    codes = [one for one in found if one.placeholder and not MINUTES.match(one.after)]
    return min(codes, key=lambda one: _distance(one, words)) if codes and words else None


def value_span(document: Document, key: str) -> Span:
    """Return the span of a whole value of `params`: its searched text, or the JSON text of a value of another type."""
    field = document.value_field(key)
    text, value = document.texts.get(field), document.values.get(key)
    written = text.original if text else value if isinstance(value, str) else json_text(value)
    return Span(field, 0, len(written))


def _given(document: Document) -> list[Filling]:
    bound = {
        key: placeholder for key, placeholder in reversed(bind(document.placeholders, document.values)) if key
    }
    return [
        _filling(document, key, value, value_span(document, key), bound.get(key))
        for key, value in document.values.items()
        if isinstance(value, str)
    ]


def _filling(
    document: Document, key: str, value: str, span: Span, placeholder: Placeholder | None
) -> Filling:
    declared = (document.submission.variables or {}).get(key)
    attribute = (declared.type if declared else None) or (placeholder.kind if placeholder else None)
    lengths = [
        length
        for length in (declared.max if declared else None, placeholder.max if placeholder else None)
        if length is not None
    ]
    before = after = ""
    if placeholder and document.body:
        body, start, end = document.body, placeholder.span.start, placeholder.span.end
        before = body.original[max(0, start - NEAR) : start]
        after = body.original[end : end + NEAR]
        for other in body.placeholders:
            if other.span.end <= start:
                before = before[-(start - other.span.end) :] if start > other.span.end else ""
            elif other.span.start >= end:
                after = after[: other.span.start - end]
    return Filling(key, value, span, placeholder, before, after, attribute, min(lengths, default=None))


def _distance(one: Filling, words: list[Span]) -> int:
    place = one.placeholder.span if one.placeholder else one.span
    return min(max(place.start - word.end, word.start - place.end) for word in words)


MAX_VALUES = 200
"""Values of `params` that are read; a rule rejects more, which no template has placeholders for."""


def values_of(params: object) -> dict[str, object]:
    """Return the first MAX_VALUES values of `params` by submitted key.

    The keys of a list are "1", "2", ...; other types have no values.
    """
    if isinstance(params, Mapping):
        return {str(key): value for key, value in islice(params.items(), MAX_VALUES)}
    if isinstance(params, (list, tuple)):
        return {str(number): value for number, value in enumerate(params[:MAX_VALUES], start=1)}
    return {}


def keys_of(given: Mapping[str, object], written: Callable[[str], str]) -> dict[str, str]:
    """Return the submitted key of each value by the name of its variable.

    They differ for a key that is a whole placeholder: `#code#` is a value of `code`. `written` returns the
    placeholder of a name.
    """
    begin, _, end = written("\x00").partition("\x00")
    return {_bare(key, begin, end, given): key for key in given}


def _bare(key: str, begin: str, end: str, given: Mapping[str, object]) -> str:
    """Return a key without the delimiters of a placeholder, unless another value has that key."""
    if not (begin and key.startswith(begin) and key.endswith(end)) or len(key) <= len(begin) + len(end):
        return key
    name = key[len(begin) : len(key) - len(end)]
    return key if name in given else name


def values_left(params: object) -> int:
    """Return how many values of `params` come after those that `values_of` returns."""
    if params is None:
        return 0
    return max(0, len(params) - MAX_VALUES) if isinstance(params, (Mapping, list, tuple)) else 0


def bind(
    placeholders: tuple[Placeholder, ...], values: Mapping[str, object]
) -> list[tuple[str | None, Placeholder]]:
    """Return each placeholder with the key of its value: its name, else its position from 1, else None."""
    bound: list[tuple[str | None, Placeholder]] = []
    for number, placeholder in enumerate(placeholders, start=1):
        name = placeholder.name
        if name is not None and name in values:
            bound.append((name, placeholder))
        else:
            bound.append(
                (str(number) if str(number) in values and not str(name).isdigit() else None, placeholder)
            )
    return bound
