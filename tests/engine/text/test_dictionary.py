"""The lazy dictionary segments blocks exactly as jieba does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet.files.cache import ContentCache
from smsvet.text.dictionary import Dictionary, Index, cached_index, dictionary_file, index_of
from smsvet.text.segmenter import BLOCK

FILE = dictionary_file() or pytest.skip("jieba is not installed", allow_module_level=True)
INDEX = index_of(FILE.read_bytes())

SMALL = """\
中 5 n
中奖 7 n
中奖了 0 v
奖 3 n
b超 2 n
中国 9
中奖 4 3"""
"""A dictionary with two runs of the same first character, a duplicate word, a frequency of 0 and unusual line ends."""


def tokenizer(file: Path) -> Any:
    jieba = pytest.importorskip("jieba")
    whole = jieba.Tokenizer()
    with file.open("rb") as stream:
        whole.FREQ, whole.total = whole.gen_pfdict(stream)
    whole.initialized = True
    return whole


WHOLE = tokenizer(FILE)
SHARED = Dictionary(FILE, INDEX)


def words(dictionary: Dictionary, block: str) -> list[str]:
    cuts = dictionary.cuts(block)
    return [block[start:end] for start, end in pairwise(cuts)]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("贷款", "贷款"),
        ("宣传教育活动", "宣传教育 活动"),
        ("南京市长江大桥", "南京市 长江大桥"),
        ("请加微信V信abc123", "请 加 微 信 V 信 abc123"),
        ("C++与5G网络3.14%", "C++ 与 5G 网络 3 . 14 %"),
        ("龥鿕", "龥 鿕"),
        ("a", "a"),
        ("", ""),
    ],
)
def test_cuts(block: str, expected: str) -> None:
    assert words(Dictionary(FILE, INDEX), block) == expected.split()


@lru_cache(maxsize=1)
def known() -> list[str]:
    return [line.split(" ")[0] for line in FILE.read_text(encoding="utf-8").split("\n") if line]


ANY = st.one_of(
    st.sampled_from(known()),
    st.sampled_from("的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年"),
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), max_size=4),
    st.text("abzAZ019+#&._%-", max_size=4),
)


@settings(deadline=None, max_examples=500)
@given(st.lists(ANY, max_size=10).map("".join))
def test_jieba_returns_the_same_words(text: str) -> None:
    for block in BLOCK.findall(text):
        assert words(SHARED, block) == WHOLE.lcut(block, HMM=False)


@settings(deadline=None)
@given(st.text("中奖了国b超x", min_size=1, max_size=12))
def test_separate_and_duplicate_lines_count_as_for_jieba(text: str) -> None:
    dictionary, whole = small()
    assert words(dictionary, text) == whole.lcut(text, HMM=False)


@lru_cache(maxsize=1)
def small() -> tuple[Dictionary, Any]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "dict.txt"
        file.write_text(SMALL, encoding="utf-8")
        return Dictionary(file), tokenizer(file)


def test_the_index_of_another_file_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "dict.txt"
    file.write_text(SMALL, encoding="utf-8")
    assert (
        words(Dictionary(file, INDEX), "中奖了国")
        == words(Dictionary(file), "中奖了国")
        == ["中奖", "了", "国"]
    )


def test_a_cached_index_comes_back(tmp_path: Path) -> None:
    key = "0" * 64
    assert cached_index(ContentCache()) is None
    first = ContentCache(tmp_path / "cache", key)
    made: Index | None = cached_index(first)
    first.write()
    assert made == INDEX == cached_index(ContentCache(tmp_path / "cache", key))


def test_threads_share_one_dictionary() -> None:
    dictionary = Dictionary(FILE, INDEX)
    blocks = known()[::997] * 2
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(dictionary.cuts, blocks))
    assert found == list(map(SHARED.cuts, blocks))
