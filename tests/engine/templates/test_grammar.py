"""Tables of grammars give the same results as Lark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet.files.location import CONTENT
from smsvet.sms.provider import load_providers
from smsvet.templates.grammar import Grammar, GrammarError
from smsvet.templates.placeholder import ProviderGrammar
from smsvet.templates.shape import BodyGrammar

FOLDER = CONTENT / "grammars"
BODY = Grammar((FOLDER / "body.lark").read_text(encoding="utf-8"), ("body", "bracketed"))
VENDORS = {
    path.stem: Grammar(path.read_text(encoding="utf-8"), ("placeholder",))
    for path in sorted(FOLDER.glob("*.lark"))
    if path.stem != "body"
}

PARTS = [
    "{", "}", "${", "{{", "}}", "#", "##", "@", "@var(", "@date(", ")", "%s", "%", "[", "]", "<", ">", "$", "(", "_",
    "1", "20", "21", "0", "NUM", "TXT_20", "DATE", "TEXT", "NEWTEXT", "var", "code", "a_1", ".DATA", "XX", "****",
    " ", "\u3000", "\n", "字", "您的验证码", "，", "｛", "｝", "＃", "１", "\ud800",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), max_size=8).map("".join)


@given(TEXTS)
def test_bodies(text: str) -> None:
    for start in ("body", "bracketed"):
        read = BODY.read(text, start)
        assert read == BODY.parse(text, start)
        assert read is not None
        assert "".join(token.text for token in read) == text


@pytest.mark.parametrize("vendor", VENDORS)
@given(text=TEXTS)
def test_placeholders(vendor: str, text: str) -> None:
    grammar = VENDORS[vendor]
    terminals = {"INDEX", "NAME", "KIND", "MOMENT", "MAX"}
    read, parsed = grammar.read(text, "placeholder"), grammar.parse(text, "placeholder")
    assert (read is None) == (parsed is None)
    assert [token for token in read or () if token.kind in terminals] == [
        token for token in parsed or () if token.kind in terminals
    ]
    assert read is None or text.startswith(grammar.prefixes["placeholder"])


@pytest.mark.parametrize(
    ("grammar", "texts"),
    [
        # recursive
        ('start: "(" start ")" | NAME\nNAME: /[a-z]+/', ["a", "((a))", "((a)"]),
        # a string terminal that is also a name
        ('start: NAME | "if" NAME\nNAME: /[a-z]+/', ["a", "if", "ifa"]),
        # an ignored terminal
        ('start: NAME NAME\nNAME: /[a-z]/\n%ignore " "', ["a b", "ab", "a"]),
        # a required terminal that Lark drops from the tree
        ('start: "x" NAME\nNAME: "x"', ["xx", "x"]),
    ],
)
def test_a_grammar_without_a_table_is_parsed_by_lark(grammar: str, texts: list[str]) -> None:
    parser = Grammar(grammar, ("start",), ("NAME",))
    assert parser.compiled["tables"] == {"start": None}
    for text in texts:
        assert parser.read(text, "start") == parser.parse(text, "start")


def test_a_compiled_grammar_does_not_need_its_text() -> None:
    again = Grammar("not a grammar", ("body", "bracketed"), compiled=BODY.compiled)
    assert again.read("您的{1}", "body") == BODY.read("您的{1}", "body")


def test_an_invalid_grammar_is_rejected() -> None:
    with pytest.raises(GrammarError):
        Grammar("((", ("start",))


def test_vendors_are_the_same_with_compiled_grammars() -> None:
    body = BodyGrammar(FOLDER / "body.lark")
    for provider in load_providers(FOLDER).values():
        plain = ProviderGrammar(provider, body)
        cached = ProviderGrammar(provider, BodyGrammar(FOLDER / "body.lark", body.compiled), plain.compiled)
        assert (plain.kind, plain.bracketed) == (cached.kind, cached.bracketed)
        for key in ("1", "code"):
            assert plain.parse(provider.placeholder(key)) == cached.parse(provider.placeholder(key))
