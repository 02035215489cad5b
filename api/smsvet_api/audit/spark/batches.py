"""Runs in the Python workers of Spark: reviews the Arrow batches of a DataFrame."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import smsvet
from smsvet import Reviewer
from smsvet.model import Lang

from ...environment import cache_folder
from ...files.columns import Columns
from ...files.rows import InputError
from ...wording import say
from ..output_tables import finding_columns, own_columns, tables
from ..reading import submissions
from ..reviewing import Review

NAME: Final = "DataFrame"
"""Names the input in errors, as a file is named."""
ORIGIN: Final = ("smsvet_file", "smsvet_row")
FOUND: Final = "smsvet_found"
"""The column with the findings of a row: a list of rows of the table `findings`."""


@dataclass(frozen=True, slots=True)
class Options:
    """The values that the driver sends to the workers. `version` and `revision` are the driver's, and a worker must have the same."""

    rules: tuple[str, ...]
    policy: str | None
    model: str | None
    version: str
    revision: str
    provider: str | None
    as_of: date
    lang: Lang
    with_findings: bool


def found_type() -> Any:
    """Return the Arrow type of the column `smsvet_found`."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

    return pa.list_(pa.struct(list(finding_columns())))


def review_batches(options: Options, columns: Columns, batches: Iterator[Any]) -> Iterator[Any]:
    """Yield the result for each Arrow batch of a DataFrame. Raises InputError for content that differs from the driver's."""
    reviewer = reviewer_of(
        options.rules, options.policy, options.model, options.version, options.revision, options.lang
    )
    review = Review(reviewer, options.provider, options.as_of, options.lang)
    for batch in batches:
        if batch.num_rows:
            yield reviewed(review, columns, batch, options.with_findings)


def reviewed(review: Review, columns: Columns, batch: Any, with_findings: bool) -> Any:
    """Return a batch with the columns of the table `verdicts`, and its findings if they are wanted."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    given = pa.Table.from_batches([batch])
    own = own_columns()
    cells = given.drop_columns([name for name in given.column_names if name in {*own.names, FOUND}])
    places = range(given.num_rows)
    rows = list(submissions(cells, columns, 0))
    parts = tables("", cells, places, review.verdicts(rows))
    found = parts.findings
    parents = found["row"]
    verdicts = parts.verdicts
    for name in ORIGIN:
        field = own.field(name)
        values = (
            given[name].cast(field.type) if name in given.column_names else pa.nulls(len(places), field.type)
        )
        verdicts = verdicts.set_column(verdicts.schema.get_field_index(name), field, values)
        key = finding_columns().field(name.removeprefix("smsvet_"))
        found = found.set_column(found.schema.get_field_index(key.name), key, values.take(parents))
    if with_findings:
        verdicts = verdicts.append_column(FOUND, _nested(found, parents.to_pylist(), len(places)))
    return verdicts.combine_chunks().to_batches()[0]


def _nested(found: Any, parents: list[int], count: int) -> Any:
    """Return the findings as one list for each row; `parents` are the places of their rows, in ascending order."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    sizes = [0] * count
    for place in parents:
        sizes[place] += 1
    offsets = [0]
    for size in sizes:
        offsets.append(offsets[-1] + size)
    struct = pa.StructArray.from_arrays(
        [column.combine_chunks() for column in found.columns], fields=list(found.schema)
    )
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), struct, type=found_type())


@lru_cache(maxsize=2)
def reviewer_of(
    rules: tuple[str, ...], policy: str | None, model: str | None, version: str, revision: str, lang: Lang
) -> Reviewer:
    """Return the reviewer of this process, built once: Spark gives a worker process many tasks.

    Raises InputError if version or content differ from the driver's.
    """
    reviewer = Reviewer(rules, policy, cache=cache_folder(), model=model)
    if (smsvet.__version__, reviewer.revision) != (version, revision):
        here, there = f"{smsvet.__version__} {reviewer.revision}", f"{version} {revision}"
        raise InputError(
            say(
                lang,
                f"工作进程的 smsvet 或规则（{here}）与驱动程序的（{there}）不同；请在所有节点安装同样的版本和规则",
                f"smsvet or its rules on a worker ({here}) differ from the driver's ({there}); "
                "install the same version and rules on every node",
            )
        )
    gc.freeze()
    return reviewer
