"""Content folders of a user: own rules, providers, terms and allowlist phrases, without a change of the package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smsvet import ContentError, Decision, Reviewer, Submission

Write = Callable[[str, str], Path]

RIVALS = """
title: {zh: 竞品, en: Rivals}
decision: manual_review
message: {zh: "提到竞品{terms}", en: "Mentions {terms}"}
why: {zh: 不为他人宣传。, en: We do not advertise others.}
fix: {zh: 删去, en: Remove it}
source: our own policy
category: rivals
providers: [skylark, tencent]
check: {kind: terms, category: rivals}
examples:
  flag: [{body: "黄雀速递更快"}]
  pass: [{body: "您的订单{1}已发货"}]
"""
SKYLARK = """
title: {zh: 云雀短信, en: Skylark SMS}
keying: named
write: '%s'
eras: [{profile: "26"}]
limits:
  body_length:
    - {value: 30, counts: body, source: "manual", confidence: S, checked: 2026-11-23}
decisions: {house/rivals: reject}
"""
GRAMMAR = 'placeholder: "#" NAME "#"\nNAME: /[A-Za-z][A-Za-z0-9_]*/\n'
PYTHON = """
title: {zh: 全大写, en: Capitals}
decision: reject
message: {zh: 全大写, en: Capitals}
why: {zh: 不好认, en: Hard to read}
fix: {zh: 改小写, en: Use lower case}
source: our own policy
check: {kind: python}
examples:
  flag: [{signature: LARK}]
  pass: [{signature: 云雀}]
"""
FUNCTION = """
from smsvet import Hit

def check(document):
    if document.signature is not None and document.signature.original.isupper():
        yield Hit(document.signature.place(0, len(document.signature.original)))
