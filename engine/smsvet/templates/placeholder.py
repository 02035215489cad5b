"""Inspection of a single placeholder: whether a provider accepts it, and its syntax problem if not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..files.location import CONTENT
from ..sms.provider import BODY_FILE, Provider, ProviderError
from .grammar import CompiledGrammar, Grammar, GrammarError
from .shape import STANDIN, STRAYS, WORDS, BodyGrammar, Piece

CACHED = 8192
"""Size of each provider's cache of parsed placeholders."""

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_DIGITS = re.compile(r"[0-9]{1,6}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]+")
_LAYER = re.compile(r"\$?\{(.*)\}", re.DOTALL)
_CALL = re.compile(r"@(?:var|date)\(")
_START = "placeholder"
_TERMINALS = ("INDEX", "NAME", "KIND", "MOMENT", "MAX")
"""The terminals that carry data of a placeholder."""
_SIGNS = "{}$#%<>[]()@ "
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_ -]{0,31}")
_FIELD_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_PERSON = re.compile(r"name|first|last|full|customer|client|user|member|patient|guest")
_FIELD_NAME = re.compile(
    rf"{_PERSON.pattern}|date|time|day|month|year|number|id|code|amount|price|total|balance|order|invoice|booking"
    r"|tracking|link|url|company|business|brand|store|shop|city|address|phone|email|product|item|service|event"
    r"|location|agent|doctor|minutes|hours|pin|otp"
)
_ANSWER = re.compile(r"yes|no|y|n|ok|stop|start|help|end|here|cancel|confirm|accept|decline|unsubscribe")
_FIELD_ZH = re.compile(
    r"(?:客户|用户|订单|预约)?(?:姓名|名字|名称|日期|时间|单号|编号|验证码|金额|链接|地址|电话)|[XxＸｘ×*]{2,}"
)


class ReadPlaceholder(NamedTuple):
    """A parsed placeholder: its number or name, its kind, and its greatest length in code points."""

    name: str | None
    kind: str | None
    max: int | None


class ProviderGrammar:
    """A provider with its compiled grammar. Immutable and safe to share between threads."""

    def __init__(
        self, provider: Provider, body: BodyGrammar, compiled: CompiledGrammar | None = None
    ) -> None:
        """Compile a provider's grammar, unless a cached one is given as `compiled`.

        Raises ProviderError naming the invalid file.
        """
        self.provider = provider
        try:
            self._grammar = Grammar(provider.grammar, (_START,), _TERMINALS, compiled)
        except GrammarError as error:
            raise ProviderError(f"{_file(provider, '.lark')}:1: placeholder: {error}") from error
        self.compiled = self._grammar.compiled
        self._prefixes = self._grammar.prefixes[_START]
        samples = (provider.placeholder(key) for key in ("1", "a"))
        own = next((sample for sample in samples if self._parse(sample) is not None), None)
        pieces = body.pieces(own, bracketed=True) if own else []
        if len(pieces) != 1 or pieces[0].kind in WORDS | STRAYS:
            raise _unwritable(provider, own, [piece.text for piece in pieces])
        self.kind = pieces[0].kind
        self.bracketed = self.kind == "SQUARE" or provider.square_fields
        self._longest = provider.highest("name_length")
        self.parse = lru_cache(maxsize=CACHED)(self._parse)

    def read(self, text: str) -> ReadPlaceholder | None:
        """Return the placeholder written as `text`, None if the provider rejects its syntax or its name."""
        parsed = self.parse(text)
        if parsed is None or parsed.name is None:
            return parsed
        rejected = parsed.name in self.provider.reserved or (
            self._longest and len(parsed.name) > self._longest
        )
        return None if rejected else parsed

    def concerns(self, piece: Piece) -> bool:
        """Return whether a piece is a possible placeholder for this provider, not ordinary text.

        Hash signs are ordinary text, except around a name or for a provider that uses them.
        """
        if piece.kind in WORDS:
            return False
        if piece.kind == "SQUARE":
            return self.kind == "SQUARE" or is_field(content_of(piece.text), leading=not piece.start)
        if piece.kind == "STRAY_HASH":
            return self.kind == "HASH"
        if piece.kind == "HASH":
            return self.kind == "HASH" or _NAME.fullmatch(content_of(piece.text)) is not None
        return True

    def _parse(self, text: str) -> ReadPlaceholder | None:
        if not text.startswith(self._prefixes):  # far cheaper than an exception from Lark
            return None
        read = self._grammar.read(text, _START)
        if read is None:
            return None
        tokens = {token.kind: token.text for token in read}
        name = tokens.get("INDEX") or tokens.get("NAME")
        kind = tokens.get("KIND") or tokens.get("MOMENT")
        longest = tokens.get("MAX")
        if name is None and kind is not None:
            name = f"{kind}_{longest}" if longest else kind
        return ReadPlaceholder(name, kind, int(longest) if longest else None)


class InspectedPiece(NamedTuple):
    """A possible placeholder, half of one, or a stand-in, with the parsed placeholder or else the problem.

    `vendors` are the ids of the providers with this syntax. `meant` is the intended number. `content` is the text
    between the delimiters, with full-width characters as ASCII.
    """

    piece: Piece
    placeholder: ReadPlaceholder | None
    problem: str | None
    vendors: tuple[str, ...] = ()
    meant: int | None = None
    content: str = ""


def _file(provider: Provider, suffix: str) -> str:
    """Return how a provider's file is named in errors: a built-in one by its path from the root."""
    path = provider.path
    if path is None or path.parent == CONTENT / "grammars":
        return f"grammars/{provider.id}{suffix}"
    return str(path.with_suffix(suffix))


