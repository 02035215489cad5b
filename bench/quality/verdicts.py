"""Write verdicts as JSON lines, to compare two commits byte by byte: `make verdicts OUT=new.jsonl`.

The texts are those of the labelled sets, the examples of every rule, `examples/` and generated submissions. Only
public names of the engine are imported, so that this script can run an older engine. With the old commit checked out
in `../old`:

    python -m bench.quality.verdicts --out new.jsonl
    PYTHONPATH=../old/engine:../old/api python -m bench.quality.verdicts --out old.jsonl
    cmp old.jsonl new.jsonl

The examples come from the checkout of the running engine; `--content` names another one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

import yaml

import smsvet
from bench.generator import submissions
from bench.quality.disguises import disguiser
from bench.quality.labelled_sets import DATA, json_lines, templates_and_messages
from bench.quality.review_ways import WAYS, Answer, Lang, Way
from smsvet import Reviewer, Submission
from smsvet.schema import read_submission

BATCH = 2000
SHORT = {"review": "review", "many": "review_many", "table": "review_table"}
"""Name on the command line -> review method."""

Item = tuple[str, Submission]
"""A submission with the name of its source and row, which becomes the `id` of the verdict."""


def main() -> None:
    """Write the file; print the counts of every source and the digest of the file."""
    options = parse()
    reviewer = Reviewer()
    langs: Sequence[Lang] = ("zh", "en") if options.lang == "both" else (options.lang,)
    print(f"engine {Path(smsvet.__file__).parent}, revision {reviewer.revision}")
    print(
        f"{'source':28}{'verdicts':>10}{'approve':>10}{'manual':>10}{'reject':>10}{'findings':>10}{'faults':>8}"
    )
    total: Counter[str] = Counter()
    digest = hashlib.sha256()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("wb") as out:
        for name, items in sources(options, reviewer):
            counts = write(items, reviewer, WAYS[SHORT[options.way]], langs, out, digest, options.revision)
            show(name, counts)
            total += counts
    show("all", total)
    print(f"sha256 {digest.hexdigest()}")


def parse() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="JSON lines, a verdict a line")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with .jsonl files, a `text` a line")
    parser.add_argument(
        "--content",
        type=Path,
        default=Path(smsvet.__file__).parents[2],
        help="checkout whose rules/ and examples/ are reviewed",
    )
    parser.add_argument("--count", type=int, default=20_000, help="submissions to generate")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--way", choices=SHORT, default="many")
    parser.add_argument("--lang", choices=("zh", "en", "both"), default="zh", help="language of the messages")
    parser.add_argument("--revision", action="store_true", help="keep the revision of the content")
    return parser.parse_args()


def sources(options: argparse.Namespace, reviewer: Reviewer) -> Iterator[tuple[str, Iterable[Item]]]:
    """Yield the name and the submissions of every source, in output order."""
    for path in sorted(options.data.glob("*.jsonl")):
        yield path.stem, templates_and_messages(path)
    yield "rules", of_rules(options.content / "rules")
    for path in sorted((options.content / "examples").glob("*.jsonl")):
        yield f"examples/{path.stem}", of_submissions(path)
    generated = submissions(options.count, reviewer.providers, seed=options.seed, disguise=disguiser())
    yield "generated", ((f"generated:{number}", item) for number, item in enumerate(generated, 1))


def of_rules(folder: Path) -> Iterator[Item]:
    """Yield the examples of every rule file: first those to flag, then those to pass."""
    for path in sorted(folder.rglob("*.yaml")):
        examples = yaml.safe_load(path.read_text(encoding="utf-8"))["examples"]
        rule = path.relative_to(folder).with_suffix("").as_posix()
        for kind in ("flag", "pass"):
            for number, example in enumerate(examples.get(kind) or (), 1):
                yield f"rules/{rule}:{kind}:{number}", read_submission(example)


def of_submissions(path: Path) -> Iterator[Item]:
    """Yield the submissions of an example file."""
    for number, row in json_lines(path):
        yield f"examples/{path.stem}:{number}", read_submission(row)


def write(
    items: Iterable[Item],
    reviewer: Reviewer,
    way: Way,
    langs: Sequence[Lang],
    out: IO[bytes],
    digest: Any,
    revision: bool,
) -> Counter[str]:
    """Write the verdicts of a source, add their bytes to the digest, and return the counts.

    The `id` of a verdict must equal that of its submission. The `id` in the file names the source and the row.
    """
    counts: Counter[str] = Counter()
    stream = iter(items)
    while batch := list(islice(stream, BATCH)):
        names, given = zip(*batch, strict=True)
        for lang in langs:
            for name, item, answer in zip(names, given, way(reviewer, given, lang), strict=True):
                line = written(name, item, answer, lang, revision)
                out.write(line)
                digest.update(line)
                counts["verdicts"] += 1
                counts[answer["decision"]] += 1
                counts["findings"] += len(answer["findings"])
                counts["faults"] += len(answer["faults"])
    return counts


def written(name: str, item: Submission, answer: Answer, lang: Lang, revision: bool) -> bytes:
    """Return a verdict as a line. Raises ValueError if it belongs to another submission."""
    if answer["id"] != item.id or "error" in answer:
        raise ValueError(f"{name}: not a verdict on {item}: {answer}")
    if not revision:
        del answer["revision"]
    line = json.dumps({**answer, "id": name, "lang": lang}, ensure_ascii=False)
    # A text may contain a lone surrogate, which UTF-8 cannot encode.
    return (line + "\n").encode("utf-8", "surrogatepass")


def show(name: str, counts: Counter[str]) -> None:
    """Print the counts of a source."""
    columns = (
        ("verdicts", 10),
        ("approve", 10),
        ("manual_review", 10),
        ("reject", 10),
        ("findings", 10),
        ("faults", 8),
    )
    print(f"{name:28}" + "".join(f"{counts[key]:{width}}" for key, width in columns), flush=True)


if __name__ == "__main__":
    main()
