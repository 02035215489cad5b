"""Measure recall on disguised violations and false positives on benign texts: `make evasion`."""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean

from bench.quality.disguised_messages import Case, with_disguised_numbers, with_disguised_terms
from bench.quality.disguises import disguises
from bench.quality.evasion_chart import draw
from bench.quality.false_positives import FalsePositives, benign_rows, steps_in
from bench.quality.labelled_sets import DATA
from bench.quality.violating_messages import messages
from smsvet import Decision, Reviewer
from smsvet.evasion.disguise import TRANSFORMS

Key = tuple[str, ...] | int


def main() -> None:
    """Print recall by transform and by number of transforms, the false positives and the ablation."""
    options = parse()
    reviewer, plain = Reviewer(off=options.off), Reviewer(off=TRANSFORMS)
    found = messages(reviewer, options.data, options.unseen, options.seed)
    chance = random.Random(options.seed)
    cases = [
        *with_disguised_terms(found, disguises(), chance, options.copies),
        *with_disguised_numbers(reviewer, found, chance),
    ]
    caught, without = outcome(reviewer, cases), outcome(plain, cases)
    shipped = sum(item.shipped for item in found)
    print(
        f"revision {reviewer.revision}, seed {options.seed}, {len(cases)} disguised messages "
        f"made from {shipped} shipped and {len(found) - shipped} unseen"
    )
    single = recall_table(cases, caught, without)
    chains = chain_table(cases, caught, without)
    false_positives = FalsePositives(reviewer, plain, list(benign_rows(options.data)))
    false_positives.show(options.show)
    if options.missed:
        wanted = tuple(options.missed.split("+"))
        for case, hit in zip(cases, caught, strict=True):
            if not hit and case.disguises == wanted and case.message.shipped:
                print("  missed", case.message.category, case.submission.body)
    if options.ablation:
        ablation(cases, caught, false_positives)
    if options.plot:
        options.plot.write_text(draw(single, chains, chain_shares(cases, without)), encoding="utf-8")


def parse() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with the labelled sets")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--copies", type=int, default=2, help="chains of each length for a message")
    parser.add_argument("--unseen", type=int, default=300, help="unseen messages to take at most")
    parser.add_argument("--off", nargs="*", default=(), help="transforms to leave out", choices=TRANSFORMS)
    parser.add_argument(
        "--ablation", action="store_true", help="also print the tables without each transform"
    )
    parser.add_argument("--plot", type=Path, help="write the curve as SVG here")
    parser.add_argument(
        "--missed",
        help="print the shipped messages that pass in this disguise, such as homophone or homophone+split",
    )
    parser.add_argument("--show", type=int, default=0, help="how many benign hits to print")
    return parser.parse_args()


def outcome(reviewer: Reviewer, cases: Iterable[Case]) -> list[bool]:
    """Return for each case whether the review finds the category or the number of the undisguised message."""
    return [
        any(
            item.category == case.message.category and item.decision is not Decision.APPROVE
            for item in reviewer.review(case.submission).findings
        )
        if case.number is None
        else any(item.value == case.number for item in reviewer.read(case.submission).texts["body"].contacts)
        for case in cases
    ]


def share(hits: Sequence[bool]) -> str:
    """Return the share of hits in percent with the number of cases."""
    return f"{mean(hits):8.1%} {len(hits):5}" if hits else f"{'-':>8} {0:5}"


Hit = tuple[bool, bool, bool]
"""Whether the message of a case is shipped, whether it is caught, and whether it is caught without transforms."""


def grouped(cases: Sequence[Case], caught: Sequence[bool], without: Sequence[bool]) -> dict[Key, list[Hit]]:
    """Return the outcomes by single disguise and by number of disguises."""
    groups: dict[Key, list[Hit]] = defaultdict(list)
    for case, hit, anyway in zip(cases, caught, without, strict=True):
        if case.number is None:
            groups[len(case.disguises)].append((case.message.shipped, hit, anyway))
        if len(case.disguises) == 1:
            groups[case.disguises].append((case.message.shipped, hit, anyway))
    return groups


