"""Commands that create, check, list and explain rules, and policies that switch them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from smsvet import Reviewer
from smsvet_api.cli import app as app_module

from .command_line import BANNED, CLEAN, run

pytestmark = pytest.mark.usefixtures("one_reviewer")


def test_a_rule_file_with_a_wrong_key_names_file_line_and_key(tmp_path: Path) -> None:
    assert run("new-rule", "mine/first", "--dir", str(tmp_path)).exit_code == 0
    path = tmp_path / "mine/first.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("decision:", "decison:"), encoding="utf-8")
    number = next(
        n for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if "decison" in line
    )
    result = run("check", str(tmp_path))
    assert f"mine/first.yaml:{number}: decison" in result.stderr
    assert result.exit_code == 3


def test_a_new_rule_is_loaded_and_flags(tmp_path: Path) -> None:
    folder = str(tmp_path / "rules")
    assert run("new-rule", "mine/night-delivery", "--dir", folder).exit_code == 0
    again = run("new-rule", "mine/night-delivery", "--dir", folder)
    assert "已存在，不覆盖" in again.stderr
    assert again.exit_code == 3
    result = run("review", "--body", "您好，此处写要找的文字，请查收。", "--rules", folder)
    assert "mine/night-delivery" in result.stdout
    assert result.exit_code == 2


@pytest.mark.parametrize("name", ["mine/first", "mine/a/b-2"])
def test_a_new_rule_passes_its_own_check(tmp_path: Path, name: str) -> None:
    assert run("new-rule", name, "--dir", str(tmp_path)).exit_code == 0
    result = run("check", str(tmp_path))
    assert name not in result.output


def test_check_names_the_file_of_an_example_that_fails(tmp_path: Path) -> None:
    assert run("new-rule", "mine/first", "--dir", str(tmp_path)).exit_code == 0
    path = tmp_path / "mine/first.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("pattern: 此处", "pattern: 别处"), encoding="utf-8"
    )
    result = run("check", str(tmp_path))
    assert f"{path}: examples.flag.1" in result.stdout.replace("\n", "")
    assert "应命中而未命中" in result.stdout
    assert result.exit_code == 3


def test_the_shipped_rules_pass_their_examples() -> None:
    result = run("check")
    assert "个例子全部符合" in result.stdout, result.output
    assert result.exit_code == 0


def test_rules_are_listed_and_shown() -> None:
    listed = run("rules").stdout
    assert "signature/neutral" in listed
    assert "template/full-width-braces" in listed
    stated = run("rules", "signature/neutral", "--lang", "en").stdout
    assert "Generic signature" in stated
    assert '{"signature": "通知"}' in stated


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--body", BANNED, "--rule", "content/gambling"], "结论：命中"),
        (["--body", CLEAN, "--rule", "content/gambling"], "结论：未命中。"),
        (["--body", "以下注意事项请知悉：{1}号楼停水", "--term", "下注"], "✗ "),
        (["--body", "加威❤信", "--term", "加微信"], "“加威❤信”读作“加微信”（同音字、符号插入）"),
        (["--body", "您订购的菠菜已发货", "--term", "博彩"], "写出来的本是普通词语的一部分"),
        (["--body", BANNED], "content/gambling"),
    ],
)
def test_explain_shows_why_and_why_not(arguments: list[str], shown: str) -> None:
    result = run("explain", *arguments)
    assert shown in result.stdout
    assert result.exit_code == 0


@pytest.mark.parametrize(("lang", "decision"), [("zh", "人工复核"), ("en", "manual review")])
def test_the_list_keeps_ids_whole_at_80_columns(
    lang: str, decision: str, reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("rules", "--lang", lang).stdout.splitlines()
    assert all(cell_len(line.rstrip()) <= 80 for line in lines)
    assert {rule.id for rule in reviewer.rules} <= {line.split(" ", 1)[0] for line in lines}
    assert "SEED" not in "".join(lines)
    (row,) = [line for line in lines if line.startswith("content/agency ")]
    assert row.split("  ", 1)[1].strip().startswith(decision)
    titles = {rule.id: rule.file.title.say(lang) for rule in reviewer.rules}
    assert titles["content/agency"].split()[0] in row


def test_a_rule_in_full_has_scope_and_source_in_words() -> None:
    stated = run("rules", "template/link-in-variable").stdout
    assert stated.startswith("链接设为变量 (template/link-in-variable)")
    assert "国内服务商的规范；模板、短信" in stated.replace("\n    ", "")
    assert "来源：" in stated
    assert "腾讯云 1014 / InvalidParameterValue" in stated
    assert "适用：其他国内服务商的规范" in run("rules", "link/download").stdout


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("signature/neutrl", "signature/neutral"),
        ("full-width-braces", "template/full-width-braces"),
        ("全角花括号", "template/full-width-braces"),
        ("Full-width braces", "template/full-width-braces"),
    ],
)
def test_a_wrong_id_gets_suggestions(wrong: str, near: str) -> None:
    for command in (["rules", wrong], ["explain", "--body", "x", "--rule", wrong]):
        result = run(*command)
        assert f"没有规则 {wrong}；是否为 " in result.stderr
        assert near in result.stderr
        assert result.exit_code == 3


def test_a_policy_switches_a_rule_off(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("rules: {signature/neutral: manual_review}\n", encoding="utf-8")
    result = run("review", "--signature", "通知", "--policy", str(policy))
    assert result.exit_code == 2, result.output


def test_a_policy_switches_a_disguise_off(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("disguises: {separator: off}\n", encoding="utf-8")
    plain, switched = (
        run("review", "--body", "无抵*押贷款", *more) for more in ([], ["--policy", str(policy)])
    )
    assert ("content/loan" in plain.stdout, "content/loan" in switched.stdout) == (True, False)
    why = run("explain", "--body", "无抵*押贷款", "--term", "无抵押贷款", "--policy", str(policy))
    assert "这种变形写法已停用" in why.stdout


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("zh", "没有变形写法 pinyn；可用：homophone"), ("en", "no disguise pinyn; known: homophone")],
)
def test_a_policy_with_an_unknown_disguise(tmp_path: Path, lang: str, expected: str) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("disguises:\n  pinyn: off\n", encoding="utf-8")
    result = run("check", "--policy", str(policy), "--lang", lang)
    assert f"policy.yaml:2: disguises.pinyn: {expected}" in result.stderr
    assert result.exit_code == 3


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", "policy.yaml:1: rules.signature/neutrl: 没有这条规则"),
        ("en", "policy.yaml:1: rules.signature/neutrl: no such rule"),
    ],
)
def test_a_policy_for_an_unknown_rule(tmp_path: Path, lang: str, expected: str) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("rules: {signature/neutrl: off}\n", encoding="utf-8")
    result = run("check", "--policy", str(policy), "--lang", lang)
    assert expected in result.stderr
    assert result.exit_code == 3
