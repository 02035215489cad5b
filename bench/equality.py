"""Prove that every way to review gives the same verdicts: `make equality`."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from disguising import Way, ways
from generate import submissions
from stacks import build, installed

from smsvet import Reviewer, Submission
from smsvet.schema import SubmissionIn, write_verdict

ROOT = Path(__file__).parents[1]
BATCH = 2000
NESTED = ("params", "documents", "variables", "samples", "account", "recipients", "history")
"""Columns that are given as JSON text, since a column has one type."""

Answer = Mapping[str, Any]
"""A verdict as JSON."""


def main() -> None:
    """Print how many verdicts and findings were compared; exit 1 where any two ways differ."""
    options = parse()
    reviewers = {stack: build(stack) for stack in installed()}
    providers = next(iter(reviewers.values())).providers
    sources: dict[str, Iterable[Submission]] = {
        "generated": submissions(options.count, providers, seed=options.seed, disguise=disguiser())
    }
    for path in sorted(options.data.glob("*.jsonl")) if options.data else []:
        sources[path.stem] = of_file(path)
    wrong = 0
    print(f"{'source':28}{'submissions':>12}{'findings':>10}{'fired':>8}{'different':>11}")
    for name, source in sources.items():
        wrong += compare(name, source, reviewers, options.show)
    if wrong:
        sys.exit(1)


def parse() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="submissions to generate")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--data",
        type=Path,
        default=ROOT.parent / "shared" / "data",
        help="folder with .jsonl files, a `text` a line",
    )
    parser.add_argument("--show", type=int, default=5, help="how many differences to print")
    return parser.parse_args()


def disguiser() -> Any:
    """Return what writes words as spammers do, one or two steps of any kind."""
    by_name = list(ways().values())

    def disguise(word: str, chance: random.Random) -> str:
        tokens = list(word)
        for way in chance.sample(by_name, chance.randint(1, 2)):
            tokens = applied(way, tokens, chance)
        return "".join(tokens)

    return disguise


def applied(way: Way, tokens: list[str], chance: random.Random) -> list[str]:
    """Return the tokens disguised in one way, or as they were where it does not fit."""
    return way(list(tokens), chance) or tokens


def of_file(path: Path) -> Iterator[Submission]:
    """Yield each text of a file as a template and as a message."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line:
            text = json.loads(line)["text"]
            yield Submission(id=f"{number}b", body=text, purpose="notification")
            yield Submission(id=f"{number}t", text=text)


def compare(name: str, source: Iterable[Submission], reviewers: Mapping[str, Reviewer], show: int) -> int:
    """Print the counts of one source and its first differences; return how many submissions differ."""
    counts: Counter[str] = Counter()
    shown: list[str] = []
    source = iter(source)
    while batch := list(islice(source, BATCH)):
        answers: dict[str, list[Answer]] = {}
        for stack, reviewer in reviewers.items():
            answers |= of_product(stack, reviewer, batch)
        first = next(iter(answers.values()))
        found = differences(answers, batch)
        shown += found[: max(0, show - len(shown))]
        counts["submissions"] += len(batch)
        counts["findings"] += sum(len(answer["findings"]) for answer in first)
        counts["fired"] += sum(bool(answer["findings"]) for answer in first)
        counts["different"] += len(found)
    share = counts["fired"] / max(1, counts["submissions"])
    print(
        f"{name:28}{counts['submissions']:12}{counts['findings']:10}{share:8.1%}{counts['different']:11}",
        flush=True,
    )
    for line in shown:
        print(f"  {line}")
    return counts["different"]


def of_product(stack: str, reviewer: Reviewer, batch: Sequence[Submission]) -> dict[str, list[Answer]]:
    """Return the verdicts of the three ways of the product."""
    return {
        f"review, {stack}": [plain(write_verdict(reviewer.review(item))) for item in batch],
        f"review_many, {stack}": [plain(write_verdict(item)) for item in reviewer.review_many(batch)],
        f"review_table, {stack}": [plain(row) for row in reviewer.review_table(table_of(batch)).to_pylist()],
    }


def plain(answer: dict[str, Any]) -> Answer:
    """Return a verdict, from JSON or from a row of a table, without what only one of them writes as null."""
    if answer.get("error") is None:
        answer.pop("error", None)
    for finding in answer.get("findings") or ():
        if not finding.get("spans"):
            finding.pop("spans", None)
    return answer


def table_of(batch: Sequence[Submission]) -> pa.Table:
    """Return submissions as a table, with the columns of the public contract."""
    columns: dict[str, list[str | None]] = {}
    for name in SubmissionIn.model_fields:
        cells = [cell(name, getattr(item, name)) for item in batch]
        if any(value is not None for value in cells):
            columns[name] = cells
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def cell(name: str, value: Any) -> str | None:
    """Return a field of a submission as it stands in a table."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, default=jsonable) if name in NESTED else str(value)


def jsonable(value: Any) -> Any:
    """Return a record as the object, or a date as the text, that JSON has for it."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    known = {name: getattr(value, name) for name in value.__slots__}
    return {name: item for name, item in known.items() if item not in (None, ())}


def differences(answers: Mapping[str, Sequence[Answer]], batch: Sequence[Submission]) -> list[str]:
    """Return one line for each submission that not every way answers alike."""
    (first, expected), *others = answers.items()
    lines = []
    for place, item in enumerate(batch):
        for way, given in others:
            if given[place] != expected[place]:
                lines.append(f"{item.id}: {way} is not {first}: {told(expected[place], given[place])} {item}")
                break
    return lines


def told(one: Answer, other: Answer) -> str:
    """Return what of two verdicts is not the same."""
    parts = []
    for key in sorted(set(one) | set(other)):
        if one.get(key) == other.get(key):
            continue
        if key == "findings":
            parts += [f"-{item}" for item in one.get(key, ()) if item not in other.get(key, ())]
            parts += [f"+{item}" for item in other.get(key) or () if item not in one.get(key, ())]
        else:
            parts.append(f"{key}: {one.get(key)!r} {other.get(key)!r}")
    return "; ".join(parts)


if __name__ == "__main__":
    main()
