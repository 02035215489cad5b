"""The documents match the code: generated pages, commands, options, settings, keys, snippets, links."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
import typer
import yaml

from smsvet.model import Contact, Link
from smsvet.rules.checks import AnyCheck, Signal
from smsvet.rules.facts import FACTS
from smsvet.rules.loader import load_function
from smsvet.rules.policy import ExtraPhrase, ExtraTerm, Policy
from smsvet.rules.rule import Case, RuleFile
from smsvet.sms.limits import LIMITS
from smsvet.sms.provider import Limit
from smsvet.sms.provider import _File as ProviderFile  # pyright: ignore[reportPrivateUsage]
from smsvet.templates.parser import PROBLEMS
from smsvet_api import ruledocs, sourcedocs
from smsvet_api.cli.app import app
from smsvet_api.configuration.configuration_file import Keys
from smsvet_api.http.settings import Settings, variable

if TYPE_CHECKING:
    from smsvet import Reviewer

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "rules").glob("*.md"))
)
WRITTEN = [name for name in PAGES if name not in (ruledocs.INDEX, ruledocs.PAGE, ruledocs.SOURCES_PAGE)]
SETTINGS = ("docs/http.md", "docs/policy.md", "docs/configuration.md", "CONTRIBUTING.md")
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def with_subcommands(command: Any) -> list[Any]:
    """Return a command and those below it."""
    return [command, *getattr(command, "commands", {}).values()]


CHECKS = get_args(get_args(AnyCheck)[0])


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the code blocks of a page in a language, without indentation, also those inside lists."""
    found = re.findall(rf"(?ms)^( *)```{language}\n(.*?)^\1```", page(name))
    return [re.sub(rf"(?m)^{indent}", "", block) for indent, block in found]


def names_of(model: Any) -> set[str]:
    """Return the YAML keys of a model."""
    return {field.alias or name for name, field in model.model_fields.items()}


def coded(text: str) -> set[str]:
    """Return the words in code spans of a text."""
    return {word for code in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"[\w./-]+", code)}


# Generated pages


@pytest.mark.parametrize("name", [ruledocs.INDEX, ruledocs.PAGE])
def test_the_generated_rule_pages_are_current(name: str, reviewer: Reviewer) -> None:
    written = ruledocs.pages(reviewer.rules, reviewer.providers, reviewer.sources)[name]
    assert page(name) == written, "rules have changed: run `make docs`"


def test_the_page_of_sources_is_current(reviewer: Reviewer) -> None:
    assert page(ruledocs.SOURCES_PAGE) == sourcedocs.sources_page(reviewer), (
        "sources have changed: run `make docs`"
    )


def test_every_source_has_a_row_and_a_link(reviewer: Reviewer) -> None:
    sources = reviewer.sources.file.sources
    rows = re.findall(r'(?m)^\| <a id="([^"]+)"></a>`([^`]+)` \|', page(ruledocs.SOURCES_PAGE))
    assert sorted(rows) == sorted((key.lower(), key) for key in sources)
    named = set(re.findall(r"\]\[([^]]+)\]", page(ruledocs.PAGE)))
    targets = dict(re.findall(r"(?m)^\[([^]]+)\]: (\S+)$", page(ruledocs.PAGE)))
    assert named == set(targets)
    assert {key for key in named if "://" in targets[key]} == {key for key in named if sources[key].url}
    assert all(target.isascii() for target in targets.values())


def test_every_rule_has_a_row_and_a_section_of_its_own(reviewer: Reviewer) -> None:
    ids = [rule.id for rule in reviewer.rules]
    assert re.findall(r"(?m)^### (.+)$", page(ruledocs.PAGE)) == sorted(ids)
    assert re.findall(r"(?m)^\| \[([^]]+)\]", page(ruledocs.INDEX)) == sorted(ids)
    assert len({ruledocs.slug(rule_id) for rule_id in ids}) == len(ids)


def test_every_topic_is_headed_in_both_languages(reviewer: Reviewer) -> None:
    assert {rule.id.partition("/")[0] for rule in reviewer.rules} <= ruledocs.TOPICS.keys()


@pytest.mark.parametrize(
    ("example", "line"),
    [
        ({"body": "您好{1}"}, "`您好{1}`"),
        ({"signature": "云雀", "source": "app"}, "signature `云雀` ← source app"),
        ({"body": "您好", "params": ["a", 1]}, '`您好` ← params `["a", 1]`'),
        ({"body": "一\u200b二\n三"}, "`一‹U+200B›二⏎三`"),
        ({"body": "a`b"}, "``a`b``"),
        ({"body": ""}, "（空 empty）"),
        ({"body": "您好", "remark": "[a]*"}, r"`您好` ← remark \[a\]\*"),
    ],
)
def test_an_example_is_shown_unchanged(example: dict[str, Any], line: str) -> None:
    assert ruledocs.shown(example) == line


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("template/link-in-variable", "templatelink-in-variable"),
        ("link: 链接 · web addresses", "link-链接--web-addresses"),
    ],
)
def test_anchors_are_those_of_the_headings(heading: str, anchor: str) -> None:
    assert ruledocs.slug(heading) == anchor


