"""Check the prose of documents and docstrings against the project's style: `python tools/prose.py PATH...`.

A path is a Markdown file, a Python file (its docstrings are checked) or a folder of both. The style is
`tools/prose.toml`. Prints `file:line:column: rule: message -> suggestion` for each finding. Exit status: 0 without
findings, 1 with findings, 2 if a path or the style cannot be read.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).parents[1]
STYLE = Path(__file__).with_name("prose.toml")
CODE = "\x01"
"""Replaces every character of code in the text that is checked, so that positions stay right."""

Part = Literal["sentence", "cell", "heading"]
_KEYS = {
    "max_words",
    "max_passives",
    "generated",
    "allowed",
    "lists",
    "glossary",
    "glossary_zh",
    "construction",
}
_FENCE = re.compile(r"(?ms)^[ ]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ ]*\1[`~]*[ ]*$|\Z)")
_OFF = re.compile(r"(?s)<!-- prose: off.*?-->.*?(?:<!-- prose: on -->|\Z)")
_OK = re.compile(r"(?m)^.*<!-- prose: ok -->")
_COMMENT = re.compile(r"(?s)<!--.*?-->")
_SPAN = re.compile(r"(?s)(?<!`)(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)")
_TARGET = re.compile(r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|https?://[^\s)>]+")
_MARK = re.compile(r"\*+|[\[\]]|(?<=\s)>(?=\s)")
_ITEM = re.compile(r"[ ]*(?:[-*+]|[0-9]+[.)])[ ]+")
_TABLE = re.compile(r"[ ]*\|")
_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[A-Z\"“(\x01\u4e00-\u9fff])")
_WORD = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*")
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:not\s+|also\s+|only\s+|then\s+|first\s+|never\s+|always\s+)?"
    r"(?:[a-z]{2,}ed|built|bound|cut|done|drawn|found|given|held|kept|known|left|lost|made|meant|put|read|run|said|seen"
    r"|sent|set|shown|taken|told|written)\b"
)


class StyleError(Exception):
    """The style file is wrong; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A wording to avoid, the message about it, the wording to use instead, and the parts to search."""

    rule: str
    regex: re.Pattern[str]
    message: str
    use: str
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Style:
    """The style of `prose.toml`, compiled."""

    max_words: int
    max_passives: int
    generated: tuple[str, ...]
    allowed: tuple[re.Pattern[str], ...]
    english: tuple[Pattern, ...]
    chinese: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A finding at a line and column, both counted from one, in code points."""

    line: int
    column: int
    rule: str
    message: str
    use: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.rule}: {self.message} -> {self.use}"


def read_style(path: Path = STYLE) -> Style:
    """Return the style of a TOML file. Raises `StyleError` for a wrong key or a pattern that does not compile."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise StyleError(f"{path.name}: {error}") from error
    for key in ("max_words", "max_passives"):
        if not isinstance(data.get(key), int):
            raise StyleError(f"{path.name}: {key} is missing or not a whole number")
    if unknown := data.keys() - _KEYS:
        raise StyleError(f"{path.name}: unknown key {', '.join(sorted(unknown))}")
    lists = {name: "(?:" + "|".join(words) + ")" for name, words in data.get("lists", {}).items()}
    everywhere = frozenset({"sentence", "cell", "heading"})

    def compiled(key: str, source: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
        for name, words in lists.items():
            source = source.replace(f"%{name}%", words)
        try:
            return re.compile(source.replace(" ", r"\s+"), flags)
        except re.error as error:
            raise StyleError(f"{path.name}: {key}: {error}") from error

    def entry(number: int, given: dict[str, Any]) -> Pattern:
        key = f"construction {number} ({given.get('name', 'no name')})"
        if missing := {"name", "match", "message", "use", "bad", "good"} - given.keys():
            raise StyleError(f"{path.name}: {key}: missing {', '.join(sorted(missing))}")
        parts = frozenset(given.get("in", everywhere))
        return Pattern(given["name"], compiled(key, given["match"]), given["message"], given["use"], parts)

    def term(avoid: str, use: str, bounds: str) -> Pattern:
        regex = compiled(f"glossary {avoid}", bounds.format(avoid))
        return Pattern("glossary", regex, "avoid “{}”", use, everywhere)

    english = [
        term(avoid, use, r"(?<![\w-])(?:{})(?![\w-])") for avoid, use in data.get("glossary", {}).items()
    ]
    english += [entry(number, given) for number, given in enumerate(data.get("construction", ()), start=1)]
    return Style(
        data["max_words"],
        data["max_passives"],
        tuple(data.get("generated", ())),
        tuple(compiled("allowed", rf"\b{phrase}\b") for phrase in data.get("allowed", {})),
        tuple(english),
        tuple(term(avoid, use, "{}") for avoid, use in data.get("glossary_zh", {}).items()),
    )


def blank(text: str, fill: str = " ") -> str:
    """Return the text with every character but line breaks replaced by `fill`."""
    return re.sub(r"[^\n]", fill, text)


def of_markdown(source: str) -> str:
    """Return a page with everything but prose blanked out; positions are those of the source."""
    text = _FENCE.sub(lambda fence: blank(fence[0]), source)
    text = _OFF.sub(lambda region: blank(region[0]), text)
    text = _OK.sub(lambda line: blank(line[0], CODE), text)
    text = _COMMENT.sub(lambda comment: blank(comment[0]), text)
    return of_inline(text)


def of_inline(text: str) -> str:
    """Return text with code spans, link targets and emphasis marks blanked out."""
    text = _SPAN.sub(lambda span: blank(span[0], CODE), text)
    text = _TARGET.sub(lambda target: blank(target[0]), text)
    return _MARK.sub(lambda mark: " " * len(mark[0]), text)


def of_python(source: str) -> str:
    """Return a module with everything but its docstrings blanked out. Raises `SyntaxError` if it is not Python."""
    lines = source.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    text = blank(source)
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        for child in body if isinstance(body, list) else ():
            if (
                isinstance(child, ast.Expr)
                and isinstance(value := child.value, ast.Constant)
                and isinstance(value.value, str)
            ):
                start = offset(value.lineno, value.col_offset)
                end = offset(value.end_lineno or value.lineno, value.end_col_offset or 0)
                prose = re.sub(
                    r"\A[rRuU]?(?:\"{3}|'{3}|[\"'])|(?:\"{3}|'{3}|[\"'])\Z",
                    lambda quotes: " " * len(quotes[0]),
                    source[start:end],
                )
                text = text[:start] + prose + text[end:]
    return of_inline(text)


def blocks(text: str) -> Iterator[tuple[int, str, Part]]:
    """Yield the offset, text and part of every paragraph, list item, table cell and heading."""
    start, kept = 0, ""
    at = 0
    for line in [*text.splitlines(keepends=True), ""]:
        item = _ITEM.match(line)
        alone = line.lstrip().startswith("#") or bool(_TABLE.match(line))
        if kept and (item or alone or not line.strip()):
            yield start, kept, "sentence"
            kept = ""
        if line.lstrip().startswith("#"):
            yield at, line, "heading"
        elif alone:
            for cell in re.finditer(r"(?<=\|)(?:[^|\\]|\\.)+(?=\|)", line):
                if re.search(r"[^\s:|-]", cell[0]):
                    yield at + cell.start(), cell[0], "cell"
        elif line.strip():
            if not kept:
                start = at
            kept += " " * item.end() + line[item.end() :] if item else line
        at += len(line)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset and text of every sentence of a paragraph."""
    start = len(text) - len(text.lstrip())
    for end in [*_END.finditer(text), None]:
        stop = end.start() if end else len(text)
        if text[start:stop].strip():
            yield start, text[start:stop]
        start = end.end() if end else stop


