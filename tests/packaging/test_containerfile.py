"""The Containerfile, which this machine may not be able to build: what it names exists."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from smsvet_api.cli.app import app
from smsvet_api.http.routes import router
from smsvet_api.http.settings import Settings

ROOT = Path(__file__).parents[2]
LINES = re.sub(r"\\\n\s*", " ", (ROOT / "Containerfile").read_text(encoding="utf-8")).splitlines()


def arguments(instruction: str) -> list[str]:
    """Return what follows an instruction, in order."""
    return [line.partition(" ")[2] for line in LINES if line.startswith(f"{instruction} ")]


def test_it_runs_a_command_that_exists() -> None:
    from typer.main import get_command

    (program,) = json.loads(arguments("ENTRYPOINT")[0])
    name, *options = json.loads(arguments("CMD")[0])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert program in project["scripts"]
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    assert command.make_context(name, options).params["host"] == "0.0.0.0"


def test_its_extras_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {
        extra
        for run in arguments("RUN")
        for group in re.findall(r"\[([a-z,]+)\]", run)
        for extra in group.split(",")
    }
    assert named == {"all", "postgres"}
    assert named <= set(project["optional-dependencies"])


def test_its_variables_are_settings() -> None:
    for line in arguments("ENV"):
        for pair in shlex.split(line):
            assert pair.partition("=")[0].removeprefix("SMSVET_").lower() in Settings.model_fields


def test_it_does_not_run_as_root_and_keeps_its_data_in_a_volume() -> None:
    assert arguments("USER") == ["10001"]
    (volume,) = arguments("VOLUME")
    assert all(f"{volume}/" in pair for pair in shlex.split(arguments("ENV")[0]))


def test_its_health_check_asks_a_route() -> None:
    check = " ".join(LINES)
    path = re.search(r"http://127\.0\.0\.1:8000(/[a-z]+)", check)
    assert path is not None
    assert path[1] in {getattr(route, "path", None) for route in router.routes}


@pytest.mark.parametrize("name", ["COPY", "FROM"])
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    assert arguments(name)
    assert not any("://" in line for line in arguments(name))


def test_the_pinned_versions_have_no_hashes_left() -> None:
    import subprocess

    sed = re.search(r"sed (-e '[^']+' -e '[^']+') constraints\.txt", " ".join(LINES))
    assert sed is not None
    done = subprocess.run(
        ["sed", *shlex.split(sed[1]), ROOT / "constraints.txt"], capture_output=True, text=True, check=True
    )
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith("#")]
    assert len(lines) > 50
    assert all(re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+( ;.*)?$", line) for line in lines), lines[:3]