"""


@pytest.fixture
def own(write: Write) -> Path:
    """Return a content folder with a rule, a provider, a category of terms and allowlist phrases."""
    write("own/rules/house/rivals.yaml", RIVALS)
    write("own/grammars/skylark.yaml", SKYLARK % "#<key>#")
    write("own/grammars/skylark.lark", GRAMMAR)
    write("own/corpora/terms/rivals.tsv", "黄雀速递\tstrong\tanywhere\tthe other courier\n")
    write("own/corpora/safe/rivals.tsv", "黄雀速递员退休\t\n")
    return write("own/corpora/safe/gambling.tsv", "葡京酒店\t\n").parents[2]


def rules_of(reviewer: Reviewer, body: str, provider: str = "tencent") -> dict[str, str]:
    verdict = reviewer.review(Submission(body=body, provider=provider, purpose="notification"))
    assert verdict.faults == ()
    return {finding.rule: finding.decision.value for finding in verdict.findings}


def test_all_that_a_content_folder_adds_is_in_force(own: Path, small_content: Path) -> None:
    reviewer = Reviewer([own], content=small_content)
    assert rules_of(reviewer, "黄雀速递更快")["house/rivals"] == "manual_review"
    assert rules_of(reviewer, "黄雀速递更快", "skylark")["house/rivals"] == "reject"
    assert "house/rivals" not in rules_of(reviewer, "黄雀速递更快", "aliyun")
    assert "house/rivals" not in rules_of(reviewer, "黄雀速递员退休了")
    assert "content/gambling" in rules_of(reviewer, "您入住的葡京赌场")
    assert "content/gambling" not in rules_of(reviewer, "您入住的葡京酒店")
    assert "template/length" in rules_of(reviewer, "您的订单#order#已发货，" * 3, "skylark")
    (placeholder,) = reviewer.read(Submission(body="您的订单#order#已发货", provider="skylark")).placeholders
    assert (placeholder.name, placeholder.text) == ("order", "#order#")


def test_many_are_reviewed_as_one_by_one(own: Path, small_content: Path) -> None:
    reviewer = Reviewer([own], content=small_content)
    submissions = [
        Submission(body=body, provider=provider, purpose="notification")
        for body in ("黄雀速递更快", "您的订单#order#已发货", "您的订单{1}已发货", "黄 雀 速 递")
        for provider in ("skylark", "tencent")
    ]
    assert list(reviewer.review_many(submissions)) == [reviewer.review(one) for one in submissions]


def test_every_file_of_it_is_in_the_revision(own: Path, small_content: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"

    def revision() -> str:
        reviewer = Reviewer([own], content=small_content, cache=cache)
        assert Reviewer([own], content=small_content, cache=cache).revision == reviewer.revision
        return reviewer.revision

    seen = {Reviewer(content=small_content).revision, revision()}
    for name in (
        "grammars/skylark.yaml",
        "grammars/skylark.lark",
        "corpora/terms/rivals.tsv",
        "corpora/safe/rivals.tsv",
    ):
        mark = "// more\n" if name.endswith("lark") else "# more\n"
        (own / name).write_text((own / name).read_text(encoding="utf-8") + mark, encoding="utf-8")
        seen.add(revision())
    assert len(seen) == 6
    assert (
        rules_of(Reviewer([own], content=small_content, cache=cache), "黄雀速递更快")["house/rivals"]
        != "approve"
    )


def test_a_folder_that_is_given_twice_is_read_once(own: Path, small_content: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(own)
    once = Reviewer([own], content=small_content)
    again = Reviewer([own, own / "rules", tmp_path / "link", small_content / "rules"], content=small_content)
    assert again.revision == once.revision


def test_a_delimiter_of_ones_own(own: Path, write: Write, small_content: Path) -> None:
    write("own/grammars/skylark.yaml", SKYLARK % "<%<key>%>")
    write("own/grammars/skylark.lark", GRAMMAR.replace('"#" NAME "#"', '"<%" NAME "%>"'))
    with pytest.raises(ContentError) as error:
        Reviewer([own], content=small_content)
    assert str(error.value) == (
        f"{own}/grammars/skylark.yaml:4: write: <%<key>%>: body.lark does not read <%a%> as one placeholder"
        " but as < %a% >; add its delimiters to a body.lark"
    )
    assert "body.lark 不把 <%a%> 读作一个占位符" in error.value.say("zh")
    write("own/grammars/body.lark", "%extend ANGLE: /<%[A-Za-z_][A-Za-z0-9_]*%>/\n")
    reviewer = Reviewer([own], content=small_content)
    (placeholder,) = reviewer.read(Submission(body="订单<%no%>已发货", provider="skylark")).placeholders
    assert placeholder.name == "no"
    write("own/grammars/body.lark", "%extend NOBODY: /x/\n")
    with pytest.raises(ContentError, match=r"own/grammars/body.lark:1: file: "):
        Reviewer([own], content=small_content)


TWICE = [
    # a file that defines what exists already, and the place of the other
    ("rules/template/empty.yaml", RIVALS, "a rule template/empty exists already: rules/template/empty.yaml"),
    (
        "grammars/tencent.yaml",
        SKYLARK % "#<key>#",
        "a provider tencent exists already: grammars/tencent.yaml",
    ),
    (
        "corpora/terms/gambling.tsv",
        "葡京娱乐\tstrong\tanywhere\n",
        "category gambling exists already: corpora/terms/gambling.tsv",
    ),
]


@pytest.mark.parametrize(("name", "text", "said"), TWICE)
def test_an_id_that_exists_already_names_both_places(
    name: str, text: str, said: str, own: Path, write: Write, small_content: Path
) -> None:
    write(f"own/{name}", text)
    if name.startswith("grammars"):
        write(f"own/{name}".replace(".yaml", ".lark"), GRAMMAR)
    with pytest.raises(ContentError) as error:
        Reviewer([own], content=small_content)
    assert str(error.value) == f"{own / name}: {said}"
    assert f"{own / name}: " in error.value.say("zh")
    assert "已存在" in error.value.say("zh")


def test_two_folders_of_ones_own_may_not_define_the_same(
    own: Path, write: Write, small_content: Path
) -> None:
    other = write("other/corpora/terms/rivals.tsv", "灰雀速递\tstrong\tanywhere\n").parents[2]
    with pytest.raises(ContentError) as error:
        Reviewer([own, other], content=small_content)
    assert str(error.value) == (
        f"{other}/corpora/terms/rivals.tsv: category rivals exists already: {own}/corpora/terms/rivals.tsv"
    )


UNREAD = [
    # a file without effect, and what is said of it
    ("topic/rule.yaml", RIVALS, "would not be read: {own} has rules/, so its rules belong in {own}/rules"),
    (
        "corpora/fold.tsv",
        "a\tb\n",
        "would not be read: a content folder adds corpora/terms/<category>.tsv, corpora/safe/<category>.tsv and corpora/sources.yaml",
    ),
    ("corpora/words.txt", "云雀\n", "would not be read: a content folder adds"),
    ("corpora/terms/more/x.tsv", "云雀\n", "would not be read: a content folder adds"),
    ("corpora/terms/idle.tsv", "云雀币\tstrong\tanywhere\n", "no rule looks at idle"),
    ("corpora/safe/idle.tsv", "云雀币\n", "no rule looks at idle"),
    ("corpora/terms/rivals.tsv", "黄雀速递\tstorng\tanywhere\n", "strength: 'storng' is not strong or weak"),
    ("grammars/lark.lark", GRAMMAR, "file: lark.yaml is missing"),
]


@pytest.mark.parametrize(("name", "text", "said"), UNREAD)
def test_a_file_without_effect_is_an_error(
    name: str, text: str, said: str, own: Path, write: Write, small_content: Path
) -> None:
    path = write(f"own/{name}", text)
    with pytest.raises(ContentError) as error:
        Reviewer([own], content=small_content)
    assert str(error.value).startswith(str(path))
    assert said.format(own=own) in str(error.value)


def test_other_files_of_a_project_are_no_concern(own: Path, write: Write, small_content: Path) -> None:
    plain = Reviewer([own], content=small_content).revision
    write("own/README.md", "ours")
    write("own/corpora/terms/README.md", "ours")
    write("own/policy.yaml", "rules: {}\n")
    write("own/.github/ci.yaml", "on: push\n")
    assert Reviewer([own], content=small_content).revision == plain


def test_each_part_alone_is_enough(write: Write, small_content: Path) -> None:
    write(
        "own/grammars/skylark.yaml", (SKYLARK % "#<key>#").replace("decisions: {house/rivals: reject}\n", "")
    )
    folder = write("own/grammars/skylark.lark", GRAMMAR).parents[1]
    reviewer = Reviewer([folder], content=small_content)
    assert "skylark" in reviewer.providers
    phrases = write("phrases/corpora/safe/all.tsv", "葡京大桥\n").parents[2]
    assert "content/gambling" not in rules_of(Reviewer([phrases], content=small_content), "请走葡京大桥")


def test_python_is_checked_before_it_is_read(write: Write, small_content: Path) -> None:
    write("own/rules/house/capitals.yaml", PYTHON)
    path = write("own/rules/house/capitals.py", FUNCTION)
    asked: list[Path] = []
    allowed = Reviewer([path.parents[2]], content=small_content, check_trust=asked.append)
    assert allowed.review(Submission(signature="LARK")).decision is Decision.REJECT
    assert asked == [path]

    def refuse(path: Path) -> None:
        raise ContentError(f"{path.name}: no", f"{path.name}: 不行")

    path.write_text("raise SystemExit('this file was run')\n", encoding="utf-8")
    with pytest.raises(ContentError) as error:
        Reviewer([path.parents[2]], content=small_content, check_trust=refuse)
    assert error.value.say("zh") == f"{path.parents[1]}/house/capitals.yaml:8: check: capitals.py: 不行"


def test_the_words_of_a_policy_alone(write: Write, small_content: Path) -> None:
    policy = write(
        "policy.yaml",
        "rules: {content/gambling: off}\nterms: [{term: 云雀币, category: crypto}]\nlimits: {tencent: {body_length: 3}}\n",
    )
    whole = Reviewer(policy=policy, content=small_content)
    words = Reviewer(policy=policy, content=small_content, words_only=True)
    gambling, coin = "葡京赌场", "云雀币到账"
    assert (set(rules_of(whole, gambling)), set(rules_of(whole, coin))) == (
        {"template/length"},
        {"template/length", "content/crypto"},
    )
    assert (set(rules_of(words, gambling)), set(rules_of(words, coin))) == (
        {"content/gambling"},
        {"content/crypto"},
    )
    assert len({whole.revision, words.revision, Reviewer(content=small_content).revision}) == 3
