"""Findings of the content lint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from smsvet import Reviewer
from smsvet.lexicon.entries import Entry, SafePhrase, parse_entry
from smsvet.lexicon.lexicon import Lexicon
from smsvet.lint import code_flaws, lint
from smsvet.rules.sources import Sources
from smsvet.rules.sources_file import SourcesFile
from smsvet.sms.codes import Code

NO_SOURCES = Sources(lambda: SourcesFile(confidence={}, vendors={}, sources={}))


def with_words(reviewer: Reviewer, entries: list[Entry], safe: list[SafePhrase]) -> Reviewer:
    """Return a reviewer with only these words and no rules."""
    reader = reviewer.catalogue.reader
    lexicon = Lexicon(entries, safe, reader.folder, reader.lexicon.segmenter)
    other = object.__new__(Reviewer)
    other.__dict__.update(reviewer.__dict__)
    providers = {key: replace(one, codes={}) for key, one in reviewer.providers.items()}
    other.catalogue = replace(
        reviewer.catalogue,
        rules=(),
        providers=providers,
        reader=replace(reader, lexicon=lexicon),
        sources=NO_SOURCES,
    )
    return other


@pytest.mark.parametrize(
    ("terms", "safe", "kinds"),
    [
        ([("代开发票", "strong")], [], []),
        ([("赌", "strong")], [], ["one-character"]),
        ([("贷款", "weak"), ("貸款", "weak")], [], ["duplicate"]),
        ([("无抵押", "strong"), ("无抵押贷款", "weak")], [], ["shadowed"]),
        ([("无抵押", "weak"), ("无抵押贷款", "strong")], [], []),
        ([("包过 !包过", "strong")], [], ["dead"]),
        ([("下注", "strong")], [("loan", "以下注意")], []),
        ([("下注", "strong")], [("loan", "招商银行")], ["idle-phrase"]),
        ([("办理 & 信用卡", "strong")], [], []),
    ],
)
def test_words(
    terms: list[tuple[str, str]], safe: list[tuple[str, str]], kinds: list[str], reviewer: Reviewer
) -> None:
    entries = [
        parse_entry("loan", term, strength, "anywhere", f"terms/loan.tsv:{line}")
        for line, (term, strength) in enumerate(terms, start=1)
    ]
    phrases = [SafePhrase(category, phrase, "safe/loan.tsv:1") for category, phrase in safe]

    found = [flaw.kind for flaw in lint(with_words(reviewer, entries, phrases))]

    assert found == kinds


def test_a_false_positive_on_a_benign_text_is_a_flaw(reviewer: Reviewer) -> None:
    held = {"body": "代开发票，点数低", "purpose": "notification"}
    passed = {"body": "您的订单{1}已发货，请注意查收。", "purpose": "notification"}

    places = [flaw.place for flaw in lint(reviewer, [passed, held]) if flaw.kind == "benign"]

    assert places
    assert all(place.startswith("benign:2") for place in places)


def test_a_source_that_nothing_names_is_a_flaw(reviewer: Reviewer) -> None:
    other = with_words(reviewer, [], [])
    file = reviewer.sources.file
    sources = {key: file.sources[key] for key in ("T-SIG", "LAW-COSMETIC")}  # a limit names the first
    read = SourcesFile(confidence=file.confidence, vendors=file.vendors, sources=sources)
    other.catalogue = replace(other.catalogue, sources=Sources(lambda: read))

    (flaw,) = lint(other)

    assert flaw.kind == "idle-source"
    assert flaw.say("en") == "corpora/sources.yaml: LAW-COSMETIC: nothing names this source"
    assert flaw.say("zh") == "corpora/sources.yaml: LAW-COSMETIC: 没有任何内容引用此来源"


def test_a_flaw_names_its_file_and_line(tmp_path: Path, reviewer: Reviewer) -> None:
    entries = [parse_entry("loan", "赌", "strong", "anywhere", "corpora/terms/loan.tsv:7")]

    (flaw,) = lint(with_words(reviewer, entries, []))

    assert flaw.say("en") == "corpora/terms/loan.tsv:7: “赌” is one character"
    assert flaw.say("zh") == "corpora/terms/loan.tsv:7: “赌”只有一个字"


@pytest.mark.parametrize(
    ("term", "wrong"),
    [
        ("装修 & 优惠 !物业|押金|许可", False),
        ("装修 & 优惠 !物业|押金|许可|出入证", True),
        ("装修 & 优惠 !物业|押金 !许可|出入证", True),
        ("装修 & 优惠 !@物业", False),
    ],
)
def test_an_entry_excludes_three_words_or_a_family(term: str, wrong: bool, reviewer: Reviewer) -> None:
    entry = parse_entry("decoration", term, "strong", "anywhere", "decoration.tsv:1", "物业|押金|许可|出入证")
    kinds = [flaw.kind for flaw in lint(with_words(reviewer, [entry], []))]
    assert kinds == (["many-exclusions"] if wrong else [])


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("*", False), ("content", False), ("content/loan", False), ("content/loann", True), ("contents", True)],
)
def test_a_code_of_no_rule_is_a_flaw(key: str, wrong: bool, reviewer: Reviewer) -> None:
    other = with_words(reviewer, [], [])
    (loan,) = (rule for rule in reviewer.rules if rule.id == "content/loan")
    tencent = replace(reviewer.providers["tencent"], codes={key: (Code(code="1002"),)})
    other.catalogue = replace(other.catalogue, rules=(loan,), providers={"tencent": tencent})

    found = [flaw.say("en") for flaw in code_flaws(other)]

    assert found == ([f"grammars/tencent.yaml: codes.{key}: no such rule or topic"] if wrong else [])
