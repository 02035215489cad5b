"""Properties of disguises: exact places, the same hit once undone, no evasion by invisible characters."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet import Decision, Reviewer, Submission, Term

TERMS = {"无抵押贷款": "loan", "信用卡套现": "credit_card", "百家乐": "gambling", "澳门葡京": "gambling"}
"""Strong terms with their categories. The steps below use substitutes for their characters."""

INSIDE = {"无抵押贷款": (1,), "信用卡套现": (0, 1), "百家乐": (0, 1), "澳门葡京": (0, 2)}
"""Indices of characters after which a sign splits a word instead of separating two words."""

SOUNDS = {"押": "压", "抵": "砥", "卡": "咖", "京": "惊", "葡": "蒲"}
LETTERS = {"贷": "dai", "款": "kuan", "卡": "ka", "现": "xian", "乐": "le", "京": "jing", "门": "men"}
PARTS = {"贷": "代贝", "押": "扌甲", "信": "亻言"}
SIGNS = "*~|❤🔥·^"
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u202c\u2066\ufe0f"

PLAIN_BEFORE = st.text("您好的订单12,。\u200b①Ａ🎉", max_size=10)
PLAIN_AFTER = st.text("请查收34,。!\u200b②Ｂ🎉", max_size=10)


class Step(NamedTuple):
    """How a term is disguised at a place, and how the quoted pieces are restored."""

    name: str
    write: Callable[[str, int], str]
    undo: Callable[[str], str]


def mapped(name: str, table: dict[str, str]) -> Step:
    """Return the step that replaces one character, using a table that is reversible."""

    def undo(written: str) -> str:
        for meant, instead in table.items():
            written = written.replace(instead, meant)
        return written

    return Step(name, lambda term, at: "".join([term[:at], table[term[at]], term[at + 1 :]]), undo)


STEPS = {
    "separator": Step(
        "separator", lambda term, at: term[: at + 1] + "*" + term[at + 1 :], lambda quoted: quoted
    ),
    "placeholder": Step(
        "placeholder", lambda term, at: term[: at + 1] + "{1}" + term[at + 1 :], lambda quoted: quoted
    ),
    "repeat": Step(
        "repeat", lambda term, at: term[: at + 1] + term[at:], lambda quoted: "".join(dict.fromkeys(quoted))
    ),
    "reversed": Step("reversed", lambda term, at: term[::-1], lambda quoted: quoted[::-1]),
    "homophone": mapped("homophone", SOUNDS),
    "pinyin": mapped("pinyin", LETTERS),
    "split": mapped("split", PARTS),
}
TABLES = {"homophone": SOUNDS, "pinyin": LETTERS, "split": PARTS}
PLACES = [
    (term, name, at)
    for term in TERMS
    for name in STEPS
    for at in (range(len(term)) if name in TABLES else (0,) if name == "reversed" else INSIDE[term])
    if name not in TABLES or term[at] in TABLES[name]
]


def disguised(reviewer: Reviewer, body: str) -> list[Term]:
    return [term for term in reviewer.read(Submission(body=body)).texts["body"].terms if term.meant]


def quoted(body: str, term: Term) -> str:
    return "".join(body[piece.start : piece.end] for piece in term.spans or (term.span,))


@settings(max_examples=150)
@given(place=st.sampled_from(PLACES), before=PLAIN_BEFORE, after=PLAIN_AFTER)
def test_undoing_the_step_in_the_quoted_pieces_gives_the_term(
    reviewer: Reviewer, place: tuple[str, str, int], before: str, after: str
) -> None:
    meant, name, at = place
    written = STEPS[name].write(meant, at)
    body = f"{before}。{written}。{after}"
    start = len(before) + 1
    [term] = [item for item in disguised(reviewer, body) if item.meant == meant]
    assert term.category == TERMS[meant]
    assert term.transforms == (name,)
    assert (term.span.start, term.span.end) == (start, start + len(written))
    assert STEPS[name].undo(quoted(body, term)) == meant


@settings(max_examples=150)
@given(place=st.sampled_from(PLACES), before=PLAIN_BEFORE, after=PLAIN_AFTER)
def test_the_undisguised_submission_has_the_same_hit(
    reviewer: Reviewer, place: tuple[str, str, int], before: str, after: str
) -> None:
    meant, name, at = place
    body = f"{before}。{STEPS[name].write(meant, at)}。{after}"
    [term] = [item for item in disguised(reviewer, body) if item.meant == meant]
    undone = body[: term.span.start] + STEPS[name].undo(quoted(body, term)) + body[term.span.end :]
    plain = reviewer.read(Submission(body=undone)).texts["body"].terms
    assert [
        item.strength for item in plain if item.category == term.category and meant.startswith(item.text[:2])
    ]
    assert (term.category, term.strength) in {
        (item.category, item.strength) for item in plain if not item.meant
    }


def categories(reviewer: Reviewer, body: str) -> dict[str, Decision]:
    """Return the strictest decision for each category found."""
    found: dict[str, Decision] = {}
    for item in reviewer.review(Submission(body=body, purpose="notification")).findings:
        if item.category:
            found[item.category] = max(item.decision, found.get(item.category, item.decision))
    return found


SHOWN = [
    "无抵押贷款，当天到账",
    "无抵*押贷款，当天到账",
    "加威❤信领取",
    "信用咔套现，联系13800138000",
    "无抵押daikuan，当天到账",
    "澳门葡京真人荷官",
    "您的订单已发货，谢谢您的支持",
    "查看 t点cn/abc 领取",
    "联系一三八零零一三八零零零",
]


@settings(max_examples=150)
@given(
    body=st.sampled_from(SHOWN),
    signs=st.lists(st.tuples(st.integers(0, 30), st.text(UNSEEN, min_size=1, max_size=3)), max_size=6),
)
def test_invisible_characters_change_no_category(
    reviewer: Reviewer, body: str, signs: list[tuple[int, str]]
) -> None:
    written = body
    for at, sign in signs:
        written = written[:at] + sign + written[at:]
    assert categories(reviewer, written) == categories(reviewer, body)


@settings(max_examples=150)
@given(body=st.text("无抵押贷款压袋*❤ dk{1}daikuan代贝微信威加V+一三八零点cn./。\u200b①Ａ", max_size=40))
def test_every_span_is_inside_the_submission(reviewer: Reviewer, body: str) -> None:
    for finding in reviewer.review(Submission(body=body)).findings:
        if finding.start is None or finding.end is None:
            continue
        assert finding.text == body[finding.start : finding.end]
        pieces = finding.spans or ((finding.start, finding.end),)
        assert all(0 <= left < right <= len(body) for left, right in pieces if right > left)
        assert all(right <= left for (_, right), (left, _) in pairwise(pieces))


def test_overlapping_readings_are_one_finding(reviewer: Reviewer) -> None:
    findings = reviewer.review(Submission(body="微V❤/信加威")).findings
    found = next(item for item in findings if item.rule == "content/social-contact")
    assert found.spans == ((0, 3), (4, 5))
