"""Reviews the rows of a Spark DataFrame; the columns of the result are those of the table `verdicts` of an audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import smsvet
from smsvet import ContentError, Reviewer
from smsvet.fields import wrong_value
from smsvet.model import Lang

from ... import dates
from ...environment import cache_folder
from ...files.rows import InputError
from ...files.words import provider_names
from ...wording import say
from ..output_tables import own_columns
from ..sources import Interpretation, columns_of
from .batches import FOUND, NAME, ORIGIN, Options, found_type, review_batches
from .session import check_extra

if TYPE_CHECKING:
    from pyspark.sql import DataFrame  # pyright: ignore[reportMissingImports]
    from pyspark.sql.types import StructType  # pyright: ignore[reportMissingImports]


def review(
    df: DataFrame,
    *,
    provider: str | None = None,
    as_of: date | None = None,
    policy: Path | str | None = None,
    rules: Sequence[Path | str] = (),
    columns: Sequence[str] = (),
    model: Path | str | None = None,
    lang: Lang = "zh",
    with_findings: bool = False,
) -> DataFrame:
    """Return the columns of `df` and the `smsvet_` columns of the table `verdicts`, one row for each row of `df`.

    The columns of `df` are recognised as those of a file; `columns` has items such as `body=Copy`, as `--column`.
    `provider` and `as_of` are for rows that name none; without `as_of` it is today's date in China, the same for all rows.
    `policy`, `rules` and `model` are paths that driver and workers can read. `smsvet_file` and `smsvet_row` keep the
    values that `df` has in columns of these names, else they are empty; other `smsvet_` columns of `df` are replaced.
    `with_findings` adds the column `smsvet_found`, which `findings` reads. Nothing is reviewed before an action of Spark.

    Raises MissingExtraError, and InputError for a wrong column, provider, policy or rule. A worker with other content
    than the driver fails its task.
    """
    check_extra()
    names = _names(df, lang)
    try:
        reviewer = Reviewer(rules, policy, cache=cache_folder(), model=model)
    except ContentError as error:
        raise InputError(error.say(lang)) from error
    if provider is not None and provider not in reviewer.providers:
        raise InputError(wrong_value("provider", provider, reviewer.providers).say(lang))
    how = Interpretation(lang, provider_names(reviewer.providers), provider, tuple(columns))
    fields = columns_of(names, NAME, how)
    if fields is None:
        raise InputError(
            say(
                lang,
                f"{NAME}：这些列是供应商接口返回的列表，请用 smsvet review FILE 审核",
                f"{NAME}: these are the keys of a vendor's list answer; review it with smsvet review FILE",
            )
        )
    options = Options(
        tuple(map(str, rules)),
        None if policy is None else str(policy),
        None if model is None else str(model),
        smsvet.__version__,
        reviewer.revision,
        provider,
        as_of or dates.today(),
        lang,
        with_findings,
    )
    return df.mapInArrow(partial(review_batches, options, fields), _schema(df, with_findings, lang))


def findings(reviewed: DataFrame) -> DataFrame:
    """Return the table `findings` of a DataFrame that `review` returned with `with_findings`: one row a finding.

    `reviewed` is computed again unless it is stored or cached. Raises ValueError without the column `smsvet_found`.
    """
    if FOUND not in reviewed.columns:
        raise ValueError(f"no column {FOUND}: call review(..., with_findings=True)")
    return reviewed.selectExpr(f"inline({FOUND})")


def _names(df: DataFrame, lang: Lang) -> list[str]:
    """Return the names of the columns that may be fields. Raises InputError for a name that occurs twice."""
    twice = sorted({name for name in df.columns if df.columns.count(name) > 1})
    if twice:
        raise InputError(
            say(
                lang,
                f"{NAME}：列名重复：{'、'.join(twice)}",
                f"{NAME}: column named twice: {', '.join(twice)}",
            )
        )
    own = {*own_columns().names, FOUND}
    return [name for name in df.columns if name not in own]


def _schema(df: DataFrame, with_findings: bool, lang: Lang) -> StructType:
    """Return the columns of the result. Raises InputError for an origin of the wrong type."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it
    from pyspark.sql.pandas.types import (  # noqa: PLC0415 - as above  # pyright: ignore[reportMissingImports]
        from_arrow_schema,
    )
    from pyspark.sql.types import StructType  # noqa: PLC0415 - as above  # pyright: ignore[reportMissingImports]

    own = own_columns()
    for name in ORIGIN:
        if name in df.columns and df.schema[name].dataType.typeName() not in _TYPES[name]:
            given, right = df.schema[name].dataType.simpleString(), _TYPES[name][-1]
            raise InputError(
                say(
                    lang,
                    f"{NAME}：列 {name} 的类型是 {given}，应为 {right}",
                    f"{NAME}: column {name} is {given}, not {right}",
                )
            )
    if with_findings:
        own = own.append(pa.field(FOUND, found_type()))
    kept = [field for field in df.schema.fields if field.name not in {*own.names, FOUND}]
    return StructType([*kept, *from_arrow_schema(own).fields])


_TYPES: Final = {"smsvet_file": ("string",), "smsvet_row": ("byte", "short", "integer", "long")}
"""The types of Spark that an origin may have."""
