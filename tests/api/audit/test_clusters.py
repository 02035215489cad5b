"""Clusters of near-duplicates: each member is similar to the representative, in any order of the input."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet import Reviewer
from smsvet.extras import is_installed
from smsvet_api.audit.additions import Additions
from smsvet_api.audit.shards import Shard
from smsvet_api.audit.similar.candidates import LONGEST, MOST, Bucketed
from smsvet_api.audit.similar.cluster_tables import biggest
from smsvet_api.audit.similar.clusters import CUT, Cluster, Item, clusters, leaders
from smsvet_api.skeletons import Skeletons

from .archive import CLEAN, InlinePool, audited, parquet, verdicts

if not (is_installed("rensa") and is_installed("rapidfuzz")) and os.environ.get("SMSVET_REQUIRE") != "all":
    pytest.skip("needs the extra `audit`", allow_module_level=True)

WORDS = [
    "订单",
    "包裹",
    "已发货",
    "请于",
    "前往",
    "门店",
    "领取",
    "退订回",
    "优惠",
    "会员",
    "积分",
    "到期",
    "充值",
    "彩金",
    "客服",
]
TEXT = st.one_of(
    st.text(st.sampled_from("赌博彩金 ，{}1\u200b\ud800aA【】"), max_size=12),
    st.lists(st.sampled_from(WORDS), max_size=6).map("".join),
    st.integers(1, 99).map(lambda number: f"【云雀】您的订单{number}已由{{1}}发出，请注意查收，谢谢"),
    st.integers(1, 400).map(lambda number: "退订" * number),
)


@pytest.fixture(scope="module")
def skeletons(reviewer: Reviewer) -> Skeletons:
    return Skeletons(reviewer)


def items(skeletons: Skeletons, texts: Sequence[str], **common: Any) -> list[Item[int]]:
    fields: dict[str, Any] = {"provider": "tencent", "purpose": None, "decision": "reject", "rules": ("a",)}
    fields |= common
    return [Item(key, text, skeletons.of(text, "tencent"), **fields) for key, text in enumerate(texts)]


def similarity(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return 100.0 if one == other else fuzz.ratio(one, other)


def outline(found: Sequence[Cluster[int]]) -> set[tuple[str, str, frozenset[int]]]:
    return {(one.id, one.representative, frozenset(one.members)) for one in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("【云雀】您的验证码是{1}，{2}分钟内有效。", "您的验证码是${code}, 5 分钟内有效"),
        ("訂單12345已發貨", "订单９９已发货！"),
        ("点击 https://a.example/b?c=1 领取", "点击a.example，领取"),
        ("尾号****的卡", "尾号{1}的卡"),
        ("领\u200b取。", "领取"),
    ],
)
def test_texts_with_the_same_skeleton(one: str, other: str, skeletons: Skeletons) -> None:
    assert skeletons.of(one, "tencent") == skeletons.of(other, "tencent")


@pytest.mark.parametrize(
    ("one", "other"),
    [("领取彩金", "领取积分"), ("a.example", "b.example"), ("", "!"), ("{1}", "12"), ("！", "？")],
)
def test_texts_with_different_skeletons(one: str, other: str, skeletons: Skeletons) -> None:
    assert skeletons.of(one, "tencent") != skeletons.of(other, "tencent")


def test_the_most_frequent_leads_and_its_members_follow(skeletons: Skeletons) -> None:
    often, once = "恭喜您获得彩金{1}元，登录领取", "恭喜您获得彩金{1}元，登陆领取"
    (found,) = clusters(items(skeletons, [once, often, often]))
    assert (found.representative, found.members, found.skeletons) == (often, (0, 1, 2), 2)
    assert (found.decision, found.rules) == ("reject", ("a",))


@pytest.mark.parametrize(
    "other",
    [{"provider": "aliyun"}, {"purpose": "marketing"}, {"decision": "manual_review"}, {"rules": ("a", "b")}],
)
def test_a_cluster_has_one_verdict(other: dict[str, Any], skeletons: Skeletons) -> None:
    texts = ["恭喜您获得彩金{1}元，登录领取"]
    assert len(clusters([*items(skeletons, texts), *items(skeletons, texts, **other)])) == 2


def test_no_chain_of_small_changes(skeletons: Skeletons) -> None:
    """Each text differs from the next in one character, the first from the last in all."""
    first, last = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉"
    texts = [last[:count] + first[count:] for count in range(len(first) + 1)]
    for one in clusters(items(skeletons, texts)):
        assert all(similarity(texts[key], one.representative) >= CUT for key in one.members)


@given(texts=st.lists(TEXT, max_size=40), chance=st.randoms(use_true_random=False))
def test_members_resemble_the_representative_in_any_order(
    texts: list[str], chance: random.Random, reviewer: Reviewer
) -> None:
    skeletons = Skeletons(reviewer)
    rows = items(skeletons, texts)
    found = clusters(rows)
    assert sorted(key for one in found for key in one.members) == list(range(len(texts)))
    for one in found:
        head = skeletons.of(one.representative, "tencent")
        assert one.representative in [texts[key] for key in one.members]
        assert all(similarity(rows[key].skeleton, head) >= CUT for key in one.members)
    chance.shuffle(rows)
    assert outline(clusters(rows)) == outline(found)


@pytest.fixture(scope="module")
def crowd() -> list[str]:
    """Return distinct skeletons: families of near-duplicates, shuffles of the same words, and extremes."""
    chance = random.Random(7)
    words = ["".join(chance.choices("天地玄黄宇宙洪荒日月盈昃辰宿列张", k=6)) for _ in range(12)]
    found = {"", "甲", "退订" * LONGEST, "\ud800" * 20, "彩" * LONGEST}
    while len(found) < 2_500:
        chance.shuffle(words)
        text = "".join(words)
        at = chance.randrange(len(text))
        found |= {text, text[:at] + "改" + text[at + 1 :]}
    return sorted(found)


def test_many_candidates_are_bounded(crowd: list[str]) -> None:
    compared = [one for one in crowd if 8 <= len(one) <= LONGEST]
    bucketed = Bucketed(compared)
    most = 0
    for place in range(len(compared)):
        most = max(most, len(bucketed.of(place)))
        bucketed.add(place)
    assert most == MOST


def test_hashing_loses_few_clusters_of_all_pairs(crowd: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    some = crowd[:800]
    hashed = list(leaders(some))
    assert all(similarity(one, head) >= CUT for one, head in zip(some, hashed, strict=True))
    monkeypatch.setattr("smsvet_api.audit.similar.clusters.MOST", len(some))
    exact = list(leaders(some))
    assert len(set(exact)) <= len(set(hashed)) <= 1.02 * len(set(exact))


@pytest.mark.slow
def test_twenty_thousand_skeletons_take_bounded_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shuffles of the same words share most bands and resemble each other little: each becomes a leader."""
    from rapidfuzz import fuzz

    words = ["天地玄黄", "宇宙洪荒", "日月盈昃", "辰宿列张", "寒来暑往", "秋收冬藏", "闰余成岁", "律吕调阳"]
    chance = random.Random(11)
    shuffles = chance.sample(list(permutations(words)), 4_000)
    ordinary = (
        "".join(chance.choices("的一是在不了有和人这中大为上个国我以要他", k=30)) for _ in range(16_000)
    )
    texts = [*map("".join, shuffles), *ordinary]
    comparisons = 0
    ratio = fuzz.ratio

    def counted(one: str, other: str, score_cutoff: float) -> float:
        nonlocal comparisons
        comparisons += 1
        return ratio(one, other, score_cutoff=score_cutoff)

    monkeypatch.setattr(fuzz, "ratio", counted)
    found = list(leaders(texts))
    assert (len(found), len(set(texts))) == (20_000, 20_000)
    assert len(set(found)) > 17_000
    assert comparisons <= MOST * len(texts)


