"""Python rules of a discovered configuration run only below a folder that the user trusts."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from platformdirs import user_config_path

from smsvet import ContentError
from smsvet_api.configuration import trust as trusting
from smsvet_api.configuration.trust import FoundFolders, distrust, is_trusted, trust, trust_check, trust_file


@pytest.fixture(autouse=True)
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of trusted folders, in a folder of the test's own."""
    path = tmp_path / "user/config/trusted-folders"
    monkeypatch.setattr(trusting, "trust_file", lambda: path)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "home/project"
    (project / "rules/house").mkdir(parents=True)
    (project / "rules/house/capitals.py").touch()
    (tmp_path / "stranger").mkdir()
    (tmp_path / "stranger/capitals.py").touch()
    return project


def refused(path: Path, found: FoundFolders, *named: Path) -> str | None:
    """Return the error for a Python rule that may not run, None if it may."""
    check = trust_check(named, found)
    if check is None:
        return None
    try:
        check(path)
    except ContentError as error:
        return str(error)
    return None


def test_the_error_says_the_command(project: Path) -> None:
    found = FoundFolders(project / "smsvet.toml", (project / "rules",))
    said = refused(project / "rules/house/capitals.py", found)
    assert said is not None
    assert said.endswith(f"If you trust it: smsvet config trust {project}")
    trust(project)
    assert refused(project / "rules/house/capitals.py", found) is None
    distrust(project)
    assert refused(project / "rules/house/capitals.py", found) == said


def test_a_rule_that_says_it_is_trusted_needs_a_trusted_folder(project: Path) -> None:
    found = FoundFolders(project / "smsvet.toml", (project / "rules",))
    rule = project / "rules/house/slow.yaml"
    said = refused(rule, found)
    assert said is not None
    assert said.startswith("`trusted: true` in rules that ")
    assert said.endswith(f"If you trust it: smsvet config trust {project}")
    assert refused(rule, found, project / "rules") is None
    trust(project)
    assert refused(rule, found) is None


def test_a_folder_above_is_enough_and_one_beside_is_not(project: Path) -> None:
    found = FoundFolders(project / "smsvet.toml", (project / "rules",))
    (project.parent / "project-two").mkdir()
    trust(project.parent / "project-two")
    (project / "rules/other").mkdir()
    trust(project / "rules/other")
    assert refused(project / "rules/house/capitals.py", found) is not None
    trust(project.parent)
    assert refused(project / "rules/house/capitals.py", found) is None


def test_links_are_followed_before_a_folder_is_compared(project: Path, tmp_path: Path) -> None:
    trust(project)
    stranger = tmp_path / "stranger"
    # out of the trusted folder: a linked file and a linked folder
    (project / "rules/house/linked.py").symlink_to(stranger / "capitals.py")
    (project / "linked").symlink_to(stranger)
    found = FoundFolders(project / "smsvet.toml", (project / "rules", project / "linked"))
    for path in (
        project / "rules/house/linked.py",
        project / "linked/capitals.py",
        project / "../../stranger/capitals.py",
    ):
        said = refused(path, found)
        assert said is not None
        assert said.endswith(f"smsvet config trust {stranger}")
    # into it
    (stranger / "theirs").symlink_to(project / "rules")
    assert (
        refused(
            stranger / "theirs/house/capitals.py",
            FoundFolders(stranger / "smsvet.toml", (stranger / "theirs",)),
        )
        is None
    )


def test_a_trusted_link_is_the_folder_that_it_led_to(project: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(project)
    assert trust(link) == project
    link.unlink()
    link.symlink_to(tmp_path / "stranger")
    assert is_trusted(project)
    assert not is_trusted(link)


def test_folders_of_the_command_line_are_trusted(project: Path) -> None:
    found = FoundFolders(project / "smsvet.toml", (project,))
    path = project / "rules/house/capitals.py"
    assert refused(path, found) is not None
    assert refused(path, found, project / "rules") is None
    assert refused(path, FoundFolders()) is None


def test_the_list_is_for_its_owner_only(project: Path, listed: Path) -> None:
    trust(project)
    trust(project)
    trust(project.parent)
    assert listed.read_text(encoding="utf-8") == f"{project}\n{project.parent}\n"
    assert stat.S_IMODE(listed.stat().st_mode) == 0o600
    assert stat.S_IMODE(listed.parent.stat().st_mode) == 0o700
    assert [path.name for path in listed.parent.iterdir()] == [listed.name]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owner here")
def test_a_list_that_others_could_write_is_ignored(project: Path, listed: Path, tmp_path: Path) -> None:
    trust(project)
    listed.chmod(0o620)
    assert not is_trusted(project)
    listed.chmod(0o600)
    assert is_trusted(project)
    listed.rename(tmp_path / "elsewhere")
    listed.symlink_to(tmp_path / "elsewhere")
    assert not is_trusted(project)


def test_what_cannot_be_trusted(project: Path, listed: Path) -> None:
    for folder, said in ((Path("/"), "as a whole"), (project / "absent", "no such folder")):
        with pytest.raises(ContentError, match=said):
            trust(folder)
    with pytest.raises(ContentError, match="not a trusted folder"):
        distrust(project)
    listed.parent.parent.mkdir(parents=True)
    listed.parent.write_text("a file", encoding="utf-8")
    with pytest.raises(ContentError, match="trusted-folders: "):
        trust(project)


def test_the_list_is_in_the_users_configuration_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert trust_file() == user_config_path("smsvet", appauthor=False) / "trusted-folders"
