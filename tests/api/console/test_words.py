"""The words of the pages: complete in both languages, all of them used, none missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from smsvet_api.console.words import FOLDER, entries, text

from .pages import FULL_WIDTH, Markup, get, post

CONSOLE = FOLDER.parent
HAN = re.compile("[\u3400-\u9fff]")
PUNCTUATION = ("。", "，", "：", "、", "；")
TEMPLATES = sorted((CONSOLE / "templates").rglob("*.jinja"))
IN_CODE = re.compile(r'f?"([a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?[a-z0-9_-]*)(?:"|(?<=\.)\{)')
KEY = re.compile(r"""\bt\(\s*(error ~ )?["']([a-z0-9_.-]+)["'](\s*~)?""")


def used() -> tuple[set[str], set[str]]:
    """Return the keys that templates and modules use, and the beginnings of keys that they complete."""
    keys: set[str] = set()
    beginnings = {"error.", "frame.theme."}
    for path in CONSOLE.rglob("*.py"):
        for key in IN_CODE.findall(path.read_text(encoding="utf-8")):
            if key.endswith(".") and any(one.startswith(key) for one in entries()):
                beginnings.add(key)
            elif key in entries():
                keys.add(key)
    for path in TEMPLATES:
        for with_error, key, continued in KEY.findall(path.read_text(encoding="utf-8")):
            if not with_error:
                (beginnings if continued else keys).add(key)
    return keys, beginnings


@pytest.mark.parametrize("key", sorted(entries()))
def test_an_entry_is_complete(key: str) -> None:
    entry = entries()[key]
    assert {"zh", "en"} <= set(entry) <= {"zh", "en", "en_one"}
    assert all(value.strip() for value in entry.values())
    assert HAN.search(entry["zh"]) or entry["zh"] in PUNCTUATION
    assert not any(HAN.search(entry[name]) for name in ("en", "en_one") if name in entry)
    fields = {name: set(re.findall(r"\{(\w+)\}", value)) for name, value in entry.items()}
    assert fields["zh"] == fields["en"]
    assert fields.get("en_one", set()) <= fields["en"]


def test_every_key_of_the_templates_exists() -> None:
    keys, beginnings = used()
    assert len(keys) > 50
    assert keys - set(entries()) == set()
    assert [start for start in beginnings if not any(key.startswith(start) for key in entries())] == []


def test_no_entry_is_unused() -> None:
    keys, beginnings = used()
    assert [key for key in entries() if key not in keys and not key.startswith(tuple(beginnings))] == []


def test_one_thing_has_a_form_of_its_own_in_english() -> None:
    assert text("en", "try.more_rules", n=1) == "1 more rule"
    assert text("en", "try.more_rules", n=2) == "2 more rules"
    assert text("zh", "try.more_rules", n=1) == "其余 1 条规则"


@pytest.mark.parametrize(
    "form", [{}, {"content": FULL_WIDTH, "purpose": "verification"}, {"content": "x" * 20_001}]
)
def test_an_english_page_has_no_chinese_of_its_own(app: FastAPI, form: dict[str, str]) -> None:
    """Texts of the visitor and names in Chinese say so in their `lang`, so that they are read out as Chinese."""
    page = post(app, "/try", form, "en") if form else get(app, "/try", "en")
    # Messages quote the text; providers' clauses and source titles are in the language of their pages.
    own = [part.replace("｛1｝", "") for part in Markup(page.text).own]
    assert [part for part in own if HAN.search(part)] == []


@pytest.mark.parametrize("form", [{}, {"content": FULL_WIDTH, "purpose": "verification"}])
def test_a_chinese_page_has_no_english_words_of_ours(app: FastAPI, form: dict[str, str]) -> None:
    page = post(app, "/try", form) if form else get(app, "/try")
    shown = " ".join(Markup(page.text).text)
    english = {
        entry["en"] for entry in entries().values() if "{" not in entry["en"] and " " in entry["en"].strip()
    }
    assert {words for words in english if words in shown} == set()


def test_no_module_of_the_console_is_long() -> None:
    sizes = {
        path.name: len(Path(path).read_text(encoding="utf-8").splitlines())
        for path in CONSOLE.rglob("*.*")
        if path.suffix in (".py", ".js")
    }
    assert {name: size for name, size in sizes.items() if size > (350 if name.endswith(".js") else 300)} == {}


def test_every_event_of_a_case_has_words() -> None:
    store = CONSOLE.parent / "store"
    kinds = {
        kind
        for path in (*(store / "cases").glob("*.py"), store / "submissions" / "reporting.py")
        for kind in re.findall(r'"((?:case|decision)\.[a-z]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(kinds) >= 3
    assert {kind for kind in kinds if f"case.event.{kind.replace('.', '_')}" not in entries()} == set()
