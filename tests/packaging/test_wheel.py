"""The wheel contains all code and content, and adds no other name to site-packages."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARRIED = {
    "engine/smsvet": "smsvet",
    "api/smsvet_api": "smsvet_api",
    "rules": "smsvet/content/rules",
    "grammars": "smsvet/content/grammars",
    "corpora": "smsvet/content/corpora",
}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_top_level_names(names: set[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"smsvet", "smsvet_api"}


@pytest.mark.parametrize(("folder", "target"), CARRIED.items())
def test_every_file_is_in_the_wheel(names: set[str], folder: str, target: str) -> None:
    files = {
        path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()
    }
    expected = {f"{target}/{name}" for name in files if "__pycache__" not in name}
    assert expected, f"{folder} is empty"
    carried = {name for name in names if name.startswith(f"{target}/")}
    if target == "smsvet":
        carried = {name for name in carried if not name.startswith("smsvet/content/")}
    assert carried == expected


def test_licences_and_type_markers_are_in_the_wheel(names: set[str]) -> None:
    assert {"smsvet/py.typed", "smsvet_api/py.typed"} <= names
    licences = {name.rpartition("/")[2] for name in names if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}


@pytest.mark.parametrize("package", ["smsvet", "smsvet_api"])
def test_the_tests_import_the_code_under_test(package: str) -> None:
    """`make wheel` tests the installed wheel; otherwise the checkout is tested."""
    module = __import__(package)
    place = Path(next(iter(module.__path__))).resolve()
    source_root = ROOT / ("engine" if package == "smsvet" else "api")
    assert (place.parent == source_root) != bool(os.environ.get("SMSVET_WHEEL"))
