"""Conventions beyond the linters: purity of the engine, quoted examples, names, file sizes, both READMEs."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ENGINE = sorted((ROOT / "engine/smsvet").rglob("*.py"))
RULE_FUNCTIONS = sorted((ROOT / "rules").rglob("*.py"))
RULE_FILES = sorted((ROOT / "rules").rglob("*.yaml"))
LONGEST = 400
VAGUE = {"base", "common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}
IMPURE_MODULES = {
    "asyncio", "http", "logging", "random", "secrets", "socket", "subprocess", "time", "urllib.request",
}  # fmt: skip
IMPURE_NAMES = {
    "date.today", "datetime.now", "datetime.today", "datetime.utcnow", "datetime.date.today",
    "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow",
    "os.environ", "os.environb", "os.getenv", "os.urandom", "print", "warnings.warn",
}  # fmt: skip


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked() -> list[Path]:
    """Return every file that is tracked or not ignored."""
    if not (ROOT / ".git").exists():
        pytest.fail("the habits of a repository can be read in a git checkout alone")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for an attribute chain on a name, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""


def impurities(source: str) -> Iterator[str]:
    """Yield each use of clock, environment, network, log or randomness in a source, with its line."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            module = node.module or ""
            names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute | ast.Name):
            if dotted(node) in IMPURE_NAMES:
                yield f"{node.lineno}: {dotted(node)}"
            continue
        for name in names:
            if name in IMPURE_NAMES or any(
                name == bad or name.startswith(f"{bad}.") for bad in IMPURE_MODULES
            ):
                yield f"{getattr(node, 'lineno', 0)}: {name}"


