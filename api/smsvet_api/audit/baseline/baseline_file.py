"""Reads and writes baselines: JSON Lines in a stable order, one entry per line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from smsvet import Decision
from smsvet.files.regular import NotRegularError, open_regular
from smsvet.files.validation import describe_error
from smsvet.model import Lang

from ...files.rows import InputError
from ...strict_json import JsonError, decode_utf8, lone_surrogate, parse_json, surrogate_error
from ...wording import say
from ..durable import write_text
from .entries import Baseline, Entry, Key, in_order, latest
from .fingerprints import PREFIX, VERSION, version_of

MOST_BYTES: Final = 200_000_000


def _day(value: object) -> date:
    """Return the date of an ISO string; pydantic would also accept numbers."""
    try:
        if isinstance(value, str) and len(value) == len("2026-11-23"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date_type", "Input should be an ISO date, such as 2026-11-23")


Day = Annotated[date, BeforeValidator(_day)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class EntryIn(BaseModel):
    """A line of a baseline."""

    model_config = ConfigDict(extra="forbid")

    fp: str
    rule: Words
    until: Day
    reason: Words
    owner: Words
    decision: Literal["manual_review", "reject"] | None = None
    item: str | None = None
    added: Day | None = None
    by: str | None = None


def read_baseline(path: Path, today: date, lang: Lang, *, may_be_missing: bool = False) -> Baseline:
    """Return the entries of a file. Raises InputError with file, line and key."""
    try:
        with open_regular(path) as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        if may_be_missing:
            return Baseline({}, hashlib.sha256(b"").hexdigest())
        raise InputError(
            say(
                lang,
                f"{path}：没有这个文件；用 --baseline-add 建立基线",
                f"{path}: no such file; --baseline-add creates a baseline",
            )
        ) from error
    except NotRegularError as error:
        raise InputError(say(lang, f"{path}：不是普通文件", f"{path}: not a regular file")) from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    if len(data) > MOST_BYTES:
        raise InputError(
            say(lang, f"{path}：超过 {MOST_BYTES:,} 字节", f"{path}: more than {MOST_BYTES:,} bytes")
        )
    found: dict[Key, Entry] = {}
    lines: dict[Key, int] = {}
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        entry = _entry(line, f"{path}:{number}", today, lang)
        if entry.key in found:
            first = lines[entry.key]
            raise InputError(
                say(
                    lang,
                    f"{path}:{number}: fp, rule: 与第 {first} 行重复",
                    f"{path}:{number}: fp, rule: the same as in line {first}",
                )
            )
        found[entry.key], lines[entry.key] = entry, number
    return Baseline(found, hashlib.sha256(data).hexdigest())


def _entry(line: bytes, place: str, today: date, lang: Lang) -> Entry:
    try:
        value = parse_json(decode_utf8(line, lang, show_line=False), lang, show_line=False)
        if (lone := lone_surrogate(value)) is not None:
            raise JsonError(f"{lone[0]}: {surrogate_error(lone[1], lang)}")
        read = EntryIn.model_validate(value)
    except JsonError as error:
        raise InputError(f"{place}: {error}") from error
    except ValidationError as error:
        raise InputError(f"{place}: {describe_error(error.errors()[0], lang)}") from error
    wrong = _wrong_fingerprint(read.fp, lang) or wrong_until(read.until, today, lang)
    if wrong is not None:
        raise InputError(f"{place}: {wrong}")
    decision = None if read.decision is None else Decision(read.decision)
    return Entry(
        read.fp, read.rule, read.until, read.reason, read.owner, decision, read.item, read.added, read.by
    )


def _wrong_fingerprint(fp: str, lang: Lang) -> str | None:
    version = version_of(fp)
    if version == VERSION:
        return None
    if version is None:
        return say(
            lang, f"fp: 不是指纹，应以 {PREFIX} 开头", f"fp: not a fingerprint, which begins with {PREFIX}"
        )
    return say(
        lang,
        f"fp: 指纹版本 {version} 不受支持，当前版本是 {VERSION}；请重新加入该条目",
        f"fp: version {version} of fingerprints is not supported, this is {VERSION}; add the entry again",
    )


def wrong_until(until: date, today: date, lang: Lang) -> str | None:
    """Return the error of a date too far ahead, None for an acceptable one."""
    last = latest(today)
    if until <= last:
        return None
    return say(
        lang,
        f"until: {until} 超过两年；最晚 {last}",
        f"until: {until} is more than two years ahead; at the latest {last}",
    )


def write_baseline(path: Path, entries: Iterable[Entry], read: Baseline, lang: Lang) -> bool:
    """Write a baseline and return True; return False if that would change nothing.

    Raises InputError if the file has changed since it was read, and OSError.
    """
    path = path.resolve()
    try:
        now = path.read_bytes()
    except FileNotFoundError:
        now = b""
    if hashlib.sha256(now).hexdigest() != read.digest:
        raise InputError(
            say(
                lang,
                f"{path}：审计期间基线被修改，未写入；请再次运行",
                f"{path}: the baseline changed during the audit and was not written; run the command again",
            )
        )
    text = "".join(f"{_line(one)}\n" for one in in_order(entries))
    if text.encode() == now:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    return True


def _line(entry: Entry) -> str:
    data = {
        "fp": entry.fp,
        "rule": entry.rule,
        "item": entry.item,
        "decision": entry.decision and entry.decision.value,
        "until": entry.until.isoformat(),
        "reason": entry.reason,
        "owner": entry.owner,
        "added": entry.added and entry.added.isoformat(),
        "by": entry.by,
    }
    given = {name: value for name, value in data.items() if value is not None}
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))