def wordings(sentence: str, part: Part, patterns: Iterable[Pattern]) -> Iterator[tuple[int, Pattern, str]]:
    """Yield the offset of every wording to avoid, its pattern, and the matched words."""
    for pattern in patterns:
        if part in pattern.parts:
            for match in pattern.regex.finditer(sentence):
                yield match.start(), pattern, re.sub(r"\s+", " ", re.sub(f"{CODE}+", "`…`", match[0]))


def check(text: str, style: Style, chinese: bool = False) -> list[Finding]:
    """Return the findings in blanked-out text (see `of_markdown` and `of_python`), sorted by position."""
    for phrase in style.allowed:
        text = phrase.sub(lambda allowed: blank(allowed[0], CODE), text)
    found: dict[tuple[int, str], Finding] = {}

    def note(at: int, rule: str, message: str, use: str) -> None:
        line = text.count("\n", 0, at) + 1
        found.setdefault((at, rule), Finding(line, at - text.rfind("\n", 0, at), rule, message, use))

    for start, block, part in blocks(text):
        for offset, sentence in sentences(block) if part == "sentence" else [(0, block)]:
            at = start + offset
            for place, pattern, words in wordings(
                sentence, part, style.chinese if chinese else style.english
            ):
                note(at + place, pattern.rule, pattern.message.format(words), pattern.use)
            if part == "sentence" and not chinese:
                if (count := len(_WORD.findall(sentence))) > style.max_words:
                    note(at, "length", f"{count} words in a sentence", f"at most {style.max_words}; split it")
                if (passives := len(_PASSIVE.findall(sentence))) > style.max_passives:
                    note(at, "passive", f"{passives} passive verbs in a sentence", "name who does what")
    return sorted(found.values())


def check_file(path: Path, style: Style) -> list[Finding]:
    """Return the findings in a Markdown or Python file; pages below a folder `zh-CN` are Chinese."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return check(of_python(source), style)
    return check(of_markdown(source), style, chinese="zh-CN" in path.as_posix())


def files(paths: Iterable[Path], style: Style) -> Iterator[Path]:
    """Yield the files to check, without generated pages. Raises `FileNotFoundError` for a path that does not exist."""
    generated = {(ROOT / name).resolve() for name in style.generated}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path}: no such file or folder")
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in {".md", ".py"} and file.resolve() not in generated:
                yield file


def main(arguments: list[str] | None = None) -> int:
    """Print the findings in the given paths; return the exit status."""
    parser = argparse.ArgumentParser(description="Check the prose of Markdown pages and docstrings.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    count = 0
    try:
        style = read_style()
        for file in files(parser.parse_args(arguments).paths, style):
            for finding in check_file(file, style):
                print(f"{file}:{finding}")
                count += 1
    except (StyleError, OSError, SyntaxError, UnicodeDecodeError) as error:
        print(f"prose: {error}", file=sys.stderr)
        return 2
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
