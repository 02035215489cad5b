"""Correction of a body: its placeholders rewritten in the provider's syntax."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from .placeholder import InspectedPiece, ProviderGrammar
from .shape import STRAYS

BEFORE, AFTER = 12, 8
"""Code points before and after a placeholder, in the same clause, to search for words that suggest its name."""

_HERE = (
    (re.compile(r"\s*(?:个?分钟|minutes?\b)"), "minutes"),
    (re.compile(r"\s*元"), "amount"),
    (re.compile(r"\s*(?:先生|女士)"), "name"),
)
_NEAR = (
    (re.compile("验证码|校验码|动态码|注册码|动态密码|(?:verification )?code|OTP", re.IGNORECASE), "code"),
    (re.compile("取件码|提货码|取货码"), "pickup_code"),
    (re.compile("时间|日期|截止|[0-9]月"), "time"),
    (re.compile("订单|单号|编号|流水"), "order_no"),
    (re.compile("金额|余额|费用|[¥￥]"), "amount"),
    (re.compile("尊敬的|亲爱的|姓名"), "name"),
    (re.compile("电话|手机|热线|致电"), "phone"),
    (re.compile("地址|位于"), "address"),
    (re.compile("分钟|有效期"), "minutes"),
)
_CLAUSE = re.compile(r"[，。；！？,;!?\r\n]")
_LETTER = re.compile(r"[A-Za-z]")
_DELIMITER = re.compile(r"[{}｛｝$＄#＃%％@＠<＜>＞\[［\]］*＊_＿×ＸｘXx]")


def rewrite(body: str, found: Sequence[InspectedPiece], vendor: ProviderGrammar) -> tuple[str, ...]:
    """Return the corrected text of each inspected piece; an empty string removes the piece."""
    provider = vendor.provider
    if provider.keying == "named" or (provider.also_named and _is_named(found)):
        writer = _named(body, found, vendor)
    elif provider.keying == "positional" and provider.sequence:
        writer = _numbered(found, vendor)
    else:
        writer = _labelled(found, vendor)
    maximum = provider.highest("placeholder_count")
    texts: list[str] = []
    count = 0
    for item, text in zip(found, writer, strict=True):
        count += bool(text) and not _is_empty(item)
        texts.append("" if _is_empty(item) or (maximum is not None and count > maximum) else text)
    return tuple(texts)


def assemblies(body: str, found: Sequence[InspectedPiece], texts: Sequence[str]) -> Iterator[str]:
    """Yield the rewritten body, then safer versions: with spaces around placeholders, then without other delimiters.

    Characters next to a placeholder may form a new placeholder with it, such as `$` before `{1}`.
    """
    yield _assemble(body, found, texts, str)
    spaced = tuple(f" {text} " if text else " " for text in texts)
    yield _assemble(body, found, spaced, str)
    yield _assemble(body, found, spaced, lambda text: _DELIMITER.sub(" ", text))


def _assemble(
    body: str, found: Sequence[InspectedPiece], texts: Sequence[str], keep: Callable[[str], str]
) -> str:
    parts = []
    at = 0
    for item, text in zip(found, texts, strict=True):
        parts += [keep(body[at : item.piece.start]), text]
        at = item.piece.end
    return "".join([*parts, keep(body[at:])])


def _is_empty(item: InspectedPiece) -> bool:
    return item.piece.kind in STRAYS and not item.content


def _is_named(found: Sequence[InspectedPiece]) -> bool:
    accepted = [item for item in found if item.placeholder is not None]
    return bool(accepted) and all(item.meant is None for item in accepted)


def _numbered(found: Sequence[InspectedPiece], vendor: ProviderGrammar) -> Iterator[str]:
    numbers: dict[int, int] = {}
    count = 0
    for item in found:
        if _is_empty(item):
            yield ""
            continue
        if item.placeholder is not None and item.placeholder.kind is not None:
            yield item.piece.text
            continue
        number = numbers.get(item.meant) if item.meant is not None else None
        if number is None:
            count += 1
            number = count
            if item.meant is not None:
                numbers[item.meant] = number
        text = vendor.provider.placeholder(str(number))
        yield text if vendor.read(text) else ""


def _labelled(found: Sequence[InspectedPiece], vendor: ProviderGrammar) -> Iterator[str]:
    taken = {item.meant for item in found if item.placeholder is not None}
    number = 0
    for item in found:
        if item.placeholder is not None:
            yield item.piece.text
            continue
        if not _is_empty(item):
            number += 1
            while number in taken:
                number += 1
        text = vendor.provider.placeholder(str(max(number, 1)))
        yield text if vendor.read(text) else ""


def _named(body: str, found: Sequence[InspectedPiece], vendor: ProviderGrammar) -> Iterator[str]:
    taken = {item.placeholder.name for item in found if item.placeholder is not None}
    given: dict[str, str] = {}
    seen: set[str | None] = set()
    tried: dict[str, int] = {}
    stem_of = cache(partial(_stem, vendor=vendor))
    suggested = cache(_suggested)
    for place, item in enumerate(found):
        name = item.placeholder.name if item.placeholder is not None else None
        if item.placeholder is not None and not (vendor.provider.unique and name in seen):
            seen.add(name)
            yield item.piece.text
        elif _is_empty(item):
            yield ""
        elif item.content in given and not vendor.provider.unique and _LETTER.search(item.content):
            yield given[item.content]
        else:
            stem = stem_of(item.content) or suggested(item.content, *_around(body, found, place)) or "v"
            name, text = _unused(stem, vendor, taken, tried)
            taken.add(name)
            seen.add(name)
            given[item.content] = text
            yield text


def _stem(content: str, vendor: ProviderGrammar) -> str | None:
    """Return a placeholder's own name as a valid name, None if it has none. Leading digits are moved to the end."""
    if content in ("var", "$var", "s", "d") or not content.isascii():
        return None
    words = re.sub(r"[^A-Za-z0-9_]+", "_", content.removesuffix(".DATA"))
    found = re.fullmatch(r"([0-9_]*)([A-Za-z].*?)_*", words)
    if not found:
        return None
    name = found[2] + found[1].strip("_")
    # A number is appended to a reserved name; a long name must be shortened to leave room for it.
    longest = vendor.provider.highest("name_length")
    return name[: longest - 3] if longest and len(name) > longest else name


