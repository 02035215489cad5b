"""Instructions per clean text in this checkout and in another one, counted by Valgrind (callgrind).

A count does not depend on the load of the machine, so that it shows differences of one per cent:

    python -m bench.speed.instructions ../old
    python -m bench.speed.instructions ../old --texts my.jsonl --ways review --profiles build/profiles

Both checkouts review the same texts, those that both approve, and have reviewed them once before: caches are warm.
`--texts` adds the kind `notices`, from JSON lines with a `text` each. `--profiles` keeps callgrind's output, for
`callgrind_annotate`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.generator import templates
from bench.speed.backends import STACKS
from bench.speed.counted import MARK, WAYS

ROOT = Path(__file__).parents[2]
COUNTED = Path(__file__).with_name("counted.py")
LENGTHS = {"short": 20, "ordinary": 70, "long": 300}
"""Kind of template -> code points."""
VALUES = ("123456", "SF10023", "3", "7")
COMPANY = "杭州青禾网络有限公司"
TOTALS = re.compile(r"^totals: ([0-9]+)$", re.MULTILINE)

Fields = Mapping[str, Any]
Kinds = dict[str, Sequence[Fields]]
Counts = dict[tuple[str, str], int]
"""(way, kind) -> instructions."""


def main() -> None:
    """Print a row per way and kind: instructions per text in both checkouts, and their ratio."""
    options = parse()
    checkouts = {"other": options.checkout.resolve(), "this": ROOT}
    kinds = submissions(options.count, options.texts)
    kinds = {name: rows for name, rows in kinds.items() if not options.kinds or name in options.kinds}
    with TemporaryDirectory() as temporary:
        # The first run of a checkout also caches its content there, so that few instructions are needed to load it.
        folders = {name: (options.profiles or Path(temporary)).resolve() / name for name in checkouts}
        for name, checkout in checkouts.items():
            kinds = approved(kinds, checkout, options.stack, folders[name])
        counts = {
            name: counted(kinds, checkout, options, folders[name]) for name, checkout in checkouts.items()
        }
    print(f"{'way':14}{'kind':14}{'texts':>7}{'other':>12}{'this':>12}{'ratio':>8}")
    for way, kind in counts["this"]:
        texts = len(kinds[kind])
        other, this = (counts[name][way, kind] / texts for name in ("other", "this"))
        print(f"{way:14}{kind:14}{texts:7}{other:12,.0f}{this:12,.0f}{this / other:8.3f}")


def parse() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path, help="the other checkout")
    parser.add_argument("--texts", type=Path, help="JSON lines, a `text` a line")
    parser.add_argument("--count", type=int, default=100, help="texts of each kind")
    parser.add_argument("--kinds", nargs="+", help="kinds of text, by default all")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--stack", choices=STACKS, default="default")
    parser.add_argument("--profiles", type=Path, help="folder for callgrind's output")
    return parser.parse_args()


def submissions(count: int, texts: Path | None) -> Kinds:
    """Return `count` submissions of each kind, or fewer from a file of texts."""
    kinds: Kinds = {
        kind: [{"body": body} for body in templates(count, 0, seed=length, length=length)]
        for kind, length in LENGTHS.items()
    }
    bodies = list(templates(count, 0, seed=1, length=70))
    kinds["params"] = [{"body": body, "params": VALUES[: body.count("{")]} for body in bodies if "{" in body]
    company = {"signature": COMPANY, "source": "company", "account": {"type": "enterprise", "name": COMPANY}}
    kinds["signature"] = [{"body": body, **company} for body in bodies]
    kinds["link"] = [{"body": f"{body}详情请登录www.yunfan365.com查询。"} for body in bodies]
    kinds["message"] = [
        {"text": "【云雀科技】" + re.sub(r"\{[0-9]\}", "3344", body)}
        for body in templates(count, 0, seed=2, length=70)
    ]
    if texts:
        with texts.open(encoding="utf-8") as lines:
            kinds["notices"] = [{"text": json.loads(line)["text"]} for line in lines][:count]
    return kinds


def approved(kinds: Kinds, checkout: Path, stack: str, folder: Path) -> Kinds:
    """Return the submissions that a checkout approves."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    approvals = json.loads(run(checkout, stack, "approved", kinds, folder))
    return {
        kind: [row for row, is_approved in zip(rows, approvals[kind], strict=True) if is_approved]
        for kind, rows in kinds.items()
    }


def counted(kinds: Kinds, checkout: Path, options: argparse.Namespace, folder: Path) -> Counts:
    """Return the instructions of each way and kind in a checkout. Leaves callgrind's output in the folder."""
    valgrind = (
        "valgrind",
        "--tool=callgrind",
        "--instr-atstart=no",
        f"--dump-before={MARK}",
        f"--callgrind-out-file={folder}/part",
    )
    run(checkout, options.stack, ",".join(options.ways), kinds, folder, valgrind)
    steps = [(way, kind) for way in options.ways for kind in kinds]
    # Each step dumps what was counted before its work, which is little, and then its work.
    return {
        step: int(TOTALS.findall((folder / f"part.{number}").read_text(encoding="utf-8"))[-1])
        for number, step in zip(range(2, 2 * len(steps) + 1, 2), steps, strict=True)
    }


def run(checkout: Path, stack: str, job: str, kinds: Kinds, folder: Path, command: Sequence[str] = ()) -> str:
    """Return the output of counted.py with the engine of a checkout. Raises CalledProcessError if it fails."""
    libraries = ",".join(STACKS[stack].absent), STACKS[stack].backend
    done = subprocess.run(
        [*command, sys.executable, str(COUNTED), job, *libraries, str(folder)],
        input=json.dumps(kinds),
        stdout=subprocess.PIPE,
        stderr=None if not command else subprocess.DEVNULL,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": f"{checkout}/engine", "PYTHONHASHSEED": "0"},
    )
    return done.stdout


if __name__ == "__main__":
    main()
