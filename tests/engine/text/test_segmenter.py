"""The check for whole words, with every segmentation backend."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet.text import segmenter as segment
from smsvet.text.segmenter import BLOCK, Segmenter

OWN = ("量大", "会员日", "V信", "加微信", "5G网络", "返现", "拒收请回复R")
PLAIN = {name: Segmenter(backend=name, patience=0) for name in segment.installed()}
ENRICHED = {name: Segmenter(OWN, name, patience=0) for name in segment.installed()}

SENTENCES = (
    "尊敬的用户，您的验证码是{1}，请于{2}分钟内填写，如非本人操作请忽略。",
    "您的订单12345已发货，快递单号SF-100.23，请登录www.example.com查看！",
    "开发票务系统现代农业以下注意事项旅游行程宣传教育返回收银台",
    "新店开业全场5折起，会员日返现50%，加微信V信vx_123领红包，拒收请回复R",
    "转转转转转赚赚赚啊啊啊啊 乾隆 C++与5G网络 3.14% A&B #1",
    "恭喜您中奖了，发放贷款无抵押，代开发票，国家知识产权局",
    "龥鿕㐀𠀀\ud800\x1f\x1f\n南京市长江大桥研究生命起源",
)
PIECES = st.sampled_from([piece for sentence in SENTENCES for piece in (*sentence, *BLOCK.findall(sentence))])
TEXTS = st.lists(PIECES, max_size=12).map("".join)

# (term, phrase that contains its characters with another meaning)
TRAPS = [
    ("中奖", "集中奖励"),
    ("加群", "参加群众活动"),
    ("返现", "往返现场"),
    ("套现", "配套现代农业"),
    ("开发票", "开发票务系统"),
    ("会所", "大会所有代表"),
    ("期货", "到期货物"),
    ("留学", "保留学籍"),
    ("助考", "协助考生"),
    ("代考", "现代考古"),
    ("代写", "当代写作"),
    ("上分", "以上分类"),
    ("下款", "以下款项"),
    ("下注", "以下注意事项"),
    ("游行", "旅游行程"),
    ("色情", "特色情怀"),
    ("传教", "宣传教育"),
    ("教会", "教会您使用"),
    ("招商", "招商银行"),
    ("法会", "方法会更新"),
    ("征信", "特征信息"),
    ("面试", "全面试运行"),
    ("移民", "转移民警"),
    ("交友", "提交友情链接"),
    ("保单", "担保单位"),
    ("外汇", "对外汇总"),
    ("空包", "航空包裹"),
    ("刷单", "印刷单位"),
    ("上访", "网上访问"),
    ("维权", "运维权限"),
    ("原单", "还原单据"),
    ("信托", "通信托管"),
    ("开光", "公开光盘"),
    ("展会", "开展会员日"),
    ("会展", "机会展示"),
    ("建材", "构建材料"),
    ("打新", "拨打新号码"),
    ("调解", "空调解锁"),
    ("回收", "返回收银台"),
    ("票据", "支票据实"),
    ("办证", "举办证书颁发"),
    ("刻章", "雕刻章节"),
    ("约会", "预约会议"),
    ("同城", "共同城市"),
    ("学区", "入学区域"),
    ("挂机", "悬挂机"),
    ("年检", "青少年检查"),
    ("积分", "乘积分析"),
    ("杀", "秒杀"),
    ("直播", "垂直播种"),
    ("美容", "健美容量"),
    ("一夜", "一夜之间"),
]
BEYOND_WORDS = {"宣传教育", "教会您使用", "招商银行", "秒杀", "一夜之间"}
"""Traps with the term as a whole word, or within one word, which only allowlist phrases can exempt."""


@pytest.fixture(params=segment.BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if name not in segment.installed():
        refuse = pytest.fail if os.environ.get("SMSVET_REQUIRE") == "all" else pytest.skip
        refuse(f"{name} is not installed")
    return name


@lru_cache(maxsize=1)
def dictionary() -> tuple[dict[str, int], int]:
    import jieba

    frequencies, total = jieba.Tokenizer.gen_pfdict(jieba.Tokenizer().get_dict_file())
    return frequencies, total


def cut(segmenter: Segmenter, block: str) -> list[str]:
    return [block[start:end] for start, end in segmenter.words(block)]


@pytest.mark.parametrize(("term", "phrase"), TRAPS)
def test_traps(backend: str, term: str, phrase: str) -> None:
    start = phrase.index(term)
    assert PLAIN[backend].whole(phrase, start, start + len(term)) is (phrase in BEYOND_WORDS)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_a_long_text_has_the_words_of_a_short_one(text: str) -> None:
    places = [(start, end) for start in range(len(text)) for end in range(start + 1, len(text) + 1)]
    for segmenter in ENRICHED.values():
        short = [segmenter.word(text, start) for start in range(len(text))]
        whole = [segmenter.whole(text, *place) for place in places]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(segment, "CACHED_LENGTH", -1)
            assert [segmenter.word(text, start) for start in range(len(text))] == short
            assert [segmenter.whole(text, *place) for place in places] == whole


@pytest.mark.parametrize(
    ("term", "text", "whole"),
    [
        ("贷款", "本公司发放贷款", True),
        ("贷款", "贷款项目", True),
        ("款项", "贷款项目", False),
        ("中奖", "恭喜您中奖了", True),
        ("发票", "代开发票", True),
        ("赌博平台", "网络赌博平台", True),
        ("下注", "立即下注", True),
        ("下注", "以下注意", False),
        ("赌博，网站", "网络赌博，网站入口", True),
        ("博，网", "网络赌博，网站入口", True),
        ("博彩，注意事", "以下博彩，注意事项", True),
        ("注，意", "以下注，意义", True),
        ("奖，下注", "中奖，下注意", False),
        ("赌\x1f博", "赌\x1f博", True),
        ("，", "您好，再见", True),
        ("加微信", "请加微信", True),
        ("vx", "加vx：123", True),
        ("vx", "加vx123", False),
        ("vx", "加avx", False),
        ("qq", "加qq群", True),
        ("qq群", "aqq群", False),
        ("t.cn", "http://t.cn/ab", True),
        ("t.cn", "at.cn/ab", False),
        ("é", "aé", True),
    ],
)
def test_whole(backend: str, term: str, text: str, whole: bool) -> None:
    start = text.index(term)
    assert PLAIN[backend].whole(text, start, start + len(term)) is whole
    filler = "。" * segment.CACHED_LENGTH
    start += len(filler)
    assert PLAIN[backend].whole(filler + text, start, start + len(term)) is whole


@pytest.mark.parametrize(
    ("block", "plain", "enriched"),
    [
        ("发行量大", "发行量 大", "发行 量大"),
        ("会员日期", "会员 日期", "会员 日期"),
        ("请加微信", "请 加 微 信", "请 加微信"),
        ("往返现场", "往返 现场", "往返 现场"),
        ("充值返现", "充值 返 现", "充值 返现"),
        ("周三会员日返现", "周三 会员 日 返 现", "周三 会员日 返现"),
        ("拒收请回复R", "拒收 请 回复 R", "拒收请回复R"),
        ("请加V信", "请 加 V 信", "请 加 V信"),
    ],
)
def test_own_words(backend: str, block: str, plain: str, enriched: str) -> None:
    assert cut(PLAIN[backend], block) == plain.split()
    assert cut(ENRICHED[backend], block) == enriched.split()


@settings(deadline=None)
@given(TEXTS)
def test_all_backends_segment_alike(text: str) -> None:
    for block in BLOCK.findall(text):
        assert len({PLAIN[name].words(block) for name in PLAIN}) == 1
        assert len({ENRICHED[name].words(block) for name in ENRICHED}) == 1


@pytest.mark.parametrize("name", segment.installed())
@settings(deadline=None)
@given(text=TEXTS)
def test_words_fill_their_block(name: str, text: str) -> None:
    for segmenter in (PLAIN[name], ENRICHED[name]):
        for block in BLOCK.findall(text):
            words = cut(segmenter, block)
            assert "".join(words) == block
            assert all(words)


@settings(deadline=None)
@given(TEXTS)
def test_a_block_is_segmented_like_in_the_whole_text(text: str) -> None:
    if "jieba" not in PLAIN:
        pytest.skip("jieba is not installed")
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = *dictionary(), True
    ends, offset = set(), 0
    for word in tokenizer.cut(text, HMM=False):
        offset += len(word)
        ends.add(offset)
    for found in BLOCK.finditer(text):
        for _, end in PLAIN["jieba"].words(found[0]):
            ends.discard(found.start() + end)
    assert not [end for end in ends if BLOCK.match(text, end - 1)]


@settings(deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_whole_agrees_with_words_for_short_and_long_texts(text: str, chance: random.Random) -> None:
    segmenter = next(iter(ENRICHED.values()))
    long = text + "。" * segment.CACHED_LENGTH
    for _ in range(8):
        if not text:
            break
        start = chance.randrange(len(text))
        end = chance.randint(start + 1, len(text))
        assert segmenter.whole(text, start, end) == segmenter.whole(long, start, end)
    for found in BLOCK.finditer(text):
        for start, end in segmenter.words(found[0]):
            word = found[0][start:end]
            if not (word[0].isascii() or word[-1].isascii()):
                assert segmenter.whole(text, found.start() + start, found.start() + end)


@pytest.mark.parametrize("patience", [0, 40, segment.PATIENCE])
def test_threads_share_one_dictionary(backend: str, patience: int) -> None:
    segmenter = Segmenter(backend=backend, patience=patience)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: cut(segmenter, "宣传教育活动"), range(64)))
    assert answers == [["宣传教育", "活动"]] * 64


def test_nothing_is_written_printed_or_warned(backend: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("temporary")
    code = f"from smsvet.text.segmenter import Segmenter; Segmenter(backend={backend!r}).words('贷款')"
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (0, 0), (1, 0), (0, 3), (2, 3)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no code points"):
        Segmenter().whole("贷款", start, end)


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown segmenter 'pkuseg'"):
        Segmenter(backend="pkuseg")
