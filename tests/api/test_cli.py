"""The command line, from arguments and streams to output and exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from smsvet import Reviewer
from smsvet_api import cli, reviewing
from smsvet_api.inputs import read_rows

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
CLEAN = "您的快递已到{1}，取件码{2}，请于{3}前领取。"
BANNED = "葡京真人荷官在线发牌，注册送彩金"


@pytest.fixture(autouse=True)
def one_reviewer(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands without rules of their own share the session's reviewer, which takes a second to build."""

    def build(rules: Any = (), policy: Any = None) -> Reviewer:
        return Reviewer(rules, policy) if rules or policy else reviewer

    monkeypatch.setattr(cli, "Reviewer", build)
    monkeypatch.setenv("COLUMNS", "100")


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, list(arguments), input=stdin)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.removesuffix("\n").split("\n")]


def real(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "smsvet_api", *arguments],
        input=stdin,
        capture_output=True,
        env=surroundings(**environment),
        cwd=ROOT,
        check=False,
        timeout=120,
    )


def surroundings(**environment: str) -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT / "engine"), str(ROOT / "api")])
    return {**os.environ, "PYTHONPATH": paths, **environment}


@pytest.mark.parametrize(
    ("arguments", "status", "shown"),
    [
        (["--body", CLEAN, "--purpose", "notification"], 0, "✓ 通过"),
        (["--body", BANNED, "--purpose", "notification"], 1, "✗ 驳回"),
        (["--body", BANNED, "--purpose", "notification", "--lang", "en"], 1, "✗ rejected"),
        (
            ["--body", CLEAN, "--params", '["云雀驿站","A1-2","18:00"]', "--purpose", "notification"],
            0,
            "短信",
        ),
        (["--signature", "通知"], 1, "signature/neutral"),
        (["--signature", "测试"], 1, "signature/neutral"),
        (["--signature", "aabb"], 1, "signature/neutral"),
        (["--signature", "验证码"], 1, "signature/neutral"),
        (["--signature", "验证码", "--as-of", "2018-10-09"], 1, "tencent · 2018-10-09"),
    ],
)
def test_one_submission(arguments: list[str], status: int, shown: str) -> None:
    result = run("review", *arguments)
    assert shown in result.stdout
    assert result.exit_code == status, result.output


def test_a_signature_is_measured_against_the_account(tmp_path: Path) -> None:
    account = tmp_path / "account.json"
    account.write_text('{"type": "enterprise", "name": "杭州云雀网络科技有限公司"}', encoding="utf-8")
    assert run("review", "--signature", "杭州云雀网络科技", "--account", str(account)).exit_code == 0


def test_what_the_founding_command_asks_for() -> None:
    line = '{"body":"您的验证码为｛1｝，点击{2}查看","purpose":"verification"}\n'
    result = run("review", "--format", "jsonl", stdin=line)
    (verdict,) = answers(result)
    assert result.exit_code == 1
    assert verdict["decision"] == "reject"
    texts = {finding["rule"]: finding["text"] for finding in verdict["findings"]}
    assert texts["template/full-width-braces"] == "｛1｝"
    assert texts["template/link-in-variable"] == "{2}"
    corrected = {finding["suggestion"] for finding in verdict["findings"]}
    assert "您的验证码为{1}，点击{2}查看" in corrected


def test_every_line_is_answered_in_order() -> None:
    stream = (
        b'{"id":"a","body":"\xe6\x82\xa8\xe5\xa5\xbd\xef\xbc\x8c\xe8\xae\xa2\xe5\x8d\x95{1}"}\n'
        b'{"id":"b","body":\n'
        b"\n"
        b'{"id":"d","body":"\xb2\xe2\xca\xd4"}\n'
        b'{"id":"e","body":"x","provider":"nobody"}\n'
        b'{"id":"f","body":"x","colour":"red"}\n'
        b'{"id":"g","signature":"\xe9\x80\x9a\xe7\x9f\xa5"}\r\n'
    )
    result = run("review", "-", "--format", "jsonl", stdin=stream)
    lines = answers(result)
    assert [line["id"] for line in lines] == ["a", "b", None, "d", "e", "f", "g"]
    assert [line.get("line") for line in lines] == [None, 2, 3, 4, 5, 6, None]
    assert [sorted(line) for line in lines[1:6]] == [["error", "id", "line"]] * 5
    assert "未知的供应商“nobody”；可用：aliyun, " in lines[4]["error"]
    assert lines[5]["error"] == "colour: 未知字段"
    assert lines[6]["decision"] == "reject"
    assert result.exit_code == 3