# The command line, the settings and the files


def section(command: str) -> str:
    found = re.search(rf"(?ms)^## smsvet {command}\n(.*?)(?=^## |\Z)", page("docs/cli.md"))
    return found[1] if found else ""


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_and_option_is_documented(command: str) -> None:
    options = {
        option
        for one in with_subcommands(COMMANDS[command])
        for parameter in one.params
        for option in parameter.opts
        if option[0] == "-"
    }
    below = {f"smsvet {command} {name}" for name in getattr(COMMANDS[command], "commands", {})}
    assert [name for name in below if f"`{name}`" not in section(command)] == []
    assert options - {"--help"} - coded(section(command)) == set()


def test_every_documented_command_exists() -> None:
    assert set(re.findall(r"(?m)^## smsvet (.+)$", page("docs/cli.md"))) == set(COMMANDS)


@pytest.mark.parametrize("name", WRITTEN)
def test_every_shown_command_parses(name: str) -> None:
    for line in re.sub(r"\\\n *", " ", "\n".join(blocks(name, "sh"))).splitlines():
        words = shlex.split(line, comments=True)
        if "smsvet" in words:
            command, *rest = words[words.index("smsvet") + 1 :]
            chosen = COMMANDS[command]
            if hasattr(chosen, "commands"):
                chosen, rest = chosen.commands[rest[0]], rest[1:]
            known = {option for parameter in chosen.params for option in parameter.opts}
            assert {word for word in rest if word.startswith("--")} <= known, line
        elif words and words[0] == "make":
            targets = re.findall(r"(?m)^([.a-z-]+):", page("Makefile"))
            assert set(words[1:]) <= set(targets), line


