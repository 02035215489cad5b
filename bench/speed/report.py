"""Formats the tables of a run for the terminal and for docs/performance.md."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.speed.hostile import worst as slowest
from bench.speed.targets import targets

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the column headings, and the rows; the first column names the row."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables(results: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the table of every measured section, then the targets."""
    sections = results["sections"]
    for name, draw in DRAWN.items():
        if name in sections:
            yield draw(sections[name])
    rows = [
        (target.name, target.bound, target.measured, "yes" if target.met else "no")
        for target in targets(sections)
    ]
    if rows:
        yield Table("Targets", ("target", "bound", "measured", "met"), rows)


def throughput(section: Mapping[str, Any]) -> Table:
    """Return the time per text of every method, and its speed-up over the conventional engine."""
    rows = [
        (name, f"{row['us']:.1f}", f"{row['per_second']:,.0f}", f"{row['speedup']:.1f}x")
        for name, row in section["rows"].items()
    ]
    title = (
        f"Throughput: {section['texts']} templates of {section['mean_length']:.0f} characters a round, "
        f"{section['rounds']} rounds, a rule fires on {section['fired']:.1%}"
    )
    return Table(title, ("way", "µs per text", "per second", "speed-up"), rows)


def grown(title: str, section: Mapping[str, Any], first: str, name: str = "{}") -> Table:
    """Return a table with a column for each method and a row for each size."""
    sizes = section["rows"]
    columns = [way for way in next(iter(sizes.values())) if way.startswith("review")]
    rows = [
        (name.format(size), *(f"{row[way]['us']:.1f}" if way in row else "" for way in columns))
        for size, row in sizes.items()
    ]
    return Table(f"{title}: µs per text", (first, *columns), rows)


def terms(section: Mapping[str, Any]) -> Table:
    """Return the time per text by number of terms, and the time to load them."""
    table = grown("Lexicon terms", section, "terms")
    loads = [name for name in next(iter(section["rows"].values())) if name.startswith("load_s")]
    rows = [
        (f"{int(line[0]):,}", *line[1:], *(f"{row[name]:.1f}" for name in loads))
        for line, row in zip(table.rows, section["rows"].values(), strict=True)
    ]
    last = (
        "most / fewest",
        *(f"{section['slower'][way]:.2f}x" for way in table.head[1:]),
        *("" for _ in loads),
    )
    heads = (name.replace("load_s", "s to load") for name in loads)
    return Table(table.title, (*table.head, *heads), [*rows, last])


def length(section: Mapping[str, Any]) -> Table:
    """Return the time per text by length."""
    return grown("Length, no rule fires", section, "characters")


def firing(section: Mapping[str, Any]) -> Table:
    """Return the time per text by the share of texts that make a rule fire."""
    shown = {f"{row['fired']:.1%}": row for row in section["rows"].values()}
    return grown("Share of texts on which a rule fires", {"rows": shown}, "fired")


def latency(section: Mapping[str, Any]) -> Table:
    """Return the percentiles of single calls."""
    rows = [
        (stack, *(f"{row[key]:.0f}" for key in ("p50_us", "p99_us", "p999_us")), f"{row['p99_of_p50']:.1f}x")
        for stack, row in section["rows"].items()
    ]
    title = f"Single calls of review, 50 to 100 characters, {section['texts']} a round: µs"
    return Table(title, ("stack", "p50", "p99", "p99.9", "p99 / p50"), rows)


def hostile(section: Mapping[str, Any]) -> Table:
    """Return the hostile texts that slow a batch most, relative to reviews one by one."""
    rows = []
    for way in ("review_many", "review_table"):
        name, slower = slowest(section, way)
        rows.append((way, name.strip(), f"{section['rows'][name]['ms']:.1f}", f"{slower:.2f}x"))
    title = f"Batches of hostile texts, the worst of {len(section['rows'])}"
    return Table(title, ("way", "text", "ms by review", "way / review"), rows)


