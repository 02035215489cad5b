"""The prose checker: sentences and their findings, the parts of a page and of a module, places, exit status."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

TOOL = Path(__file__).parents[2] / "tools/prose.py"
SPEC = importlib.util.spec_from_file_location("prose", TOOL)
assert SPEC is not None
assert SPEC.loader is not None
prose: Any = importlib.util.module_from_spec(SPEC)
sys.modules["prose"] = prose  # dataclasses look up their module by name
SPEC.loader.exec_module(prose)

STYLE = prose.read_style()
DATA = tomllib.loads(prose.STYLE.read_text(encoding="utf-8"))
LONG = "The engine compiles " + "one more rule and " * 8 + "stops."


def rules(page: str) -> list[str]:
    """Return the names of the rules that a Markdown page breaks, in order."""
    return [finding.rule for finding in prose.check(prose.of_markdown(page), STYLE)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Text is folded before it is matched.", ["glossary"]),
        ("Text is normalised before it is matched.", []),
        ("A tenfold gain, a 3-fold test and a manifold.", []),
        ("Safe phrases exempt a term.", ["glossary"]),
        ("Give the least and the most.", ["glossary"]),
        ("At least two and at most three; most rules need neither.", []),
        ("The verdict is for a person.", ["glossary"]),
        ("It is a job for a person with a sheet.", []),
        ("The rule asks for a link.", ["personified"]),
        ("Rules say when they apply.", ["personified"]),
        ("`decision` tells how strict it is.", ["personified"]),
        ("The author of a rule says when it applies.", []),
        ("Ask the vendor; the reviewer knows the answer.", []),
        ("A rule is never asked without its facts.", ["asked"]),
        ("Rarely used data, what few texts ask for, is read when it is asked for.", ["asked"]),
        ("What takes long to build is built later.", ["what-clause"]),
        ("What does it cost?", []),
        ("See what is missing.", []),
        ("Start from what was found.", ["what-clause", "what-clause"]),
        ("The cost depends on what you send.", []),
        ("The field in which it occurs.", ["which"]),
        ("The fields, each of which may be empty.", []),
        ("Words of whatever category count.", ["whatever"]),
        ("It lists all there is to a rule.", ["all that"]),
        ("If there is no rule, there are no findings.", []),
        ("A missing folder is no error.", ["is no"]),
        ("The value is None and no longer needed.", []),
        ("It prints one verdict a line.", ["per"]),
        ("It prints one verdict per line, and a rule flags a text.", []),
        ("The file stands beside the rule.", ["stands"]),
        ("`x` stands for a number, the value lies between 1 and 9.", []),
        ("Needed: git and make.", ["inversion"]),
        ("It cuts the text round a match.", ["round"]),
        ("The name is held against the register.", ["held against"]),
        ("It is read, then it is written and then it is closed.", ["passive"]),
        ("It is read and then written.", []),
        (LONG, ["length"]),
        (LONG.replace("one more rule", "`one more rule`"), []),
    ],
)
def test_a_sentence_and_its_findings(sentence: str, expected: list[str]) -> None:
    assert rules(sentence) == expected


@pytest.mark.parametrize("given", DATA["construction"], ids=lambda given: f"{given['name']}: {given['bad']}")
def test_every_construction_matches_its_bad_example_and_not_its_good_one(given: dict[str, Any]) -> None:
    assert given["name"] in rules(given["bad"])
    assert rules(given["good"]) == []


@pytest.mark.parametrize("use", [*DATA["glossary"].values(), *(item["use"] for item in DATA["construction"])])
def test_a_suggestion_is_not_a_finding(use: str) -> None:
    assert rules(use) == []


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("```sh\nfold the text\n```\n", []),
        ("- item\n\n  ```text\n  fold the text\n  ```\n", []),
        ("Call `fold` and ``fold `x` `` here.", []),
        ("See [the page](docs/fold.md) or <https://example.com/fold>.", []),
        ("See [how to fold](docs/page.md).", ["glossary"]),
        ("<!-- fold -->\n", []),
        ("# What is folded\n", ["glossary"]),
        ("| key | meaning |\n| --- | --- |\n| `fold` | folded text |\n", ["glossary"]),
        (f"| key | {LONG} |\n", []),
        ("Folded text. <!-- prose: ok -->\n", []),
        ("Folded text. <!-- prose: ok -->\nFolded text.\n", ["glossary"]),
        ("<!-- prose: off: written by a program -->\nFolded.\n<!-- prose: on -->\nFolded.\n", ["glossary"]),
        ("- The rule\n- asks for a link.", []),
        ("The rule\nasks for a link.", ["personified"]),
    ],
)
def test_only_the_prose_of_a_page_is_read(page: str, expected: list[str]) -> None:
    assert rules(page) == expected


def test_only_the_docstrings_of_a_module_are_read() -> None:
    source = (
        '"""Folded 中文 text."""\n'
        "# folded\n"
        "folded = 'folded'\n"
        '"""The folded text."""\n\n\n'
        "class Text:\n"
        "    def get(self) -> str:\n"
        '        """Return the text.\n\n'
        "        It is folded, see `fold`.\n"
        '        """\n'
        "        return folded\n"
    )
    found = prose.check(prose.of_python(source), STYLE)
    assert [(finding.line, finding.column) for finding in found] == [(1, 4), (4, 8), (11, 15)]


def test_a_finding_names_its_place() -> None:
    (finding,) = prose.check(prose.of_markdown("# Text\n\n- `开户` and 开户\n  is folded.\n"), STYLE)
    assert str(finding) == "4:6: glossary: avoid “folded” -> normalise, normalised, normalisation"


def test_pages_in_chinese_have_their_own_glossary(tmp_path: Path) -> None:
    page = tmp_path / "README.zh-CN.md"
    page.write_text("文本先折叠。fold 一词不查。\n", encoding="utf-8")
    assert [finding.use for finding in prose.check_file(page, STYLE)] == ["归一化"]


def test_folders_are_searched_without_generated_pages(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("Text\n", encoding="utf-8")
    (tmp_path / "page.txt").write_text("Text\n", encoding="utf-8")
    assert [path.name for path in prose.files([tmp_path], STYLE)] == ["page.md"]
    assert list(prose.files([prose.ROOT / "docs/rules.md"], STYLE)) == []
    assert all((prose.ROOT / name).exists() for name in STYLE.generated)


def test_the_exit_status_differs_for_findings_and_failures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("Text is matched.\n", encoding="utf-8")
    assert prose.main([str(page)]) == 0
    page.write_text("Text is folded.\n", encoding="utf-8")
    assert prose.main([str(page)]) == 1
    assert capsys.readouterr().out.startswith(f"{page}:1:9: glossary: ")
    assert prose.main([str(tmp_path / "none.md")]) == 2
    assert "none.md: no such file or folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max_words = 1\nmax_passives = 1\nglosary = 1", "unknown key glosary"),
        ("max_words = 1\nmax_passives = 1\n[glossary]\n'a(' = 'b'", "glossary a("),
        ("max_words = 1\nmax_passives = 1\n[[construction]]\nname = 'x'", "construction 1 (x): missing bad"),
        ("max_passives = 1", "max_words is missing"),
        ("max_words =", "Invalid value"),
    ],
)
def test_a_wrong_style_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "prose.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(prose.StyleError) as error:
        prose.read_style(path)
    assert "prose.toml" in str(error.value)
    assert message in str(error.value)
