"""A whole comparison: reads both sides once, writes the table `moved`, and returns everything that a report shows."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import smsvet
from smsvet import Reviewer

from ...files.whole_file import replacing
from ..durable import write_json
from .clusters import Cluster, biggest_clusters
from .course import Course
from .human import HumanColumn
from .joining import Join, Pairs, join
from .moved import moved_of, moved_schema, moved_table, moves_of, read_moved
from .review_load import MINUTES, ReviewLoad, review_load
from .samples import Sample, chosen, samples
from .series import Step, steps_as_json
from .stored_run import StoredRun
from .tally import Tally
from .transitions import NAMES, as_json, groups_as_json

MOVED: Final = "moved.parquet"
SUMMARY: Final = "comparison.json"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its label, and the run with its date, revision and number of rows.

    `label` is the specification, such as `date:2021-06-01`. `run`, `as_of` and `revision` are empty for decisions of people.
    """

    label: str
    run: str
    as_of: str
    revision: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of a comparison: items that arrive a day, if known, and minutes for a case."""

    per_day: int | None = None
    minutes: float = MINUTES


@dataclass(frozen=True, slots=True)
class Comparison:
    """A finished comparison. `by` is `row`, `id` or `column`, and `folder` holds the table `moved`."""

    folder: Path
    by: str
    old: Side
    new: Side
    tally: Tally
    unpaired: dict[str, int]
    load: ReviewLoad
    clusters: tuple[Cluster, ...] = ()
    samples: tuple[Sample, ...] = ()
    steps: tuple[Step, ...] = ()
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unknown_words: Mapping[str, int] = field(default_factory=dict)

    @property
    def human(self) -> bool:
        """Return whether the old side are decisions of people."""
        return self.by == "column"


@dataclass(frozen=True, slots=True)
class Sources:
    """Both sides: the new run with its label, and a run, a column or a series of runs as the old side.

    The last run of a series is the new one.
    """

    new: StoredRun
    new_label: str
    old: StoredRun | HumanColumn
    old_label: str
    series: tuple[StoredRun, ...] = ()


def compare(sources: Sources, out: Path, choices: Choices, reviewers: Sequence[Reviewer] = ()) -> Comparison:
    """Return a comparison, after its table `moved` and its summary are written below `out`.

    `reviewers` are loaded ones, from which titles of rules and messages in both languages are taken.
    Raises InputError for runs that cannot be read or joined, and OSError for the output.
    """
    old, new = sources.old, sources.new
    folder = out / f"comparison={comparison_id(sources)}"
    folder.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    joined = join(old, new) if isinstance(old, StoredRun) else None
    work = Path(tempfile.mkdtemp(prefix=".join-", dir=folder))
    try:
        pairs = old.pairs() if isinstance(old, HumanColumn) else joined_pairs(joined, work)
        courses = [Course(run) for run in sources.series]
        _write_moved(folder / MOVED, pairs, sources, tally, courses)
        steps = tuple(_steps(sources.series, work))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    load = review_load(
        tally.overall.entering(1), tally.entering.count, tally.overall.total, choices.per_day, choices.minutes
    )
    rows = chosen(read_moved(folder / MOVED))
    by_revision = {one.revision: one for one in reviewers}
    found = Comparison(
        folder,
        joined.by if joined is not None else "column",
        _side(old, sources.old_label),
        _side(new, sources.new_label),
        tally,
        _unpaired(old, joined),
        load,
        tuple(biggest_clusters(read_moved(folder / MOVED))),
        tuple(samples(rows, old if isinstance(old, StoredRun) else None, new, by_revision)),
        steps,
        {rule.id: (rule.file.title.zh, rule.file.title.en) for one in reviewers for rule in one.rules},
        dict(old.unknown.most_common(10)) if isinstance(old, HumanColumn) else {},
    )
    write_json(folder / SUMMARY, summary(found))
    return found


def comparison_id(sources: Sources) -> str:
    """Return an id that depends on the results of both sides only."""
    old = sources.old
    if isinstance(old, StoredRun):
        before = [old.manifest["digest"]]
    else:
        before = ["column", old.name]
    series = [run.manifest["digest"] for run in sources.series]
    text = json.dumps([before, sources.new.manifest["digest"], series, smsvet.__version__])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def joined_pairs(joined: Join | None, work: Path) -> Iterator[Pairs]:
    """Yield the pairs of a join."""
    if joined is not None:
        yield from joined.pairs(work)


def _write_moved(
    path: Path, pairs: Iterator[Pairs], sources: Sources, tally: Tally, courses: Sequence[Course]
) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - loads slowly, and only an audit needs it

    human = isinstance(sources.old, HumanColumn)
    with (
        replacing(path) as temporary,
        pq.ParquetWriter(temporary, moved_schema(), compression="zstd") as writer,
    ):
        for some in pairs:
            tally.add_pairs(some)
            if human:
                tally.add_flagged(some)
            items = list(moved_of(some, sources.new, courses))
            tally.add_moved(items)
            if items:
                writer.write_table(moved_table(items))


def _steps(series: Sequence[StoredRun], work: Path) -> Iterator[Step]:
    """Yield the dates of a series, each with its moves since the date before."""
    for number, run in enumerate(series):
        step = Step(date.fromisoformat(run.manifest["as_of"]))
        step.decisions.update(
            {rank: run.manifest["decisions"].get(name, 0) for rank, name in enumerate(NAMES)}
        )
        if number:
            _count_moves(step, join(series[number - 1], run), work / str(number))
        yield step


def _count_moves(step: Step, joined: Join, work: Path) -> None:
    for pairs in joined.pairs(work):
        moves = moves_of(pairs)
        for old, new, why in moves.found if moves is not None else ():
            step.moves.add(old, new)
            if why.rule is None:
                step.shared += 1
            else:
                step.rules[why.rule] += 1


def _side(source: StoredRun | HumanColumn, label: str) -> Side:
    if isinstance(source, HumanColumn):
        return Side(label, "", "", "", source.run.manifest["rows"], "")
    manifest = source.manifest
    if label.startswith("run:"):
        label = f"run:{source.id}"  # it may have been given as a path
    return Side(
        label, source.id, manifest["as_of"], manifest["revision"], manifest["rows"], manifest["digest"]
    )


def _unpaired(old: StoredRun | HumanColumn, joined: Join | None) -> dict[str, int]:
    if isinstance(old, HumanColumn):
        return {"undecided": old.undecided, "unknown": old.unknown.total()}
    if joined is None:
        return {}
    left = joined.unpaired
    found = {"only_old": left.old, "only_new": left.new}
    if joined.by == "id":
        found |= {"unidentified": left.unidentified, "repeated": left.repeated}
    return found


def summary(found: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON, without texts."""
    tally = found.tally
    load = found.load
    rules = {
        rule: {
            "responsible": one.responsible,
            "alone": one.alone,
            "involved": one.involved,
            "wordings": one.wordings.count,
            "moves": {f"{NAMES[old]}>{NAMES[new]}": items for (old, new), items in sorted(one.moves.items())},
        }
        for rule, one in tally.by_items()
    }
    data: dict[str, Any] = {
        "old": _side_json(found.old),
        "new": _side_json(found.new),
        "joined_by": found.by,
        "items": {
            "both": tally.both,
            **found.unpaired,
            "errors": tally.errors,
            "grandfathered": tally.grandfathered,
            "moved": tally.overall.moved,
            "stricter": tally.overall.stricter,
            "milder": tally.overall.milder,
            "wordings_moved": tally.wordings.count,
        },
        "matrix": as_json(tally.overall),
        "rules": rules,
        "several": {
            "items": tally.shared,
            "sets": [list(one) for one, _ in tally.several.counts.most_common(20)],
        },
        "unexplained": tally.unexplained,
        "groups": {name: groups_as_json(grouped) for name, grouped in tally.groups.items()},
        "review": {
            "per_day": load.per_day if load.given else None,
            "minutes_per_case": load.minutes_each,
            "share": [load.share, load.low, load.high],
            "cases": list(load.cases),
            "minutes": list(load.minutes),
        },
    }
    if found.steps:
        data["series"] = steps_as_json(found.steps, NAMES)
    if found.human:
        data["agreement"] = agreement(found)
    return data


def agreement(found: Comparison) -> dict[str, Any]:
    """Return how often the verdicts agree with the decisions of people, overall and by rule."""
    tally = found.tally
    total = tally.overall.total
    rules = {
        rule: {NAMES[old]: matrix.olds(old) for old in range(len(NAMES))}
        for rule, matrix in sorted(tally.flagged.items(), key=lambda one: (-one[1].total, one[0]))
    }
    return {
        "share": 1 - tally.overall.moved / total if total else None,
        "unknown_words": dict(found.unknown_words),
        "flagged_by_human_decision": rules,
    }


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "label": side.label,
        "run": side.run,
        "as_of": side.as_of,
        "revision": side.revision,
        "rows": side.rows,
    }
