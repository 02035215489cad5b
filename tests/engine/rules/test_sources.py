"""Sources: how a `source:` value reads in both languages, and how wrong ones are reported at load."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from smsvet import ContentError, Reviewer
from smsvet.files.cache import ContentCache
from smsvet.rules.sources import Sources, load_sources

Write = Callable[[str, str], Path]

FILE = """\
confidence:
  S: {zh: 读过原文, en: read in the page itself}
  R: {zh: 凭记忆, en: recalled}
  P: {zh: 本项目提出, en: proposed by this project}
vendors:
  cloud: {zh: 云雀云, en: Lark Cloud}
  third_party: {zh: 第三方, en: Third party}
  smsvet: {zh: smsvet, en: smsvet}
sources:
  L-TPL25:
    vendor: cloud
    title: {zh: 模板标准, en: Template standards}
    url: https://example.com/短信/a.md?page=1#b
    dated: "2025-06-17"
    read: 2026-11-28
    confidence: S
  FORUM:
    vendor: third_party
    title: {zh: "a.example：签名", en: "a.example: signatures"}
    confidence: R
    note: {zh: 地址未记录, en: address not recorded}
  OWN:
    vendor: smsvet
    title: {zh: 本项目的判断, en: our own judgement}
    confidence: P
"""

RULE = """\
title: {zh: 发货, en: Shipped}
decision: reject
message: {zh: "“{match}”", en: "“{match}”"}
why: {zh: 试, en: try}
fix: {zh: 改, en: change}
source: OWN
check: {kind: pattern, pattern: 已发货}
examples:
  flag: [{body: "您的订单{1}已发货"}]
  pass: [{body: "您好"}]
