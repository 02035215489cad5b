"""Measure verdicts on labelled texts: `make quality`, or `python -m bench.quality.accuracy --help`."""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

from bench.quality.as_marketing import held
from bench.quality.content_findings import about_content, about_wording
from bench.quality.labelled_sets import BENIGN, DATA, ROOT, SETS, Row, Tokens, json_lines, read, submission
from bench.quality.prices import Prices
from bench.quality.rendered import rendered
from smsvet import Decision, Reviewer, Verdict
from smsvet.schema import read_submission

NOTICES = ("real_notifications", "purpose_labelled_templates")
PRICED = (*NOTICES, "fake_base_station_sms", "obfuscated_chat_spam", "general_prose", "personal_sms")
ASIDE = 0.2
"""Share of the notices that is set aside."""

GROUPS = (
    ("notices, captured", ("real_notifications",), BENIGN.pattern),
    ("notices, collected templates", ("purpose_labelled_templates",), BENIGN.pattern),
    ("notices, both", NOTICES, BENIGN.pattern),
    ("prose and private texts", ("general_prose", "personal_sms"), "^ham"),
    ("chat ham", ("obfuscated_chat_spam",), "^ham"),
    ("chat spam", ("obfuscated_chat_spam",), "^spam"),
    ("base-station spam", ("fake_base_station_sms",), ""),
    ("commercial spam", ("commercial_spam_sms",), ""),
)
"""Groups of labels: a title, sets, and a regular expression for labels."""


@dataclass
class Tally:
    """Counts of one set and label."""

    rows: int = 0
    held: int = 0
    rejected: int = 0
    worded: int = 0
    content_held: int = 0
    content_rejected: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def main() -> None:
    """Print the shares for every available set, and the shipped examples with a wrong verdict."""
    options = parse()
    reviewer = Reviewer()
    tallies: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    prices = Prices()
    for where, tokens, row in rows(options):
        verdict = reviewer.review(submission(row))
        count(tallies[where, row.label, tokens], verdict, row)
        if tokens == "words" and where in PRICED:
            benign = BENIGN.search(row.label) is not None
            prices.count(about_content(verdict.findings), benign, where in NOTICES)
        if where == "fake_base_station_sms" or row.label.startswith("spam"):
            count(tallies[where, "all", tokens], verdict, row)
    print(f"revision {reviewer.revision}")
    table(tallies)
    groups(tallies)
    prices.show({rule.id: rule for rule in reviewer.rules})
    if "fake_base_station_sms" in options.sets and (options.data / "fake_base_station_sms.jsonl").is_file():
        caught, total = held(reviewer, options.data)
        print(f"\nbanned advertisements as marketing, held by a banned category: {interval(caught, total)}")
    worst(tallies, options.show)
    gate(reviewer, ROOT / "corpora" / "labelled", options.show)
    rendered_gate(reviewer, options.show)
    if options.fresh:
        fresh(reviewer, Path(__file__).parent / "fresh")
    if options.missed:
        missed(tallies, options.missed, options.show)


def parse() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with the sets")
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument(
        "--fold",
        choices=("kept", "aside", "all"),
        default="kept",
        help="without the notices set aside (default), only these, or all",
    )
    parser.add_argument("--words-only", action="store_true", help="skip the runs with filled tokens")
    parser.add_argument("--show", type=int, default=12, help="how many of the worst rules and terms to print")
    parser.add_argument("--fresh", action="store_true", help="also the messages that no rule was tuned on")
    parser.add_argument("--missed", help="print approved rows of this label (a regular expression)")
    return parser.parse_args()


def rows(options: argparse.Namespace) -> Iterator[tuple[str, Tokens, Row]]:
    """Yield the rows of every available set, once for each treatment of its tokens."""
    for name in options.sets:
        if not (options.data / f"{name}.jsonl").is_file():
            print(f"{name}: not in {options.data.name}/, left out")
            continue
        tokened = name in ("fake_base_station_sms", "commercial_spam_sms")
        ways: tuple[Tokens, ...] = ("filled", "words") if tokened and not options.words_only else ("words",)
        for way in ways:
            for number, row in enumerate(read(options.data, name, way)):
                if options.fold == "all" or (options.fold == "aside") is is_aside(name, number, row):
                    yield name, way, row


def is_aside(name: str, number: int, row: Row) -> bool:
    """Return whether a row is in the fifth of the notices that is set aside, to be measured once."""
    return (
        name in NOTICES
        and BENIGN.search(row.label) is not None
        and random.Random(f"aside:{name}:{number}").random() < ASIDE
    )


def count(tally: Tally, verdict: Verdict, row: Row) -> None:
    """Add one verdict to a tally."""
    said = about_content(verdict.findings)
    tally.rows += 1
    tally.held += verdict.decision is not Decision.APPROVE
    tally.rejected += verdict.decision is Decision.REJECT
    tally.worded += bool(about_wording(verdict.findings))
    tally.content_held += bool(said)
    tally.content_rejected += any(item.decision is Decision.REJECT for item in said)
    for item in dict.fromkeys((item.rule, item.text, item.decision.value) for item in said):
        tally.rules["\t".join(map(str, item))] += 1
    tally.texts["held" if said else "passed"].append(row.text)


def interval(part: int, whole: int) -> str:
    """Return a share in percent with its 95 % Wilson interval."""
    if not whole:
        return "-"
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{share:6.1%} [{max(0, middle - half):.1%}, {min(1, middle + half):.1%}]"


