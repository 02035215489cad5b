"""Growth of the time per text with the number of terms, the length, and the share of texts that make a rule fire."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.generator import templates
from bench.hanzi import gb2312_level
from bench.speed.backends import build
from bench.speed.throughput import fired
from bench.speed.timing import Batch, Way, interleaved, ratio, review_many, review_table, summary
from smsvet import Reviewer
from smsvet.files.location import CONTENT

FORM = ("link", "brace", "invisible")
"""The kinds of clauses that make a rule fire regardless of the lexicon."""
LENGTHS = (20, 50, 100, 200, 490)
"""Approximate lengths in code points; Tencent allows 500, so a longer text would make a rule fire."""
FIRING = (0.0, 0.05, 0.1, 0.2, 0.3)
CATEGORY = "gambling"


def batches(
    rounds: int,
    count: int,
    firing: float,
    length: int | None = None,
    kinds: Sequence[str] | None = None,
) -> list[Batch]:
    """Return the texts of the warm-up round and of the measured rounds, all different."""
    given = {"kinds": kinds} if kinds else {}
    return [
        Batch(list(templates(count, firing, seed=100 + number, length=length, **given)))
        for number in range(rounds + 1)
    ]


def ways_of(reviewer: Reviewer, suffix: str) -> dict[str, Way]:
    """Return name -> method for the two methods that take a batch."""
    return {
        f"review_many, {suffix}": review_many(reviewer),
        f"review_table, {suffix}": review_table(reviewer),
    }


def by_length(reviewers: Mapping[str, Reviewer], rounds: int, count: int) -> dict[str, Any]:
    """Return microseconds per text by length in code points; no rule fires."""
    rows = {}
    for length in LENGTHS:
        ways: dict[str, Way] = {}
        for stack, reviewer in reviewers.items():
            ways |= ways_of(reviewer, stack)
        rows[str(length)] = summary(interleaved(ways, batches(rounds, count, 0, length)))
    return {"rows": rows}


def by_firing(reviewers: Mapping[str, Reviewer], rounds: int, count: int) -> dict[str, Any]:
    """Return microseconds per text by the share of texts that make a rule fire."""
    rows = {}
    for share in FIRING:
        ways: dict[str, Way] = {}
        for stack, reviewer in reviewers.items():
            ways |= ways_of(reviewer, stack)
        texts = batches(rounds, count, share)
        found = summary(interleaved(ways, texts))
        found["fired"] = fired(next(iter(reviewers.values())), texts[-1])
        rows[str(share)] = found
    return {"rows": rows}


def by_terms(stacks: Sequence[str], sizes: Sequence[int], rounds: int, count: int) -> dict[str, Any]:
    """Return microseconds per text by the number of lexicon terms, and seconds to load them.

    At every size, the same share of texts makes a rule fire, because of their form and not because of a term. No
    generated term occurs in them. `slower` is the median over rounds of the ratio of the largest to the smallest
    lexicon.
    """
    texts = batches(rounds, count, 0.05, kinds=FORM)
    avoided = pieces(text for batch in texts for text in batch.texts)
    rows: dict[str, Any] = {str(size): {} for size in sizes}
    slower: dict[str, float] = {}
    for stack in stacks:
        ways: dict[str, Way] = {}
        for size in sizes:
            with TemporaryDirectory() as folder:
                content = content_with(size, Path(folder) / "content", avoided)
                begun = time.perf_counter()
                reviewer = build(stack, content=content)
                rows[str(size)][f"load_s, {stack}"] = time.perf_counter() - begun
            rows[str(size)][f"fired, {stack}"] = fired(reviewer, texts[-1])
            ways |= ways_of(reviewer, f"{stack}, {size}")
        times = interleaved(ways, texts)
        for name, found in summary(times).items():
            way, _, total = name.rpartition(", ")
            rows[total][way] = found
        for way in ("review_many", "review_table"):
            name = f"{way}, {stack}"
            slower[name] = ratio(times[f"{name}, {max(sizes)}"], times[f"{name}, {min(sizes)}"])
    return {"rows": rows, "slower": slower}


def content_with(total: int, folder: Path, avoided: Collection[str]) -> Path:
    """Return a copy of the content with `total` terms: some of the shipped ones, or all plus generated ones."""
    shutil.copytree(CONTENT / "rules", folder / "rules")
    shutil.copytree(CONTENT / "grammars", folder / "grammars")
    shutil.copytree(CONTENT / "corpora", folder / "corpora")
    lists = {path: lines_of(path) for path in sorted((folder / "corpora" / "terms").glob("*.tsv"))}
    shipped = sum(map(len, lists.values()))
    if total <= shipped:
        for path, lines in lists.items():
            # Every category keeps a term, because its rule requires one.
            kept = lines[: max(1, len(lines) * total // shipped)]
            path.write_text("\n".join(kept) + "\n", encoding="utf-8")
        return folder
    more = [f"{word}\tstrong\tanywhere\t" for word in words(total - shipped, avoided)]
    path = folder / "corpora" / "terms" / f"{CATEGORY}.tsv"
    path.write_text("\n".join([*lists[path], *more]) + "\n", encoding="utf-8")
    return folder


def lines_of(path: Path) -> list[str]:
    """Return the lines of a lexicon file that contain a term."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]


def words(count: int, avoided: Collection[str], seed: int = 7) -> list[str]:
    """Return different words of two to eight common characters, some of them prefixes of others.

    Words in `avoided` are left out.
    """
    chance = random.Random(seed)
    chars = [chr(point) for point in range(0x4E00, 0x9FA6) if gb2312_level(chr(point)) == 1]
    chance.shuffle(chars)
    weights = [1 / (place + 20) for place in range(len(chars))]
    lengths = chance.choices(range(2, 9), (5, 15, 35, 20, 15, 5, 5), k=count * 2)
    stream = iter(chance.choices(chars, weights, k=sum(lengths)))
    found: dict[str, None] = {}
    before = ""
    for length in lengths:
        word = "".join(next(stream) for _ in range(length))
        if before and length < 4 and chance.random() < 0.5:
            word = (before + word)[:8]
        if word not in avoided:
            found[word] = None
            before = word
        if len(found) == count:
            break
    return list(found)


def pieces(texts: Any) -> set[str]:
    """Return every substring of two to eight code points of the texts."""
    found: set[str] = set()
    for text in texts:
        for length in range(2, 9):
            found.update(text[start : start + length] for start in range(len(text) - length + 1))
    return found
