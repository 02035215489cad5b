"""Accepted findings: what a baseline covers, until when, and how its file changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsvet import Decision, Reviewer
from smsvet.model import Lang
from smsvet_api.audit.additions import Additions
from smsvet_api.audit.baseline.applying import Application, Tally
from smsvet_api.audit.baseline.baseline_file import read_baseline, write_baseline
from smsvet_api.audit.baseline.entries import Baseline, Entry, State, latest
from smsvet_api.audit.baseline.fingerprints import Fingerprints
from smsvet_api.audit.baseline.maintenance import Acceptance, open_findings, pruned, with_added
from smsvet_api.audit.baseline.states_table import read_states
from smsvet_api.audit.output_tables import Tables
from smsvet_api.audit.run import Outcome
from smsvet_api.files.rows import InputError, Row
from smsvet_api.skeletons import Skeletons

from .archive import DAY, audited, findings, parquet, verdicts

FLAGGED = "葡京真人荷官在线发牌，注册送彩金{1}元"
CLEAN = "您的快递已到{1}，取件码{2}，请于{3}前领取。"
UNTIL = date(2027, 3, 31)


@pytest.fixture(scope="module")
def fingerprints(reviewer: Reviewer) -> Fingerprints:
    return Fingerprints(Skeletons(reviewer), None)


def run(
    folder: Path, reviewer: Reviewer, bodies: Sequence[str], baseline: Baseline, day: date = DAY
) -> Outcome:
    archive = folder / f"{len(list(folder.iterdir()))}.parquet"
    parquet(archive, len(bodies), 模板内容=list(bodies))
    out = folder / f"out-{archive.stem}"
    return audited(archive, out, reviewer, today=day, additions=Additions(baseline=baseline))


def accepting(folder: Path, reviewer: Reviewer, bodies: Sequence[str], until: date = UNTIL) -> Baseline:
    """Return the baseline that accepts all findings on these texts."""
    nothing = Baseline({}, "")
    outcome = run(folder, reviewer, bodies, nothing)
    found = open_findings(outcome.run.folder, Acceptance(until, "整改中", "compliance", DAY))
    return of(with_added(nothing, found).entries)


def of(entries: Sequence[Entry]) -> Baseline:
    digest = json.dumps([str(one) for one in entries])
    return Baseline({one.key: one for one in entries}, digest)


def states(outcome: Outcome) -> set[State]:
    return set(read_states(outcome.run.folder).values())


def decisions(outcome: Outcome) -> list[str | None]:
    return [row["smsvet_decision_baseline"] for row in verdicts(outcome)]


@pytest.mark.parametrize(
    ("bodies", "day", "state", "decision"),
    [
        pytest.param([FLAGGED], DAY, State.ACTIVE, "approve", id="added"),
        pytest.param([f" {FLAGGED[:9]} {FLAGGED[9:]}。"], DAY, State.ACTIVE, "approve", id="blanks edited"),
        pytest.param([FLAGGED], UNTIL, State.EXPIRING, "approve", id="last day"),
        pytest.param([FLAGGED], UNTIL - timedelta(30), State.EXPIRING, "approve", id="soon"),
        pytest.param([FLAGGED], UNTIL - timedelta(31), State.ACTIVE, "approve", id="not soon"),
        pytest.param([FLAGGED], UNTIL + timedelta(1), State.EXPIRED, "reject", id="expired"),
        pytest.param([CLEAN], DAY, State.UNSEEN, "approve", id="unseen"),
        pytest.param([CLEAN], UNTIL + timedelta(1), State.UNSEEN, "approve", id="unseen and expired"),
        pytest.param([FLAGGED.replace("彩金", "百万彩金")], DAY, State.UNSEEN, "reject", id="wording edited"),
    ],
)
def test_an_entry_in_a_later_run(
    bodies: list[str],
    day: date,
    state: State,
    decision: str,
    tmp_path: Path,
    reviewer: Reviewer,
    inline: Any,
) -> None:
    baseline = accepting(tmp_path, reviewer, [FLAGGED])
    assert baseline.entries
    outcome = run(tmp_path, reviewer, bodies, baseline, day)
    assert states(outcome) == {state}
    assert decisions(outcome) == [decision]
    counts = outcome.manifest["baseline"]
    assert counts[state] == len(baseline.entries) == sum(counts.values())


def test_the_engines_verdict_stays_and_each_finding_is_marked(
    tmp_path: Path, reviewer: Reviewer, inline: Any
) -> None:
    outcome = run(tmp_path, reviewer, [FLAGGED, CLEAN], accepting(tmp_path, reviewer, [FLAGGED]))
    assert [row["smsvet_decision"] for row in verdicts(outcome)] == ["reject", "approve"]
    assert [row["smsvet_grandfathered"] for row in verdicts(outcome)] == [UNTIL.isoformat(), None]
    assert outcome.manifest["decisions"] == {"reject": 1, "approve": 1}
    assert outcome.manifest["decisions_baseline"] == {"approve": 2}
    marked = [one["grandfathered"] for one in findings(outcome) if one["decision"] != "approve"]
    assert marked == [UNTIL.isoformat()] * len(marked)
    assert marked


def test_a_stricter_decision_is_not_accepted(tmp_path: Path, reviewer: Reviewer, inline: Any) -> None:
    baseline = accepting(tmp_path, reviewer, [FLAGGED])
    milder = of([replace(one, decision=Decision.MANUAL_REVIEW) for one in baseline.entries.values()])
    outcome = run(tmp_path, reviewer, [FLAGGED], milder)
    assert State.WORSE in states(outcome)
    assert decisions(outcome) == ["reject"]
    any_decision = of([replace(one, decision=None) for one in baseline.entries.values()])
    outcome = run(tmp_path, reviewer, [FLAGGED], any_decision)
    assert (states(outcome), decisions(outcome)) == ({State.ACTIVE}, ["approve"])


def test_a_rule_that_failed_is_never_accepted(
    tmp_path: Path, reviewer: Reviewer, inline: Any, fingerprints: Fingerprints
) -> None:
    outcome = run(tmp_path, reviewer, [FLAGGED], Baseline({}, ""))
    baseline = accepting(tmp_path, reviewer, [FLAGGED])
    (path,) = outcome.run.folder.glob("verdicts/*.parquet")
    verdicts = pq.read_table(path)
    place = verdicts.schema.get_field_index("smsvet_faults")
    failed = verdicts.set_column(place, verdicts.schema.field(place), pa.array([["a/b: ValueError"]]))
    tables = Tables(failed, pq.read_table(outcome.run.folder / "findings" / path.name))
    row = Row(1, {"body": FLAGGED, "purpose": "notification"})
    applied = Application(baseline, DAY, reviewer, None).applied([row], tables, Tally())
    assert applied.verdicts["smsvet_decision_baseline"].to_pylist() == ["manual_review"]
    assert all(applied.findings["grandfathered"].to_pylist())


def test_a_row_without_a_verdict_has_no_fingerprint(tmp_path: Path, reviewer: Reviewer, inline: Any) -> None:
    archive = parquet(tmp_path / "a.parquet", 2, 模板类型=["通知", "不存在的类型"])
    additions = Additions(baseline=Baseline({}, ""))
    first, second = verdicts(audited(archive, tmp_path / "out", reviewer, additions=additions))
    assert first["smsvet_fingerprint"].startswith("b64:")
    assert second["smsvet_error"]
    assert second["smsvet_fingerprint"] is second["smsvet_decision_baseline"] is None


def test_pruning_removes_what_is_useless_and_adds_nothing(
    tmp_path: Path, reviewer: Reviewer, inline: Any, fingerprints: Fingerprints
) -> None:
    baseline = accepting(tmp_path, reviewer, [FLAGGED])
    kept = list(baseline.entries.values())
    clean = fingerprints.of({"body": CLEAN, "purpose": "notification"})
    unmatched = replace(kept[0], fp=clean)
    gone = replace(kept[0], rule="content/no-such-rule")
    unseen = replace(kept[0], fp=fingerprints.of({"body": "别的模板", "purpose": "notification"}))
    before = of([*kept, unmatched, gone, unseen])
    outcome = run(tmp_path, reviewer, [FLAGGED, CLEAN, "加V信领取彩金"], before)
    found = read_states(outcome.run.folder)
    assert (found[unmatched.key], found[gone.key], found[unseen.key]) == (
        State.UNMATCHED,
        State.RULE_GONE,
        State.UNSEEN,
    )
    change = pruned(before, found)
    assert (set(change.entries), change.added, change.removed) == ({*kept, unseen}, 0, 2)


def test_adding_removes_nothing_and_renews_what_has_expired(
    tmp_path: Path, reviewer: Reviewer, inline: Any
) -> None:
    early = accepting(tmp_path, reviewer, [FLAGGED], until=DAY)
    gone = replace(next(iter(early.entries.values())), rule="content/no-such-rule")
    before = of([*early.entries.values(), gone])
    day = DAY + timedelta(1)
    outcome = run(tmp_path, reviewer, [FLAGGED, "加V信领取彩金"], before, day)
    found = open_findings(outcome.run.folder, Acceptance(UNTIL, "延期", "legal", day))
    change = with_added(before, found)
    assert change.renewed == len(early.entries)
    assert change.added > 0
    assert gone in change.entries
    assert {one.until for one in change.entries if one != gone} == {UNTIL}


def test_an_accepted_finding_is_not_added_again(tmp_path: Path, reviewer: Reviewer, inline: Any) -> None:
    baseline = accepting(tmp_path, reviewer, [FLAGGED])
    outcome = run(tmp_path, reviewer, [FLAGGED], baseline)
    assert not open_findings(outcome.run.folder, Acceptance(UNTIL, "延期", "legal", DAY))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("您的订单{1}已发货，请查收", " 您的 订单{1}\n已发货,请查收。"),
        ("您的订单{1}已发货", "您的订单{7}已发货"),
        ("您的订单${order}已发货", "您的订单${code}已发货"),
        ("訂單已發貨", "订单已发货"),
    ],
)
def test_edits_that_keep_the_fingerprint(one: str, other: str, fingerprints: Fingerprints) -> None:
    provider = "aliyun" if "$" in one else "tencent"
    assert fingerprints.of({"body": one, "provider": provider}) == fingerprints.of(
        {"body": other, "provider": provider}
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"body": "您的订单{1}已发货"}, {"body": "您的包裹{1}已发货"}),
        ({"body": "您的订单{1}已发货"}, {"body": "您的订单已发货{1}"}),
        ({"body": "订单{1}，单号{1}"}, {"body": "订单{1}，单号{2}"}),
        ({"body": "满100减5"}, {"body": "满100减50"}),
        ({"body": "利率1.5%"}, {"body": "利率15%"}),
        ({"body": "登录my-bank.example"}, {"body": "登录mybank.example"}),
        ({"body": "您好"}, {"signature": "您好"}),
        ({"body": "您好", "purpose": "marketing"}, {"body": "您好", "purpose": "notification"}),
        ({"body": "您好", "provider": "aliyun"}, {"body": "您好", "provider": "tencent"}),
        ({"body": "您好", "account": {"name": "甲"}}, {"body": "您好", "account": {"name": "乙"}}),
        ({"body": "{1}", "params": ["1"]}, {"body": "{1}", "params": ["2"]}),
    ],
)
def test_edits_that_change_the_fingerprint(
    one: dict[str, Any], other: dict[str, Any], fingerprints: Fingerprints
) -> None:
    assert fingerprints.of(one) != fingerprints.of(other)


@pytest.mark.parametrize("account", [{"name": "甲"}, '{"name": "甲"}', "甲"])
def test_an_account_may_be_json_text(account: object, fingerprints: Fingerprints) -> None:
    assert fingerprints.of({"body": "您好", "account": account}) == fingerprints.of(
        {"body": "您好", "account": {"name": "甲"}}
    )


GOOD: dict[str, Any] = {
    "fp": "b64:AXpwP5tMwBbqRAtoPzOquChW",
    "rule": "content/gambling",
    "until": "2027-03-31",
    "reason": "整改中",
    "owner": "compliance",
}


def written(path: Path, *lines: object) -> Path:
    text = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lines", "zh", "en"),
    [
        ([GOOD, "{"], "b.jsonl:2:", "b.jsonl:2:"),
        ([[1]], "b.jsonl:1: 应为对象", "b.jsonl:1: Input should be"),
        ([GOOD | {"until": None}], "b.jsonl:1: until: 应为 ISO 日期", "b.jsonl:1: until: Input should be an ISO date"),
        ([GOOD | {"until": "2029-01-01"}], "until: 2029-01-01 超过两年", "until: 2029-01-01 is more than two years"),
        ([GOOD | {"until": "20270331"}], "until: 应为 ISO 日期", "until: Input should be an ISO date"),
        ([{k: v for k, v in GOOD.items() if k != "until"}], "until: 缺少此字段", "until: Field required"),
        ([{k: v for k, v in GOOD.items() if k != "owner"}], "owner: 缺少此字段", "owner: Field required"),
        ([GOOD | {"reason": " "}], "reason: 不能为空", "reason: String should have at least"),
        ([GOOD | {"expires": "x"}], "expires: 未知字段", "expires: unknown field"),
        ([GOOD | {"decision": "approve"}], "decision: 应为 manual_review、reject 之一", "decision: Input should be"),
        ([GOOD | {"fp": "abc"}], "fp: 不是指纹", "fp: not a fingerprint"),
        ([GOOD | {"fp": "b64:" + "Ag" + GOOD["fp"][6:]}], "fp: 指纹版本 2", "fp: version 2"),
        (["", GOOD, GOOD], "b.jsonl:3: fp, rule: 与第 2 行重复", "b.jsonl:3: fp, rule: the same as in line 2"),
        ([GOOD | {"owner": "\ud800"}], "owner:", "owner:"),
    ],
)  # fmt: skip
def test_a_damaged_baseline(lines: list[object], zh: str, en: str, tmp_path: Path) -> None:
    path = written(tmp_path / "b.jsonl", *lines)
    messages: tuple[tuple[Lang, str], ...] = (("zh", zh), ("en", en))
    for lang, message in messages:
        with pytest.raises(InputError) as raised:
            read_baseline(path, DAY, lang)
        assert str(raised.value).startswith(str(path))
        assert message in str(raised.value)


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    path.write_bytes(b'{"fp":"\xff"}\n')
    with pytest.raises(InputError, match=r"b\.jsonl:1: .*0xFF"):
        read_baseline(path, DAY, "en")


def test_the_file_is_sorted_and_byte_stable(tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    lines = [GOOD | {"rule": rule, "item": item} for rule, item in (("b/b", "甲"), ("a/a", "乙"))]
    read = read_baseline(written(path, *lines), DAY, "en")
    assert write_baseline(path, reversed(list(read.entries.values())), read, "en")
    once = path.read_bytes()
    assert [json.loads(line)["rule"] for line in once.splitlines()] == ["a/a", "b/b"]
    assert "乙".encode() in once
    read = read_baseline(path, DAY, "en")
    assert not write_baseline(path, read.entries.values(), read, "en")
    assert path.read_bytes() == once
    assert [one.name for one in tmp_path.iterdir()] == ["b.jsonl"]


def test_a_baseline_that_changes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path / "b.jsonl", GOOD)
    read = read_baseline(path, DAY, "en")
    written(path, GOOD, GOOD | {"rule": "b/b"})
    with pytest.raises(InputError, match="changed during the audit"):
        write_baseline(path, (), read, "en")
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("day", "last"),
    [(date(2026, 11, 29), date(2028, 11, 29)), (date(2028, 2, 29), date(2030, 3, 1))],
)
def test_the_latest_date(day: date, last: date) -> None:
    assert latest(day) == last
