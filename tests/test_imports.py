"""Import rules that import-linter's graph cannot express."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RULES = sorted((ROOT / "rules").rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file imports absolutely."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def foreign(path: Path, allowed: set[str]) -> list[str]:
    known = sys.stdlib_module_names | allowed
    return [name for name in imported(path) if name.split(".")[0] not in known]


@pytest.mark.parametrize("name", ["fields", "model", "submission"])
def test_the_data_classes_import_only_the_standard_library(name: str) -> None:
    assert foreign(ROOT / f"engine/smsvet/{name}.py", set()) in ([], [".model"], [".fields", ".model"])


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_rule_function_imports_smsvet_and_the_standard_library(path: Path) -> None:
    assert foreign(path, {"smsvet"}) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import json", []),
        ("import yaml", ["yaml"]),
        ("from pydantic.fields import Field", ["pydantic.fields"]),
        ("def f():\n    import numpy as np", ["numpy"]),
        ("from .provider import Provider", [".provider"]),
    ],
)
def test_foreign_imports_are_detected(tmp_path: Path, source: str, found: list[str]) -> None:
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert foreign(path, set()) == found


def private(path: Path) -> list[str]:
    """Return the private names that a file imports from modules, with their lines."""
    return [
        f"{node.lineno}: {alias.name}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("smsvet"))
        for alias in node.names
        if alias.name.startswith("_")
    ]


@pytest.mark.parametrize("folder", ["api", "engine"])
def test_no_private_name_is_imported(folder: str) -> None:
    found = {str(path): private(path) for path in (ROOT / folder).rglob("*.py")}
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from .rows import Row, _Row", ["1: _Row"]),
        ("def f():\n    from . import _rows", ["2: _rows"]),
        ("from __future__ import annotations", []),
        ("from re import _parser", []),
        ("from .rows import Row as _Row", []),
    ],
)
def test_private_imports_are_detected(tmp_path: Path, source: str, found: list[str]) -> None:
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert private(path) == found


def plain(name: str) -> str:
    """Return a distribution's name in normalised form."""
    return re.sub("[-_.]+", "-", name).lower()


def declared(*extras: str) -> set[str]:
    """Return the distributions required by pyproject.toml and by the named extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return {plain(re.split(r"[^\w.-]", requirement)[0]) for requirement in wanted}


@pytest.mark.parametrize(
    ("folder", "extras"),
    [("engine", ("fast",)), ("api", ()), ("tests", ("dev",)), ("bench", ("dev",)), ("tools", ("dev",))],
)
def test_what_is_imported_is_declared(folder: str, extras: tuple[str, ...]) -> None:
    """An undeclared package can disappear together with the one that requires it."""
    owners = packages_distributions()
    own = {"smsvet", "smsvet_api", "bench", "tools"}
    names = {
        name.split(".")[0]
        for path in (ROOT / folder).rglob("*.py")
        for name in foreign(path, own)
        if name[0] != "."
    }
    assert names, f"nothing is imported in {folder}"
    known = declared(*extras)
    missing = {name for name in names if not {plain(owner) for owner in owners.get(name, [name])} & known}
    assert missing == set()


@pytest.mark.parametrize("folder", ["rules", "grammars", "corpora"])
def test_content_is_not_a_package(folder: str) -> None:
    assert list((ROOT / folder).rglob("__init__.py")) == []


def test_the_engine_loads_without_any_interface() -> None:
    unwanted = {"smsvet_api", "fastapi", "sqlalchemy", "uvicorn", "typer", "rich"}
    program = (
        "import sys, smsvet; smsvet.Reviewer(); "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert unwanted.isdisjoint(done.stdout.split())


@pytest.mark.parametrize("package", ["smsvet", "smsvet_api"])
def test_the_tests_import_the_code_under_test(package: str) -> None:
    """`make wheel` tests the installed wheel; otherwise the checkout is tested."""
    module = __import__(package)
    place = Path(next(iter(module.__path__))).resolve()
    source_root = ROOT / ("engine" if package == "smsvet" else "api")
    assert (place.parent == source_root) != bool(os.environ.get("SMSVET_WHEEL"))
