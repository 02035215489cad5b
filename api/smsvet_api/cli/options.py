"""Options shared by several commands, and their conversion to a submission."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from smsvet.files.regular import NotRegularError, open_regular
from smsvet.model import Lang

from .. import dates
from ..configuration.configuration_file import Configuration, ConfigurationError, find_configuration
from ..configuration.precedence import DEFAULT_LANG, Effective, effective
from ..files.rows import LONGEST_LINE, InputError, too_long
from ..strict_json import JsonError, decode_utf8, parse_json
from ..wording import say
from .completion import complete_provider
from .help import both

InputFile = Annotated[
    str | None,
    typer.Argument(
        metavar="[FILE]",
        help=both(
            "JSONL、JSON、CSV、Parquet 或 xlsx 文件；- 或不给：从标准输入读取 JSONL",
            "JSONL, JSON, CSV, Parquet or xlsx; - or nothing: JSONL on standard input.",
        ),
    ),
]
Body = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        help=both("模板正文，变量按服务商的写法", "Template text, with the provider's placeholders."),
    ),
]
Signature = Annotated[
    str | None, typer.Option(metavar="TEXT", help=both("签名，不带【】", "Signature without 【】."))
]
Message = Annotated[
    str | None,
    typer.Option(
        "--text",
        metavar="TEXT",
        help=both("即将发送的完整短信，带【签名】", "A rendered message with its 【signature】."),
    ),
]
Params = Annotated[
    str | None,
    typer.Option(
        metavar="JSON",
        help=both("即将发送的变量值：列表或对象", "Values about to be sent: a list or an object."),
    ),
]
Purpose = Annotated[
    str | None,
    typer.Option(
        metavar="PURPOSE",
        help=both(
            "verification（验证码）、notification（通知）或 marketing（营销）；不给则推断",
            "verification, notification or marketing; inferred if omitted.",
        ),
    ),
]
AccountFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help=both("申请人账号信息的 JSON 文件", "JSON file about the applicant.")),
]
Remark = Annotated[
    str | None, typer.Option(metavar="TEXT", help=both("申请说明", "The applicant's note (申请说明)."))
]
Origin = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="SOURCE",
        help=both(
            "签名来源：company（公司）、app、website（网站）等",
            "Source of the signature: company, app, website, ...",
        ),
    ),
]
Usage = Annotated[
    str | None,
    typer.Option(
        metavar="USAGE", help=both("own（自用）或 other（他用）", "own, or other for somebody else's.")
    ),
]
Region = Annotated[
    str | None,
    typer.Option(
        metavar="REGION",
        help=both("mainland（国内）或 international（国际）", "mainland or international."),
    ),
]
Variables = Annotated[
    str | None,
    typer.Option(metavar="JSON", help=both("变量的属性", "Declared attributes of the placeholders.")),
]
Documents = Annotated[
    str | None,
    typer.Option(metavar="JSON", help=both("已提供的证明材料", "Supporting documents supplied.")),
]
Samples = Annotated[
    list[str] | None,
    typer.Option(
        "--sample", metavar="TEXT", help=both("示例短信，可多次给出", "A rendered example; can be repeated.")
    ),
]
Recipients = Annotated[
    list[str] | None,
    typer.Option(
        "--recipient", metavar="NUMBER", help=both("手机号，可多次给出", "A phone number; can be repeated.")
    ),
]
SentAt = Annotated[
    str | None,
    typer.Option(metavar="TIME", help=both("计划发送时间，ISO 格式", "Planned sending time, ISO format.")),
]
Identity = Annotated[
    str | None,
    typer.Option("--id", metavar="ID", help=both("编号，原样写入结果", "Copied to the verdict.")),
]

Provider = Annotated[
    str | None,
    typer.Option(
        metavar="PROVIDER",
        autocompletion=complete_provider,
        help=both(
            "提交中没有写明时的服务商；默认 tencent（腾讯云）",
            "Provider of submissions that name none; tencent if omitted.",
        ),
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help=both(
            "提交中没有写明时的日期，如 2026-11-23；默认今天",
            "Date of submissions that name none, such as 2026-11-23; today if omitted.",
        ),
    ),
]
ColumnNames = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=HEADING",
        help=both(
            "指定表格的列对应的字段，如 body=文案；other=列名 表示不审核该列。可多次给出",
            "Field of a column in a table, such as body=Copy; other=HEADING leaves a column out. Can be repeated.",
        ),
    ),
]
Language = Annotated[
    Lang | None, typer.Option(help=both("消息的语言", "Language of messages, help and errors."))
]
RuleFolders = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules",
        metavar="DIR",
        help=both("另加一个规则文件夹，可多次给出", "Folder of additional rules; can be repeated."),
    ),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        help=both("运营方的策略文件（YAML）", "The operator's policy file (YAML)."),
    ),
]
NoConfig = Annotated[
    bool,
    typer.Option(
        "--no-config",
        help=both("忽略 smsvet.toml 和 pyproject.toml", "Ignore smsvet.toml and pyproject.toml."),
    ),
]


def configured(
    lang: Lang | None = None,
    no_config: bool = False,
    rules: Sequence[Path] | None = None,
    policy: Path | None = None,
    provider: str | None = None,
) -> Effective:
    """Return the values in force: the options given, else those of the configuration file. Raises InputError."""
    try:
        configuration = Configuration() if no_config else find_configuration()
    except ConfigurationError as error:
        raise InputError(error.say(lang or error.lang or DEFAULT_LANG)) from error
    return effective(configuration, rules or (), policy, provider, lang)


def one_submission(given: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return the submission fields given as options, empty if none. Raises InputError."""
    data = {name: value for name, value in given.items() if value is not None and value != []}
    for name in ("params", "variables", "documents"):
        if name in data:
            try:
                data[name] = parse_json(data[name], lang, show_line=False)
            except JsonError as error:
                raise InputError(f"--{name}: {error}") from error
    if "account" in data:
        data["account"] = read_account(data["account"], lang)
    return data


def read_account(path: Path, lang: Lang) -> Any:
    """Return the decoded JSON of an account file. Raises InputError."""
    try:
        with open_regular(path) as stream:
            data = stream.read(LONGEST_LINE + 1)
        if len(data) > LONGEST_LINE:
            raise InputError(f"--account: {path}: {too_long(lang)}")
        return parse_json(decode_utf8(data.removeprefix(BOM_UTF8), lang), lang)
    except NotRegularError as error:
        wrong = say(
            lang, "是管道、设备或套接字，不是普通文件", "a pipe, device or socket, not a regular file"
        )
        raise InputError(f"--account: {path}: {wrong}") from error
    except OSError as error:
        raise InputError(f"--account: {path}: {error.strerror}") from error
    except JsonError as error:
        raise InputError(f"--account: {path}: {error}") from error


def read_day(text: str | None, lang: Lang) -> date:
    """Return the date of `--as-of`, or today without one. Raises InputError."""
    if text is None:
        return dates.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            say(
                lang,
                f"--as-of: 应为 ISO 日期，如 2018-10-09：{text}",
                f"--as-of: not an ISO date such as 2018-10-09: {text}",
            )
        ) from error