def test_more_than_a_megabyte_of_text_is_refused() -> None:
    line = json.dumps({"id": "big", "body": "a" * (1 << 20)}) + "\n"
    (answer,) = answers(run("review", "--format", "jsonl", stdin=line))
    assert answer == {"id": "big", "line": 1, "error": "文本过长：一个提交最多 1024 KiB"}


def test_separators_inside_a_text_do_not_break_the_answer() -> None:
    result = run("review", "--format", "jsonl", stdin='{"id":"a\u2028b","body":"c\u2028d"}\n')
    assert answers(result)[0]["id"] == "a\u2028b"


def test_one_failing_line_does_not_take_the_others(
    reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Reviewer.review

    def review(self: Reviewer, submission: Any, lang: Any) -> Any:
        if submission.id == "a":
            raise ZeroDivisionError("by nothing")
        return broken(self, submission, lang)

    monkeypatch.setattr(Reviewer, "review", review)
    result = run(
        "review", "--format", "jsonl", stdin='{"id":"a","body":"x"}\n{"id":"b","signature":"通知"}\n'
    )
    first, second = answers(result)
    assert first == {"id": "a", "line": 1, "error": "内部错误：ZeroDivisionError: by nothing"}
    assert second["decision"] == "reject"
    assert result.exit_code == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["review", "missing.csv"], "missing.csv：没有这个文件"),
        (["review", "missing.csv", "--lang", "en"], "missing.csv: no such file"),
        (["review", "-"], "标准输入：没有任何提交，文件是空的"),
        (["review", "-", "--body", "x"], "文件 - 与 --body 只能给一样"),
        (["review", "--body", "x", "--params", "['1']"], "--params: 不是合法的 JSON：第 2 列"),
        (["review", "--body", "x", "--purpose", "spam"], "purpose: 应为"),
        (["review", "--body", "x", "--provider", "nobody"], "--provider: provider: 未知的供应商“nobody”"),
        (["review", "--body", "x", "--as-of", "9.10.2018"], "--as-of: 应为 ISO 日期"),
        (["review", "--body", "x", "--account", "missing.json"], "--account: missing.json"),
        (["review", "--remark", "x"], "signature、body、text 至少需要一个"),
        (["review", "--body", "x", "--rules", "missing-folder"], "missing-folder"),
        (["review", "--body", "x", "--format", "xml"], "xml"),
        (["review", "--colour"], "No such option"),
        (["rules", "signature/neutrl"], "没有规则 signature/neutrl；是否为 signature/neutral"),
        (["explain", "--body", "x", "--rule", "a/b", "--term", "c"], "--rule 与 --term 只能给一个"),
        (["explain"], "signature、body、text 至少需要一个"),
        (["new-rule", "No Good"], "规则编号应为 <主题>/<名称>"),
        (["nothing"], "No such command"),
    ],
)
def test_wrong_usage_and_input_is_three(arguments: list[str], said: str) -> None:
    result = run(*arguments, stdin="")
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert result.exit_code == 3


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


def test_the_shipped_rules_hold_on_their_examples() -> None:
    result = run("check")
    assert "个例子全部符合" in result.stdout, result.output
    assert result.exit_code == 0


def test_rules_are_listed_and_stated() -> None:
    listed = run("rules").stdout
    assert "signature/neutral" in listed
    assert "template/full-width-braces" in listed
    stated = run("rules", "signature/neutral", "--lang", "en").stdout
    assert "Neutral signature" in stated
    assert '{"signature": "通知"}' in stated


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--body", BANNED, "--rule", "content/gambling"], "结论：命中"),
        (["--body", CLEAN, "--rule", "content/gambling"], "结论：未命中，止于“"),
        (["--body", "以下注意事项请知悉：{1}号楼停水", "--term", "下注"], "✗ "),
        (["--body", BANNED], "content/gambling"),
    ],
)
def test_why_and_why_not(arguments: list[str], shown: str) -> None:
    result = run("explain", *arguments)
    assert shown in result.stdout
    assert result.exit_code == 0


