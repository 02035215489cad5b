"""Where the configuration file is found, what it says, and how its errors are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsvet_api.configuration.configuration_file import Configuration, ConfigurationError, find_configuration
from smsvet_api.configuration.precedence import effective

WHOLE = """\
# what this team uses
rules = [
  "my-rules",
  "more",
]
content = ["own"]
policy = "policy.yaml"
model = "my-model.tsv"
provider = "aliyun"
lang = "en"
database = "sqlite:///sms.db"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with the folders and files that the configuration of the tests names."""
    project = tmp_path / "project"
    for name in ("my-rules", "more", "own/grammars", "deep/er"):
        (project / name).mkdir(parents=True)
    (project / "policy.yaml").write_text("rules: {}\n", encoding="utf-8")
    (project / "my-model.tsv").write_text("bias\t0\nscale\t1\nnotice\t-1\n", encoding="utf-8")
    return project


def found(folder: Path, **environment: str) -> Configuration:
    return find_configuration(folder, environment)


@pytest.mark.parametrize("name", ["smsvet.toml", "pyproject.toml"])
@pytest.mark.parametrize("below", [".", "deep", "deep/er"])
def test_every_key_from_any_folder_below(name: str, below: str, project: Path) -> None:
    head, more = ("", 0) if name == "smsvet.toml" else ('[project]\nrules = "theirs"\n\n[tool.smsvet]\n', 4)
    (project / name).write_text(head + WHOLE, encoding="utf-8")
    configuration = found(project / below)
    lines = configuration.lines
    assert configuration == Configuration(
        project / name,
        True,
        (project / "my-rules", project / "more"),
        (project / "own",),
        project / "policy.yaml",
        project / "my-model.tsv",
        "aliyun",
        "en",
        f"sqlite:///{project / 'sms.db'}",
        lines,
    )
    assert {key: line - more for key, line in lines.items() if key} == {
        "rules": 2, "content": 6, "policy": 7, "model": 8, "provider": 9, "lang": 10, "database": 11,
    }  # fmt: skip
    assert configuration.place("lang") == f"{project / name}:{10 + more}"


def test_the_nearest_file_wins_and_files_are_not_merged(project: Path) -> None:
    (project / "smsvet.toml").write_text('provider = "huawei"\nlang = "en"\n', encoding="utf-8")
    (project / "pyproject.toml").write_text('[tool.smsvet]\nprovider = "baidu"\n', encoding="utf-8")
    (project / "deep/pyproject.toml").write_text('[tool.smsvet]\nprovider = "qiniu"\n', encoding="utf-8")
    (project / "deep/er/pyproject.toml").write_text("[tool.ruff]\nline-length = 99\n", encoding="utf-8")
    assert found(project).provider == "huawei"
    assert (found(project / "deep").provider, found(project / "deep").lang) == ("qiniu", None)
    assert found(project / "deep/er").provider == "qiniu"


def test_a_broken_pyproject_of_others_is_no_concern(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.ruff\n", encoding="utf-8")
    assert found(project) == Configuration()
    (project / "pyproject.toml").write_text("[tool.smsvet\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"pyproject.toml:1: not TOML: "):
        found(project)


def test_the_variable_names_the_file_or_none(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "smsvet.toml").write_text('provider = "huawei"\n', encoding="utf-8")
    other = project / "deep/ci.toml"
    other.write_text('provider = "baidu"\nrules = ["../more"]\n', encoding="utf-8")
    assert found(project, SMSVET_CONFIG="") == Configuration()
    named = found(project, SMSVET_CONFIG=str(other))
    assert (named.provider, named.discovered, named.rules) == ("baidu", False, (project / "deep/../more",))
    monkeypatch.chdir(project)
    assert found(tmp_path, SMSVET_CONFIG="deep/ci.toml").file == other
    with pytest.raises(ConfigurationError, match=r"SMSVET_CONFIG: .*/absent.toml: No such file"):
        found(project, SMSVET_CONFIG="absent.toml")
    (project / "pyproject.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"SMSVET_CONFIG: .*: no table \[tool.smsvet\]"):
        found(project, SMSVET_CONFIG="pyproject.toml")


WRONG = [
    # a file, the line and the key named, and what is said in English and in Chinese
    ('rulse = ["more"]', 1, "rulse", "unknown key; did you mean rules?", "未知的键；是否为 rules？"),
    ('\nweights = "m"', 2, "weights", "unknown key; known: rules, content, policy,", "未知的键；可用：rules、content"),
    ('[tool.smsvet]\nlang = "en"', 1, "tool", "in smsvet.toml the keys stand at the top,", "smsvet.toml 中的键写在最上层"),
    ('rules = "more"', 1, "rules", 'Input should be a valid list: write rules = ["more"]', '应为数组：请写 rules = ["more"]'),
    ('rules = [\n  "more",\n  3,\n]', 3, "rules.1", "Input should be a valid string", "应为字符串"),
    ("rules = [\n  'more',\n  'mroe2',\n]", 3, "rules", "no such folder {project}/mroe2; did you mean more?", "没有文件夹 {project}/mroe2；是否为 more？"),
    ('content = ["more"]', 1, "content", "{project}/more has none of rules/, grammars/, corpora/", "{project}/more 中没有 rules/"),
    ('policy = "polciy.yaml"', 1, "policy", "no such file {project}/polciy.yaml; did you mean policy.yaml?", "没有文件 "),
    ('policy = ""', 1, "policy", "String should have at least 1 character", "不能为空"),
    ('lang = "cn"', 1, "lang", "Input should be 'zh' or 'en'", "应为 zh、en 之一"),
    ("provider = 3", 1, "provider", "Input should be a valid string", "应为字符串"),
    ("database = true", 1, "database", "Input should be a valid string", "应为字符串"),
    ("rules = [\n\"more\"，\n]", 2, None, "not TOML: Unclosed array; “，” is a full-width character", "不是 TOML：Unclosed array；“，”是全角符号"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "key", "english", "chinese"), WRONG)
def test_an_error_names_file_line_and_key(
    text: str, line: int, key: str | None, english: str, chinese: str, project: Path
) -> None:
    path = project / "smsvet.toml"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        found(project)
    place = f"{path}:{line}: " + (f"{key}: " if key else "")
    assert str(error.value).startswith(place + english.replace("{project}", str(project)))
    assert error.value.say("zh").startswith(place + chinese.replace("{project}", str(project)))


def test_every_error_is_told_and_the_language_is_that_of_the_file(project: Path) -> None:
    (project / "smsvet.toml").write_text('lang = "en"\nrulse = []\nprovider = 3\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        found(project)
    assert [line.split(": ")[1] for line in str(error.value).split("\n")] == ["provider", "rulse"]
    assert error.value.lang == "en"


def test_lines_are_those_of_the_table(project: Path) -> None:
    text = '[tool.other]\nlang = "x"\n[tool]\nsmsvet.provider = "baidu"\nsmsvet.lang = "de"\n'
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"pyproject.toml:5: lang: "):
        found(project)


def test_the_command_line_wins_key_by_key(project: Path) -> None:
    (project / "smsvet.toml").write_text(WHOLE, encoding="utf-8")
    configuration = found(project)
    plain = effective(configuration)
    assert (plain.named, plain.found.folders) == (
        (),
        (project / "my-rules", project / "more", project / "own"),
    )
    assert (plain.lang, plain.provider, plain.policy) == ("en", "aliyun", project / "policy.yaml")
    assert plain.provider_place == f"{project}/smsvet.toml:9"
    given = effective(configuration, [Path("mine")], Path("other.yaml"), "baidu", "zh")
    assert (given.named, given.found.folders) == ((Path("mine"),), (project / "own",))
    assert (given.lang, given.provider, given.policy) == ("zh", "baidu", Path("other.yaml"))
    assert given.provider_place == "--provider"


def test_without_a_file_the_defaults_hold(project: Path) -> None:
    config = effective(Configuration())
    assert (config.lang, config.provider, config.policy, config.folders) == ("zh", None, None, ())
    assert config.check_trust is None
