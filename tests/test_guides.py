"""The guides, followed to the letter: their files are written, their commands run, and the tests stay green.

A page names the file of a code block just before it, as `path`, or in the first line of the block. YAML, Lark and
TSV blocks are the file's whole contents; JSON, and a
block that is indented, is added at the end of the file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATH = re.compile(r"`((?:rules|grammars|corpora|examples)/[\w./-]+\.\w+)`")
BLOCK = re.compile(r"(?ms)^( *)```(\w*)\n(.*?)^\1```")
OWN_NAME = re.compile(r"# ([\w./-]+\.(?:yaml|tsv))\n")
COMMANDS = ("smsvet ", "mkdir ", "cp ")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info"
)
AFFECTED = (
    "tests/test_contract.py",
    "tests/test_labelled.py",
    "tests/test_docs.py",
    "tests/test_standards.py",
    "tests/test_habits.py",
    "tests/engine/sms/test_provider.py",
    "tests/engine/templates/test_grammar.py",
    "tests/engine/test_traps.py",
    "tests/api/cli/test_examples.py",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("SMSVET_WHEEL" in os.environ, reason="a guide changes a checkout, not a wheel"),
]


@dataclass(frozen=True, slots=True)
class Step:
    """A code block of a page: its language, its text, and the file it belongs to, if any."""

    language: str
    text: str
    file: str | None


def steps(page: str, section: str = "") -> Iterator[Step]:
    """Yield the code blocks of a section of a page, or of the whole page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    if section:
        found = re.search(rf"(?ms)^## {section}\n(.*?)(?=^## |\Z)", text)
        assert found is not None, section
        text = found[1]
    end = 0
    for block in BLOCK.finditer(text):
        written = re.sub(rf"(?m)^{block[1]}", "", block[3])
        named = PATH.findall(text[end : block.start()])
        own = OWN_NAME.match(written)
        yield Step(block[2], written, own[1] if own else named[-1] if named else None)
        end = block.end()


def follow(page: str, section: str, folder: Path, environment: dict[str, str]) -> int:
    """Write the files and run the commands of a section in a folder; return the number of smsvet's commands."""
    count = 0
    for step in steps(page, section):
        if step.language == "sh":
            for line in step.text.splitlines():
                if line.startswith(COMMANDS):
                    ran = subprocess.run(
                        ["bash", "-c", line],
                        cwd=folder,
                        env=environment,
                        capture_output=True,
                        text=True,
                        check=False,
                        timeout=900,
                    )
                    assert ran.returncode in (0, 1, 2), f"{line}\n{ran.stdout}{ran.stderr}"
                    count += line.startswith("smsvet ")
        elif step.file is not None:
            path = folder / step.file
            path.parent.mkdir(parents=True, exist_ok=True)
            if step.language == "json" or step.text.startswith(" "):
                with path.open("a", encoding="utf-8") as stream:
                    stream.write(step.text)
            else:
                path.write_text(step.text, encoding="utf-8")
    return count


def surroundings(checkout: Path, bin_folder: Path) -> dict[str, str]:
    """Return an environment with the `smsvet` command of a checkout."""
    bin_folder.mkdir()
    command = bin_folder / "smsvet"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m smsvet_api "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    libraries = [
        str(checkout / "engine"),
        str(checkout / "api"),
        *os.environ.get("PYTHONPATH", "").split(os.pathsep),
    ]
    return {
        **{name: value for name, value in os.environ.items() if name != "SMSVET_CONFIG"},
        "PATH": os.pathsep.join([str(bin_folder), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(filter(None, libraries)),
    }


@pytest.fixture(scope="module")
def contributed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Follow both parts of CONTRIBUTING.md in a copy of the checkout; return the copy and its environment."""
    folder = tmp_path_factory.mktemp("contributed")
    checkout = shutil.copytree(ROOT, folder / "checkout", ignore=LEFT_OUT, symlinks=True)
    for command in (["init", "--quiet"], ["add", "--all"]):  # some tests list the files of a repository
        subprocess.run(["git", *command], cwd=checkout, check=True, timeout=300)
    environment = surroundings(checkout, folder / "bin")
    assert follow("CONTRIBUTING.md", "A rule in five minutes", checkout, environment) == 4
    assert follow("CONTRIBUTING.md", "A provider in ten", checkout, environment) == 3
    # what `make docs` runs
    for module in ("smsvet_api.ruledocs", "smsvet_api.sourcedocs", "tools.pictures"):
        subprocess.run([sys.executable, "-m", module], cwd=checkout, env=environment, check=True, timeout=900)
    return checkout, environment


def test_the_rule_and_the_provider_of_the_guide_do_what_it_says(
    contributed: tuple[Path, dict[str, str]],
) -> None:
    checkout, environment = contributed
    script = """
from smsvet import Reviewer, Submission
reviewer = Reviewer()
night = reviewer.review(Submission(body="您的订单{1}今晚就送达。", purpose="notification"))
order = reviewer.review(Submission(body="您的订单#order#已发货，请注意查收。", provider="skylark", purpose="notification"))
wide = reviewer.review(Submission(body="您的订单＃order＃已发货，请注意查收。", provider="skylark", purpose="notification"))
print(*sorted({finding.rule for finding in night.findings}), order.decision.value, wide.findings[0].suggestion)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    said = ran.stdout.split()
    assert "content/night-delivery" in said
    assert said[-2:] == ["approve", "您的订单#order#已发货，请注意查收。"]


def test_the_tests_stay_green_after_following_the_guide(contributed: tuple[Path, dict[str, str]]) -> None:
    checkout, environment = contributed
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *AFFECTED]
    ran = subprocess.run(
        [*command, "-n", "0"],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    rules = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-n",
        "0",
        "-k",
        "night-delivery",
    ]
    ran = subprocess.run(
        [*rules, "tests/test_rule_examples.py"],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(r"^[3-9] passed", ran.stdout, re.MULTILINE), ran.stdout[-4000:]


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Return a folder of a user's own with the shipped examples, and the environment for commands in it."""
    folder = tmp_path / "work"
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder, surroundings(ROOT, tmp_path / "bin")


@pytest.mark.parametrize(
    ("page", "section", "commands"),
    [
        ("docs/policy.md", "", 6),
        ("docs/writing-rules.md", "", 3),
        ("docs/configuration.md", "", 4),
        ("README.md", "Your own rules", 3),
    ],
)
def test_the_commands_of_a_page_work_in_a_folder_of_ones_own(
    page: str, section: str, commands: int, own: tuple[Path, dict[str, str]]
) -> None:
    assert follow(page, section, *own) == commands
