"""Comparisons of runs, from the archive to the table `moved`."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsvet import Reviewer
from smsvet_api.audit import run as run_module
from smsvet_api.audit.comparison.comparison import Choices, Comparison, compare
from smsvet_api.audit.comparison.series import change_days, parse_series
from smsvet_api.audit.comparison.sides import Runs, SideName, parse_side
from smsvet_api.audit.run import Settings, Watcher, audit
from smsvet_api.cli.reviewing import load_reviewer
from smsvet_api.files.rows import InputError

from .archive import BANNED, CLEAN, InlinePool, audited, settings

OFFER = "尊敬的会员，新品上市，全场8折。回T退订"
OTHER_OFFER = "亲爱的老顾客，云雀冬装上新，会员价9折，欢迎试穿。回T退订"
"""Tencent Cloud accepted this opt-out until 2025."""
CONTACT = "您的订单已发货，如有疑问请联系13800000000"
OLD_DAY, NEW_DAY = date(2021, 6, 1), date(2026, 11, 20)

pytestmark = pytest.mark.usefixtures("inline")

ROWS: list[dict[str, Any]] = [
    {"id": "a", "body": CLEAN, "purpose": "notification", "客户": "甲"},
    {"id": "b", "body": OFFER, "purpose": "营销", "客户": "甲"},
    {"id": "c", "body": OTHER_OFFER, "purpose": "marketing", "客户": "乙"},
    {"id": "d", "body": BANNED, "purpose": "notification", "客户": "乙"},
    {"id": "e", "body": CONTACT, "purpose": "notification", "客户": "乙"},
    {"id": "f", "body": None, "purpose": "notification", "客户": None},
]


def archive(path: Path, rows: list[dict[str, Any]] | None = None, repeated: int = 4) -> Path:
    table = pa.Table.from_pylist((rows or ROWS) * repeated)
    pq.write_table(table, path, row_group_size=7)
    return path


def runs(given: Path, out: Path, reviewer: Reviewer, **chosen: Any) -> Runs:
    account = chosen.pop("account", None)
    made = settings(given, out, reviewer, **{"as_of": NEW_DAY, **chosen})

    def run(one: Settings, other: Reviewer) -> Any:
        pool: Any = vars(run_module)["Pool"]  # the one of the fixture `inline`
        pool.reviewer = other
        return audit(one, other, Watcher())

    return Runs(made, reviewer, made.how.providers, run, load_reviewer, lambda _: None, account)


def compared(made: Runs, side: str) -> Comparison:
    new = made.stored(made.audited(made.settings, made.reviewer).run.folder)
    sources = made.against(parse_side(side, "--against", "en"), new, "new")
    return compare(sources, made.settings.out, Choices(), made.reviewers)


def moved(found: Comparison) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(found.folder / "moved.parquet").to_pylist()
    return rows


@pytest.fixture
def by_date(tmp_path: Path, reviewer: Reviewer) -> Comparison:
    return compared(runs(archive(tmp_path / "a.parquet"), tmp_path / "out", reviewer), f"date:{OLD_DAY}")


def test_two_dates(by_date: Comparison) -> None:
    overall = by_date.tally.overall
    assert overall.rows() == [[4, 0, 12], [0, 0, 0], [0, 0, 4]]
    assert (overall.total, by_date.tally.errors, by_date.tally.both) == (20, 4, 24)
    assert by_date.unpaired == {"only_old": 0, "only_new": 0}
    assert by_date.by == "row"
    rules = {rule: one.responsible for rule, one in by_date.tally.by_items()}
    assert rules == {"marketing/optout-wording": 8, "notification/personal-contact": 4}
    assert by_date.tally.wordings.count == 3


def test_groups_by_provider_purpose_and_account(by_date: Comparison) -> None:
    groups = {
        name: {value: (matrix.total, matrix.moved) for value, matrix in grouped.top()}
        for name, grouped in by_date.tally.groups.items()
    }
    assert groups == {
        "provider": {"tencent": (20, 12)},
        "purpose": {"marketing": (8, 8), "notification": (12, 4)},
        "account": {"乙": (12, 8), "甲": (8, 4)},
    }


def test_the_table_moved_has_every_moved_item_once(by_date: Comparison) -> None:
    rows = moved(by_date)
    assert [row["row"] for row in rows] == [
        number for number in range(1, 25) if (number - 1) % 6 in (1, 2, 4)
    ]
    first = rows[0]
    assert (first["id"], first["old_decision"], first["new_decision"]) == ("b", "approve", "reject")
    assert (first["rule"], first["alone"], first["text"]) == ("marketing/optout-wording", True, OFFER)
    summary = json.loads((by_date.folder / "comparison.json").read_text(encoding="utf-8"))
    assert summary["matrix"]["approve"] == {"approve": 4, "manual_review": 0, "reject": 12}
    assert summary["items"] == {
        "both": 24, "only_old": 0, "only_new": 0, "errors": 4, "grandfathered": 0, "moved": 12, "stricter": 12,
        "milder": 0, "wordings_moved": 3,
    }  # fmt: skip


def test_clusters_and_samples(by_date: Comparison) -> None:
    assert [(one.items, one.rules) for one in by_date.clusters] == [
        (4, ("marketing/optout-wording",)),
        (4, ("marketing/optout-wording",)),
        (4, ("notification/personal-contact",)),
    ]
    assert sorted(one.id or "" for one in by_date.samples) == ["b", "c", "e"]
    sample = next(one for one in by_date.samples if one.id == "e")
    assert [part.text for part in sample.segments if part.decision is not None] == ["13800000000"]
    assert "".join(part.text for part in sample.segments) == CONTACT
    (hit,) = sample.hits
    assert set(hit.words) == {"zh", "en"}
    assert "personal contact" in hit.words["en"].message


def test_a_comparison_is_the_same_each_time(by_date: Comparison, tmp_path: Path, reviewer: Reviewer) -> None:
    before = {path.name: path.read_bytes() for path in by_date.folder.iterdir()}
    again = compared(runs(tmp_path / "a.parquet", tmp_path / "out", reviewer), f"date:{OLD_DAY}")
    assert again.folder == by_date.folder
    assert {path.name: path.read_bytes() for path in again.folder.iterdir()} == before


def test_no_move(tmp_path: Path, reviewer: Reviewer) -> None:
    found = compared(runs(archive(tmp_path / "a.parquet"), tmp_path / "out", reviewer), f"date:{NEW_DAY}")
    assert (found.tally.overall.moved, found.samples, found.clusters, moved(found)) == (0, (), (), [])
    assert found.load.share == 0


def test_a_policy_that_relaxes_is_milder(tmp_path: Path, reviewer: Reviewer) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("rules:\n  marketing/optout-wording: manual_review\n", encoding="utf-8")
    made = runs(archive(tmp_path / "a.parquet"), tmp_path / "out", reviewer)
    found = compared(made, f"policy:{policy}")
    assert found.tally.overall.counts[1, 2] == 8
    assert [rule for rule, _ in found.tally.by_items()] == ["marketing/optout-wording"]
    assert found.old.revision != found.new.revision
    back = compare(
        replace(made.against(SideName("run", found.new.run), made.stored(tmp_path / "out/against"), "x")),
        tmp_path / "out", Choices(), made.reviewers,
    )  # fmt: skip
    assert back.tally.overall.counts[2, 1] == 8
    assert back.tally.rules["marketing/optout-wording"].alone == 8


def test_a_rule_folder(tmp_path: Path, reviewer: Reviewer) -> None:
    folder = tmp_path / "rules" / "content"
    folder.mkdir(parents=True)
    (folder / "parcel.yaml").write_text(
        "title: {zh: 包裹, en: Parcel}\ndecision: manual_review\nmessage: {zh: '有“{match}”', en: 'has “{match}”'}\n"
        "why: {zh: 试验, en: a trial}\nfix: {zh: 删去, en: remove it}\nsource: OWN\n"
        "check: {kind: pattern, in: [body], pattern: 取件码}\n"
        "examples:\n  flag: [{body: '取件码{1}'}]\n  pass: [{body: '验证码{1}'}]\n",
        encoding="utf-8",
    )
    found = compared(
        runs(archive(tmp_path / "a.parquet"), tmp_path / "out", reviewer), f"rules:{tmp_path / 'rules'}"
    )
    assert found.tally.overall.counts[1, 0] == 4
    assert found.titles["content/parcel"] == ("包裹", "Parcel")
    assert found.tally.rules["content/parcel"].alone == 4
    sample = next(one for one in found.samples if one.rule == "content/parcel")
    assert [part.text for part in sample.segments if part.decision is not None] == ["取件码"]


def test_runs_of_different_inputs_are_joined_by_id(tmp_path: Path, reviewer: Reviewer) -> None:
    rows = [{**row, "id": f"{row['id']}{number}"} for number in range(4) for row in ROWS]
    old = archive(tmp_path / "old.parquet", rows, 1)
    changed = [{**row, "body": CLEAN} if row["id"] == "d0" else row for row in reversed(rows)]
    changed = [row for row in changed if row["id"] != "a1"]
    changed += [{**ROWS[0], "id": "z"}, {**ROWS[0], "id": None}, {**ROWS[0], "id": "a0"}]
    new = archive(tmp_path / "new.parquet", changed, 1)
    for path, day in ((old, OLD_DAY), (new, NEW_DAY)):
        audited(path, tmp_path / path.stem, reviewer, as_of=day)
    made = runs(new, tmp_path / "out", reviewer)
    sources = made.against(SideName("run", str(tmp_path / "old")), made.stored(tmp_path / "new"), "run:new")
    found = compare(sources, tmp_path / "out", Choices(), made.reviewers)
    assert found.by == "id"
    assert found.unpaired == {"only_old": 1, "only_new": 2, "unidentified": 1, "repeated": 1}
    assert (found.tally.overall.stricter, found.tally.overall.milder) == (12, 1)
    assert {row["id"] for row in moved(found) if row["new_decision"] == "approve"} == {"d0"}
    assert not list((tmp_path / "out").glob("comparison=*/.join-*"))


def test_a_series_tells_when_items_stop_complying(tmp_path: Path, reviewer: Reviewer) -> None:
    made = runs(archive(tmp_path / "a.parquet"), tmp_path / "out", reviewer)
    days = (OLD_DAY, date(2024, 12, 31), date(2025, 1, 1), NEW_DAY)
    new = made.stored(made.audited(made.settings, reviewer).run.folder)
    found = compare(made.series(days, new), tmp_path / "out", Choices(), made.reviewers)
    assert [(step.day, step.moves.stricter) for step in found.steps] == [
        (days[0], 0), (days[1], 0), (days[2], 12), (days[3], 0),
    ]  # fmt: skip
    assert found.steps[2].rules == Counter(
        {"marketing/optout-wording": 8, "notification/personal-contact": 4}
    )
    assert {row["since"] for row in moved(found)} == {"2025-01-01"}
    assert [step.decisions[2] for step in found.steps] == [4, 4, 16, 16]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024-01-31,2021-06-01", ["2021-06-01", "2024-01-31"]),
        ("2024-01-31..2024-04-30/1m", ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]),
        ("2024-02-29..2026-03-01/1y", ["2024-02-29", "2025-02-28", "2026-02-28", "2026-03-01"]),
        ("2024-01-01..2024-01-20/1w", ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-20"]),
        ("2024-01-01..2024-01-03/1d", ["2024-01-01", "2024-01-02", "2024-01-03"]),
    ],
)
def test_dates_of_a_series(text: str, days: list[str], reviewer: Reviewer) -> None:
    assert [day.isoformat() for day in parse_series(text, reviewer, "en")] == days


def test_a_range_without_a_step_has_the_days_when_the_content_changes(reviewer: Reviewer) -> None:
    days = parse_series("2021-06-01..2026-11-28", reviewer, "en")
    assert days[0] == OLD_DAY
    assert date(2025, 1, 1) in days
    assert set(days[1:-1]) <= set(change_days(reviewer))


@pytest.mark.parametrize(
    "text", ["2024-01-01", "2024-01-01..2023-01-01x", "x,y", "2000-01-01..2026-01-01/1d"]
)
def test_a_wrong_series_is_refused(text: str, reviewer: Reviewer) -> None:
    with pytest.raises(InputError, match="--as-of-series"):
        parse_series(text, reviewer, "en")


HUMAN: list[dict[str, Any]] = [
    {**ROWS[0], "人工": "通过"},
    {**ROWS[0], "人工": "驳回"},
    {**ROWS[3], "人工": "不通过"},
    {**ROWS[3], "人工": "Approved"},
    {**ROWS[4], "人工": "人工复核"},
    {**ROWS[4], "人工": "审核中"},
    {**ROWS[4], "人工": ""},
    {**ROWS[4], "人工": "看不懂"},
    {**ROWS[5], "人工": "通过"},
]


def test_agreement_with_people(tmp_path: Path, reviewer: Reviewer) -> None:
    made = runs(archive(tmp_path / "a.parquet", HUMAN, 1), tmp_path / "out", reviewer)
    found = compared(made, "column:人工")
    assert found.tally.overall.rows() == [[1, 0, 1], [0, 0, 1], [1, 0, 1]]
    assert found.unpaired == {"undecided": 2, "unknown": 1}
    assert found.unknown_words == {"看不懂": 1}
    assert found.tally.errors == 1
    gambling = found.tally.flagged["content/gambling"]
    assert [gambling.olds(old) for old in range(3)] == [1, 0, 1]
    assert found.tally.unexplained == 1
    assert found.tally.rules["notification/personal-contact"].responsible == 1
    with pytest.raises(InputError, match="no column 结论"):
        compared(made, "column:结论")


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ("date:2021-6-1", "not an ISO date"),
        ("rules:nowhere", "no such folder"),
        ("policy:nowhere.yaml", "no such file"),
        ("run:nowhere", "no finished audit"),
        ("elsewhere", "should be run:ID"),
    ],
)
def test_wrong_sides_are_named(side: str, said: str, tmp_path: Path, reviewer: Reviewer) -> None:
    with pytest.raises(InputError, match=said):
        compared(runs(archive(tmp_path / "a.parquet"), tmp_path / "out", reviewer), side)


def test_an_account_column_that_does_not_exist(tmp_path: Path, reviewer: Reviewer) -> None:
    with pytest.raises(InputError, match="--account: no column 租户"):
        compared(
            runs(archive(tmp_path / "a.parquet"), tmp_path / "out", reviewer, account="租户"),
            "date:2021-06-01",
        )


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_other_formats(name: str, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]) -> None:
    path = tmp_path / name
    if name.endswith(".csv"):
        lines = [
            "id,body,purpose,客户",
            *(f"{row['id']},{row['body'] or ''},{row['purpose']},{row['客户'] or ''}" for row in ROWS),
        ]
    else:
        purposes = {"营销": "marketing"}
        lines = [
            json.dumps(
                {
                    "id": row["id"],
                    "body": row["body"],
                    "purpose": purposes.get(row["purpose"], row["purpose"]),
                }
            )
            for row in ROWS
        ]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = compared(runs(path, tmp_path / "out", reviewer), f"date:{OLD_DAY}")
    assert (found.tally.overall.total, found.tally.overall.moved, found.tally.errors) == (5, 3, 1)
    assert {row["text"] for row in moved(found)} == {ROWS[1]["body"], ROWS[2]["body"], ROWS[4]["body"]}
    assert all(set(hit.words) == {"zh", "en"} for one in found.samples for hit in one.hits)
