"""Disguised words and contacts: steps, places, and ordinary language that must not match."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet import Decision, Reviewer, Submission, Term
from smsvet.evasion.disguise import STEPS_ZH, TRANSFORMS
from smsvet.evasion.pinyin import spelled
from smsvet.explain import explain_term
from smsvet.text.automaton import installed

FOUND = [
    # written text, its meaning, the steps
    ("无抵*押贷款", "无抵押贷款", ["separator"]),
    ("无 抵 押 贷 款", "无抵押贷款", ["separator"]),
    ("无❤抵押🔥贷款", "无抵押贷款", ["separator"]),
    ("无抵抵押贷款", "无抵押贷款", ["repeat"]),
    ("无抵压袋款", "无抵押贷款", ["homophone"]),
    ("无敌央贷款", "无抵押贷款", None),
    ("wudiyadaikuan", "无抵押贷款", ["pinyin"]),
    ("无di押贷kuan", "无抵押贷款", ["pinyin"]),
    ("wu di ya dai kuan", "无抵押贷款", ["pinyin", "separator"]),
    ("无抵押da1kuan", "无抵押贷款", ["leetspeak"]),
    ("无抵押dаikuаn", "无抵押贷款", ["pinyin"]),  # the a's are Cyrillic
    ("无抵押代贝款", "无抵押贷款", ["split"]),
    ("无抵押d款", "无抵押贷款", ["stand-in"]),
    ("无抵押dk", "无抵押贷款", ["initials"]),
    ("无dy贷款", "无抵押贷款", ["initials"]),
    ("无抵呷贷款", "无抵押贷款", ["similar-glyph"]),
    ("无抵押d|aik|uan", "无抵押贷款", ["pinyin", "separator"]),
    ("无抵押dai{1}kuan", "无抵押贷款", ["pinyin", "placeholder"]),
    ("真人💳", None, None),
    ("款贷押抵无", "无抵押贷款", ["reversed"]),
    ("无抵押贷{1}款", "无抵押贷款", ["placeholder"]),
    ("无抵*压贷款", "无抵押贷款", ["homophone", "separator"]),
    ("無抵*押貸款", "无抵押贷款", ["separator"]),
    ("款贷押{1}抵无", "无抵押贷款", ["placeholder", "reversed"]),
]

ORDINARY = [
    "请阅读以下注意事项",
    "您订购的菠菜已发货",
    "本店提供贷，款式新颖",
    "师傅将于今日上门，服务码请妥善保管",
    "谢谢您的支持，天天好心情",
    "免费 试用装已寄出",
    "公司在业内威信很高",
    "We can run long and have fun together",
    "您的抖音账号已登录",
    "请关注微信公众号查询",
    "您加入的QQ群已解散",
    "明天见噢，不见不散呀",
    "员工食堂今日提供免费姜茶，请自取。",
]


def disguised(reviewer: Reviewer, body: str) -> list[Term]:
    return [term for term in reviewer.read(Submission(body=body)).texts["body"].terms if term.meant]


@pytest.fixture(scope="module", params=installed())
def backed(request: pytest.FixtureRequest) -> Reviewer:
    """Return a reviewer for each matcher backend."""
    return Reviewer(backend=request.param)


@pytest.mark.parametrize(("written", "meant", "steps"), FOUND)
def test_found_on_every_backend(
    backed: Reviewer, written: str, meant: str | None, steps: list[str] | None
) -> None:
    found = [
        list(term.transforms)
        for term in disguised(backed, f"急用钱，{written}，当天到账")
        if meant and term.meant.replace("…", "") == meant and term.category == "loan"
    ]
    assert (steps in found) if steps else not found


@pytest.mark.parametrize(
    ("body", "meant", "steps"),
    [
        ("郊友平tai，单身人士", "交友平台", ("homophone", "pinyin")),
        ("稻gao会，教hui", "祷告会", ("homophone", "pinyin")),
        ("兑huanhao礼", "兑换…好礼", ("pinyin",)),
    ],
)
def test_adjacent_disguised_words(backed: Reviewer, body: str, meant: str, steps: tuple[str, ...]) -> None:
    assert (meant, steps) in [(term.meant, term.transforms) for term in disguised(backed, body)]


@pytest.mark.parametrize("doubtful", ["玉见霍", "fuzhu"])
def test_a_chance_match_counts_next_to_another_disguised_word(backed: Reviewer, doubtful: str) -> None:
    assert disguised(backed, doubtful) == []
    assert doubtful in [term.text for term in disguised(backed, f"{doubtful}，无抵*押贷款")]


@pytest.mark.parametrize("body", ORDINARY)
def test_ordinary_language_is_not_a_disguise(backed: Reviewer, body: str) -> None:
    assert disguised(backed, body) == []


@pytest.mark.parametrize(
    ("body", "kind", "value", "steps"),
    [
        ("联系我一三八零零一三八零零零", "mobile", "13800138000", ("numeral",)),
        ("联系我壹叁捌零零壹叁捌零零零", "mobile", "13800138000", ("numeral",)),
        ("联系我l38OOl38OOO", "mobile", "13800138000", ("numeral",)),
        ("联系我138*0013*8000", "mobile", "13800138000", ("separator",)),
        ("加企-鹅24-681-35-79", "qq", "246813579", ("separator", "stand-in")),
        ("佳喂:ab246810", "wechat", "ab246810", ("homophone",)),
    ],
)
def test_contacts(reviewer: Reviewer, body: str, kind: str, value: str, steps: tuple[str, ...]) -> None:
    found = [item for item in reviewer.read(Submission(body=body)).texts["body"].contacts if item.transforms]
    assert [(item.kind, item.value, item.transforms) for item in found] == [(kind, value, steps)]


@pytest.mark.parametrize(
    "body", ["会议时间二零二六年一月十五日", "订单号1 3 8 5 6 7 8 9 0 1 2已发货", "全市人口12345678口人"]
)
def test_numbers_that_are_not_contacts(reviewer: Reviewer, body: str) -> None:
    contacts = reviewer.read(Submission(body=body)).texts["body"].contacts
    assert [item for item in contacts if item.transforms] == []


@pytest.mark.parametrize(
    ("body", "decision"),
    [
        ("无抵*押贷款，当天放款", Decision.REJECT),  # one step
        ("无抵*压贷{1}款", Decision.MANUAL_REVIEW),  # three
    ],
)
def test_a_longer_chain_needs_manual_review(reviewer: Reviewer, body: str, decision: Decision) -> None:
    findings = reviewer.review(Submission(body=body, purpose="notification")).findings
    assert max(item.decision for item in findings if item.category == "loan") is decision


def test_the_message_shows_the_undisguised_term(reviewer: Reviewer) -> None:
    for lang, shown in (
        ("zh", "“无抵❤压贷款”读作“无抵押贷款”（同音字、符号插入）涉及贷款"),
        ("en", "“无抵❤压贷款” read as “无抵押贷款” (homophone, separator): loan content is prohibited"),
    ):
        found = reviewer.review(Submission(body="无抵❤压贷款"), "zh" if lang == "zh" else "en").findings
        loan = next(item for item in found if item.rule == "content/loan")
        assert shown in loan.message
        assert loan.spans == ((0, 2), (3, 6))
        assert loan.transforms == ("homophone", "separator")


def test_a_disguise_is_a_separate_finding(reviewer: Reviewer) -> None:
    weak = [term for term in disguised(reviewer, "小*额贷*款") if term.strength == "weak"]
    rules = {item.rule for item in reviewer.review(Submission(body="小*额贷*款")).findings}
    assert weak
    assert "template/variant-characters" in rules


@pytest.mark.parametrize(
    "step", ["separator", "homophone", "pinyin", "split", "repeat", "placeholder", "reversed"]
)
def test_a_transform_can_be_left_out(step: str) -> None:
    written = next(written for written, _, steps in FOUND if steps == [step])
    left_out = Reviewer(off=(step,))
    assert all(step not in term.transforms for term in disguised(left_out, f"急用钱，{written}"))


def test_every_step_has_a_chinese_name() -> None:
    assert set(TRANSFORMS) <= set(STEPS_ZH)
    assert all(STEPS_ZH.values())


@pytest.mark.parametrize(
    ("letters", "syllables"),
    [("daikuan", ("dai", "kuan")), ("xian", ("xian",)), ("fangan", ("fang", "an")), ("xyz", ())],
)
def test_spelled(letters: str, syllables: tuple[str, ...]) -> None:
    known = dict.fromkeys(["dai", "kuan", "xian", "xi", "an", "fang", "fan", "gan"], "")
    assert spelled(letters, known) == syllables


def test_explain_shows_the_reading(reviewer: Reviewer) -> None:
    told = explain_term(reviewer, Submission(body="无抵*压贷款，当天放款"), "无抵押贷款")
    assert told.flagged
    assert any("无抵*压贷款" in gate.sentence and "同音字" in gate.sentence for gate in told.gates)


def inserted(signs: str) -> Callable[[str, int], str]:
    return lambda word, at: word[:at] + signs + word[at:]


@settings(max_examples=60, deadline=None)
@given(
    before=st.text("您好的订单abc 12,。\u200b①Ａ", max_size=12),
    after=st.text("请查收xyz 34,。!\u200b②Ｂ", max_size=12),
    at=st.sampled_from([1, 2, 4]),
    sign=st.sampled_from("*~|❤🔥·"),
)
def test_offsets_refer_to_the_submitted_text(
    reviewer: Reviewer, before: str, after: str, at: int, sign: str
) -> None:
    word = "无抵押贷款"
    body = f"{before}。{inserted(sign)(word, at)}。{after}"
    start = len(before) + 1
    found = [term for term in disguised(reviewer, body) if term.meant == word]
    assert [(term.span.start, term.span.end) for term in found] == [(start, start + 6)]
    pieces = [(piece.start, piece.end) for piece in found[0].spans]
    assert "".join(body[left:right] for left, right in pieces) == word


@settings(max_examples=60, deadline=None)
@given(body=st.text("无抵押贷款压袋*❤ dk{1}daikuan代贝微信威加。\u200b①Ａ", max_size=40))
def test_every_span_matches_its_quote(reviewer: Reviewer, body: str) -> None:
    for term in disguised(reviewer, body):
        assert 0 <= term.span.start < term.span.end <= len(body)
        assert term.text == body[term.span.start : term.span.end]
        pieces = [(piece.start, piece.end) for piece in term.spans]
        assert pieces == sorted(pieces)
        assert all(term.span.start <= left < right <= term.span.end for left, right in pieces)


@pytest.mark.parametrize(
    ("undo", "written"),
    [
        (lambda text: text.replace("*", ""), "无抵*押贷*款"),
        (lambda text: text.replace("抵抵", "抵"), "无抵抵押贷款"),
        (lambda text: text.replace("代贝", "贷"), "无抵押代贝款"),
        (lambda text: text[::-1], "款贷押抵无"),
        (lambda text: text.replace("daikuan", "贷款"), "无抵押daikuan"),
    ],
)
def test_undoing_it_gives_the_same_hit(reviewer: Reviewer, undo: Callable[[str], str], written: str) -> None:
    plain = reviewer.read(Submission(body=undo(written))).texts["body"].terms
    there = {(term.category, term.strength) for term in disguised(reviewer, written)}
    assert {(term.category, term.strength) for term in plain if term.text == "无抵押贷款"} <= there
