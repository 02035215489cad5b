"""Measure how many disguised violations are still caught, and at what price: `make evasion`."""

from __future__ import annotations

import argparse
import json
import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

from disguising import Way, ways
from plot import draw
from quality import BENIGN, submission
from texts import SETS, read

from smsvet import Decision, Reviewer, Submission, Verdict
from smsvet.disguise import TRANSFORMS
from smsvet.schema import read_submission

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Case:
    """A violating message in disguise: which message, the ways applied, the text, what it was caught for."""

    number: int
    ways: tuple[str, ...]
    submission: Submission
    category: str

    @property
    def body(self) -> str:
        """Return the text in disguise."""
        return self.submission.body or ""

    @property
    def held_out(self) -> bool:
        """Return whether the message, and so every copy of it, belongs to the second half."""
        return zlib.crc32(str(self.number).encode()) % 2 == 1


Key = tuple[str, ...] | int


def main() -> None:
    """Print recall by transform and by number of transforms, false positives, and the ablation."""
    options = parse()
    reviewer = Reviewer(off=options.off)
    chance = random.Random(options.seed)
    cases = list(disguised(reviewer, ways(), chance, options.copies))
    caught = outcome(reviewer, cases)
    print(f"revision {reviewer.revision}, seed {options.seed}, {len(cases)} disguised messages")
    single = recall_table(cases, caught)
    chains = chain_table(cases, caught)
    plain = Reviewer(off=TRANSFORMS)
    benign = list(benign_rows(options.data))
    price(reviewer, plain, benign, options.show)
    if options.missed:
        wanted = tuple(options.missed.split("+"))
        for case, hit in zip(cases, caught, strict=True):
            if not hit and case.ways == wanted:
                print("  missed", case.category, case.body)
    if options.ablation:
        ablation(cases, caught, benign)
    if options.plot:
        without = outcome(plain, cases)
        options.plot.write_text(draw(single, chains, chain_shares(cases, without)), encoding="utf-8")


def parse() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder with benign sets"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--copies", type=int, default=2, help="chains of each length for a message")
    parser.add_argument("--off", nargs="*", default=(), help="transforms to leave out", choices=TRANSFORMS)
    parser.add_argument(
        "--ablation", action="store_true", help="also print the tables without each transform"
    )
    parser.add_argument("--plot", type=Path, help="write the curve as SVG here")
    parser.add_argument("--missed", help="print the messages that this way gets past")
    parser.add_argument("--show", type=int, default=10, help="how many benign hits to print")
    return parser.parse_args()


def disguised(
    reviewer: Reviewer, by_name: Mapping[str, Way], chance: random.Random, copies: int
) -> Iterable[Case]:
    """Yield the caught messages with every term of the category disguised: each way, then chains of two and three."""
    lines = (ROOT / "corpora" / "labelled" / "violating.jsonl").read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines):
        example: dict[str, Any] = json.loads(line) if line else {}
        if "body" not in example.get("submission", {}):
            continue
        body = example["submission"]["body"]
        plain = read_submission(example["submission"])
        category = caught_for(reviewer.review(plain), example)
        if category is None:
            continue
        places = terms_of(reviewer, plain, category)
        chains: list[tuple[str, ...]] = [(name,) for name in by_name]
        chains += [
            tuple(chance.sample(list(by_name), length)) for length in (2, 3) for _ in range(copies * 4)
        ]
        kept: Counter[int] = Counter()
        for chain in chains:
            if len(chain) > 1 and kept[len(chain)] == copies:
                continue
            text = rewritten(body, places, [by_name[name] for name in chain], chance)
            if text is not None:
                kept[len(chain)] += 1
                yield Case(number, chain, replace(plain, body=text), category)


def caught_for(verdict: Verdict, example: Mapping[str, object]) -> str | None:
    """Return the category that a message is caught for: its label's, else the first; None if it is not caught."""
    found = [
        item.category for item in verdict.findings if item.category and item.decision is not Decision.APPROVE
    ]
    return str(example["class"]) if example.get("class") in found else found[0] if found else None


def terms_of(reviewer: Reviewer, plain: Submission, category: str) -> list[tuple[int, int]]:
    """Return the places of the terms of a category, without those that overlap one before."""
    terms = reviewer.read(plain).texts["body"].terms
    pieces = sorted(
        (piece.start, -piece.end)
        for term in terms
        if term.category == category
        for piece in term.spans or (term.span,)
    )
    places: list[tuple[int, int]] = []
    for start, end in pieces:
        if not places or start >= places[-1][1]:
            places.append((start, -end))
    return places


def rewritten(
    body: str, places: Sequence[tuple[int, int]], chain: Sequence[Way], chance: random.Random
) -> str | None:
    """Return the text with every term that all of the ways fit disguised; None where they fit less than half.

    Parts of a combination that are a single character are left as they are.
    """
    out, at, done = [], 0, 0
    places = [place for place in places if place[1] - place[0] > 1]
    for start, end in places:
        tokens: list[str] | None = list(body[start:end])
        for way in chain:
            tokens = way(tokens, chance) if tokens else None
        done += tokens is not None
        out += [body[at:start], "".join(tokens) if tokens else body[start:end]]
        at = end
    return "".join([*out, body[at:]]) if done and done * 2 >= len(places) else None


def outcome(reviewer: Reviewer, cases: Iterable[Case]) -> list[bool]:
    """Return for each case whether the same category is found as in the plain form."""
    return [
        any(
            item.category == case.category and item.decision is not Decision.APPROVE
            for item in reviewer.review(case.submission).findings
        )
        for case in cases
    ]


def share(hits: Sequence[bool]) -> str:
    """Return a share in percent, with how many it is of."""
    return f"{mean(hits):7.1%} {len(hits):6}" if hits else f"{'-':>7} {0:6}"


