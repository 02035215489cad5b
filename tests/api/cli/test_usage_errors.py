"""Mistakes on the command line, in two languages and with hints."""

from __future__ import annotations

import pytest

from .command_line import run

MISTAKES = [
    # a command line, what is said in Chinese, and in English
    (["reveiw"], "没有命令 reveiw；是否为 review？", "no command reveiw; did you mean review?"),
    (["审核"], "没有命令 审核；可用的命令：review、explain", "no command 审核; commands: review, explain"),
    (
        ["review", "--purpos", "x"],
        "没有选项 --purpos；是否为 --purpose？",
        "no option --purpos; did you mean --purpose?",
    ),
    (["review", "-x"], "没有选项 -x", "no option -x"),
    (["--versio"], "没有选项 --versio；是否为 --version？", "no option --versio; did you mean --version?"),
    (
        ["review", "--format", "xml"],
        "--format: 应为 text、jsonl 之一",
        "--format: expected one of text, jsonl",
    ),
    (["review", "--lang", "fr"], "--lang: 应为 zh、en 之一", None),
    (["review", "--body"], "选项 --body 后面缺少值", "option --body needs a value"),
    (["--version=1"], "选项 --version 不能带值", "option --version takes no value"),
    (["new-rule"], "缺少参数 ID", "missing argument ID"),
    (
        ["rules", "a/b", "c/d"],
        "多余的参数：c/d（含空格的文字要加引号）",
        "unexpected argument: c/d; quote text with blanks",
    ),
    (["serve", "--port", "abc"], "--port: 应为 0–65535 的整数", "--port: expected a whole number, 0–65535"),
    (["serve", "--workers", "0"], "--workers: 应为 1– 的整数", "--workers: expected a whole number, 1–"),
]


@pytest.mark.parametrize(("arguments", "chinese", "english"), MISTAKES)
def test_a_mistake_is_told_in_the_language_requested(
    arguments: list[str], chinese: str, english: str | None
) -> None:
    for lang, said in (([], chinese), (["--lang", "en"], english)):
        if said is None:
            continue
        result = run(*lang, *arguments)
        assert result.stderr.startswith(f"smsvet: {said}"), result.stderr
        assert result.exit_code == 3
        assert result.stdout == ""


def test_the_usage_and_the_help_are_named() -> None:
    lines = run("new-rule").stderr.splitlines()
    assert lines == [
        "smsvet: 缺少参数 ID",
        "用法：smsvet new-rule [选项] ID",
        "例如：smsvet new-rule content/night-delivery",
        "全部说明：smsvet new-rule --help",
    ]
    lines = run("review", "--colour", "--lang", "en").stderr.splitlines()
    assert lines[1:] == ["Usage: smsvet review [OPTIONS] [FILE]", "Help: smsvet review --help --lang en"]