def test_the_tables_of_a_run(tmp_path: Path, reviewer: Reviewer, inline: Any) -> None:
    bodies = [
        "葡京真人荷官在线发牌，注册送彩金",
        "葡京真人荷官在线发牌，注册送彩金哦",
        "加V信领取彩金{1}元",
        CLEAN,
    ]
    archive = parquet(tmp_path / "a.parquet", 40, 模板内容=bodies * 10)
    outcome = audited(archive, tmp_path / "out", reviewer, additions=Additions(clusters=True))
    members = [
        row
        for path in sorted(outcome.run.folder.glob("members/*.parquet"))
        for row in pq.read_table(path).to_pylist()
    ]
    found = {row["cluster"]: row for row in biggest(outcome.run.folder, 100)}
    flagged = {row["smsvet_row"]: row for row in verdicts(outcome) if row["smsvet_decision"] != "approve"}
    assert sorted(row["row"] for row in members) == sorted(flagged)
    assert Counter(row["cluster"] for row in members) == {key: row["items"] for key, row in found.items()}
    assert next(iter(found.values()))["items"] == 20
    for row in members:
        verdict, cluster = flagged[row["row"]], found[row["cluster"]]
        assert cluster["decision"] == verdict["smsvet_decision"]
        assert cluster["rules"] == sorted(verdict["smsvet_rules"])
    assert outcome.manifest["clusters"] == {"clusters": len(found), "items": 30}
    shuffled = parquet(tmp_path / "b.parquet", 40, 模板内容=bodies[::-1] * 10)
    other = audited(shuffled, tmp_path / "out2", reviewer, additions=Additions(clusters=True))
    assert biggest(other.run.folder, 100) == list(found.values())


def test_an_interrupted_run_has_the_same_clusters(
    tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    archive = parquet(tmp_path / "a.parquet")
    additions = Additions(clusters=True, fixes=True)
    undisturbed = audited(archive, tmp_path / "one", reviewer, additions=additions)
    left = iter(range(3))

    def begin(shard: Shard) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    inline.before = staticmethod(begin)
    with pytest.raises(KeyboardInterrupt):
        audited(archive, tmp_path / "two", reviewer, additions=additions)
    inline.before = staticmethod(lambda shard: None)
    outcome = audited(archive, tmp_path / "two", reviewer, additions=additions)
    assert outcome.progress is not None
    assert outcome.progress.resumed
    assert outcome.manifest["digest"] == undisturbed.manifest["digest"]
