"""A small content folder that loads quickly, for tests of loading."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from smsvet.files.location import CONTENT
from smsvet.sms.provider import load_providers

RULES = (
    "content/gambling", "content/crypto", "link/traffic-filing", "signature/length", "template/length",
    "template/link-in-variable", "template/empty",
)  # fmt: skip
TERMS = {
    "gambling": "赌博\tstrong\tanywhere\t\n葡京\tstrong\tanywhere\t\n下注\tstrong\tword\t\n彩金\tweak\tanywhere\t\n",
    "crypto": "比特币\tstrong\tanywhere\t\n手机 & 挖矿\tstrong\tanywhere\t\n",
}


@pytest.fixture(scope="session")
def small_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the shipped providers, normalisation table, names and hosts, two small lexicons and a few rules.

    It is read-only; `content` is a copy for changes.
    """
    folder = tmp_path_factory.mktemp("content")
    shutil.copytree(CONTENT / "grammars", folder / "grammars")
    for name in ("names", "domains", "disguise"):
        shutil.copytree(CONTENT / "corpora" / name, folder / "corpora" / name)
    for name in ("fold.tsv", "words.txt", "warnings.yaml", "facts.yaml", "release.yaml", "sources.yaml"):
        shutil.copy(CONTENT / "corpora" / name, folder / "corpora")
    (folder / "corpora" / "terms").mkdir()
    for name, lines in TERMS.items():
        (folder / "corpora" / "terms" / f"{name}.tsv").write_text(lines, encoding="utf-8")
    (folder / "corpora" / "purpose.yaml").write_text("marketing: []\n", encoding="utf-8")
    (folder / "corpora" / "safe").mkdir()
    (folder / "corpora" / "safe" / "all.tsv").write_text("以下注册说明\t\n", encoding="utf-8")
    switched = {
        rule for provider in load_providers(folder / "grammars").values() for rule in provider.decisions
    }
    for rule in switched.union(RULES):
        (folder / "rules" / rule).parent.mkdir(parents=True, exist_ok=True)
        for path in (CONTENT / "rules" / rule).parent.glob(f"{(CONTENT / 'rules' / rule).name}.*"):
            shutil.copy(path, (folder / "rules" / rule).parent)
    return folder


@pytest.fixture
def content(small_content: Path, tmp_path: Path) -> Path:
    """Return a writable copy of the small content."""
    return shutil.copytree(small_content, tmp_path / "content")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a file below the test's folder and returns its path."""

    def writing(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return writing
