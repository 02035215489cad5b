"""The pieces of hostile texts: the content's own words and patterns, addresses, placeholders, odd Unicode."""

from __future__ import annotations

import random
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from smsvet import Provider, Reviewer
from smsvet.files.location import CONTENT

ADDRESSES = (
    "http://", "https://a.example.com/x?y=1#z", "t.cn/Ab3", "t．cn", "www.", "www.{1}.cn", "点com", "a。cn", "127.0.0.1",
    "[::1]", "xn--fiqs8s.cn", "例子.中国", "a.b.c.d.", "me@example.com", "@", "13800138000", "138 0013 8000", "一三八零零一三八零零零",
    "138{1}0000", "400-800-0000", "010-12345678", "QQ：12345678", "VX abc_12345", "加微信", "威❤信", "群号123456",
)  # fmt: skip
CLAUSES = (
    "【云雀科技】", "【】", "【", "】", "[云雀]", "您的验证码是", "{1}分钟内有效", "请勿泄露给他人", "拒收请回复R", "回T退订", "尊敬的会员",
    "您的订单已发货", "全场五折", "100元", "2026年2月30日", "25:61", "第1次", "99.9%", "null", "NaN", "<br>", "%s%n", "' OR 1=1--",
)  # fmt: skip
OPENINGS = (
    "{", "}", "{{1}}", "{1", "1}", "｛1｝", "{ 1 }", "{0}", "{01}", "{１}", "{{{", "${", "#", "##", "%", "@var(", "$(", "XXXX", "****",
    "____", "\x1f",
)  # fmt: skip
"""Placeholders, whole and broken, and the code point that the engine puts in their place."""
SEPARATORS = tuple(" \t\n\r\u3000\u00a0·.。,，、;；:：!！?？-—_*＊/|\\+~=&'\"“”()（）[]<>《》")
INVISIBLE = tuple(
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u3164\u115f\u2800\u034f\x00\x1b\x7f\x85\u2028\u2029"
)
DIRECTIONS = tuple("\u200e\u200f\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\u061c")
MARKS = tuple("\u0301\u0336\u035c\u0489\u20dd\u20e3\ufe0f\U000e0100")
EXPANDING = (
    *"ﷺ㍿㏂ﬃ①⒈Ⓐ🆓㊙½ⅷİßǄ𝐚Å",
    "👨\u200d👩\u200d👧\u200d👦",
    "🇨🇳",
    "1️⃣",
    "❤️",
    "가",
    "नि",
    "שלום",
    "مرحبا",
)
RARE = ("𠀀", "〇", "龥", "々", "\ufffd", "\ue000", "\U0010ffff", "\U000e0041", "Ａ", "９", "٣", "२")
LONE = ("\ud800", "\udfff", "\ud83d")
"""Halves of surrogate pairs: JSON can carry them, UTF-8 and Arrow cannot."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one, where PyYAML was built with libyaml."""
BLOCK = 0x80
"""Code points of a block."""
LAST_BLOCK = 0x32000
"""Above it are private code points, tags and selectors; RARE and MARKS have some of each."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression of the content or the engine, and where it stands."""

    place: str
    source: str
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces of hostile texts, by kind."""

    pieces: Sequence[Sequence[str]]
    """Each kind is chosen as often as any other."""
    patterns: Sequence[Pattern]
    blocks: Sequence[int]
    """First code points of the Unicode blocks that have an assigned character."""

    def piece(self, chance: random.Random) -> str:
        """Return a piece of any kind."""
        return chance.choice(chance.choice(self.pieces))

    def unicode(self, chance: random.Random) -> str:
        """Return a few code points of one Unicode block, assigned or not."""
        start = chance.choice(self.blocks)
        return "".join(chr(start + chance.randrange(BLOCK)) for _ in range(chance.randint(1, 8)))


def vocabulary_of(reviewer: Reviewer) -> Vocabulary:
    """Return the pieces and patterns of a reviewer's content."""
    lexicon = reviewer.catalogue.reader.lexicon
    terms = tuple({word for entry in lexicon.entries for part in entry.parts for word in part})
    pieces = (
        sorted(terms),
        sorted({phrase.phrase for phrase in lexicon.safe}),
        sorted(reviewer.catalogue.reader.prefilter.literals),
        sorted({one for provider in reviewer.providers.values() for one in placeholders(provider)}),
        ADDRESSES, CLAUSES, OPENINGS, SEPARATORS, INVISIBLE, DIRECTIONS, MARKS, EXPANDING, RARE,
    )  # fmt: skip
    blocks = [start for start in range(0, LAST_BLOCK, BLOCK) if assigned(start)]
    found = {pattern.source: pattern for pattern in (*of_code(reviewer), *of_files(CONTENT))}
    return Vocabulary(
        pieces, sorted(found.values(), key=lambda pattern: (pattern.place, pattern.source)), blocks
    )


def placeholders(provider: Provider) -> Iterator[str]:
    """Yield placeholders of a provider: by number, by name and with a long name."""
    for name in ("1", "2", "code", "a" * 40):
        yield provider.placeholder(name)


def assigned(start: int) -> bool:
    """Return whether a block has an assigned character and is not one of surrogates."""
    return not 0xD800 <= start <= 0xDFFF and any(
        unicodedata.category(chr(code)) != "Cn" for code in range(start, start + BLOCK)
    )


def of_files(content: Path) -> Iterator[Pattern]:
    """Yield the patterns of rule files and grammars."""
    for file in sorted((content / "rules").rglob("*.yaml")):
        waiting = [yaml.load(file.read_text(encoding="utf-8"), LOADER)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                if isinstance(node.get("pattern"), str):
                    yield Pattern(file.relative_to(content).as_posix(), node["pattern"])
                waiting += node.values()
            elif isinstance(node, list):
                waiting += node
    for file in sorted((content / "grammars").glob("*.lark")):
        for source in re.findall(r"(?m)^[A-Z_.0-9]+: */(.+)/\s*$", file.read_text(encoding="utf-8")):
            yield Pattern(file.relative_to(content).as_posix(), source)


def of_code(reviewer: Reviewer) -> Iterator[Pattern]:
    """Yield the compiled patterns in the modules of the engine and of rule functions, also those in tables."""
    modules = [(name, vars(module)) for name, module in sys.modules.items() if name.startswith("smsvet.")]
    modules += [(rule.id, getattr(rule.check, "__globals__", {})) for rule in reviewer.rules]
    for place, names in modules:
        for name, value in list(names.items()):
            for pattern in compiled(value):
                yield Pattern(f"{place}.{name}", pattern.pattern, pattern.flags & ~re.UNICODE)


def compiled(value: object) -> Iterator[re.Pattern[str]]:
    """Yield the compiled patterns for text in a value, at any depth of tuples and lists."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from compiled(item)
