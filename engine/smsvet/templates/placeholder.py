"""One hole of a body: whether a provider reads it, and what is wrong with it where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..files.location import CONTENT
from ..sms.provider import BODY_FILE, Provider, ProviderError
from .grammar import CompiledGrammar, Grammar, GrammarError
from .shape import STANDIN, STRAYS, WORDS, BodyGrammar, Piece

REMEMBERED = 8192
"""How many holes' readings each provider keeps."""

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_DIGITS = re.compile(r"[0-9]{1,6}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]+")
_LAYER = re.compile(r"\$?\{(.*)\}", re.DOTALL)
_CALL = re.compile(r"@(?:var|date)\(")
_START = "placeholder"
_ASKED = ("INDEX", "NAME", "KIND", "MOMENT", "MAX")
"""Terminals of which a placeholder tells."""
_SIGNS = "{}$#%<>[]()@ "


class ReadPlaceholder(NamedTuple):
    """A placeholder as its provider reads it: number or name, kind, and greatest length in code points."""

    name: str | None
    kind: str | None
    max: int | None


class ProviderGrammar:
    """A provider with its grammar compiled. Immutable and shared between threads."""

    def __init__(self, provider: Provider, body: BodyGrammar, told: CompiledGrammar | None = None) -> None:
        """Compile a provider's grammar; raises ProviderError naming the file that is wrong.

        `told` is what was known of it before.
        """
        self.provider = provider
        try:
            self._grammar = Grammar(provider.grammar, (_START,), _ASKED, told)
        except GrammarError as error:
            raise ProviderError(f"{_file(provider, '.lark')}:1: placeholder: {error}") from error
        self.told = self._grammar.told
        self._prefixes = self._grammar.prefixes[_START]
        samples = (provider.placeholder(key) for key in ("1", "a"))
        own = next((sample for sample in samples if self._parse(sample) is not None), None)
        pieces = body.pieces(own, bracketed=True) if own else []
        if len(pieces) != 1 or pieces[0].kind in WORDS | STRAYS:
            raise _unwritable(provider, own, [piece.text for piece in pieces])
        self.kind = pieces[0].kind
        self.bracketed = self.kind == "SQUARE"
        self._longest = provider.highest("name_length")
        self.parse = lru_cache(maxsize=REMEMBERED)(self._parse)

    def read(self, text: str) -> ReadPlaceholder | None:
        """Return the hole that a text is, None where the provider refuses it."""
        hole = self.parse(text)
        if hole is None or hole.name is None:
            return hole
        refused = hole.name in self.provider.reserved or (self._longest and len(hole.name) > self._longest)
        return None if refused else hole

    def concerns(self, piece: Piece) -> bool:
        """Return whether a piece is more than text here: hash signs are ordinary unless they hold a name."""
        if piece.kind in WORDS:
            return False
        if piece.kind == "STRAY_HASH":
            return self.kind == "HASH"
        if piece.kind == "HASH":
            return self.kind == "HASH" or _NAME.fullmatch(content_of(piece.text)) is not None
        return True

    def _parse(self, text: str) -> ReadPlaceholder | None:
        if not text.startswith(self._prefixes):  # far cheaper than an error that Lark explains
            return None
        read = self._grammar.read(text, _START)
        if read is None:
            return None
        tokens = dict(read)
        name = tokens.get("INDEX") or tokens.get("NAME")
        kind = tokens.get("KIND") or tokens.get("MOMENT")
        longest = tokens.get("MAX")
        if name is None and kind is not None:
            name = f"{kind}_{longest}" if longest else kind
        return ReadPlaceholder(name, kind, int(longest) if longest else None)


class InspectedPiece(NamedTuple):
    """A piece that is a hole, half a hole or a stand-in: what it is here, or what is wrong with it.

    `meant` is the number it means and `content` what stands between its delimiters, in ASCII.
    """

    piece: Piece
    hole: ReadPlaceholder | None
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
    """Return the error for a `write` that the grammars do not read as one placeholder."""
    from ..files.yaml_files import line_of_key  # noqa: PLC0415 - what was kept needs no YAML

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
    """Return a text with full-width ASCII as ASCII."""
    return text.translate(_NARROW)


def content_of(text: str) -> str:
    """Return what stands between the delimiters of a hole, in ASCII where it was full-width."""
    return _CALL.sub("", _BLANK.sub(" ", narrowed(text))).strip(_SIGNS)


def find(
    pieces: Iterable[Piece], vendor: ProviderGrammar, vendors: Mapping[str, ProviderGrammar]
) -> list[InspectedPiece]:
    """Return every hole, half hole and stand-in of a body, in order, as one provider sees it."""
    return [inspect(piece, vendor, vendors) for piece in pieces if vendor.concerns(piece)]


def inspect(piece: Piece, vendor: ProviderGrammar, vendors: Mapping[str, ProviderGrammar]) -> InspectedPiece:
    """Return what a piece is to a provider, with its most specific problem if it has one."""
    if piece.kind == STANDIN:
        return InspectedPiece(piece, None, "stand-in")
    hole = vendor.read(piece.text) if piece.kind not in STRAYS else None
    if hole is not None:
        number = hole.name if hole.name and _DIGITS.fullmatch(hole.name) else None
        return InspectedPiece(piece, hole, None, (), int(number) if number else None, hole.name or "")
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
    """Return what is wrong with a hole that nearly is the provider's own, None where it is not near."""
    narrow = narrowed(piece.text)
    if vendor.parse(piece.text) is not None:
        return "bad-name"
    # A full-width blank is a blank: only other signs make a hole full-width.
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