def variables() -> set[str]:
    """Return every variable of ours that the code, the tests, make or CI read; `_SMSVET_COMPLETE` is Typer's."""
    files = [ROOT / "Makefile", ROOT / ".ci/run"]
    files += [
        path
        for folder in ("engine", "api", "tests", "bench", "tools")
        for path in (ROOT / folder).rglob("*.py")
    ]
    found = set()
    for path in files:
        found |= set(re.findall(r"(?<!_)SMSVET_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
    return found


def test_every_setting_is_documented() -> None:
    documented = set().union(*(coded(page(name)) for name in SETTINGS))
    assert variables() <= documented


def test_the_defaults_of_the_settings_are_those_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SMSVET_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/~")
    rows = dict(re.findall(r"(?m)^\| `SMSVET_(\w+)` \|[^|]*\| ([^|]+) \|$", page("docs/http.md")))
    named = {name: str(field.validation_alias or name) for name, field in Settings.model_fields.items()}
    shown = {
        variable(named[name]).removeprefix("SMSVET_"): str(value or "none").removeprefix("/")
        for name, value in Settings()
    }
    assert {name: value.strip("`") for name, value in rows.items()} == shown


# The files that people write


def test_every_key_of_a_rule_is_shown_and_no_other() -> None:
    assert set(yaml.safe_load(blocks("docs/writing-rules.md", "yaml")[0])) == names_of(RuleFile)


def test_every_condition_of_a_case_is_documented() -> None:
    text = page("docs/writing-rules.md")
    documented = text[text.index("## Decisions") : text.index("## Messages")]
    assert names_of(Case) - {"decision"} <= coded(documented)


def test_every_fact_is_documented() -> None:
    text = page("docs/writing-rules.md")
    assert set(FACTS) <= coded(text[text.index("## Needs") : text.index("## Checks")])


def rows() -> dict[str, tuple[str, str]]:
    found = re.findall(r"(?m)^\| `([a-z]+)` \| (.+) \| (.+) \|$", page("docs/writing-rules.md"))
    return {kind: (keys, words) for kind, keys, words in found}


def kind_of(check: Any) -> str:
    kind: str = get_args(check.model_fields["kind"].annotation)[0]
    return kind


def test_the_table_of_checks_has_every_kind_and_no_other() -> None:
    assert set(rows()) == {kind_of(check) for check in CHECKS}


@pytest.mark.parametrize("check", CHECKS, ids=kind_of)
def test_every_key_of_a_check_is_in_the_table(check: Any) -> None:
    keys, _ = rows()[kind_of(check)]
    expected = names_of(check) - {"kind"}
    assert expected <= coded(keys)
    if kind_of(check) == "score":
        assert all(re.search(rf"\b{name}\b", keys) for name in names_of(Signal))


@pytest.mark.parametrize("kind", ["terms", "length", "placeholder", "link", "contact", "field", "score"])
def test_every_word_of_a_check_is_in_the_table(kind: str) -> None:
    check = next(check for check in CHECKS if kind_of(check) == kind)
    assert check.model_construct().words() - {"match"} == coded(rows()[kind][1])


def test_every_problem_link_and_contact_is_documented() -> None:
    documented = coded(page("docs/writing-rules.md"))
    types = {"link": Link, "contact": Contact}
    for record in types.values():
        kinds = re.findall(r"'([^']+)'|\"([^\"]+)\"", str(record.__annotations__["kind"]))
        assert {one or other for one, other in kinds} <= documented
    assert set(PROBLEMS) <= documented


def test_every_key_of_the_configuration_is_documented() -> None:
    assert re.findall(r"(?m)^\| `([a-z]+)` \|", page("docs/configuration.md")) == list(Keys.model_fields)
    (shown,) = blocks("docs/configuration.md", "toml")
    assert Keys.model_validate(tomllib.loads(shown)).model_fields_set == Keys.model_fields.keys()


def test_every_key_of_a_policy_is_documented() -> None:
    documented = coded(page("docs/policy.md"))
    assert names_of(Policy) | names_of(ExtraTerm) | names_of(ExtraPhrase) <= documented


def test_every_key_and_limit_of_a_provider_is_documented() -> None:
    text = page("docs/providers.md")
    assert names_of(ProviderFile) | names_of(Limit) <= coded(text)
    assert re.findall(r"(?m)^\| `(\w+)` \| (.+) \|$", text[text.index("| limit |") :]) == list(LIMITS.items())


# Snippets


@pytest.mark.parametrize("name", READMES)
def test_the_python_snippets_run(name: str, reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    import smsvet

    monkeypatch.setattr(smsvet, "Reviewer", lambda: reviewer)
    for snippet in blocks(name, "python"):
        exec(compile(snippet, name, "exec"), {})


def test_the_shown_rule_function_finds_the_documented_hits(tmp_path: Path, reviewer: Reviewer) -> None:
    from smsvet import Submission

    (shown,) = blocks("docs/writing-rules.md", "python")
    path = tmp_path / "capitals.py"
    path.write_text(shown, encoding="utf-8")
    check = load_function(path, path.name)().check
    for signature, count in (("LARK", 1), ("Lark", 0), ("云雀", 0)):
        assert len(list(check(reviewer.read(Submission(signature=signature))))) == count


# Every page


MEASURED = re.compile(r"[0-9]\s*(?:%|µs|us\b|ms\b|x\b|×|times|per second|倍|微秒|毫秒|条/秒|/s\b)")


@pytest.mark.parametrize("name", READMES)
def test_a_measurement_names_the_command_that_prints_it(name: str) -> None:
    prose = re.sub(r"(?ms)^```.*?^```", "", page(name))
    lonely = [
        part
        for part in prose.split("\n\n")
        if MEASURED.search(part) and not re.search(r"`make (?:bench|quality)`", part)
    ]
    assert lonely == []


def links(name: str) -> Iterator[tuple[str, str]]:
    prose = re.sub(r"(?ms)^ *```.*?^ *```|`[^`\n]*`", "", page(name))
    for target in re.findall(r"\]\(([^)\s]+)\)|^\[[^]]+\]: (\S+)$", prose, re.MULTILINE):
        target = "".join(target)
        if "://" not in target:
            path, _, anchor = target.partition("#")
            yield path, anchor


@pytest.mark.parametrize("name", PAGES)
def test_every_link_has_a_target(name: str) -> None:
    lost = []
    anchors: dict[Path, set[str]] = {}
    for path, anchor in links(name):
        target = (ROOT / name).parent / path if path else ROOT / name
        if not target.exists():
            lost.append(path)
        elif anchor:
            if target not in anchors:
                text = target.read_text(encoding="utf-8")
                anchors[target] = {ruledocs.slug(title) for title in re.findall(r"(?m)^#+ (.+)$", text)}
                anchors[target] |= set(re.findall(r'<a id="([^"]+)">', text))
            if anchor not in anchors[target]:
                lost.append(f"{path}#{anchor}")
    assert lost == []


@pytest.mark.parametrize("name", READMES)
def test_the_picture_shows_the_product_without_external_resources(name: str) -> None:
    drawn, *photographed = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page(name))
    assert len(photographed) == 2
    for path in photographed:
        assert (ROOT / path).read_bytes().startswith(b"\x89PNG")
    picture = page(drawn)
    assert "signature/neutral" in picture
    assert set(re.findall(r"https?://[^\"' ]+", picture)) == {"http://www.w3.org/2000/svg"}
