"""The command `review`: arguments, streams, output and exit status."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from smsvet import Decision, Reviewer
from smsvet_api.cli import progress
from smsvet_api.cli.summary_view import draw_rules
from smsvet_api.cli.tally import Tally
from smsvet_api.files.inputs import read_rows

from .command_line import BANNED, CLEAN, answers, instead_of_serving, run

pytestmark = pytest.mark.usefixtures("one_reviewer")


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
        (
            ["--body", "订单#code#已发货", "--params", '{"#code#": "http://t.cn/Ab3"}', "--provider", "juhe"],
            1,
            "变量值 #code# │ http://t.cn/Ab3",
        ),
        (["--signature", "通知"], 1, "signature/neutral"),
        (["--signature", "测试"], 1, "signature/neutral"),
        (["--signature", "aabb"], 1, "signature/neutral"),
        (["--signature", "验证码"], 1, "signature/neutral"),
        (["--signature", "验证码", "--as-of", "2018-10-09"], 1, "腾讯云 · 2018-10-09"),
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


def test_the_first_documented_command() -> None:
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


def test_every_row_is_reviewed_in_order() -> None:
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
    assert "没有“nobody”这个值；可用：aliyun、" in lines[4]["error"]
    assert lines[5]["error"] == "colour: 未知字段"
    assert lines[6]["decision"] == "reject"
    assert result.exit_code == 3


def test_more_than_a_megabyte_of_text_is_refused() -> None:
    line = json.dumps({"id": "big", "body": "a" * (1 << 20)}) + "\n"
    (answer,) = answers(run("review", "--format", "jsonl", stdin=line))
    assert answer == {"id": "big", "line": 1, "error": "文本过长：一个提交最多 1024 KiB"}


def test_line_separators_inside_a_text_do_not_break_the_output() -> None:
    result = run("review", "--format", "jsonl", stdin='{"id":"a\u2028b","body":"c\u2028d"}\n')
    assert answers(result)[0]["id"] == "a\u2028b"


def test_one_failing_row_does_not_stop_the_others(
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
    ("arguments", "expected"),
    [
        (["review", "missing.csv"], "missing.csv：没有这个文件"),
        (["review", "missing.csv", "--lang", "en"], "missing.csv: no such file"),
        (["review", "-"], "标准输入：没有任何提交，文件是空的"),
        (["review", "-", "--body", "x"], "文件 - 与 --body 只能给一样"),
        (["review", "--body", "x", "--params", "['1']"], "--params: 不是合法的 JSON：第 2 列"),
        (["review", "--body", "x", "--purpose", "spam"], "purpose: 应为"),
        (["review", "--body", "x", "--provider", "nobody"], "--provider: provider: 没有“nobody”这个值"),
        (["review", "--body", "x", "--as-of", "9.10.2018"], "--as-of: 应为 ISO 日期"),
        (["review", "--body", "x", "--account", "missing.json"], "--account: missing.json"),
        (["review", "--remark", "x"], "signature、body、text 至少需要一个"),
        (["review", "--body", "x", "--rules", "missing-folder"], "missing-folder"),
        (["review", "--body", "x", "--format", "xml"], "--format: 应为 text、jsonl 之一"),
        (["review", "--colour"], "没有选项 --colour"),
        (["rules", "signature/neutrl"], "没有规则 signature/neutrl；是否为 signature/neutral"),
        (["explain", "--body", "x", "--rule", "a/b", "--term", "c"], "--rule 与 --term 只能给一个"),
        (["explain"], "signature、body、text 至少需要一个"),
        (["new-rule", "No Good"], "规则编号应为 <主题>/<名称>"),
        (["nothing"], "没有命令 nothing"),
    ],
)
def test_wrong_usage_and_input_exit_with_3(arguments: list[str], expected: str) -> None:
    result = run(*arguments, stdin="")
    assert expected in result.stderr
    assert "Traceback" not in result.output
    assert result.exit_code == 3


def test_serve_passes_its_options_to_the_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = instead_of_serving(monkeypatch)
    monkeypatch.setenv("SMSVET_RULES", "")
    result = run("serve", "--port", "0", "--workers", "2", "--rules", str(tmp_path))
    assert started == {
        "app": "smsvet_api.console.app:create_app",
        "factory": True,
        "host": "127.0.0.1",
        "port": 0,
        "workers": 2,
        "http": "smsvet_api.http.server:HttpProtocol",
        "ws": "none",
        "proxy_headers": False,
        "forwarded_allow_ips": "",
        "server_header": False,
        "timeout_graceful_shutdown": 8,
        "timeout_worker_healthcheck": 60,
    }
    assert os.environ["SMSVET_RULES"] == str(tmp_path)
    assert result.exit_code == 0
    assert run("serve", "--rules", str(tmp_path / "missing")).exit_code == 3


class Terminal:
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_long_file_has_a_progress_bar_only_on_a_terminal(
    reviewer: Reviewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import ExitStack

    path = tmp_path / "a.csv"
    path.write_text("body\n" + "x\n" * (progress.LONG + 5), encoding="utf-8")
    bars: list[Bar] = []

    def bar(*_: object, **__: object) -> Bar:
        bars.append(Bar())
        return bars[-1]

    monkeypatch.setattr(progress, "Progress", bar)
    for terminal, shown in ((False, 0), (True, 1)):
        monkeypatch.setattr(sys, "stderr", Terminal() if terminal else sys.__stderr__)
        monkeypatch.setattr(progress, "err", lambda: None)
        with ExitStack() as stack:
            rows = read_rows(str(path), "zh", {})
            count = sum(1 for _ in progress.counted(rows, str(path), stack, "zh"))
        assert count == progress.LONG + 5
        assert len(bars) == shown
    assert (bars[0].total, bars[0].steps) == (progress.LONG + 6, 5)


class Bar:
    """A progress bar that only counts."""

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


TABLE = f"""id,signature,body,purpose
a,云雀科技,{CLEAN},通知
b,云雀科技,{BANNED},通知
c,通知,,
d,云雀科技,{CLEAN},垃圾
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "templates.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def written(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_results_are_written_to_a_file(table: Path, tmp_path: Path) -> None:
    target = tmp_path / "results.csv"
    result = run("review", str(table), "-o", str(target))
    rows = written(target)
    assert [(row["id"], row["审核结果"]) for row in rows] == [
        ("a", "通过"), ("b", "驳回"), ("c", "驳回"), ("d", "无法读取"),
    ]  # fmt: skip
    assert rows[0]["body"] == CLEAN
    assert rows[2]["规则"] == "signature/neutral"
    assert f"已写入 {target}：4 条" in result.stdout
    assert BANNED not in result.stdout
    assert result.exit_code == 3


