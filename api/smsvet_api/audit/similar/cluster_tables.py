"""The tables `clusters` and `members` of a run, from the flagged items that the workers noted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from smsvet import Decision

from ...files.rows import Row, Unreadable
from ...files.whole_file import replacing
from ...skeletons import Skeletons
from .clusters import Clustering, Kind, Led

CLUSTERS: Final = "clusters"
MEMBERS: Final = "members"
"""The folders of the two tables."""
ITEMS: Final = "items"
"""Folder of the noted items, below the folder for work."""
FILE: Final = "clusters.parquet"

_TOGETHER: Final = 8192
_TEXTS: Final = ("body", "text", "signature")


def item_columns() -> Any:
    """Return the columns of the noted items."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

    texts = ("file", "id", "provider", "purpose", "decision", "text", "skeleton")
    return pa.schema(
        [("row", pa.int64()), ("rules", pa.list_(pa.string())), *((name, pa.string()) for name in texts)]
    )


def items_of(
    rows: Sequence[Row | Unreadable], verdicts: Any, skeletons: Skeletons
) -> Iterator[dict[str, Any]]:
    """Yield the items of some rows that are not approved; `verdicts` is their table of verdicts."""
    names = ("file", "row", "id", "provider", "decision", "rules")
    columns = [verdicts[f"smsvet_{name}"].to_pylist() for name in names]
    for row, cells in zip(rows, zip(*columns, strict=True), strict=True):
        found = dict(zip(names, cells, strict=True))
        data = row.data if isinstance(row, Row) else None
        if found["decision"] in (None, Decision.APPROVE) or not isinstance(data, Mapping):
            continue
        text = next(str(data[name]) for name in _TEXTS if data.get(name) is not None)
        skeleton = skeletons.of(text, found["provider"])
        yield found | {"purpose": data.get("purpose"), "text": text, "skeleton": skeleton}


def write_clusters(run: Path, items: Path) -> dict[str, int]:
    """Cluster the noted items of a run and write both tables; return the number of clusters and items.

    Memory depends on the number of different skeletons. Raises OSError.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415

    clustering = Clustering()
    for path in _files(items):
        for one in _read(path):
            clustering.add(_kind(one), one["skeleton"], one["text"])
    led = clustering.led()
    for folder in (run / CLUSTERS, run / MEMBERS):
        folder.mkdir(exist_ok=True)
    schema = pa.schema(
        [("cluster", pa.string()), ("file", pa.string()), ("row", pa.int64()), ("id", pa.string())]
    )
    for path in _files(items):
        rows = [
            {
                "cluster": led[_kind(one), one["skeleton"]].id,
                **{name: one[name] for name in ("file", "row", "id")},
            }
            for one in _read(path)
        ]
        with replacing(run / MEMBERS / path.name) as temporary:
            pq.write_table(pa.Table.from_pylist(rows, schema), temporary, compression="zstd")
    found = sorted(set(led.values()), key=lambda one: (-one.items, one.id))
    with replacing(run / CLUSTERS / FILE) as temporary:
        pq.write_table(_table(found), temporary, compression="zstd")
    return {"clusters": len(found), "items": sum(one.items for one in found)}


def biggest(run: Path, count: int) -> list[dict[str, Any]]:
    """Return the first rows of the table `clusters`: those with most items. Raises OSError."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    batches = pq.ParquetFile(run / CLUSTERS / FILE).iter_batches(batch_size=count)
    first = next(batches, None)
    return [] if first is None else list(first.to_pylist())


def _table(found: Sequence[Led]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - as above

    texts = ("cluster", "representative", "provider", "purpose", "decision")
    schema = pa.schema(
        [
            *((name, pa.string()) for name in texts),
            ("rules", pa.list_(pa.string())),
            ("items", pa.int64()),
            ("skeletons", pa.int64()),
        ]
    )
    rows = [
        {
            "cluster": one.id,
            "representative": one.text,
            "provider": one.kind.provider or None,
            "purpose": one.kind.purpose or None,
            "decision": one.kind.decision,
            "rules": list(one.kind.rules),
            "items": one.items,
            "skeletons": one.skeletons,
        }
        for one in found
    ]
    return pa.Table.from_pylist(rows, schema)


def _kind(one: Mapping[str, Any]) -> Kind:
    rules = tuple(sorted(one["rules"]))
    return Kind(one["provider"] or "", one["purpose"] or "", one["decision"], rules)


def _files(items: Path) -> list[Path]:
    return sorted(items.glob("*.parquet"))


def _read(path: Path) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_TOGETHER):
            yield from batch.to_pylist()
