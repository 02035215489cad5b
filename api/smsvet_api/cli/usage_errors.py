"""Say in two languages how a command line is wrong, with a hint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import typer

from smsvet.files.suggestions import did_you_mean, suggestions
from smsvet.model import Lang

from ..wording import say
from .help import choices, usage

UsageError: Final[Any] = typer.BadParameter.__base__
"""The error that Typer raises for every mistake on the command line."""

EXAMPLES: Final = {
    "new-rule": "smsvet new-rule content/night-delivery",
}
"""A command line that works, for commands with a required argument."""


def describe_usage_error(error: Any, lang: Lang) -> Iterator[str]:
    """Yield the lines for a mistake on the command line: what is wrong, the usage, and where to read more."""
    ctx = error.ctx
    yield _wrong(error, lang)
    if ctx is None:
        return
    yield usage(ctx.command, ctx, lang)
    if example := EXAMPLES.get(ctx.info_name):
        yield say(lang, f"例如：{example}", f"Example: {example}")
    yield say(lang, f"全部说明：{ctx.command_path} --help", f"Help: {ctx.command_path} --help --lang en")


def unknown_command(name: str, known: list[str], lang: Lang) -> str:
    """Return the error for a command that does not exist, with suggestions, else with all commands."""
    near = suggestions(name, known)
    english, chinese = did_you_mean(near)
    if not near:
        english, chinese = f"; commands: {', '.join(known)}", f"；可用的命令：{'、'.join(known)}"
    return say(lang, f"没有命令 {name}{chinese}", f"no command {name}{english}")


def _wrong(error: Any, lang: Lang) -> str:
    message = str(getattr(error, "message", error))
    option = getattr(error, "option_name", None)
    if option is not None and hasattr(error, "possibilities"):
        return _no_such_option(option, error, lang)
    if option is not None:
        needless = "not take" in message
        zh = f"选项 {option} 不能带值" if needless else f"选项 {option} 后面缺少值"
        return say(lang, zh, f"option {option} {'takes no value' if needless else 'needs a value'}")
    parameter = getattr(error, "param", None)
    if parameter is not None:
        name = _shown(parameter)
        if hasattr(error, "param_type"):
            return say(lang, f"缺少参数 {name}", f"missing argument {name}")
        return _bad_value(name, parameter, message, lang)
    if extra := re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", message):
        return say(
            lang,
            f"多余的参数：{extra[1]}（含空格的文字要加引号）",
            f"unexpected argument: {extra[1]}; quote text with blanks",
        )
    if message.startswith("Missing command"):
        return say(lang, "缺少命令", "missing command")
    return message


def _no_such_option(option: str, error: Any, lang: Lang) -> str:
    known = [name for item in error.ctx.command.params for name in item.opts] if error.ctx else []
    near = [
        f"--{name}"
        for name in suggestions(option.lstrip("-"), [name[2:] for name in known if name[:2] == "--"])
    ]
    english, chinese = did_you_mean(near)
    return say(lang, f"没有选项 {option}{chinese}", f"no option {option}{english}")


def _bad_value(name: str, parameter: Any, message: str, lang: Lang) -> str:
    known = choices(parameter)
    if known:
        return say(
            lang, f"{name}: 应为 {'、'.join(known)} 之一", f"{name}: expected one of {', '.join(known)}"
        )
    least, most = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if least is not None or most is not None:
        between = f"{'' if least is None else least}–{'' if most is None else most}"
        return say(lang, f"{name}: 应为 {between} 的整数", f"{name}: expected a whole number, {between}")
    return f"{name}: {message}"


def _shown(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper()).strip("[]")
    return str(max(parameter.opts, key=len))