"""


@pytest.fixture
def sources(write: Write) -> Sources:
    return load_sources(write("sources.yaml", FILE), ContentCache())


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        ("L-TPL25", "云雀云：模板标准", "Lark Cloud: Template standards"),
        ("FORUM", "a.example：签名", "a.example: signatures"),
        ("OWN", "本项目的判断", "our own judgement"),
        (
            "L-TPL25, OWN",
            "云雀云：模板标准；本项目的判断",
            "Lark Cloud: Template standards; our own judgement",
        ),
        ("OWN; 词表 / word list; see docs", "本项目的判断；词表", "our own judgement; word list; see docs"),
        ("our own policy", "our own policy", "our own policy"),
        ("L-TPL25 (S)", "L-TPL25 (S)", "L-TPL25 (S)"),
        ("OWN; no Chinese", "OWN; no Chinese", "OWN; no Chinese"),
    ],
)
def test_a_source_reads_as_vendor_and_title(source: str, zh: str, en: str, sources: Sources) -> None:
    assert (sources.text(source, "zh"), sources.text(source, "en")) == (zh, en)


def test_a_citation_has_all_there_is_to_a_source(sources: Sources) -> None:
    page, forum = sources.cite("L-TPL25, FORUM", "en")
    assert (page.key, page.vendor_id, page.vendor) == ("L-TPL25", "cloud", "Lark Cloud")
    assert page.url == "https://example.com/短信/a.md?page=1#b"
    assert page.uri == "https://example.com/%E7%9F%AD%E4%BF%A1/a.md?page=1#b"
    assert (page.dated, page.read, page.confidence) == ("2025-06-17", date(2026, 11, 28), "S")
    assert (forum.url, forum.uri, forum.dated, forum.read) == (None, None, None, None)
    assert (forum.confidence, forum.confidence_text, forum.note) == ("R", "recalled", "address not recorded")
    assert sources.cite("free text", "en") == ()


def test_the_cache_gives_back_the_same(write: Write, tmp_path: Path) -> None:
    path, folder, key = write("sources.yaml", FILE), tmp_path / "cache", "0" * 64
    first = ContentCache(folder, key)
    fresh = load_sources(path, first)
    first.write()
    second = ContentCache(folder, key)
    path.unlink()
    assert second.found
    assert load_sources(path, second).file == fresh.file


WRONG_FILES = [
    # a replacement in the file, and the errors in English and in Chinese
    (
        ("vendor: cloud", "vendor: clowd"),
        "corpora/sources.yaml:11: sources.L-TPL25.vendor: unknown vendor clowd; did you mean cloud?",
        "corpora/sources.yaml:11: sources.L-TPL25.vendor: 未知的服务商 clowd；是否为 cloud？",
    ),
    (
        ("confidence: S\n", "confidence: S*\n"),
        "corpora/sources.yaml:16: sources.L-TPL25.confidence: S* is not in the legend `confidence`",
        "corpora/sources.yaml:16: sources.L-TPL25.confidence: 图例 confidence 中没有 S*",
    ),
    (
        ("    read: 2026-11-28\n", ""),
        "corpora/sources.yaml:10: sources.L-TPL25: a text that was read needs `read`",
        "corpora/sources.yaml:10: sources.L-TPL25: 读过的文字需要 read",
    ),
    (
        ("url: https:", "url: ftp:"),
        r"corpora/sources.yaml:13: sources.L-TPL25.url: String should match pattern '^https?://\S+$'",
        r"corpora/sources.yaml:13: sources.L-TPL25.url: 应符合 ^https?://\S+$",
    ),
    (
        ("    dated:", "    date:"),
        "corpora/sources.yaml:14: sources.L-TPL25.date: unknown key",
        "corpora/sources.yaml:14: sources.L-TPL25.date: 未知的键",
    ),
    (
        ("  L-TPL25:", "  l-tpl25:"),
        "corpora/sources.yaml:10: sources.l-tpl25: String should match pattern '^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*$'",
        "corpora/sources.yaml:10: sources.l-tpl25: 应符合 ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*$",
    ),
]


@pytest.mark.parametrize(("change", "english", "chinese"), WRONG_FILES)
def test_an_error_in_the_file_names_line_and_key(
    change: tuple[str, str], english: str, chinese: str, write: Write
) -> None:
    path = write("sources.yaml", FILE.replace(*change, 1))
    with pytest.raises(ContentError) as error:
        load_sources(path, ContentCache())
    assert (error.value.say("en"), error.value.say("zh")) == (english, chinese)


MALFORMED = (
    "write keys of corpora/sources.yaml separated by a comma and a space, then '; 中文 / English'",
    "应为 corpora/sources.yaml 中的来源代号，以英文逗号加空格分隔，其后可加“; 中文 / English”",
)


@pytest.mark.parametrize(
    ("source", "english", "chinese"),
    [
        (
            "T-TPL26",
            "unknown key T-TPL26; did you mean T-TPL25, T-TPL21, T-TPL20?",
            "未知的来源代号 T-TPL26；是否为 T-TPL25、T-TPL21、T-TPL20？",
        ),
        (
            "OWN, ZZZZZZ",
            "unknown key ZZZZZZ; corpora/sources.yaml lists them",
            "未知的来源代号 ZZZZZZ；可用的代号见 corpora/sources.yaml",
        ),
        ("OWN, OWN", "key OWN occurs twice", "来源代号 OWN 重复"),
        ("SEED (S)", *MALFORMED),
        ("SEED,T-SIG", *MALFORMED),
        ("OWN; English only", *MALFORMED),
        ("our own policy", *MALFORMED),
    ],
)
def test_shipped_rules_and_limits_name_known_keys(
    source: str, english: str, chinese: str, content: Path
) -> None:
    (content / "rules/order").mkdir()
    (content / "rules/order/shipped.yaml").write_text(RULE.replace("OWN", source), encoding="utf-8")
    grammar = content / "grammars/qiniu.yaml"
    text = grammar.read_text(encoding="utf-8").replace('source: "Q-TPL"', f'source: "{source}"', 1)
    grammar.write_text(text, encoding="utf-8")
    line = text[: text.index(f'"{source}"')].count("\n") + 1

    with pytest.raises(ContentError) as error:
        Reviewer(content=content)

    rule, limit = error.value.say("en").split("\n")
    assert rule == f"rules/order/shipped.yaml:6: source: {english}"
    assert limit.startswith(f"grammars/qiniu.yaml:{line}: limits.")
    assert limit.endswith(f".0.source: {english}")
    assert error.value.say("zh").startswith(f"rules/order/shipped.yaml:6: source: {chinese}\n")


@pytest.mark.parametrize(
    "source", ["our own policy", "本单位的规定 / our own policy", "SEED (S)", "T-SIG, OWN"]
)
def test_an_operators_rule_may_have_free_text(source: str, write: Write, small_content: Path) -> None:
    folder = write("own/order/shipped.yaml", RULE.replace("OWN", source)).parents[1]
    rules = {rule.id: rule for rule in Reviewer([folder], content=small_content).rules}
    assert rules["order/shipped"].file.source == source


def test_an_operators_keys_are_checked(write: Write, small_content: Path) -> None:
    folder = write("own/order/shipped.yaml", RULE.replace("OWN", "T-SIGN")).parents[1]
    with pytest.raises(ContentError) as error:
        Reviewer([folder], content=small_content)
    place = f"{folder}/order/shipped.yaml:6: source: "
    said = error.value.say("en"), error.value.say("zh")
    assert said[0].startswith(
        f"{place}unknown key T-SIGN (free text must not look like a key); did you mean T-SIG"
    )
    assert said[1].startswith(f"{place}未知的来源代号 T-SIGN（自由文字不能写成代号的形式）；是否为 T-SIG")


OWN_FILE = """\
vendors:
  lark: {zh: 云雀, en: Lark}