def row(hits: Sequence[Hit]) -> str:
    """Return recall on shipped and on unseen messages, and on both without any transform."""
    parts = [[hit for shipped, hit, _ in hits if shipped is part] for part in (True, False)]
    return " ".join(map(share, parts)) + f"{mean(anyway for _, _, anyway in hits):11.1%}"


def head(title: str) -> str:
    """Return the header of a recall table."""
    return f"\n{title:20}{'shipped':>14}{'unseen':>15}{'fold only':>11}"


def recall_table(cases: Sequence[Case], caught: Sequence[bool], without: Sequence[bool]) -> dict[str, float]:
    """Print recall by single disguise; return it for all messages."""
    print(head("one transform"))
    groups = {key[0]: hits for key, hits in grouped(cases, caught, without).items() if isinstance(key, tuple)}
    for name, hits in groups.items():
        print(f"{name:20}{row(hits)}")
    for title, part in (("shipped", True), ("unseen", False)):
        shares = [
            mean(hit for shipped, hit, _ in hits if shipped is part)
            for hits in groups.values()
            if any(shipped is part for shipped, *_ in hits)
        ]
        if shares:
            print(f"average of these, {title}: {mean(shares):.1%}; least {min(shares):.1%}")
    return {name: mean(hit for _, hit, _ in hits) for name, hits in groups.items()}


def chain_shares(cases: Sequence[Case], caught: Sequence[bool]) -> dict[int, float]:
    """Return recall by number of transforms; for one transform, the mean over all."""
    groups = grouped(cases, caught, caught)
    shares = {
        1: mean(mean(hit for _, hit, _ in hits) for key, hits in groups.items() if isinstance(key, tuple))
    }
    return shares | {
        key: mean(hit for _, hit, _ in hits)
        for key, hits in groups.items()
        if isinstance(key, int) and key > 1
    }


def chain_table(cases: Sequence[Case], caught: Sequence[bool], without: Sequence[bool]) -> dict[int, float]:
    """Print recall by number of transforms; return it for all messages."""
    print(head("transforms chained"))
    groups = grouped(cases, caught, without)
    for length in (1, 2, 3):
        print(f"{length:<20}{row(groups[length])}")
    return chain_shares(cases, caught)


def ablation(cases: Sequence[Case], caught: Sequence[bool], false_positives: FalsePositives) -> None:
    """Print recall and false positives with each transform switched off in turn."""
    base = chain_shares(cases, caught)
    print(f"\n{'without':20}{'own recall':>17}{'one':>9}{'two':>9}{'three':>9}{'hit':>6}{'stricter':>10}")
    every = f"{base[1]:9.1%}{base[2]:9.1%}{base[3]:9.1%}{false_positives.hit:6}{false_positives.stricter:10}"
    print(f"{'(all on)':20}{'':17}{every}")
    full = Reviewer()
    taken = [
        {*case.disguises, *steps_in(full, case.submission)} if hit else set[str]()
        for case, hit in zip(cases, caught, strict=True)
    ]
    for name in TRANSFORMS:
        reviewer = Reviewer(off=(name,))
        # A case caught without this transform stays caught if the transform is off.
        again = [case for case, steps in zip(cases, taken, strict=True) if name in steps]
        anew = iter(outcome(reviewer, again))
        hits = [next(anew) if name in steps else hit for hit, steps in zip(caught, taken, strict=True)]
        own = [
            (before, after)
            for case, before, after in zip(cases, caught, hits, strict=True)
            if case.disguises == (name,)
        ]
        recall = f"{mean(b for b, _ in own):.1%} > {mean(a for _, a in own):.1%}" if own else "-"
        shares = chain_shares(cases, hits)
        hit, stricter = false_positives.without(name, reviewer)
        print(f"{name:20}{recall:>17}{shares[1]:9.1%}{shares[2]:9.1%}{shares[3]:9.1%}{hit:+6}{stricter:+10}")


if __name__ == "__main__":
    main()