def table(tallies: dict[tuple[str, str, str], Tally]) -> None:
    """Print a line for each label: its rows, the shares held and rejected, by all and by content findings."""
    head = ("not approved", "rejected", "by content", "by wording", "rejected by content")
    print(f"\n{'set / label / tokens':58}{'rows':>6}  " + "".join(f"{name:>26}" for name in head))
    for (where, label, tokens), tally in sorted(tallies.items()):
        parts = (tally.held, tally.rejected, tally.content_held, tally.worded, tally.content_rejected)
        shares = "".join(f"{interval(part, tally.rows):>26}" for part in parts)
        print(f"{where + ' ' + label + ' ' + tokens:58}{tally.rows:>6}  {shares}")


def groups(tallies: dict[tuple[str, str, str], Tally]) -> None:
    """Print the shares held and rejected by content for groups of labels: what each costs beside what it catches."""
    print(f"\n{'by content':44}{'rows':>6}  {'held':>26}{'rejected':>26}")
    for title, sets, label in GROUPS:
        found = [
            tally
            for (where, name, tokens), tally in tallies.items()
            if where in sets and tokens == "words" and re.search(label, name) and name != "all"
        ]
        total = sum(tally.rows for tally in found)
        shares = (sum(t.content_held for t in found), sum(t.content_rejected for t in found))
        print(f"{title:44}{total:6}  " + "".join(f"{interval(part, total):>26}" for part in shares))


def worst(tallies: dict[tuple[str, str, str], Tally], show: int) -> None:
    """Print the rules and texts with the most findings on benign labels."""
    for (where, label, tokens), tally in sorted(tallies.items()):
        if BENIGN.search(label) and tally.rules:
            print(f"\nwrongly firing on {where} {label} {tokens}:")
            for item, times in tally.rules.most_common(show):
                print(f"  {times:4}  {item}")


def missed(tallies: dict[tuple[str, str, str], Tally], label: str, show: int) -> None:
    """Print a sample of the texts with a matching label that no content finding held."""
    for (where, name, tokens), tally in sorted(tallies.items()):
        if re.search(label, f"{where} {name} {tokens}"):
            print(f"\nmissed in {where} {name} {tokens}: {len(tally.texts['passed'])}")
            for text in tally.texts["passed"][:: max(1, len(tally.texts["passed"]) // show)][:show]:
                print("   ", text.replace("\n", " ")[:140])


def fresh(reviewer: Reviewer, folder: Path) -> None:
    """Print the shares for messages not used for tuning, with approved violations and held notices."""
    for name, right in (("violating", False), ("benign", True)):
        lines = (folder / f"{name}.txt").read_text(encoding="utf-8").split("\n")
        texts = [line for line in lines if line]
        verdicts = [
            (text, reviewer.review(submission(Row("fresh", "otp" if "验证码" in text else name, text))))
            for text in texts
        ]
        held = sum(verdict.decision is not Decision.APPROVE for _, verdict in verdicts)
        rejected = sum(verdict.decision is Decision.REJECT for _, verdict in verdicts)
        print(
            f"\nfresh {name}: {len(texts)} rows, not approved {interval(held, len(texts))}, "
            f"rejected {interval(rejected, len(texts))}"
        )
        for text, verdict in verdicts:
            if (verdict.decision is Decision.APPROVE) is not right:
                fired = [item.rule for item in verdict.findings if item.decision is not Decision.APPROVE]
                print("  ", verdict.decision.value, text, fired)


def gate(reviewer: Reviewer, folder: Path, show: int) -> None:
    """Print the shipped examples whose verdict differs from their label; there should be none."""
    for path in (folder / "benign.jsonl", folder / "violating.jsonl"):
        wrong, total = [], 0
        for _, example in json_lines(path):
            verdict = reviewer.review(read_submission(example["submission"]))
            fired = {item.rule for item in verdict.findings}
            total += 1
            if (
                verdict.decision.value not in example["decision"].split("|")
                or set(example.get("rules", ())) - fired
            ):
                wrong.append((example, verdict))
        print(f"\ngate {path.name}: {total} rows, {len(wrong)} decided otherwise than labelled")
        for example, verdict in wrong[:show]:
            stopped = [
                (item.rule, item.text) for item in verdict.findings if item.decision is not Decision.APPROVE
            ]
            print("  ", example["decision"], "->", verdict.decision.value, example["submission"], stopped)


def rendered_gate(reviewer: Reviewer, show: int) -> None:
    """Print the shares of the rendered benign templates that are held and rejected by content, and the worst rules."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for made, verdict in zip(
        rendered(), reviewer.review_many(row.submission for row in rendered()), strict=True
    ):
        if made.decision == "approve":
            for name in ("all", made.origin.partition(":")[0]):
                count(tallies[name], verdict, Row("rendered", made.category, made.text))
    print(
        f"\n{'rendered benign templates':34}{'rows':>6}{'not approved':>14}  {'held by content':>26}{'rejected':>26}"
    )
    for name, tally in sorted(tallies.items()):
        shares = (tally.content_held, tally.content_rejected)
        print(
            f"{name:34}{tally.rows:6}{tally.held:14}  "
            + "".join(f"{interval(part, tally.rows):>26}" for part in shares)
        )
    for item, times in tallies["all"].rules.most_common(show):
        print(f"  {times:4}  {item}")


if __name__ == "__main__":
    main()