def _around(body: str, found: Sequence[InspectedPiece], place: int) -> tuple[str, str]:
    """Return the text before and after a placeholder, up to the next placeholder."""
    piece = found[place].piece
    begin = max(found[place - 1].piece.end if place else 0, piece.start - BEFORE)
    end = min(found[place + 1].piece.start if place + 1 < len(found) else len(body), piece.end + AFTER)
    return body[begin : piece.start], body[piece.end : end]


def _suggested(content: str, before: str, after: str) -> str | None:
    """Return the name suggested by the words inside a placeholder, else by those around it in the same clause."""
    inside = [name for words, name in _NEAR if words.search(content)]
    if inside:
        return inside[0]
    before, after = _CLAUSE.split(before)[-1], _CLAUSE.split(after)[0]
    for words, name in _HERE:
        if words.match(after):
            return name
    last = [(match.end(), name) for words, name in _NEAR for match in words.finditer(before)]
    if last:
        return max(last)[1]
    first = [(match.start(), name) for words, name in _NEAR for match in words.finditer(after)]
    return min(first)[1] if first else None


def _unused(
    stem: str, vendor: ProviderGrammar, taken: set[str | None], tried: dict[str, int]
) -> tuple[str, str]:
    """Return an unused name that the provider accepts, and the placeholder with that name.

    `tried` has the highest number tried for each stem. Lower ones are not tried again, as names are only added.
    """
    for candidate in (stem, stem.lower(), "v"):
        for number in range(tried.get(candidate, 1), len(taken) + 4):
            tried[candidate] = number
            # The first of a name has no number, except for the name that says nothing.
            name = candidate if number == 1 and candidate != "v" else f"{candidate}{number}"
            if name in taken:
                continue
            text = vendor.provider.placeholder(name)
            if vendor.read(text):
                return name, text
    raise AssertionError(f"{vendor.provider.id}: found no valid placeholder name")
