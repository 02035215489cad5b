"""Help texts in two languages, and how they are laid out in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, TypedDict

from rich.cells import cell_len
from typer.core import TyperCommand

from smsvet.model import Lang

from ..wording import say
from .excerpt import folded
from .terminal import out

_BETWEEN: Final = "␞"
"""Separates the Chinese from the English half of a help text. Typer keeps it: it is not whitespace."""

_STOCK: Final[Mapping[str, tuple[str, str]]] = {
    "help": ("显示这段帮助", "Show this help."),
    "install_completion": ("为当前的 shell 安装补全", "Install completion for the current shell."),
    "show_completion": ("输出当前 shell 的补全脚本", "Print the completion script of the current shell."),
}
"""The options that Typer adds, by name."""

_WIDEST_NAME = 30
"""Columns of a name beyond which its text starts on the next line."""


class About(TypedDict):
    """The texts of a command: its purpose, and what follows its options."""

    help: str
    epilog: str


def both(zh: str, en: str) -> str:
    """Return a help text in both languages, for `translate` to choose from."""
    return f"{zh}{_BETWEEN}{en}"


def requested_language(arguments: Sequence[str], default: Lang = "zh") -> Lang:
    """Return the language that `--lang` names anywhere on the command line, else `default`.

    Help and usage errors need it before the arguments are parsed.
    """
    given = [value for option, value in pairwise(arguments) if option == "--lang"]
    given += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    return "en" if "en" in given else "zh" if given else default


def translate(command: Any, lang: Lang) -> None:
    """Reduce the help texts of a command, its parameters and its subcommands to one language."""
    command.lang = lang
    for name in ("help", "short_help", "epilog"):
        setattr(command, name, _chosen(getattr(command, name), lang))
    for parameter in command.params:
        stock = _STOCK.get(parameter.name)
        parameter.help = say(lang, *stock) if stock else _chosen(parameter.help, lang)
    for subcommand in getattr(command, "commands", {}).values():
        translate(subcommand, lang)


def _chosen(text: str | None, lang: Lang) -> str | None:
    if text is None or _BETWEEN not in text:
        return text
    zh, _, en = text.partition(_BETWEEN)
    return say(lang, zh, en).strip()


class Command(TyperCommand):
    """A command whose help is in the requested language."""

    lang: Lang = "zh"

    def get_help(self, ctx: Any) -> str:
        """Return the help text."""
        return help_text(self, ctx, self.lang)


def help_text(command: Any, ctx: Any, lang: Lang) -> str:
    """Return the help of a command: usage, purpose, arguments, options, commands and examples."""
    width = out().columns
    lines = [usage(command, ctx, lang), ""]
    lines += _indented(command.help or "", width)
    arguments: list[tuple[str, str]] = []
    options: list[tuple[str, str]] = []
    for parameter in command.get_params(ctx):
        if parameter.name == "help":
            parameter.help = say(lang, *_STOCK["help"])
        if getattr(parameter, "hidden", False):
            continue
        row = (_name(parameter), _meaning(parameter, lang))
        (arguments if parameter.param_type_name == "argument" else options).append(row)
    commands = [
        (name, (one.help or "").split("\n\n")[0]) for name, one in getattr(command, "commands", {}).items()
    ]
    for heading, rows in (
        (say(lang, "参数", "Arguments"), arguments),
        (say(lang, "命令", "Commands"), commands),
        (say(lang, "选项", "Options"), options),
    ):
        if rows:
            lines += ["", f"{heading}{say(lang, '：', ':')}", *_table(rows, width)]
    if command.epilog:
        lines.append("")
        for line in command.epilog.split("\n"):
            lines += [line] if line.startswith(" ") else folded(line, width)
    return "\n".join(lines)


def usage(command: Any, ctx: Any, lang: Lang) -> str:
    """Return the usage line of a command."""
    pieces = [say(lang, "[选项]", "[OPTIONS]")]
    if getattr(command, "commands", None):
        pieces.append(say(lang, "命令 [参数]", "COMMAND [ARGS]"))
    pieces += [_name(parameter) for parameter in command.params if parameter.param_type_name == "argument"]
    return f"{say(lang, '用法：', 'Usage: ')}{ctx.command_path} {' '.join(pieces)}"


def choices(parameter: Any) -> list[str]:
    """Return the values that a parameter can have; empty if they are not a fixed list."""
    for holder in (getattr(parameter, "type_descriptor", None), getattr(parameter, "type", None)):
        if found := getattr(holder, "choices", None):
            return [str(choice) for choice in found]
    return []


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        metavar = str(parameter.metavar or parameter.name.upper())
        return metavar if parameter.required or metavar.startswith("[") else f"[{metavar}]"
    names = ", ".join(sorted([*parameter.opts, *parameter.secondary_opts], key=len))
    if parameter.is_flag or parameter.count:
        return names
    return f"{names} {parameter.metavar or '|'.join(choices(parameter)) or 'TEXT'}"


def _meaning(parameter: Any, lang: Lang) -> str:
    text = parameter.help or ""
    default = parameter.default
    if parameter.param_type_name == "argument" or callable(default) or default in (None, "", False, ()):
        return text
    return say(lang, f"{text}（默认 {default}）", f"{text} [default: {default}]")


def _table(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    narrow = [cell_len(name) for name, _ in rows if cell_len(name) <= _WIDEST_NAME]
    column = max(narrow, default=0) + 4
    for name, text in rows:
        lines = folded(text, max(width - column, 20))
        if cell_len(name) + 4 > column:
            yield f"  {name}"
            name = ""
        yield f"  {name}{' ' * (column - 2 - cell_len(name))}{lines[0]}".rstrip()
        yield from (f"{' ' * column}{line}" for line in lines[1:])


def _indented(text: str, width: int) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ""
        yield from (f"  {line}" for line in folded(" ".join(paragraph.split()), width - 2))
