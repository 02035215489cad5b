"""ARCHITECTURE.md names what is there: paths, functions, wings and contracts."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
CODED = re.findall(r"`([^`\n]+)`", PAGE)
PATHS = sorted(
    {name for name in CODED if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|yaml|toml|lark|tsv))", name)}
)


def place(path: str) -> Path | None:
    """Return the file or folder that a path of the page names: below the engine or the api, or from the root."""
    bases = ("engine/smsvet", "api/smsvet_api", "")
    return next((found for base in bases if (found := ROOT / base / path).exists()), None)


@cache
def definitions(path: Path) -> frozenset[str]:
    """Return the functions, classes and methods of a module, methods as `Class.method`."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}.{item.name}"
                for item in node.body
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
            }
    return frozenset(found)


def everywhere() -> frozenset[str]:
    modules = [*(ROOT / "engine").rglob("*.py"), *(ROOT / "api").rglob("*.py")]
    return frozenset().union(*map(definitions, modules))


@pytest.mark.parametrize("path", PATHS)
def test_every_path_exists(path: str) -> None:
    assert place(path) is not None


def test_the_page_names_many_paths() -> None:
    assert len(PATHS) > 60


@pytest.mark.parametrize(
    ("path", "name"),
    re.findall(r"`([\w/.-]+\.py)`\s+`([A-Za-z_]+(?:\.[a-z_]+)?)`", PAGE[PAGE.index("## A body's walk") :]),
    ids=lambda value: value,
)
def test_a_function_named_behind_a_path_is_there(path: str, name: str) -> None:
    found = place(path)
    assert found is not None
    assert name in definitions(found)


def test_every_function_of_the_walk_exists() -> None:
    walk = PAGE[PAGE.index("## A body's walk") : PAGE.index("## To change X")]
    named = {
        name
        for name in re.findall(r"`([A-Za-z_]+(?:\.[a-z_]+)?)`", walk)
        if name[0].isupper() and "." in name
    }
    assert named, "the walk names no method"
    assert named - everywhere() == set()


def test_the_picture_shows_every_wing_and_module() -> None:
    picture = PAGE[PAGE.index(" level\n") : PAGE.index("- **`model.py`")]
    engine = ROOT / "engine/smsvet"
    modules = {path.name for path in engine.glob("*.py") if not path.name.startswith("__")}
    wings = {f"{path.parent.name}/" for path in engine.glob("*/__init__.py")}
    assert {name for name in modules | wings if name not in picture} == set()


def test_every_wing_says_what_it_takes_gives_and_may_not_do() -> None:
    for path in (ROOT / "engine/smsvet").glob("*/__init__.py"):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert len(said.split("\n\n")) == 2, f"{path.parent.name}: a title and one paragraph"
        assert "Takes" in said, path.parent.name
        assert "Gives" in said, path.parent.name


def test_every_module_is_short() -> None:
    """A module over 300 lines says in its docstring why it is one job."""
    long = [
        path.relative_to(ROOT).as_posix()
        for folder in ("engine", "api")
        for path in (ROOT / folder).rglob("*.py")
        if "versions" not in path.parts  # migrations are generated, and list every column
        and len(path.read_text(encoding="utf-8").splitlines()) > 300
        and "one job" not in (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
    ]
    assert long == []


def test_every_contract_on_imports_is_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    assert [item["id"] for item in contracts if f"contract `{item['id']}`" not in PAGE] == []
