"""The table `moved`: one row per item whose decision differs, with the rules that explain it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, Final

from ...files.cells import CellError
from ..hashing import hash64
from .course import Course, last_change
from .joining import Pairs
from .responsibility import Responsibility, responsible, strictest_by_rule
from .skeletons import skeleton
from .stored_run import Part, StoredRun
from .transitions import NAMES

TOGETHER: Final = 4096


@dataclass(frozen=True, slots=True)
class Moved:
    """An item whose decision differs; `old` and `new` are indexes of NAMES, `skeleton` is the hash of its skeleton.

    `since` is the first date of a series from which it has its new decision.
    """

    file: str
    row: int
    id: str | None
    provider: str
    purpose: str
    account: str
    old: int
    new: int
    why: Responsibility
    grandfathered: bool
    skeleton: int
    since: str | None
    text: str


_COPIED: Final = ("file", "row", "id", "provider", "purpose", "account", "grandfathered")


def moved_schema() -> Any:
    """Return the columns of the table `moved`."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

    return pa.schema(
        [
            ("file", pa.string()),
            ("row", pa.int64()),
            ("id", pa.string()),
            ("provider", pa.string()),
            ("purpose", pa.string()),
            ("account", pa.string()),
            ("old_decision", pa.string()),
            ("new_decision", pa.string()),
            ("rule", pa.string()),
            ("alone", pa.bool_()),
            ("rules", pa.list_(pa.string())),
            ("grandfathered", pa.bool_()),
            ("since", pa.string()),
            ("skeleton", pa.int64()),
            ("text", pa.string()),
        ]
    )


@dataclass(frozen=True, slots=True)
class Moves:
    """The items of some pairs whose decisions differ: both sides, and for each item its decisions and the rules."""

    new: Part
    found: list[tuple[int, int, Responsibility]]


def moves_of(pairs: Pairs) -> Moves | None:
    """Return the items whose decisions differ, without rows with an error; None if there are none."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute  # noqa: PLC0415

    pc: Any = pyarrow.compute  # its functions are made when it is imported
    differs = pc.not_equal(pairs.old.side["decision"], pairs.new.side["decision"])
    places = pa.array(np.flatnonzero(pc.fill_null(differs, False).to_numpy()))
    if not len(places):
        return None
    before, after = pairs.old.side.take(places), pairs.new.take(places)
    decided = zip(
        before["decision"].to_pylist(), after.side["decision"].to_pylist(), rule_decisions(before),
        rule_decisions(after.side), strict=True,
    )  # fmt: skip
    found = [
        (old, new, responsible(old_rules, new_rules, old, new)) for old, new, old_rules, new_rules in decided
    ]
    return Moves(after, found)


def moved_of(pairs: Pairs, run: StoredRun, courses: Sequence[Course] = ()) -> Iterator[Moved]:
    """Yield the items of some pairs whose decisions differ. `courses` are the runs of a series, in the order of dates."""
    moves = moves_of(pairs)
    if moves is None:
        return
    side = moves.new.side
    days = [course.run.manifest["as_of"] for course in courses]
    keys = side["key"].to_numpy()
    decisions = list(zip(*(course.decisions(keys) for course in courses), strict=True)) or repeat(())
    rows = side.select(_COPIED).to_pylist()
    texts = texts_of(moves.new, run)
    for one, (old, new, why), text, along in zip(rows, moves.found, texts, decisions, strict=False):
        yield Moved(
            **{name: one[name] for name in _COPIED}, old=old, new=new, why=why, skeleton=hash64(skeleton(text)),
            since=last_change(days, along), text=text,
        )  # fmt: skip


def rule_decisions(side: Any) -> list[dict[str, int]]:
    """Return the strictest decision of each rule on each item; a rule that failed asks for manual review."""
    found = []
    for rules, faults in zip(side["rules"].to_pylist(), side["faults"].to_pylist(), strict=True):
        pairs = [(one["rule"], one["decision"]) for one in rules or ()]
        pairs += [(fault.split(": ", 1)[0], 1) for fault in faults or ()]
        found.append(strictest_by_rule(pairs))
    return found


def texts_of(part: Part, run: StoredRun) -> list[str]:
    """Return the text under review of each item: the body, else the message, else the signature."""
    columns, names = run.columns, run.input_columns
    rows = part.cells.select(names).to_pylist()
    found = []
    for row in rows:
        data: Mapping[str, Any] = row
        if columns is not None:
            try:
                data = columns.record([row[name] for name in names])
            except CellError:
                data = row
        texts = (data.get(name) for name in ("body", "text", "signature"))
        found.append(next((str(text) for text in texts if text), ""))
    return found


def moved_table(items: Sequence[Moved]) -> Any:
    """Return rows of the table `moved`."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    rows = [
        {
            **{name: getattr(one, name) for name in _COPIED},
            "old_decision": NAMES[one.old],
            "new_decision": NAMES[one.new],
            "rule": one.why.rule,
            "alone": one.why.alone,
            "rules": list(one.why.rules),
            "since": one.since,
            "skeleton": one.skeleton - (1 << 63),
            "text": one.text.encode("utf-8", "backslashreplace").decode(),
        }
        for one in items
    ]
    return pa.Table.from_pylist(rows, moved_schema())


def read_moved(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table `moved`, with bounded memory."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=TOGETHER):
            yield from batch.to_pylist()