sources:
  LARK-1:
    vendor: lark
    title: {zh: 市场部规定, en: Marketing policy}
    confidence: R
  LARK-2:
    vendor: tencent
    title: {zh: 新页面, en: A new page}
    url: https://example.com/new
    read: 2026-11-28
    confidence: S
"""


@pytest.fixture
def own(write: Write) -> Path:
    """Return a content folder with a rule and sources of its own."""
    write("own/rules/order/shipped.yaml", RULE.replace("OWN", "LARK-1, LARK-2, T-SIG"))
    return write("own/corpora/sources.yaml", OWN_FILE).parents[1]


def test_a_content_folder_adds_sources(own: Path, tmp_path: Path, small_content: Path) -> None:
    expected = "Lark: Marketing policy; Tencent Cloud: A new page; Tencent Cloud: Signature review standards"
    for _ in ("fresh", "cached"):
        reviewer = Reviewer([own], content=small_content, cache=tmp_path / "cache")
        assert reviewer.sources.text("LARK-1, LARK-2, T-SIG", "en") == expected
    revision = reviewer.revision
    path = own / "corpora/sources.yaml"
    path.write_text(OWN_FILE.replace("新页面", "旧页面"), encoding="utf-8")
    assert Reviewer([own], content=small_content).revision != revision


@pytest.mark.parametrize(
    ("old", "new", "english", "chinese"),
    [
        ("  LARK-2:", "  T-SIG:", "8: sources.T-SIG: exists already", "8: sources.T-SIG: 已存在"),
        ("  lark:", "  tencent:", "2: vendors.tencent: exists already", "2: vendors.tencent: 已存在"),
        (
            "vendor: tencent",
            "vendor: tencnet",
            "9: sources.LARK-2.vendor: unknown vendor tencnet; did you mean tencent?",
            "9: sources.LARK-2.vendor: 未知的服务商 tencnet；是否为 tencent？",
        ),
    ],
)
def test_an_error_in_added_sources(
    old: str, new: str, english: str, chinese: str, own: Path, small_content: Path
) -> None:
    path = own / "corpora/sources.yaml"
    path.write_text(OWN_FILE.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        Reviewer([own], content=small_content)
    assert f"{path}:{english}" in error.value.say("en").split("\n")
    assert f"{path}:{chinese}" in error.value.say("zh").split("\n")


def test_a_review_does_not_build_the_sources(small_content: Path, tmp_path: Path) -> None:
    Reviewer(content=small_content, cache=tmp_path / "cache")
    second = Reviewer(content=small_content, cache=tmp_path / "cache")
    assert "file" not in vars(second.sources)
    assert second.sources.text("OWN", "en").startswith("our own judgement")
