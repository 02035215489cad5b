"""Import rules that import-linter's graph cannot express."""

from __future__ import annotations

import ast
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
        for requirement in project["optional-dependencies"][extra]:
            own = re.fullmatch(r"smsvet\[([\w,-]+)\]", requirement)
            if own:
                wanted += declared(*own[1].split(","))
            else:
                wanted.append(requirement)
    return {plain(re.split(r"[^\w.-]", requirement)[0]) for requirement in wanted}


def test_an_extra_may_contain_others() -> None:
    assert declared("audit") > declared("tables") > declared() > {"pydantic"}
    assert declared("all") == declared("audit", "fast", "service", "tables")


# A test of an extra that `dev` does not bring skips where it is missing.
@pytest.mark.parametrize(
    ("folder", "extras"),
    [
        ("engine", ("tables",)),
        ("api/smsvet_api/cli", ()),
        ("api/smsvet_api/audit", ("audit", "spark")),
        ("api/smsvet_api/files", ("tables",)),
        ("api/smsvet_api/http", ("oidc", "service", "tables")),
        ("api/smsvet_api/store", ("audit", "postgres", "service")),
        ("tests", ("all", "dev", "learn", "oidc", "postgres", "spark")),
        ("bench", ("all", "dev")),
        ("tools", ("dev",)),
    ],
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


def imported_at_once(path: Path) -> set[str]:
    """Return the packages that a file imports while it is loaded: not in a function, nor for type checkers."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    return found


SERVICE = (
    "api/smsvet_api/console/keys.py",
    "api/smsvet_api/console/moments.py",
    "api/smsvet_api/console/rendering.py",
    "api/smsvet_api/http/delivery.py",
    "api/smsvet_api/http/oidc_provider.py",
    "api/smsvet_api/http/rates.py",
    "api/smsvet_api/http/upkeep.py",
)
"""Modules of the service with a store; an application without one does not import them."""


@pytest.mark.parametrize("folder", ["engine", "api"])
def test_what_an_extra_brings_is_imported_where_it_is_needed(folder: str) -> None:
    """`arrow` and `batch` are themselves imported late: by `review_table`, and by `review_many` with numpy.

    So is the store: `table_pages` for an audit of a table, the rest for a service with a database, as are its rates.
    """
    owners = packages_distributions()
    known = declared()
    late = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*.py")
        for name in imported_at_once(path) - sys.stdlib_module_names - {"smsvet", "smsvet_api"}
        if not {plain(owner) for owner in owners.get(name, [name])} & known
    }
    allowed = (
        "engine/smsvet/arrow.py",
        "engine/smsvet/batch/",
        "api/smsvet_api/store/",
        *SERVICE,
    )
    assert {name for name in late if not name.startswith(allowed)} == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import numpy as np", {"numpy"}),
        ("from pyarrow.parquet import ParquetFile", {"pyarrow"}),
        ("def f():\n    import numpy", set()),
        ("if TYPE_CHECKING:\n    import numpy", set()),
        ("from .batch import Batch", set()),
    ],
)
def test_what_is_imported_at_once_is_seen(tmp_path: Path, source: str, found: set[str]) -> None:
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert imported_at_once(path) == found


@pytest.mark.parametrize("folder", ["rules", "grammars", "corpora"])
def test_content_is_not_a_package(folder: str) -> None:
    assert list((ROOT / folder).rglob("__init__.py")) == []


def test_the_engine_reviews_without_any_interface_or_extra() -> None:
    unwanted = {
        "smsvet_api",
        "fastapi",
        "sqlalchemy",
        "uvicorn",
        "typer",
        "rich",
        "numpy",
        "pyarrow",
        "openpyxl",
    }
    program = (
        "import sys, smsvet; smsvet.Reviewer().review(smsvet.Submission(body='您的订单{1}已发货，无抵押贷款')); "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert unwanted.isdisjoint(done.stdout.split())