@pytest.mark.parametrize(
    ("only", "shown"),
    [
        (["--only", "reject"], "bcd"),
        (["--only", "驳回"], "bcd"),
        (["--only", "approve"], "ad"),
        (["--only", "approve,reject"], "abcd"),
        (["--only", "approve", "--only", "reject"], "abcd"),
        (["--only", "manual_review"], "d"),
        ([], "abcd"),
    ],
)
def test_only_selects_rows_but_neither_counts_nor_status(
    table: Path, tmp_path: Path, only: list[str], shown: str
) -> None:
    target = tmp_path / "results.csv"
    result = run("review", str(table), *only, "-o", str(target))
    assert "".join(row["id"] for row in written(target)) == shown
    assert "共 4 条  ✓ 通过 1  ? 人工复核 0  ✗ 驳回 2  ! 无法读取 1" in result.stdout
    assert result.exit_code == 3
    lines = answers(run("review", str(table), *only, "--format", "jsonl"))
    assert "".join(str(line["id"]) for line in lines) == shown


def test_stats_print_the_summary_alone(table: Path) -> None:
    result = run("review", str(table), "--stats")
    assert "中性化签名 (signature/neutral)" in result.stdout
    assert "共 4 条" in result.stdout
    assert BANNED not in result.stdout
    (counts,) = answers(run("review", str(table), "--stats", "--format", "jsonl"))
    assert counts["decisions"] == {"reject": 2, "manual_review": 0, "approve": 1}
    assert (counts["submissions"], counts["unreadable"]) == (4, 1)
    neutral = next(rule for rule in counts["rules"] if rule["rule"] == "signature/neutral")
    assert (neutral["reject"], neutral["manual_review"]) == (1, 0)


@pytest.mark.parametrize("more", [[], ["--format", "jsonl"]])
def test_quiet_prints_nothing(table: Path, tmp_path: Path, more: list[str]) -> None:
    target = tmp_path / "results.csv"
    result = run("review", str(table), "--quiet", "-o", str(target), *more)
    assert (result.output, result.exit_code) == ("", 3)
    assert len(written(target)) == 4


def test_a_summary_ends_the_review_of_a_file_and_not_of_one_submission(table: Path) -> None:
    assert "signature/neutral)\n──" in run("review", str(table)).stdout
    assert "规则版本" not in run("review", "--signature", "通知").stdout


def test_one_submission_has_a_file_too(tmp_path: Path) -> None:
    target = tmp_path / "results.csv"
    assert run("review", "--signature", "通知", "-o", str(target)).exit_code == 1
    assert [(row["signature"], row["审核结果"]) for row in written(target)] == [("通知", "驳回")]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-o", "out.doc"], "out.doc：未知的扩展名 .doc；可用：.csv"),
        (["-o", "none/out.csv", "--lang", "en"], "none/out.csv: cannot be written: No such file or directory"),
        (["--only", "no"], "--only: 没有结果“no”；可用：approve（通过）、manual_review（人工复核）、reject（驳回）"),
        (["--only", "off"], "--only: 没有结果“off”"),
        (["--only", ""], "--only: 没有结果“”"),
        (["--stats", "--quiet"], "--stats 与 --quiet 只能给一个"),
    ],
)  # fmt: skip
def test_wrong_output_options_exit_with_3(table: Path, arguments: list[str], expected: str) -> None:
    result = run("review", str(table), *arguments)
    assert expected in result.stderr
    assert result.exit_code == 3


def test_an_input_that_breaks_off_leaves_no_results(tmp_path: Path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "out.csv"
    source.write_text('body\nx\n"y\n', encoding="utf-8")
    run("review", str(source), "-o", str(target))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_table_of_rules_is_bounded() -> None:
    tally = Tally()
    tally.decisions["reject"] = 30
    for number in range(30):
        tally.rules[f"a/{number}"] = Counter({Decision.REJECT: number + 1})
        tally.titles[f"a/{number}"] = "名"
    lines = [line.plain for line in draw_rules(tally, False, "zh", 60)]
    assert lines[1] == "    30         -     -  名 (a/29)"
    assert lines[-1] == "  另有 10 条规则：--stats 全部列出"
    assert len(lines) == 22
    assert len(list(draw_rules(tally, True, "zh", 60))) == 31


def test_columns_that_are_not_fields_are_carried_through(tmp_path: Path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "out.csv"
    source.write_text(f"模板名称,模板内容,审核状态\n=发货,{CLEAN},审核通过\n", encoding="utf-8")
    run("review", str(source), "-o", str(target))
    (row,) = written(target)
    assert list(row)[:4] == ["模板名称", "模板内容", "审核状态", "审核结果"]
    assert (row["模板名称"], row["审核状态"], row["审核结果"]) == ("'=发货", "审核通过", "通过")
