"""The commands `config show` and `config trust`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from smsvet import ContentError
from smsvet.files.content_folders import rules_folder
from smsvet.model import Lang

from ..configuration.configuration_file import VARIABLE, Keys
from ..configuration.precedence import Effective
from ..configuration.trust import distrust, is_trusted, trust, trust_file
from ..files.rows import InputError
from ..wording import say
from . import options
from .command_groups import command_group
from .command_help import ABOUT
from .help import Command, both
from .terminal import out

config_app = command_group("config")

_PASSWORD = re.compile(r"(?<=://)([^/@:]*):.*(?=@)|(password)=[^&\s]*", re.IGNORECASE)
_SERVICE = {"rules": "SMSVET_RULES", "policy": "SMSVET_POLICY", "model": "SMSVET_MODEL"}


@config_app.command(cls=Command, **ABOUT["config show"])
def show(lang: options.Language = None, no_config: options.NoConfig = False) -> None:
    """Show every setting and where it comes from."""
    out().lines(draw_configuration(options.configured(lang, no_config), no_config))


@config_app.command("trust", cls=Command, **ABOUT["config trust"])
def trust_folder(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]",
            help=both(
                "文件夹；默认为配置文件所在的文件夹", "Folder; that of the configuration file if omitted."
            ),
        ),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help=both("不再信任该文件夹", "No longer trust the folder."))
    ] = False,
    lang: options.Language = None,
) -> None:
    """Let the Python rules below a folder run when a configuration file adds them."""
    config = options.configured(lang)
    file = config.configuration.file
    place = folder or (file.parent if file else Path.cwd())
    try:
        changed = distrust(place) if remove else trust(place)
    except ContentError as error:
        raise InputError(error.say(config.lang)) from error
    out().lines([Text(_said(changed, remove, config.lang))])


def _said(folder: Path, remove: bool, lang: Lang) -> str:
    if remove:
        return say(lang, f"不再信任 {folder}", f"{folder} is no longer trusted")
    return say(
        lang,
        f"已信任 {folder}：其中的 Python 规则会执行，trusted: true 有效（名单：{trust_file()}）",
        f"{folder} is trusted: Python rules below it run, and `trusted: true` applies (listed in {trust_file()})",
    )


def draw_configuration(
    config: Effective, no_config: bool = False, environment: Mapping[str, str] = os.environ
) -> Iterator[Text]:
    """Return a line for the file, a line for each value of each key with its origin, and one on trust."""
    lang, configuration = config.lang, config.configuration
    file = str(configuration.file) if configuration.file else say(lang, "无", "none")
    yield Text(f"{say(lang, '配置文件', 'configuration file')}: {file}", "bold").append(
        f"  ({_why_this_file(config, no_config, environment)})", "dim"
    )
    for key in Keys.model_fields:
        value = getattr(config if key in ("lang", "policy", "provider") else configuration, key)
        values = list(value) if isinstance(value, tuple) else [value]
        given = key in configuration.lines
        origin = configuration.place(key) if given else say(lang, "默认", "default")
        if key == "provider" and not given:
            values = ["tencent"]
        for one in values or [None]:
            shown = say(lang, "无", "none") if one is None else _PASSWORD.sub(_masked, str(one))
            yield Text(f"{key:<10}").append(shown).append(f"  {origin}", "dim")
    for key, name in _SERVICE.items():
        if value := environment.get(name, "").strip():
            yield Text(
                say(
                    lang,
                    f"{name}={value}：仅用于服务，优先于文件中的 {key}",
                    f"{name}={value}: used by the service only, where it overrides the file's {key}",
                )
            )
    if any(_has_python(folder) for folder in config.found.folders):
        yield _trust_line(config)


def _has_python(folder: Path) -> bool:
    return next(rules_folder(folder).rglob("*.py"), None) is not None


def _masked(match: re.Match[str]) -> str:
    return f"{match[1]}:***" if match[2] is None else f"{match[2]}=***"


def _why_this_file(config: Effective, no_config: bool, environment: Mapping[str, str]) -> str:
    lang = config.lang
    if no_config:
        return "--no-config"
    if VARIABLE in environment:
        return f"{VARIABLE}={environment[VARIABLE]}"
    if config.configuration.file:
        return say(lang, "从工作目录向上找到", "found upwards from the working directory")
    return say(lang, "从工作目录向上未找到", "none found upwards from the working directory")


def _trust_line(config: Effective) -> Text:
    lang = config.lang
    strangers = [
        str(folder) for folder in config.found.folders if _has_python(folder) and not is_trusted(folder)
    ]
    if not strangers:
        return Text(
            say(lang, "Python 规则：文件夹可信，会执行", "Python rules: the folders are trusted, they run")
        )
    listed = ", ".join(strangers)
    return Text(
        say(
            lang,
            f"Python 规则：不可信的文件夹中不会执行（smsvet config trust）：{listed}",
            f"Python rules: do not run in folders that are not trusted (smsvet config trust): {listed}",
        )
    )