def grouped(cases: Sequence[Case], caught: Sequence[bool]) -> dict[Key, list[tuple[bool, bool]]]:
    """Return (held out, caught) of the cases by their single way, and by the number of ways."""
    groups: dict[Key, list[tuple[bool, bool]]] = defaultdict(list)
    for case, hit in zip(cases, caught, strict=True):
        groups[len(case.ways)].append((case.held_out, hit))
        if len(case.ways) == 1:
            groups[case.ways].append((case.held_out, hit))
    return groups


def recall_table(cases: Sequence[Case], caught: Sequence[bool]) -> dict[str, float]:
    """Print and return recall by single way."""
    print(f"\n{'one transform':20}{'even half':>14}{'odd half':>15}{'all':>15}")
    shares: dict[str, float] = {}
    for key, hits in grouped(cases, caught).items():
        if isinstance(key, tuple):
            shares[key[0]] = mean(hit for _, hit in hits)
            print(f"{key[0]:20}{row(hits)}")
    print(f"{'average of these':20}{mean(shares.values()):7.1%}; least {min(shares.values()):.1%}")
    return shares


def row(hits: Sequence[tuple[bool, bool]]) -> str:
    """Return the shares of both halves and of all."""
    halves = [[hit for held_out, hit in hits if held_out is half] for half in (False, True)]
    return " ".join(map(share, [*halves, [hit for _, hit in hits]]))


def chain_shares(cases: Sequence[Case], caught: Sequence[bool]) -> dict[int, float]:
    """Return recall by the number of transforms; that of one is the average over transforms."""
    groups = grouped(cases, caught)
    shares = {1: mean(mean(hit for _, hit in hits) for key, hits in groups.items() if isinstance(key, tuple))}
    return shares | {
        key: mean(hit for _, hit in hits) for key, hits in groups.items() if isinstance(key, int) and key > 1
    }


def chain_table(cases: Sequence[Case], caught: Sequence[bool]) -> dict[int, float]:
    """Print and return recall by the number of transforms."""
    print(f"\n{'transforms chained':20}{'even half':>14}{'odd half':>15}{'all':>15}")
    groups = grouped(cases, caught)
    for length in (1, 2, 3):
        print(f"{length:<20}{row(groups[length])}")
    return chain_shares(cases, caught)


def benign_rows(data: Path) -> Iterable[tuple[str, Submission]]:
    """Yield the benign rows of every set that is there, and the shipped gate."""
    for name in SETS:
        if (data / f"{name}.jsonl").is_file():
            yield from (
                (name, submission(item)) for item in read(data, name, "words") if BENIGN.search(item.label)
            )
    for line in (ROOT / "corpora" / "labelled" / "benign.jsonl").read_text(encoding="utf-8").split("\n"):
        if line:
            yield "shipped gate", read_submission(json.loads(line)["submission"])


def steps_in(reviewer: Reviewer, item: Submission) -> set[str]:
    """Return the transforms that some term or contact of a submission needed."""
    texts = reviewer.read(item).texts.values()
    return {
        step
        for text in texts
        for steps in (*(item.transforms for item in text.terms), *(item.transforms for item in text.contacts))
        for step in steps
        if step in TRANSFORMS
    }


def price(reviewer: Reviewer, plain: Reviewer, benign: Sequence[tuple[str, Submission]], show: int) -> None:
    """Print, by benign set, how many rows have a word in disguise and how many are decided more strictly for it."""
    print(f"\n{'benign set':30}{'rows':>7}{'with a hit':>12}{'stricter':>10}{'rejected':>10}")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    steps: Counter[str] = Counter()
    shown = []
    for name, item in benign:
        counts[name]["rows"] += 1
        if taken := steps_in(reviewer, item):
            steps.update(taken)
            before, after = plain.review(item).decision, reviewer.review(item).decision
            counts[name]["hit"] += 1
            counts[name]["stricter"] += after > before
            counts[name]["rejected"] += after is Decision.REJECT > before
            shown.append((name, sorted(taken), before.value, after.value, str(item.body or item.text)[:50]))
    for name, count in counts.items():
        shares = "".join(
            f"{count[key] / count['rows']:>{width}.2%}"
            for key, width in (("hit", 12), ("stricter", 10), ("rejected", 10))
        )
        print(f"{name:30}{count['rows']:7}{shares}")
    print(
        "benign rows by transform: "
        + (", ".join(f"{step} {times}" for step, times in steps.most_common()) or "none")
    )
    for line in shown[:show]:
        print("  ", *line)


def ablation(cases: Sequence[Case], caught: Sequence[bool], benign: Sequence[tuple[str, Submission]]) -> None:
    """Print what leaving out each transform does to recall and to benign rows with a hit."""
    base = chain_shares(cases, caught)
    full = Reviewer()
    rows_hit = [item for _, item in benign if steps_in(full, item)]
    print(f"\n{'without':20}{'own recall':>12}{'one':>9}{'two':>9}{'three':>9}{'benign rows hit':>17}")
    print(f"{'(all on)':20}{'':12}{base[1]:9.1%}{base[2]:9.1%}{base[3]:9.1%}{len(rows_hit):17}")
    for name in TRANSFORMS:
        reviewer = Reviewer(off=(name,))
        hits = outcome(reviewer, cases)
        own = [hit for case, hit in zip(cases, hits, strict=True) if case.ways == (name,)]
        shares = chain_shares(cases, hits)
        left = sum(bool(steps_in(reviewer, item)) for item in rows_hit)
        print(
            f"{name:20}{(f'{mean(own):.1%}' if own else '-'):>12}{shares[1]:9.1%}{shares[2]:9.1%}{shares[3]:9.1%}{left:17}"
        )


if __name__ == "__main__":
    main()
