"""Options shared by several commands, and their conversion to a submission."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from smsvet.model import Lang

from .. import dates
from ..files.rows import InputError
from ..strict_json import JsonError, decode_utf8, parse_json
from ..wording import say

Body = Annotated[str | None, typer.Option(help="Template text, with the provider's placeholders.")]
Signature = Annotated[str | None, typer.Option(help="Signature without 【】.")]
Message = Annotated[str | None, typer.Option("--text", help="A rendered message with its 【signature】.")]
Params = Annotated[str | None, typer.Option(help="Values about to be sent, as JSON.", metavar="JSON")]
Purpose = Annotated[str | None, typer.Option(help="verification, notification or marketing.")]
AccountFile = Annotated[Path | None, typer.Option(help="JSON file that says who applies.", metavar="FILE")]
Remark = Annotated[str | None, typer.Option(help="The applicant's note (申请说明).")]
Origin = Annotated[
    str | None, typer.Option("--source", help="Where the signature comes from: company, app, ...")
]
Usage = Annotated[str | None, typer.Option(help="own or other.")]
Region = Annotated[str | None, typer.Option(help="mainland or international.")]
Variables = Annotated[str | None, typer.Option(help="What is declared of the placeholders.", metavar="JSON")]
Documents = Annotated[str | None, typer.Option(help="Proof supplied: kinds, or records.", metavar="JSON")]
Samples = Annotated[list[str] | None, typer.Option("--sample", help="A rendered example; may be repeated.")]
Recipients = Annotated[list[str] | None, typer.Option("--recipient", help="A number; may be repeated.")]
SentAt = Annotated[str | None, typer.Option(help="When it is about to be sent, ISO time.", metavar="TIME")]
Identity = Annotated[str | None, typer.Option("--id", help="Echoed in the verdict.")]

Provider = Annotated[str | None, typer.Option(help="Provider where the submission does not say.")]
AsOf = Annotated[
    str | None,
    typer.Option(help="ISO date where the submission does not say; today if not given.", metavar="DATE"),
]
Language = Annotated[Lang, typer.Option(help="Language of messages.")]
RuleFolders = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="Folder of further rules; may be repeated.", metavar="DIR"),
]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="The operator's own YAML.", metavar="FILE")]


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
        return parse_json(decode_utf8(path.read_bytes().removeprefix(BOM_UTF8), lang), lang)
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
