"""Check that every review method and every library stack gives the same verdicts: `make equality`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bench.generator import submissions
from bench.quality.disguises import disguiser
from bench.quality.labelled_sets import DATA, templates_and_messages
from bench.quality.review_ways import Answer, answers_of, differences
from bench.speed.backends import build, installed
from smsvet import Reviewer, Submission

BATCH = 2000


def main() -> None:
    """Print the numbers of compared verdicts and findings; exit 1 if any two differ."""
    options = parse()
    reviewers = {stack: build(stack) for stack in installed()}
    providers = next(iter(reviewers.values())).providers
    sources: dict[str, Iterable[Submission]] = {
        "generated": submissions(options.count, providers, seed=options.seed, disguise=disguiser())
    }
    for path in sorted(options.data.glob("*.jsonl")):
        sources[path.stem] = (replace(item, id=name) for name, item in templates_and_messages(path))
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
    parser.add_argument("--data", type=Path, default=DATA, help="folder with .jsonl files, a `text` a line")
    parser.add_argument("--show", type=int, default=5, help="how many differences to print")
    return parser.parse_args()


def compare(name: str, source: Iterable[Submission], reviewers: Mapping[str, Reviewer], show: int) -> int:
    """Print the counts of one source and its first differences; return the number of submissions that differ."""
    counts: Counter[str] = Counter()
    shown: list[str] = []
    source = iter(source)
    while batch := list(islice(source, BATCH)):
        answers: dict[str, list[Answer]] = {}
        for stack, reviewer in reviewers.items():
            answers |= answers_of(stack, reviewer, batch)
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


if __name__ == "__main__":
    main()