def test_a_policy_switches_a_rule_off(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("rules: {signature/neutral: manual_review}\n", encoding="utf-8")
    result = run("review", "--signature", "通知", "--policy", str(policy))
    assert result.exit_code == 2, result.output
    policy.write_text("rules: {signature/neutrl: off}\n", encoding="utf-8")
    assert "rules.signature/neutrl: no such rule" in run("check", "--policy", str(policy)).stderr


def test_the_shipped_submissions() -> None:
    path = EXAMPLES / "submissions.jsonl"
    given = [json.loads(line) for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n")]
    result = run("review", str(path), "--format", "jsonl")
    lines = answers(result)
    assert [line["id"] for line in lines] == [submission["id"] for submission in given]
    assert all("error" not in line and not line["faults"] for line in lines)
    assert {line["decision"] for line in lines} == {"approve", "reject", "manual_review"}
    assert result.exit_code == 1


def test_the_shipped_submissions_use_every_provider(reviewer: Reviewer) -> None:
    text = (EXAMPLES / "submissions.jsonl").read_text(encoding="utf-8")
    used = {json.loads(line).get("provider", "tencent") for line in text.removesuffix("\n").split("\n")}
    assert used == set(reviewer.providers)


def test_the_shipped_table_and_policy() -> None:
    result = run("review", str(EXAMPLES / "submissions.csv"), "--policy", str(EXAMPLES / "policy.yaml"))
    assert "sheet-neutral-signature" in result.stdout
    assert "共 6 条" in result.stdout
    assert result.exit_code == 1, result.output


def test_the_shipped_policy_changes_what_it_says() -> None:
    policy = EXAMPLES / "policy.yaml"
    stated = yaml.safe_load(policy.read_text(encoding="utf-8"))
    changed = Reviewer(policy=policy)
    switched = {rule.id: rule.switched for rule in changed.rules if rule.switched}
    assert switched == stated["rules"]
    assert changed.revision != Reviewer().revision


def test_serve_hands_its_options_to_the_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import uvicorn

    asked: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda app, **options: asked.update(options, app=app))
    monkeypatch.setenv("SMSVET_RULES", "")
    result = run("serve", "--port", "0", "--workers", "2", "--rules", str(tmp_path))
    assert asked == {
        "app": "smsvet_api.app:create_app",
        "factory": True,
        "host": "127.0.0.1",
        "port": 0,
        "workers": 2,
    }
    assert os.environ["SMSVET_RULES"] == str(tmp_path)
    assert result.exit_code == 0
    assert run("serve", "--rules", str(tmp_path / "missing")).exit_code == 3


class Terminal:
    """Says of a stream that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_long_file_has_a_progress_bar_on_a_terminal_alone(
    reviewer: Reviewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import ExitStack

    path = tmp_path / "a.csv"
    path.write_text("body\n" + "x\n" * (reviewing.LONG + 5), encoding="utf-8")
    bars: list[Bar] = []

    def bar(*_: object, **__: object) -> Bar:
        bars.append(Bar())
        return bars[-1]

    monkeypatch.setattr(reviewing, "Progress", bar)
    for terminal, shown in ((False, 0), (True, 1)):
        monkeypatch.setattr(sys, "stderr", Terminal() if terminal else sys.__stderr__)
        monkeypatch.setattr(reviewing, "err", lambda: None)
        with ExitStack() as stack:
            rows = read_rows(str(path), "zh", {})
            count = sum(1 for _ in reviewing.counted(rows, str(path), stack, "zh"))
        assert count == reviewing.LONG + 5
        assert len(bars) == shown
    assert (bars[0].total, bars[0].steps) == (reviewing.LONG + 6, 5)


class Bar:
    """Stands for a progress bar and counts."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.steps = 0

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def add_task(self, _: str, total: int | None, completed: int) -> int:
        self.total = total
        return completed

    def advance(self, _: int) -> None:
        self.steps += 1


def test_as_a_process_without_a_terminal_there_is_no_colour() -> None:
    done = real("review", "--signature", "通知", PYTHONIOENCODING="utf-8")
    assert "✗ 驳回" in done.stdout.decode()
    assert b"\x1b" not in done.stdout
    assert (done.returncode, done.stderr) == (1, b"")


def test_json_is_utf8_whatever_the_terminal_is() -> None:
    line = '{"id":"云雀","signature":"通知"}\n'.encode()
    done = real("review", "--format", "jsonl", stdin=line, PYTHONIOENCODING="gb18030")
    assert json.loads(done.stdout.decode("utf-8"))["id"] == "云雀"
    assert done.returncode == 1


def test_usage_errors_and_help_as_a_process() -> None:
    assert real("review", "--colour").returncode == 3
    assert real("--help").returncode == 0


def test_verdicts_stream_and_a_closed_pipe_is_quiet() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "smsvet_api", "review", "--format", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdin, process.stdout, process.stderr:
        process.stdin.write(b'{"id":"a","signature":"x"}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "a"
        process.stdout.close()
        process.stdin.write(b'{"id":"b","signature":"x"}\n' * 50)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a child")
def test_an_interrupt_is_quiet() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "smsvet_api", "review", "--format", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdin, process.stdout, process.stderr:
        process.stdin.write(b'{"id":"a","signature":"x"}\n')
        process.stdin.flush()
        process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""
