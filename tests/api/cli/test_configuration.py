"""Commands that find `smsvet.toml`, and those that show it and trust its folder."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .command_line import real, run

GAMBLING = "葡京真人荷官在线发牌"

RULE = """
title: {zh: 全大写, en: Capitals}
decision: reject
message: {zh: 全大写, en: Capitals}
why: {zh: 不好认, en: Hard to read}
fix: {zh: 改小写, en: Use lower case}
source: our own policy
check: {kind: %s}
examples:
  flag: [{signature: LARK}]
  pass: [{signature: 云雀}]
"""
FUNCTION = """
from smsvet import Hit

def check(document):
    if document.signature is not None and document.signature.original.isupper():
        yield Hit(document.signature.place(0, len(document.signature.original)))
"""
PATTERN = 'pattern, pattern: "LARK", read: original, in: [signature]'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a configuration and a rule, and work in a folder below it."""
    project = tmp_path / "project"
    (project / "below").mkdir(parents=True)
    (project / "rules/house").mkdir(parents=True)
    (project / "rules/house/capitals.yaml").write_text(RULE % PATTERN, encoding="utf-8")
    (project / "policy.yaml").write_text("rules: {content/gambling: manual_review}\n", encoding="utf-8")
    configure(project, "")
    monkeypatch.delenv("SMSVET_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(project / "below")
    return project


def configure(project: Path, more: str) -> None:
    (project / "smsvet.toml").write_text(f'rules = ["rules"]\n{more}', encoding="utf-8")


def python_rule(project: Path) -> None:
    (project / "rules/house/capitals.yaml").write_text(RULE % "python", encoding="utf-8")
    (project / "rules/house/capitals.py").write_text(FUNCTION, encoding="utf-8")


def test_review_takes_rules_policy_provider_and_language(project: Path) -> None:
    configure(project, 'policy = "policy.yaml"\nprovider = "aliyun"\nlang = "en"\n')
    result = run("review", "--signature", "LARK")
    assert "house/capitals" in result.stdout
    assert "· Alibaba Cloud ·" in result.stdout
    assert "rejected" in result.stdout
    assert run("review", "--body", GAMBLING, "--purpose", "notification").exit_code == 2
    assert run("review", "--body", GAMBLING, "--purpose", "notification", "--no-config").exit_code == 1


def test_other_commands_take_them_too(project: Path) -> None:
    configure(project, 'lang = "en"\n')
    assert "Capitals" in run("rules", "house/capitals").stdout
    assert "no rule house/capitals" in run("rules", "house/capitals", "--no-config", "--lang", "en").stderr
    explained = run("explain", "--signature", "LARK", "--rule", "house/capitals")
    assert explained.exit_code == 0, explained.output
    checked = run("check")
    assert re.search(r"[0-9]+ rules, all [0-9]+ examples hold", checked.stdout), checked.output


def test_the_command_line_wins(project: Path, tmp_path: Path) -> None:
    configure(project, 'policy = "policy.yaml"\nprovider = "aliyun"\nlang = "en"\n')
    other = tmp_path / "other.yaml"
    other.write_text("rules: {content/gambling: approve}\n", encoding="utf-8")
    (tmp_path / "mine").mkdir()
    result = run(
        "review",
        "--signature",
        "LARK",
        "--lang",
        "zh",
        "--provider",
        "baidu",
        "--rules",
        str(tmp_path / "mine"),
    )
    assert "house/capitals" not in result.stdout
    assert "· 百度智能云 ·" in result.stdout
    softened = run("review", "--body", GAMBLING, "--purpose", "notification", "--policy", str(other))
    assert softened.exit_code == 0, softened.output


def test_the_variable_names_the_file_or_none(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("review", "--signature", "LARK").exit_code == 1
    monkeypatch.setenv("SMSVET_CONFIG", "")
    assert "house/capitals" not in run("review", "--signature", "LARK").stdout
    monkeypatch.chdir(project.parent)
    monkeypatch.setenv("SMSVET_CONFIG", str(project / "smsvet.toml"))
    assert "house/capitals" in run("review", "--signature", "LARK").stdout


@pytest.mark.parametrize(
    ("more", "arguments", "said"),
    [
        ('provder = "x"\n', [], "smsvet.toml:2: provder: 未知的键；是否为 provider？"),
        ('provder = "x"\n', ["--lang", "en"], "smsvet.toml:2: provder: unknown key; did you mean provider?"),
        ('lang = "en"\nprovder = "x"\n', [], "smsvet.toml:3: provder: unknown key; did you mean provider?"),
        (
            'provider = "tencnet"\n',
            [],
            "smsvet.toml:2: provider: 没有“tencnet”这个",
        ),
    ],
)
def test_an_error_in_the_file_is_told_by_every_command(
    more: str, arguments: list[str], said: str, project: Path
) -> None:
    configure(project, more)
    result = run("review", "--signature", "LARK", *arguments)
    assert said in result.stderr
    assert result.exit_code == 3
    assert run("review", "--signature", "LARK", "--no-config").exit_code != 3


def test_python_rules_wait_until_the_folder_is_trusted(project: Path) -> None:
    python_rule(project)
    command = ["review", "--signature", "LARK"]
    for arguments in (command, ["rules"]):
        refused = run(*arguments)
        assert f"house/capitals.yaml:8: check: {project}/smsvet.toml 加入的 Python 规则" in refused.stderr
        assert f"smsvet config trust {project}" in refused.stderr
        assert refused.exit_code == 3
    assert run(*command, "--no-config", "--rules", "../rules").exit_code == 1
    trusted = run("config", "trust", str(project))
    assert f"已信任 {project}" in trusted.stdout
    assert "house/capitals" in run(*command).stdout
    assert "会执行" in run("config", "show").stdout
    assert run("config", "trust", "--remove").exit_code == 0  # without a folder: that of the file
    assert run(*command).exit_code == 3


def test_a_rule_cannot_trust_itself(project: Path) -> None:
    rule = RULE % 'pattern, pattern: "(a|a)*b", read: original, in: [signature]'
    (project / "rules/house/capitals.yaml").write_text(f"{rule}trusted: true\n", encoding="utf-8")
    command = ["review", "--signature", "云雀"]
    refused = run(*command)
    assert (
        f"house/capitals.yaml:12: trusted: {project}/smsvet.toml 加入的规则只在可信的文件夹中"
        in refused.stderr
    )
    assert f"smsvet config trust {project}" in refused.stderr
    assert refused.exit_code == 3
    assert run(*command, "--no-config", "--rules", "../rules").exit_code != 3
    run("config", "trust")
    assert run(*command).exit_code != 3


def test_what_is_shown_of_the_configuration(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python_rule(project)
    configure(project, 'lang = "en"\ndatabase = "postgresql://me:secret@db/sms"\n')
    monkeypatch.setenv("SMSVET_POLICY", "/etc/policy.yaml")
    file = project / "smsvet.toml"
    assert run("config", "show").stdout.splitlines() == [
        f"configuration file: {file}  (found upwards from the working directory)",
        f"rules     {project}/rules  {file}:1",
        "content   none  default",
        "policy    none  default",
        "model     none  default",
        "provider  tencent  default",
        f"lang      en  {file}:2",
        f"database  postgresql://me:***@db/sms  {file}:3",
        "SMSVET_POLICY=/etc/policy.yaml: used by the service only, where it overrides the file's policy",
        f"Python rules: do not run in folders that are not trusted (smsvet config trust): {project}/rules",
    ]
    assert "配置文件: 无  (--no-config)" in run("config", "show", "--no-config").stdout
    monkeypatch.setenv("SMSVET_CONFIG", str(file))
    assert f"(SMSVET_CONFIG={file})" in run("config", "show").stdout
    assert "Python" not in run("config", "show").stdout


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:p@ss/w@db/sms", "postgresql://me:***@db/sms"),
        ("postgresql://db/sms?user=me&password=secret&x=1", "postgresql://db/sms?user=me&password=***&x=1"),
        ("sqlite:////srv/sms.db", "sqlite:////srv/sms.db"),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str, project: Path) -> None:
    configure(project, f"database = {json.dumps(url)}\n")
    assert f"database  {shown}  " in run("config", "show").stdout


def test_a_new_rule_says_how_to_run_it(project: Path, tmp_path: Path) -> None:
    (project / "smsvet.toml").unlink()
    result = run("new-rule", "mine/first")
    assert "  smsvet check rules\n  smsvet review --rules rules --body '…'" in result.stdout
    assert '在 smsvet.toml 中写入 rules = ["rules"] 后，不必再加 --rules' in result.stdout
    assert (
        "mine/first" in run("review", "--rules", "rules", "--body", "您好，此处写要找的文字，请查收。").stdout
    )
    configure(project, "")
    named = run("new-rule", "mine/second")
    assert f"已写入 {project}/rules/mine/second.yaml" in named.stdout
    assert "  smsvet check\n  smsvet review --body '…'\n" in named.stdout
    assert "mine/second" in run("review", "--body", "您好，此处写要找的文字，请查收。").stdout
    (project / "smsvet.toml").write_text('content = ["own"]\n', encoding="utf-8")
    (project / "own/grammars").mkdir(parents=True)
    assert f"已写入 {project}/own/rules/mine/third.yaml" in run("new-rule", "mine/third").stdout
    assert "259 条规则" not in run("check").stdout


def test_the_service_takes_the_file_of_its_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from smsvet import ContentError, Submission
    from smsvet_api.http.loading import build
    from smsvet_api.http.settings import SettingsError, read_settings

    python_rule(project)
    configure(project, 'policy = "policy.yaml"\n')
    settings = read_settings()
    assert (settings.rules, settings.policy) == ((), project / "policy.yaml")
    with pytest.raises(ContentError, match="smsvet config trust"):
        build(settings)
    run("config", "trust")
    found = build(settings).review(Submission(signature="LARK")).findings
    assert "house/capitals" in {finding.rule for finding in found}
    monkeypatch.setenv("SMSVET_RULES", str(project / "rules"))
    named = read_settings()
    assert (named.rules, named.found.folders) == ((project / "rules",), ())
    configure(project, "lang = 3\n")
    with pytest.raises(SettingsError, match=r"smsvet.toml:2: lang: "):
        read_settings()
    assert "smsvet.toml:2: lang" in run("serve", "--port", "0").stderr


def test_a_folder_is_found_in_a_process_of_its_own(project: Path) -> None:
    result = real(
        "config", "show", "--lang", "en", SMSVET_CONFIG=str(project / "smsvet.toml"), PYTHONIOENCODING="utf-8"
    )
    assert f"{project}/rules".encode() in result.stdout, result.stderr