@pytest.mark.parametrize("path", ENGINE, ids=relative)
def test_the_engine_is_pure(path: Path) -> None:
    assert list(impurities(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", RULE_FUNCTIONS, ids=relative)
def test_a_rule_function_is_pure_and_only_creates_hits(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert list(impurities(source)) == []
    called = {dotted(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
    assert {name for name in called if name.rpartition(".")[2] in {"Finding", "Verdict"}} == set()
    assert not any(isinstance(node, ast.Global | ast.Nonlocal) for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import time", ["1: time"]),
        ("from time import monotonic", ["1: time", "1: time.monotonic"]),
        ("import os\nos.environ['A']", ["2: os.environ"]),
        ("from os import getenv", ["1: os.getenv"]),
        ("import logging.handlers", ["1: logging.handlers"]),
        ("from datetime import date\ndate.today()", ["2: date.today"]),
        ("from datetime import date\ndate.fromisoformat('2026-01-01')", []),
        ("from urllib.parse import urlsplit", []),
        ("timeline = 1", []),
    ],
)
def test_impurities_are_detected(source: str, found: list[str]) -> None:
    assert list(impurities(source)) == found


def test_files_are_short() -> None:
    """The maximum is 400 lines, and most files have under 300."""
    counts = {
        relative(path): len(path.read_bytes().splitlines())
        for path in tracked()
        if path.suffix == ".py" and "versions" not in path.parts  # migrations are generated
    }
    assert {name: count for name, count in counts.items() if count > LONGEST} == {}


def test_no_module_has_a_vague_name() -> None:
    parts = {relative(path): {*path.relative_to(ROOT).with_suffix("").parts} for path in tracked()}
    assert {name for name, words in parts.items() if name.endswith(".py") and words & VAGUE} == set()


# Split, so that this file does not contain the searched strings.
MACHINE = re.compile(
    "|".join(
        [
            r"(?<![\w./-])/(?:work|farm|root|home/\w+|Users/\w+)/",
            r"/tmp/" + "bash_jobs",
            r"files\.python" + r"hosted\.org",
            r"py" + r"pi\.org/simple",
            r"registry\.npm" + r"js\.org",
            r"(?:deb|security)\.deb" + r"ian\.org",
            r"(?m:^\s*--(?:extra-)?index-url)",
            r"(?m:^\s*--find-links)",
        ]
    )
)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("cd /wo" + "rk/main", True),
        ("see /ho" + "me/someone/code", True),
        ("--index" + "-url https://example.invalid", True),
        ("https://example.com/" + "work/", False),
        ("how work/life and homes", False),
    ],
)
def test_machine_paths_are_detected(line: str, found: bool) -> None:
    assert bool(MACHINE.search(line)) is found


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = {}
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if match := MACHINE.search(text):
            found[relative(path)] = f"{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
    assert found == {}


def plain_strings(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Yield the unquoted strings among a node's values, without its keys."""
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from plain_strings(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from plain_strings(item)
    elif isinstance(node, yaml.ScalarNode) and node.style is None and node.tag == "tag:yaml.org,2002:str":
        yield node


TEXTS = {"signature", "body", "text", "remark", "params", "samples", "name"}


def unquoted(node: yaml.Node | None, examples: bool = False) -> Iterator[str]:
    """Yield the unquoted texts under `examples`: YAML ends a plain one at ` #`, and reads `{1}` as a mapping.

    Words of the contract (`purpose: marketing`) need no quotes. A text that YAML reads as a number, a boolean or
    a mapping counts as unquoted.
    """
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if examples and key.value in TEXTS:
                yield from (f"{item.start_mark.line + 1}: {item.value}" for item in plain_strings(value))
                if key.value in {"signature", "body", "text", "remark"} and not is_text(value):
                    yield f"{value.start_mark.line + 1}: {key.value} is no text"
            else:
                yield from unquoted(value, examples or key.value == "examples")
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from unquoted(item, examples)


def is_text(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag in {
        "tag:yaml.org,2002:str",
        "tag:yaml.org,2002:null",
    }


@pytest.mark.parametrize("path", RULE_FILES, ids=relative)
def test_example_texts_are_quoted(path: Path) -> None:
    assert list(unquoted(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('examples: {flag: [{body: "您好{1}"}]}', []),
        ("examples:\n  flag:\n    - body: 您的验证码 #code#", ["3: 您的验证码"]),
        ("examples:\n  flag:\n    - body: {1}", ["3: body is no text"]),
        ("examples:\n  pass:\n    - signature: on", ["3: signature is no text"]),
        ("examples:\n  pass:\n    - signature: 12306", ["3: signature is no text"]),
        ("examples:\n  pass:\n    - {purpose: marketing, body: '{1}'}", []),
        ("examples:\n  flag:\n    - params: {code: abc}", ["3: abc"]),
        ("examples:\n  flag:\n    - params: {code: 12, other: null}", []),
        ("title: 您的验证码", []),
    ],
)
def test_unquoted_examples_are_detected(source: str, found: list[str]) -> None:
    assert list(unquoted(yaml.compose(source, Loader=yaml.SafeLoader))) == found


def commands(name: str) -> list[str]:
    """Return the shell blocks of a page in order, without comments, which are in the page's language."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(r"(?m)(?:^|\s+)#.*$", "", block).strip() for block in blocks]


def test_both_readmes_have_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh-CN.md")
    assert commands("README.md"), "a README without a command shows nothing"


def pins(name: str) -> set[str]:
    """Return the lines of a lock file that pin a version, each with its marker."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {line.rstrip(" \\") for line in lines if line and not line.startswith((" ", "#"))}


@pytest.mark.parametrize("name", [".ci/build.txt", ".ci/demo.txt", ".ci/dev.txt"])
def test_what_is_installed_is_part_of_the_constraints(name: str) -> None:
    # An extra may need a package on fewer systems than another one: the markers differ.
    def versions(lines: set[str]) -> set[str]:
        return {line.partition(" ;")[0] for line in lines}

    assert versions(pins(name)) <= versions(pins("constraints.txt"))


@pytest.mark.parametrize("name", ["constraints.txt", ".ci/build.txt", ".ci/demo.txt", ".ci/dev.txt"])
def test_everything_pinned_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(pins(name)) == len(
        re.findall(r"(?m)^[\w.-]+==[\w.]+.*\\\n    --hash=sha256:[0-9a-f]{64}", text)
    )
    assert "://" not in text