def _unwritable(provider: Provider, sample: str | None, pieces: Sequence[str]) -> ProviderError:
    """Return the error for a `write` that the grammars do not parse as one placeholder."""
    from ..files.yaml_files import line_of_key  # noqa: PLC0415 - cached content needs no YAML

    line = line_of_key(provider.path, "write") if provider.path else 1
    place = f"{_file(provider, '.yaml')}:{line}: write: {provider.write}"
    if sample is None:
        return ProviderError(
            f"{place}: {provider.id}.lark does not read it as a placeholder",
            f"{place}：{provider.id}.lark 不把它读作占位符",
        )
    return ProviderError(
        f"{place}: {BODY_FILE} does not read {sample} as one placeholder but as {' '.join(pieces)};"
        f" add its delimiters to a {BODY_FILE}",
        f"{place}：{BODY_FILE} 不把 {sample} 读作一个占位符，而是读作 {' '.join(pieces)}；"
        f"请在 {BODY_FILE} 中加入它的定界符",
    )


def narrowed(text: str) -> str:
    """Return a text with full-width ASCII characters replaced by ASCII."""
    return text.translate(_NARROW)


def content_of(text: str) -> str:
    """Return the text between the delimiters of a placeholder, with full-width characters as ASCII."""
    return _CALL.sub("", _BLANK.sub(" ", narrowed(text))).strip(_SIGNS)


def is_field(content: str, leading: bool) -> bool:
    """Return whether the content of square brackets names a value, such as `first name`, and is not plain text.

    `leading` brackets at the start of a body often contain a brand or a heading. Sources: MAQSAM, OWN.
    """
    if _FIELD_ZH.fullmatch(content):
        return True
    if not _FIELD.fullmatch(content):
        return False
    words = [word.lower() for word in _FIELD_WORD.findall(content)]
    if leading:
        return all(map(_FIELD_NAME.fullmatch, words)) and any(map(_PERSON.fullmatch, words))
    if any(map(_ANSWER.fullmatch, words)):
        return False
    return any(map(_FIELD_NAME.fullmatch, words)) or (content == content.lower() and " " not in content)


def find(
    pieces: Iterable[Piece], vendor: ProviderGrammar, vendors: Mapping[str, ProviderGrammar]
) -> list[InspectedPiece]:
    """Return the inspected pieces of a body that are possible placeholders for a provider, in order."""
    known: dict[tuple[str, str], InspectedPiece] = {}
    found: list[InspectedPiece] = []
    for piece in pieces:
        kind, start, _, text = piece
        if kind in WORDS:
            continue
        item = known.get((kind, text))
        if item is not None and start and kind != "SQUARE":
            found.append(InspectedPiece(piece, *item[1:]))
        elif vendor.concerns(piece):
            item = known[kind, text] = item or inspect(piece, vendor, vendors)
            found.append(InspectedPiece(piece, *item[1:]))
    return found


def inspect(piece: Piece, vendor: ProviderGrammar, vendors: Mapping[str, ProviderGrammar]) -> InspectedPiece:
    """Return the inspection of a piece for a provider, with the most specific problem if there is one."""
    if piece.kind == STANDIN:
        return InspectedPiece(piece, None, "stand-in")
    parsed = vendor.read(piece.text) if piece.kind not in STRAYS else None
    if parsed is not None:
        number = parsed.name if parsed.name and _DIGITS.fullmatch(parsed.name) else None
        return InspectedPiece(piece, parsed, None, (), int(number) if number else None, parsed.name or "")
    content = content_of(piece.text)
    meant = int(content) if _DIGITS.fullmatch(content) else None
    if piece.kind in STRAYS:
        return InspectedPiece(piece, None, "unbalanced", (), meant, content)
    problem, writers = _diagnose(piece, content, vendor, vendors)
    return InspectedPiece(piece, None, problem, writers, meant, content)


def _diagnose(
    piece: Piece, content: str, vendor: ProviderGrammar, vendors: Mapping[str, ProviderGrammar]
) -> tuple[str, tuple[str, ...]]:
    bare = _BLANK.sub("", narrowed(piece.text))
    slip = _slip(piece, content, bare, vendor)
    if slip is not None:
        return slip, ()
    if vendor.parse(bare) is None:
        others = [item for item in vendors.values() if item is not vendor]
        writers = tuple(item.provider.id for item in others if item.parse(bare) is not None)
        if writers:
            return "foreign", writers
        if piece.kind == "DOUBLE" and vendor.kind in ("BRACE", "DOLLAR_BRACE"):
            return "nested", ()
        if piece.kind != vendor.kind:
            return "foreign", tuple(item.provider.id for item in others if item.kind == piece.kind)
    if not content.isascii():
        return "non-ascii-name", ()
    if content[0].isdigit() and (vendor.provider.keying == "named" or vendor.provider.also_named):
        return "name-starts-with-digit", ()
    return "bad-name", ()


def _slip(piece: Piece, content: str, bare: str, vendor: ProviderGrammar) -> str | None:
    """Return the problem of a placeholder with a small mistake in the provider's own syntax, None for any other."""
    narrow = narrowed(piece.text)
    if vendor.parse(piece.text) is not None:
        return "bad-name"
    # An ideographic space counts as a blank: only other full-width characters make a placeholder full-width.
    if vendor.read(narrow) or (narrow != piece.text.replace("\u3000", " ") and vendor.read(bare)):
        return "full-width"
    if vendor.read(bare):
        return "blank-inside"
    if not content:
        return "empty"
    layer = _LAYER.fullmatch(bare)
    if layer and (vendor.read(layer[1]) or vendor.read(f"${layer[1]}")):
        return "nested"
    counted = piece.kind == vendor.kind and vendor.provider.keying == "positional"
    if counted and content.startswith("0") and _DIGITS.fullmatch(content):
        return "leading-zero" if content.strip("0") else "zero"
    return None
