"""Entries, allowlist phrases and the terms they find. Each row has lexicon lines, a text, and its terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsvet.files.content_files import ContentError
from smsvet.files.location import CONTENT
from smsvet.lexicon.combinations import NEAR
from smsvet.lexicon.entries import SafePhrase, load_entries, parse_entry, read_safe, to_phrase
from smsvet.lexicon.lexicon import Lexicon
from smsvet.text.fold import Folder
from smsvet.text.segmenter import Segmenter
from smsvet.text.text import Text

FOLDER = Folder.load(CONTENT / "corpora" / "fold.tsv")
SEGMENTER = Segmenter()


def lexicon(*lines: str, safe: tuple[str, ...] = ()) -> Lexicon:
    """Return a lexicon with lines `category/term[/strength[/mode]]` and phrases `category/phrase`."""
    entries = []
    for line in lines:
        category, term, strength, mode = (*line.split("/"), *("strong", "anywhere")[line.count("/") - 1 :])
        entries.append(parse_entry(category, term, strength, mode, "lines"))
    phrases = [SafePhrase(*phrase.split("/")) for phrase in safe]
    return Lexicon(entries, phrases, FOLDER, SEGMENTER)


def read(original: str) -> Text:
    folded, origins = FOLDER.fold(original)
    return Text("body", original, folded, origins)


def found(words: Lexicon, original: str) -> list[str]:
    """Return the submitted text of each term found; pieces of a combination are joined by `+`."""
    text = read(original)
    return ["+".join(map(text.quote, term.spans)) or term.text for term in words.find(text)]


ENTRIES = [
    # entry, text, expected terms
    ("贷款", "无抵押贷款", ["贷款"]),
    ("贷款", "无抵押货款", []),
    ("贷款|借款", "借款与贷款", ["借款", "贷款"]),
    ("手机 & 回收", "手机高价回收", ["手机+回收"]),
    ("手机 & 回收", "回收旧手机", ["回收+手机"]),
    ("手机 & 回收", "回收旧家电", []),
    ("手机|电脑 & 回收|收购", "电脑收购", ["电脑+收购"]),
    ("手机 & 回收 & 上门", "上门回收手机", ["上门+回收+手机"]),
    ("手机 & 回收 & 上门", "回收手机", []),
    ("手机 & 回收 !公益", "手机高价回收", ["手机+回收"]),
    ("手机 & 回收 !公益", "公益活动：手机回收", []),
    ("手机 & 回收 !公益|环保", "环保活动：手机回收", []),
    ("手机 & 回收 !公益 !环保", "环保活动：手机回收", []),
    ("回收 !公益", "公益回收", []),
    # a word excludes the combinations of its own sentence or bracket, and a single word in the whole text
    ("手机 & 回收 !公益", "手机高价回收长期有效。公益活动也欢迎您参加", ["手机+回收"]),
    ("手机 & 回收 !公益", "【公益】手机高价回收", ["手机+回收"]),
    ("回收 !公益", "手机高价回收长期有效。公益活动也欢迎您参加", []),
    ("现金 & 现金红包", "现金红包", []),  # parts may not overlap
    ("现金 & 红包", "红包与现金", ["红包+现金"]),
    # the normalisation changes both the entry and the text
    ("加VX", "加ｖｘ", ["加ｖｘ"]),
    ("貸款", "贷款", ["贷款"]),
    ("贷款", "貸\u200b款", ["貸\u200b款"]),
    ("A货", "Ⓐ货", ["Ⓐ货"]),
]


@pytest.mark.parametrize(("entry", "text", "terms"), ENTRIES)
def test_an_entry_finds(entry: str, text: str, terms: list[str]) -> None:
    assert found(lexicon(f"loan/{entry}"), text) == terms


@pytest.mark.parametrize(
    ("between", "near"), [(0, True), (1, True), (NEAR, True), (NEAR + 1, False), (99, False)]
)
def test_parts_are_near_each_other(between: int, near: bool) -> None:
    text = f"手机{'甲' * between}回收"
    assert found(lexicon("recycling/手机 & 回收"), text) == (["手机+回收"] if near else [])


def test_a_third_part_may_be_near_either_of_the_others() -> None:
    words = lexicon("recycling/手机 & 回收 & 上门")
    gap = "甲" * NEAR
    assert found(words, f"手机{gap}回收{gap}上门") == ["手机+回收+上门"]
    assert found(words, f"手机{gap}回收{gap}甲上门") == []


def test_a_combination_has_the_places_of_its_parts() -> None:
    (term,) = lexicon("recycling/手机 & 回收").find(read("旧手机，高价回收！"))
    assert (term.span.start, term.span.end, term.text) == (1, 8, "手机，高价回收")
    assert [(piece.start, piece.end) for piece in term.spans] == [(1, 3), (6, 8)]


LONGEST = [
    # entries, text, expected terms
    (["a/中奖", "a/中奖号码"], "中奖号码公布", ["中奖号码"]),
    (["a/中奖", "b/中奖号码"], "中奖号码公布", ["中奖", "中奖号码"]),  # categories are independent
    (["a/中奖", "a/号码"], "中奖号码公布", ["中奖", "号码"]),
    (["a/知识产权", "a/国家知识产权局"], "国家知识产权", ["知识产权"]),
    (
        ["a/中奖/strong", "a/中奖号码/weak"],
        "中奖号码公布",
        ["中奖", "中奖号码"],
    ),  # a weak term does not replace a strong one
    (["a/中奖/weak", "a/中奖号码/strong"], "中奖号码公布", ["中奖号码"]),
    (["a/手机 & 回收", "a/回收"], "手机高价回收", ["手机+回收"]),
    (["a/手机 & 回收", "a/高价"], "手机高价回收", ["手机+回收", "高价"]),  # in its gap
]


@pytest.mark.parametrize(("entries", "text", "terms"), LONGEST)
def test_the_longest_term_of_a_category_stays(entries: list[str], text: str, terms: list[str]) -> None:
    assert found(lexicon(*entries), text) == terms


SAFE = [
    # allowlist phrase, text with the term 下注, expected terms
    ("gambling/以下注意", "以下注意事项", []),
    ("all/以下注意", "以下注意事项", []),
    ("loan/以下注意", "以下注意事项", ["下注"]),  # another category's phrase
    ("gambling/以下", "以下注意事项", ["下注"]),  # covers only a part of it
    ("gambling/注意", "以下注意事项", ["下注"]),
    ("gambling/以下注", "以下注意事项", []),
    ("gambling/以下注意", "立即下注，以下注意事项", ["下注"]),  # the other occurrence is not exempt
]


@pytest.mark.parametrize(("phrase", "text", "terms"), SAFE)
def test_a_safe_phrase_exempts_the_terms_that_it_covers(phrase: str, text: str, terms: list[str]) -> None:
    assert found(lexicon("gambling/下注", safe=(phrase,)), text) == terms


def test_an_allowlist_phrase_exempts_a_part_of_a_combination() -> None:
    words = lexicon("recycling/手机 & 回收", safe=("recycling/返回收银台",))
    assert found(words, "手机请返回收银台付款") == []
    assert found(words, "手机请返回收银台付款，回收") == ["手机+回收"]


WHOLE = [
    # mode, text, whether 下注 is found
    ("anywhere", "以下注意事项", True),
    ("word", "以下注意事项", False),
    ("word", "马上下注", True),
]


@pytest.mark.parametrize(("mode", "text", "there"), WHOLE)
def test_word_mode_matches_whole_words(mode: str, text: str, there: bool) -> None:
    assert bool(found(lexicon(f"gambling/下注/strong/{mode}"), text)) is there


LATIN = [
    # term, text, whether it is found
    ("vip", "vip客户", True),
    ("vip", "VIP客户", True),
    ("vip", "vipshop客户", False),
    ("vip", "svip客户", False),
    ("vip", "vip8客户", True),
    ("vip", "v\u200bip客户", True),
    ("1元", "满1元可用", True),
    ("1元", "满11元可用", False),
    ("1元", "满a1元可用", True),
    ("加v", "加v看", True),
    ("加v", "加vpn看", False),
    ("qq群", "加qq群聊", True),
    ("é", "éa", False),  # normalised to e
]


@pytest.mark.parametrize(("term", "text", "there"), LATIN)
def test_latin_words_and_numbers_match_only_whole(term: str, text: str, there: bool) -> None:
    assert bool(found(lexicon(f"a/{term}"), text)) is there


STOPPED = [
    # text, the check that stops 下注 (word mode)
    ("您好", "absent"),
    ("以下注意事项", "part-of-words"),
    ("以下注册说明", "safe-phrase:以下注册"),
    ("马上下注", None),
]


@pytest.mark.parametrize(("text", "gate"), STOPPED)
def test_the_check_that_stopped_a_word(text: str, gate: str | None) -> None:
    words = lexicon("gambling/下注/strong/word", safe=("all/以下注册",))
    assert words.stopped(read(text), "gambling", "下注") == gate


def test_a_latin_word_that_continues_stops_a_word() -> None:
    assert lexicon("a/vip").stopped(read("svip客户"), "a", "vip") == "inside-latin-word"


WRONG = [
    # line of a lexicon file, error message
    ("贷款\tstorng\tanywhere\t", "terms/loan.tsv:2: strength: 'storng' is not strong or weak"),
    ("贷款\tstrong\teverywhere\t", "terms/loan.tsv:2: mode: 'everywhere' is not anywhere or word"),
    ("贷款 &  & 借\tstrong\tanywhere\t", "terms/loan.tsv:2: term: '贷款 &  & 借' has an empty part"),
    ("贷款 &\tstrong\tanywhere\t", "terms/loan.tsv:2: term: '贷款 &' has an empty part"),
    ("贷款||借款\tstrong\tanywhere\t", "terms/loan.tsv:2: term: '贷款||借款' has an empty part"),
    ("贷款 !\tstrong\tanywhere\t", "terms/loan.tsv:2: term: '贷款 !' has an empty part"),
    ("贷款\tstrong", "terms/loan.tsv:2: expected columns term, strength, mode, note; found 2"),
    ("贷款\tstrong\tanywhere\t\t", "terms/loan.tsv:2: expected columns term, strength, mode, note; found 5"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_a_wrong_line_is_an_error_with_file_and_line(line: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "loan.tsv").write_text(f"# term\tstrength\tmode\tnote\n{line}\n", encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_entries(tmp_path, "terms")
    assert str(error.value) == message


def test_a_term_without_visible_characters_is_named() -> None:
    with pytest.raises(ContentError, match=r"^term: '\\u200b' has only invisible characters$"):
        lexicon("loan/\u200b")


def test_terms_are_read_with_their_line_numbers(tmp_path: Path) -> None:
    (tmp_path / "loan.tsv").write_text(
        "# 贷款\n\n贷款\tstrong\tanywhere\t\r\n借款\tweak\tword\tx\n", encoding="utf-8"
    )
    assert [
        (entry.category, entry.term, entry.strength, entry.mode, entry.place)
        for entry in load_entries(tmp_path)
    ] == [
        ("loan", "贷款", "strong", "anywhere", f"{tmp_path.name}/loan.tsv:3"),
        ("loan", "借款", "weak", "word", f"{tmp_path.name}/loan.tsv:4"),
    ]


def test_allowlist_phrases_are_read_with_their_line_numbers(tmp_path: Path) -> None:
    (tmp_path / "all.tsv").write_text("# phrase\tnote\n以下注意\t停水通知\n返回收银台\n", encoding="utf-8")
    assert [
        (phrase.category, phrase.phrase, phrase.place)
        for phrase in map(to_phrase, read_safe(tmp_path, "safe"))
    ] == [
        ("all", "以下注意", "safe/all.tsv:2"),
        ("all", "返回收银台", "safe/all.tsv:3"),
    ]


@pytest.mark.parametrize("backend", ["daachorse", "pyahocorasick"])
def test_both_backends_find_the_same(backend: str) -> None:
    pytest.importorskip({"daachorse": "daachorse", "pyahocorasick": "ahocorasick"}[backend])
    entries = [
        parse_entry("a", term, "strong", "anywhere", "") for term in ("中奖", "中奖号码", "手机 & 回收")
    ]
    words = Lexicon(entries, (), FOLDER, SEGMENTER, backend)
    assert found(words, "中奖号码公布，手机高价回收，中奖") == ["中奖号码", "手机+回收", "中奖"]
