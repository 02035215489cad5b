"""Help, version and shell completion, in two languages."""

from __future__ import annotations

import re
import tomllib

import pytest
from rich.cells import cell_len

import smsvet
from smsvet import Reviewer
from smsvet_api.cli.help import requested_language

from .command_line import ROOT, real, run

COMMANDS = ("review", "explain", "rules", "check", "new-rule", "serve")
PAGES = [
    (),
    *((command,) for command in COMMANDS),
    ("config",),
    ("config", "show"),
    ("config", "trust"),
    ("users",),
    *(("users", name) for name in ("add", "list", "role", "disable", "enable", "password")),
    ("keys",),
    *(("keys", name) for name in ("add", "list", "revoke")),
]


@pytest.mark.parametrize("command", PAGES, ids=" ".join)
def test_help_is_chinese_unless_english_is_requested(command: tuple[str, ...]) -> None:
    chinese = run(*command, "--help")
    english = run(*command, "--help", "--lang", "en")
    assert (chinese.exit_code, english.exit_code) == (0, 0)
    assert chinese.stdout.startswith("用法：smsvet")
    assert "选项：" in chinese.stdout
    assert "例如：" in chinese.stdout
    assert english.stdout.startswith("Usage: smsvet")
    assert "Options:" in english.stdout
    for word in ("Usage", "Options", "Show this", "default", "OPTIONS", "Example"):
        assert word not in chinese.stdout
    examples = english.stdout.index("Example")
    plain = re.sub("申请说明|【】|【signature】", "", english.stdout[:examples])
    assert re.findall("[\u3000-\u9fff]", plain) == []
    assert "␞" not in chinese.stdout + english.stdout


@pytest.mark.parametrize("command", PAGES, ids=" ".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_fits_80_columns(command: tuple[str, ...], lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = run(*command, "--help", "--lang", lang).stdout
    assert [line for line in shown.splitlines() if cell_len(line) > 80] == []


@pytest.mark.parametrize("command", PAGES, ids=" ".join)
def test_every_parameter_has_help(command: tuple[str, ...]) -> None:
    shown = run(*command, "--help", "--lang", "en").stdout
    rows = re.findall(r"(?m)^  (-\S+(?:, --\S+)?(?: \S+)?)(  +.+|$)", shown.partition("Options:")[2])
    assert len(rows) >= 2
    assert [name for name, text in rows if not text.strip() and len(name) < 30] == []


def test_short_help_and_help_before_or_after_the_command() -> None:
    assert run("-h").stdout == run("--help").stdout
    assert run("review", "-h").stdout == run("review", "--help").stdout
    english = run("review", "--help", "--lang", "en").stdout
    assert run("review", "--lang=en", "-h").stdout == english
    assert run("--lang", "en", "review", "-h").stdout == english


@pytest.mark.parametrize(
    ("arguments", "lang"),
    [
        ([], "zh"),
        (["review", "--lang", "en"], "en"),
        (["review", "--lang=en"], "en"),
        (["--lang", "zh", "review"], "zh"),
        (["review", "--body", "en"], "zh"),
        (["review", "--lang"], "zh"),
        (["review", "--lang", "fr"], "zh"),
    ],
)
def test_the_language_is_read_before_the_arguments_are(arguments: list[str], lang: str) -> None:
    assert requested_language(arguments) == lang


@pytest.mark.usefixtures("one_reviewer")
def test_a_language_before_the_command_holds_for_it() -> None:
    before = run("--lang", "en", "review", "--signature", "通知").stdout
    assert before == run("review", "--signature", "通知", "--lang", "en").stdout
    assert before.startswith("✗ rejected")
    assert run("--lang", "en", "review", "--signature", "通知", "--lang", "zh").stdout.startswith("✗ 驳回")


def test_the_version_names_package_and_content(reviewer: Reviewer) -> None:
    assert run("--version").stdout == f"smsvet {smsvet.__version__}（规则版本 {reviewer.revision}）\n"
    english = run("--version", "--lang", "en")
    assert english.stdout == f"smsvet {smsvet.__version__} (content revision {reviewer.revision})\n"
    assert english.exit_code == 0


def test_the_version_has_one_source() -> None:
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", smsvet.__version__)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    path = ROOT / project["tool"]["hatch"]["version"]["path"]
    assert f'__version__ = "{smsvet.__version__}"' in path.read_text(encoding="utf-8")


def test_no_command_is_wrong_usage_and_shows_the_help() -> None:
    nothing = run()
    assert nothing.exit_code == 3
    assert nothing.stderr.startswith("用法：smsvet")


COMPLETED = [
    # the words so far, the word to complete, and some completions
    ("smsvet re", 1, {"review"}),
    ("smsvet rules template/full-", 2, {"template/full-width-braces"}),
    ("smsvet explain --rule signature/neut", 3, {"signature/neutral"}),
    ("smsvet review --provider ali", 3, {"aliyun"}),
    ("smsvet review --format j", 3, {"jsonl"}),
    ("smsvet review --pur", 2, {"--purpose"}),
]


@pytest.mark.parametrize(("words", "number", "completions"), COMPLETED)
def test_a_shell_completes_commands_options_and_ids(words: str, number: int, completions: set[str]) -> None:
    done = real(_SMSVET_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(number))
    assert completions <= set(done.stdout.decode().split())
    assert done.returncode == 0


def test_completions_have_help_in_one_language() -> None:
    done = real(_SMSVET_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="smsvet re", PYTHONIOENCODING="utf-8")
    assert "审核一个文件中的提交" in done.stdout.decode()
    assert "␞" not in done.stdout.decode()


def test_the_completion_script_is_printed() -> None:
    # Otherwise Typer takes the shell that started the tests, which is `sh` under make.
    done = real("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert b"_smsvet_completion" in done.stdout
