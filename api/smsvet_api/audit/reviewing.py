"""Reviews the rows of a shard with `Reviewer.review_table`; a row that fails gets an error instead of a verdict."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from smsvet import Reviewer
from smsvet.model import Lang
from smsvet.schema import SubmissionIn

from ..files.inputs import text_bytes, to_submission
from ..files.rows import MOST_TEXT, InputError, Row, Unreadable
from ..wording import say
from .deadline import ROW_SECONDS, LateError, Watch, alarm, allowed

NESTED: Final = frozenset({"params", "documents", "variables", "samples", "account", "recipients", "history"})
MOST_LATE: Final = 20
"""Number of rows of one worker that may take too long before the run stops."""
_FIELDS: Final = tuple(SubmissionIn.model_fields)
_SCALARS: Final = frozenset(_FIELDS) - NESTED
_NAMES: Final = sum(map(len, _FIELDS))
"""Bytes of the names of all fields, which count as text."""


@dataclass(frozen=True, slots=True)
class Review:
    """How rows are reviewed: the reviewer, and the defaults of rows without a provider or a date."""

    reviewer: Reviewer
    provider: str | None
    as_of: date
    lang: Lang
    row_seconds: float = ROW_SECONDS
    watch: Watch | None = None
    late: list[str | None] = field(default_factory=list)
    """Ids of the rows that took too long."""

    def verdicts(self, rows: Sequence[Row | Unreadable], poisoned: Collection[int] = ()) -> Any:
        """Return one verdict for each row, with the columns of `smsvet.arrow.VERDICTS`.

        `poisoned` are the numbers of rows that ended a worker process; they are not reviewed.
        """
        import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

        from smsvet.arrow import VERDICTS  # noqa: PLC0415 - as above

        good: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        places: list[tuple[bool, int]] = []
        for row in rows:
            found = _poison(row, self.lang) if row.line in poisoned else self.cells(row)
            if isinstance(found, Unreadable):
                places.append((False, len(errors)))
                errors.append({"id": _identity(found.id), "error": found.error})
            else:
                places.append((True, len(good)))
                good.append(found)
        reviewed = self.reviewed(good)
        if not errors:
            return reviewed
        together = pa.concat_tables([reviewed, pa.Table.from_pylist(errors, VERDICTS)])
        order = [place if is_good else len(good) + place for is_good, place in places]
        return together.take(pa.array(order, pa.int64()))

    def cells(self, row: Row | Unreadable) -> dict[str, Any] | Unreadable:
        """Return a row as cells of a table of submissions, or the error of a row that does not fit into one."""
        if isinstance(row, Unreadable):
            return row
        data = row.data
        if isinstance(data, Mapping) and (cells := self._fitting(data)) is not None:
            return cells
        wrong = to_submission(row, self.provider, self.as_of, self.lang)
        if isinstance(wrong, Unreadable):
            return wrong
        message = say(self.lang, "无法读取该行的值", "a value of this row cannot be read")
        return Unreadable(row.line, message, wrong.id)

    def _fitting(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        cells: dict[str, Any] = {}
        size = 0
        try:
            for name, value in data.items():
                if value is None:
                    continue
                if name in _SCALARS and isinstance(value, str):
                    cells[name] = value
                    size += len(value) if value.isascii() else len(value.encode())
                elif name in NESTED:
                    cells[name] = json.dumps(value, ensure_ascii=False, default=str)
                    size += text_bytes(value)
                else:
                    return None
        except (UnicodeEncodeError, RecursionError):
            return None
        if size > MOST_TEXT - _NAMES and text_bytes(data) > MOST_TEXT:
            return None
        if self.provider is not None:
            cells.setdefault("provider", self.provider)
        day = _day(cells["as_of"]) if "as_of" in cells else self.as_of
        if day is None or not {"body", "signature", "text"} & cells.keys():
            return None
        cells["as_of"] = day
        return cells

    def reviewed(self, rows: Sequence[dict[str, Any]]) -> Any:
        """Return the verdicts on rows of a table. If the review of them together fails, each is reviewed by itself."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        from smsvet.arrow import VERDICTS  # noqa: PLC0415 - as above

        if not rows:
            return VERDICTS.empty_table()
        given = set().union(*rows)
        table = pa.table(
            {
                name: pa.array(
                    [row.get(name) for row in rows], pa.date32() if name == "as_of" else pa.string()
                )
                for name in _FIELDS
                if name in given
            }
        )
        seconds = allowed(len(rows), self.row_seconds)
        try:
            with nullcontext() if self.watch is None else self.watch.expecting(2 * seconds), alarm(seconds):
                return self.reviewer.review_table(table, self.lang)
        except LateError:
            message = self._late_row(rows[0].get("id")) if len(rows) == 1 else ""
        except Exception as error:  # noqa: BLE001 - one row must not stop the others; it gets an error
            wrong = f"{type(error).__name__}: {error}"
            message = say(self.lang, f"内部错误：{wrong}", f"internal error: {wrong}")
        if len(rows) == 1:
            return pa.Table.from_pylist([{"id": rows[0].get("id"), "error": message}], VERDICTS)
        return pa.concat_tables([self.reviewed([row]) for row in rows])

    def _late_row(self, identity: str | None) -> str:
        """Return the error of a row that took too long. Raises InputError if many did: a rule hangs on every row."""
        seconds = f"{self.row_seconds:g}"
        self.late.append(identity)
        if len(self.late) > MOST_LATE:
            raise InputError(
                say(
                    self.lang,
                    f"{len(self.late)} 行的审核都超过 {seconds} 秒，最后一行的 id 是 {identity}；"
                    "请检查自己的规则，或用 --row-seconds 放宽",
                    f"the review of {len(self.late)} rows took longer than {seconds} s each, the last with the id {identity}; "
                    "check your own rules, or allow more with --row-seconds",
                )
            )
        return say(
            self.lang,
            f"审核超过 {seconds} 秒，已跳过",
            f"the review took longer than {seconds} s; the row was skipped",
        )


def _poison(row: Row | Unreadable, lang: Lang) -> Unreadable:
    identity = row.data.get("id") if isinstance(row, Row) and isinstance(row.data, Mapping) else None
    message = say(
        lang,
        "审核这一行时工作进程意外结束或没有响应，已跳过",
        "the worker process died or hung reviewing this row; it was skipped",
    )
    return Unreadable(row.line, message, identity)


def _identity(value: object) -> str | None:
    return None if value is None else str(value).encode("utf-8", "backslashreplace").decode()


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
