"""Options, masters and the extra of audits on Spark, without starting it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from smsvet import MissingExtraError
from smsvet_api.audit.spark import review
from smsvet_api.audit.spark.session import with_attempts

from ..cli.command_line import run


@pytest.mark.parametrize(
    ("master", "used"),
    [
        ("local", "local[1,4]"),
        ("local[2]", "local[2,4]"),
        ("local[*]", "local[*,4]"),
        ("local[2,1]", "local[2,1]"),
        ("local-cluster[2,1,1024]", "local-cluster[2,1,1024]"),
        ("spark://host:7077", "spark://host:7077"),
        ("yarn", "yarn"),
    ],
)
def test_a_local_master_allows_several_attempts(master: str, used: str) -> None:
    assert with_attempts(master) == used


@pytest.mark.parametrize("package", ["pyspark", "pandas"])
def test_a_missing_package_names_the_extra(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing: Any = None
    for name in ("pyspark", "pandas"):
        monkeypatch.setitem(sys.modules, name, None if name == package else sys)
    with pytest.raises(MissingExtraError, match=rf"needs {package}, .* pip install 'smsvet\[spark\]'"):
        review(nothing)
    result = run("audit", "a.parquet", "out", "--engine", "spark", "--lang", "en", "--no-config")
    assert result.exit_code == 3
    assert "pip install 'smsvet[spark]'" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--master", "local[2]"], "--master needs --engine spark"),
        (["--engine", "spark", "--jobs", "2"], "--jobs is for local processes"),
        (["--engine", "ray"], "--engine: expected one of local, spark"),
    ],
)
def test_options_of_the_other_engine(options: list[str], message: str, tmp_path: Path) -> None:
    result = run("audit", "a.parquet", str(tmp_path), *options, "--lang", "en", "--no-config")
    assert result.exit_code == 3
    assert message in result.stderr
