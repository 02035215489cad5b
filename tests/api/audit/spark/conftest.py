"""One Spark session for each file of tests: it takes ten seconds to start."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from smsvet.extras import is_installed

from ...cli.command_line import surroundings
from .processes import SHORT_LIVED


@pytest.fixture(scope="session")
def installed() -> None:
    """Skip without the extra `spark`."""
    if not (is_installed("pyspark") and is_installed("pandas")):
        refuse = pytest.fail if os.environ.get("SMSVET_REQUIRE") == "all" else pytest.skip
        refuse("the extra spark is not installed")


@pytest.fixture(scope="module")
def spark(installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Provide a session with two Python workers, and stop it at the end."""
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", surroundings()["PYTHONPATH"])
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("JAVA_TOOL_OPTIONS", SHORT_LIVED)
        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.log.level", "OFF")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", str(folder))
            .getOrCreate()
        )
        yield session
        session.stop()
