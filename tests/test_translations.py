"""The Chinese pages agree with the English ones: code blocks, headings, tables, names in code, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TWINS = [("README.md", "README.zh-CN.md")] + [
    (f"docs/{path.name}", path.relative_to(ROOT).as_posix())
    for path in sorted((ROOT / "docs/zh-CN").glob("*.md"))
]
"""Pairs of an English and a Chinese page."""
COMMENT = {"yaml": "#", "sh": "#", "python": "#", "lark": "//"}

twins = pytest.mark.parametrize(("english", "chinese"), TWINS)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    """Return a page without its code blocks."""
    return re.sub(r"(?ms)^ *```.*?^ *```", "", page(name))


def code(name: str) -> list[tuple[str, str]]:
    """Return the language and text of every code block of a page, without comments, messages, fixes and titles.

    Of a block `text`, which is printed in the language of the page, only the numbers are returned.
    """
    found = []
    for language, block in re.findall(r"(?ms)^```(\w*)\n(.*?)^```", page(name)):
        if mark := COMMENT.get(language):
            block = re.sub(rf"(?m)(?:^|[ ]+){mark}(?![^ ]).*$", "", block)
        if language == "json":
            block = re.sub(r'"(message|fix|title)": "[^"]*"', r'"\1": ""', block)
        if language == "text":
            block = " ".join(re.findall(r"[0-9][0-9,.%-]*", block))
        found.append((language, block))
    return found


def headings(name: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"(?m)^(#+) ", prose(name))]


def keys(name: str) -> list[str]:
    """Return the code in the first column of every table of a page, in order."""
    cells = re.findall(r"(?m)^\| ((?:`[^`]+`[,、 ]*)+) \|", page(name))
    return [key for cell in cells for key in re.findall(r"`([^`]+)`", cell)]


def names(name: str) -> set[str]:
    """Return the code in the sentences and tables of a page, without texts in Chinese."""
    return {span for span in re.findall(r"`([^`\n]+)`", prose(name)) if span.isascii()}


def test_the_pages_for_compliance_officers_exist() -> None:
    pages = {chinese.rpartition("/")[2] for _, chinese in TWINS}
    assert pages >= {"README.zh-CN.md", "cli.md", "policy.md", "providers.md", "writing-rules.md"}


@twins
def test_both_languages_show_the_same_code(english: str, chinese: str) -> None:
    assert code(english) == code(chinese)
    assert code(english) != []


@twins
def test_both_languages_have_the_same_headings_and_table_keys(english: str, chinese: str) -> None:
    assert headings(english) == headings(chinese)
    assert keys(english) == keys(chinese)


@pytest.mark.parametrize(("english", "chinese"), TWINS[1:])  # the READMEs name different pictures and pages
def test_both_languages_name_the_same_keys_options_and_values(english: str, chinese: str) -> None:
    assert names(english) == names(chinese)


@twins
def test_each_language_links_to_the_other(english: str, chinese: str) -> None:
    for name, other in ((english, chinese), (chinese, english)):
        targets = re.findall(r"\]\(([^)#\s]+)", prose(name))
        assert (ROOT / other) in {((ROOT / name).parent / target).resolve() for target in targets}
