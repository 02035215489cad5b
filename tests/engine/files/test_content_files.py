"""Content files: errors name file, line and key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from smsvet import Reviewer
from smsvet.files.cached_model import read_model
from smsvet.files.content_files import ContentError, read_rows, read_text
from smsvet.files.location import CONTENT
from smsvet.rules.rule import RuleFile


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int
    names: tuple[str, ...] = ()


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1)
    parts: tuple[Part, ...] = ()
    by_name: dict[str, Part] = {}


READ = [
    # file content, expected errors (one per line)
    ("title: 云雀\nparts:\n  - {size: 1, names: [a]}\n", ""),
    ("\ufefftitle: 云雀\n", ""),
    ("titel: 云雀\n", "x.yaml:1: title: Field required\nx.yaml:1: titel: unknown key; did you mean title?"),
    (
        "title: 云雀\nparts:\n  - size: 1\n  - size: big\n",
        "x.yaml:4: parts.1.size: Input should be a valid integer, unable to parse string as an integer",
    ),
    (
        "title: 云雀\nparts:\n  - size: 1\n    nams: []\n",
        "x.yaml:4: parts.0.nams: unknown key; did you mean names?",
    ),
    ("title: 云雀\nparts:\n  - {}\n", "x.yaml:3: parts.0.size: Field required"),
    (
        "title: 云雀\nby_name:\n  a: {size: 1}\n  b: {size: []}\n",
        "x.yaml:4: by_name.b.size: Input should be a valid integer",
    ),
    ("title: ''\n", "x.yaml:1: title: String should have at least 1 character"),
    ("", "x.yaml:1: file: Input should be a valid dictionary or instance of Whole"),
    ("- a\n", "x.yaml:1: file: Input should be a valid dictionary or instance of Whole"),
]


@pytest.mark.parametrize(("text", "errors"), READ)
def test_a_file_is_read_or_its_errors_are_named(text: str, errors: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    if not errors:
        assert read_model(path, Whole, "x.yaml").title == "云雀"
        return
    with pytest.raises(ContentError) as error:
        read_model(path, Whole, "x.yaml")
    assert sorted(str(error.value).split("\n")) == sorted(errors.split("\n"))


@pytest.mark.parametrize(
    "text", ["title: [\n", "title: {a\n", "a: b: c\n", "\ttitle: x\n", "title: \x00\n", "&a *a\n"]
)
def test_a_yaml_error_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"^x\.yaml:\d+: "):
        read_model(path, Whole, "x.yaml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: " + "[" * 50_000, 1),
        ("a: 1\ntitle: " + "{a: " * 65 + "}" * 65, 2),
        ("[]\n" * 100 + "[" * 65, None),  # not YAML before it is too deep
        ("title: " + "[" * 64 + "]" * 64, 1),  # the file itself is a level
        ("\n".join(" " * level + "a:" for level in range(100)), 65),
        ("- " * 5_000, 1),
        ("? " * 5_000 + "a", 1),
        ("a:\u2028" + "- " * 5_000, 2),
        ("a: '[[[[' \nb: " + "[" * 70, 2),
    ],
)
def test_yaml_that_is_too_deep_is_an_error(text: str, line: int | None, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        read_model(path, Whole, "x.yaml")
    if line is None:
        assert "not YAML" in str(error.value)
        return
    assert str(error.value) == f"x.yaml:{line}: nested deeper than 64 levels"
    assert error.value.say("zh") == f"x.yaml:{line}: 嵌套超过 64 层"


def test_brackets_in_text_are_not_levels(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("title: '" + "[{" * 500 + "'\nparts: []\n", encoding="utf-8")
    assert read_model(path, Whole).title == "[{" * 500


@pytest.mark.parametrize(("name", "mebibytes"), [("x.yaml", 1), ("x.py", 1), ("x.tsv", 64)])
def test_a_file_that_is_too_large_is_an_error(name: str, mebibytes: int, tmp_path: Path) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate((mebibytes << 20) + 1)
    with pytest.raises(ContentError) as error:
        read_text(path, name)
    assert str(error.value) == f"{name}: larger than {mebibytes} MiB"
    assert error.value.say("zh") == f"{name}: 超过 {mebibytes} MiB"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
@pytest.mark.parametrize("name", ["rules/a/a.yaml", "rules/a/a.py", "policy.yaml"])
@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("kind", ["fifo", "device"])
def test_a_pipe_or_device_is_refused(
    name: str, cached: bool, kind: str, tmp_path: Path, small_content: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "rules").mkdir(exist_ok=True)
    if name.endswith(".py"):
        rule = (CONTENT / "rules/params/length.yaml").read_text(encoding="utf-8")
        path.with_suffix(".yaml").write_text(rule, encoding="utf-8")
    os.mkfifo(path) if kind == "fifo" else path.symlink_to("/dev/zero")
    policy = path if name == "policy.yaml" else None
    with pytest.raises(ContentError) as error:
        Reviewer([tmp_path / "rules"], policy, small_content, cache=tmp_path / "cache" if cached else None)
    assert f"{path}: a pipe, device or socket, not a regular file" in str(error.value)
    assert "不是普通文件" in error.value.say("zh")


def test_without_a_name_errors_show_the_path(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    with pytest.raises(ContentError, match=rf"^{path}: No such file or directory$"):
        read_model(path, Whole)


@pytest.mark.parametrize(
    ("check", "line", "key"),
    [
        # pydantic's union tag is not a key of the file, even if a key has the same name
        ("check: {kind: pattern, pattern: a, inn: [body]}", 4, "check.inn"),
        ("check: {kind: pattern, patern: a}", 4, "check.patern"),
        ("check: {kind: field, field: source, missin: true}", 4, "check.missin"),
        (
            "check:\n  kind: all\n  of:\n    - {kind: pattern, pattern: a}\n    - {kind: link, typs: [url]}",
            8,
            "check.of.1.typs",
        ),
        ("check: {kind: terms, category: a, strength: storng}", 4, "check.strength"),
    ],
)
def test_a_key_is_named_as_in_the_file(check: str, line: int, key: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        f"title: {{zh: 试, en: try}}\ndecision: reject\nsource: ours\n{check}\n", encoding="utf-8"
    )
    with pytest.raises(ContentError) as error:
        read_model(path, RuleFile, "x.yaml")
    assert any(one.startswith(f"x.yaml:{line}: {key}: ") for one in str(error.value).split("\n")), str(
        error.value
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff", "x.tsv:1: not UTF-8 (byte 0)"),
        (b"a\nb\n\xd6\xd0\n", "x.tsv:3: not UTF-8 (byte 4)"),
        (b"\xed\xa0\x80", "x.tsv:1: not UTF-8 (byte 0)"),
    ],
)
def test_a_byte_that_is_not_utf_8_is_named(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes(data)
    with pytest.raises(ContentError) as error:
        read_text(path, "x.tsv")
    assert str(error.value) == message


ROWS = [
    # file content, (line number, cells) of each row; columns a, b, c, the first two required
    ("1\t2\t3\n", [(1, ["1", "2", "3"])]),
    ("# a\n\n1\t2\n", [(3, ["1", "2", ""])]),
    (" 1 \t 2 \r\n", [(1, ["1", "2", ""])]),
    ("1\t\n", [(1, ["1", "", ""])]),
    ("1\t2\x85\u20283\n", [(1, ["1", "2\x85\u20283", ""])]),  # only \n ends a line
    ("", []),
]


@pytest.mark.parametrize(("text", "rows"), ROWS)
def test_rows(text: str, rows: list[tuple[int, list[str]]], tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes(text.encode())
    assert read_rows(path, "x.tsv", ("a", "b", "c"), 2) == rows


@pytest.mark.parametrize(("row", "found"), [("1", 1), ("1\t2\t3\t4", 4)])
def test_a_row_with_other_columns_is_named(row: str, found: int, tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(f"1\t2\n{row}\n", encoding="utf-8")
    with pytest.raises(ContentError) as error:
        read_rows(path, "x.tsv", ("a", "b", "c"), 2)
    assert str(error.value) == f"x.tsv:2: expected columns a, b, c; found {found}"