def http(section: Mapping[str, Any]) -> Table:
    """Return the throughput of the HTTP service."""
    rows = [
        (name, str(row["connections"]), f"{row['per_second']:,.0f}", f"{row['p99_ms']:.1f}")
        for name, row in section["rows"].items()
    ]
    title = (
        f"HTTP, one worker; a batch holds {section['batch_of']} and is worth {section['times_single']:.1f}x"
    )
    return Table(title, ("requests", "connections", "submissions per second", "p99 ms"), rows)


def memory(section: Mapping[str, Any]) -> Table:
    """Return the memory of a worker."""
    rows = [
        (stack, *(f"{row[key]:.0f}" for key in ("warm_mb", "after_mb", "peak_mb")))
        for stack, row in section["rows"].items()
    ]
    title = f"Memory of a worker: MB, before and after {section['batches']} batches of {section['size']}"
    return Table(title, ("stack", "warm", "after", "most"), rows)


def start(section: Mapping[str, Any]) -> Table:
    """Return the phases of startup."""
    rows = [
        (name, *(f"{row[key]:.2f}" for key in ("import_s", "load_s", "first_s", "total_s")))
        for name, row in section["rows"].items()
    ]
    return Table(
        "Start of a fresh process: seconds", ("start", "import", "load", "first verdict", "all"), rows
    )


def rules(section: Mapping[str, Any]) -> Table:
    """Return the slowest rules."""
    rows = [
        (
            rule,
            f"{row['us_per_text']:.2f}",
            f"{row['us_per_call']:.1f}",
            f"{row['calls_per_1000']:.0f}",
            f"{row['hits_per_1000']:.0f}",
        )
        for rule, row in section["rows"].items()
    ]
    title = (
        f"Slowest rules in review: {section['ran']} of {section['rules']} ran, "
        f"{section['all_us_per_text']:.1f} µs per text in all"
    )
    return Table(title, ("rule", "µs per text", "µs per call", "calls per 1,000", "hits per 1,000"), rows)


DRAWN = {
    "throughput": throughput,
    "terms": terms,
    "length": length,
    "firing": firing,
    "latency": latency,
    "hostile": hostile,
    "http": http,
    "memory": memory,
    "start": start,
    "rules": rules,
}


def show(results: Mapping[str, Any]) -> str:
    """Return the tables for a terminal."""
    return "\n\n".join(plain(table) for table in tables(results))


def plain(table: Table) -> str:
    """Return a table as text with aligned columns."""
    lines = [table.head, *table.rows]
    widths = [max(columns(line[place]) for line in lines) for place in range(len(table.head))]
    text = [table.title]
    for line in lines:
        cells = [
            cell + " " * (width - columns(cell)) if place == 0 else " " * (width - columns(cell)) + cell
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        text.append("  ".join(cells).rstrip())
    return "\n".join(text)


def columns(text: str) -> int:
    """Return the width of a text in terminal columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def write_page(results: Mapping[str, Any], page: Path = PAGE) -> None:
    """Write the tables between the marks of the page. Raises ValueError if the page has no marks."""
    machine = results["machine"]
    said = (
        f"Python {machine['python']}, {machine['cpus']} CPUs, "
        + ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
        + f"; content {results['revision']}; {machine['busy']:.1f} other processes ran when it began. "
        + f"Command: `{results['command']}`."
    )
    write_block([said, *(markdown(table) for table in tables(results))], "make bench", page)


def write_block(parts: Sequence[str], command: str, page: Path = PAGE) -> None:
    """Put paragraphs between the marks that name the command; raises ValueError where there are none."""
    text = page.read_text(encoding="utf-8")
    block = re.compile(rf"(?s)(<!-- measured: {re.escape(command)} -->\n).*?(\n<!-- end of measured -->)")
    written, count = block.subn(lambda found: found[1] + "\n" + "\n\n".join(parts) + "\n" + found[2], text)
    if count != 1:
        raise ValueError(f"{page} has no place for what was measured")
    page.write_text(written, encoding="utf-8", newline="\n")


def markdown(table: Table) -> str:
    """Return a table as Markdown, under its title."""
    lines = [f"**{table.title}**", "", row(table.head), "| --- |" + " ---: |" * (len(table.head) - 1)]
    return "\n".join([*lines, *map(row, table.rows)])


def row(cells: Sequence[str]) -> str:
    """Return the line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
