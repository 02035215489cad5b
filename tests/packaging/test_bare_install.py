"""The default installation is light, reviews through Python, command line and HTTP, and names a missing extra."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.speed.install_size import Installation, build_wheels, install

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "bare"
MOST = 120
"""Megabytes."""
HEAVY = {"daachorse", "numpy", "openpyxl", "pandas", "psycopg", "pyarrow", "pyspark", "python-calamine", "rjieba",
         "scikit-learn", "sqlalchemy"}  # fmt: skip
BANNED = "葡京真人荷官在线发牌，注册送彩金"
SUBMISSIONS = [
    {"id": "a", "signature": "通知"},
    {"id": "b", "body": BANNED, "purpose": "marketing"},
    {"id": "c", "body": "您的验证码是{1}，{2}分钟内有效。", "purpose": "verification"},
]
DECISIONS = ["reject", "reject", "approve"]


@pytest.fixture(scope="module")
def bare(worker_id: str) -> Installation:
    """Return an environment of the default dependencies, pinned, with the wheel of this checkout."""
    folder = FOLDER / worker_id
    return install(build_wheels(ROOT / ".ci" / "bare.txt", folder / "wheels"), "", folder / "venv")


def call(bare: Installation, *arguments: str, stdin: str = "", cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the environment's interpreter where no checkout is on the path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(bare.python), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        cwd=cwd,
        check=False,
        timeout=300,
    )


def smsvet(
    bare: Installation, *arguments: str, stdin: str = "", cwd: Path
) -> subprocess.CompletedProcess[str]:
    return call(bare, str(bare.python.parent / "smsvet"), *arguments, stdin=stdin, cwd=cwd)


def test_it_is_small_and_has_nothing_heavy(bare: Installation) -> None:
    assert bare.megabytes <= MOST
    assert bare.distributions & HEAVY == set()
    assert {"smsvet", "fastapi", "typer"} <= bare.distributions


def test_python_reviews_and_imports_no_way_in(bare: Installation, tmp_path: Path) -> None:
    program = f"""
import json, sys
from smsvet import Reviewer, Submission
given = [Submission(**item) for item in {SUBMISSIONS!r}]
reviewer = Reviewer()
print(json.dumps({{
    "file": sys.modules["smsvet"].__file__,
    "one": [reviewer.review(one).decision for one in given],
    "many": [verdict.decision for verdict in reviewer.review_many(given)],
    "equal": list(reviewer.review_many(given)) == [reviewer.review(one) for one in given],
    "loaded": sorted({{name.partition(".")[0] for name in sys.modules}}),
}}))
"""
    done = call(bare, "-c", program, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert Path(found["file"]).is_relative_to(bare.packages)
    assert found["one"] == found["many"] == DECISIONS
    assert found["equal"]
    unwanted = {
        "smsvet_api",
        "fastapi",
        "starlette",
        "uvicorn",
        "typer",
        "rich",
        "pydantic_settings",
        "platformdirs",
    }
    assert set(found["loaded"]) & (unwanted | HEAVY) == set()


def test_a_table_needs_an_extra_and_says_which(bare: Installation, tmp_path: Path) -> None:
    program = """
from smsvet import MissingExtraError, Reviewer
try:
    Reviewer().review_table(None)
except MissingExtraError as error:
    print(error, error.say("zh"), sep="\\n")
"""
    english, chinese = call(bare, "-c", program, cwd=tmp_path).stdout.splitlines()
    assert english == "Reviewing a table needs pyarrow, which is not installed: pip install 'smsvet[tables]'"
    assert chinese == "审核表格需要 pyarrow，尚未安装：pip install 'smsvet[tables]'"


def test_the_command_line_reviews_json_and_csv(bare: Installation, tmp_path: Path) -> None:
    lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in SUBMISSIONS)
    done = smsvet(bare, "review", "--format", "jsonl", stdin=lines, cwd=tmp_path)
    assert [json.loads(line)["decision"] for line in done.stdout.splitlines()] == DECISIONS
    assert (done.returncode, done.stderr) == (1, "")

    (tmp_path / "templates.csv").write_text(f"签名,模板内容\n通知,\n,{BANNED}\n", encoding="utf-8")
    done = smsvet(bare, "review", "templates.csv", "--format", "jsonl", cwd=tmp_path)
    assert [json.loads(line)["decision"] for line in done.stdout.splitlines()] == ["reject", "reject"]
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        (
            "a.parquet",
            "en",
            "a.parquet: Reading Parquet needs pyarrow, which is not installed: pip install 'smsvet[tables]'",
        ),
        ("a.parquet", "zh", "a.parquet：读取 Parquet 需要 pyarrow，尚未安装：pip install 'smsvet[tables]'"),
        (
            "a.xlsx",
            "en",
            "a.xlsx: Reading xlsx needs openpyxl, which is not installed: pip install 'smsvet[tables]'",
        ),
        ("a.xlsx", "zh", "a.xlsx：读取 xlsx 需要 openpyxl，尚未安装：pip install 'smsvet[tables]'"),
    ],
)
def test_a_file_that_needs_an_extra_is_one_clear_line(
    bare: Installation, tmp_path: Path, name: str, lang: str, said: str
) -> None:
    (tmp_path / name).touch()
    done = smsvet(bare, "review", name, "--lang", lang, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", f"smsvet: {said}\n")


@contextmanager
def service(bare: Installation, folder: Path) -> Iterator[str]:
    """Run `smsvet serve` on a free port; give its address."""
    log = folder / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [str(bare.python.parent / "smsvet"), "serve", "--port", "0"],
            stdout=stream,
            stderr=stream,
            cwd=folder,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
    try:
        deadline = time.monotonic() + 300
        found: re.Match[str] | None = None
        while '"ready"' not in log.read_text(encoding="utf-8") or found is None:
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            assert process.poll() is None, log.read_text(encoding="utf-8")
            found = re.search(r"http://127\.0\.0\.1:[0-9]+", log.read_text(encoding="utf-8"))
            time.sleep(0.05)
        yield found[0]
    finally:
        process.terminate()
        process.wait(300)


def post(address: str, data: object) -> Any:
    request = urllib.request.Request(address, json.dumps(data).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)


def test_the_service_reviews_one_and_many(bare: Installation, tmp_path: Path) -> None:
    with service(bare, tmp_path) as address:
        assert [post(f"{address}/v1/review", item)["decision"] for item in SUBMISSIONS] == DECISIONS
        many = post(f"{address}/v1/review/batch", {"submissions": SUBMISSIONS})["verdicts"]
        assert [verdict["decision"] for verdict in many] == DECISIONS
