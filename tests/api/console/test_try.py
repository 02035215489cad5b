"""The page on which to try a text, without script: verdicts, fixes, examples, providers, explanations."""

from __future__ import annotations

import html
import json
import re
import shlex

import pytest
from fastapi import FastAPI

from smsvet import Reviewer
from smsvet.schema import read_submission
from smsvet_api.console.trying.examples import examples
from smsvet_api.console.trying.form import TryForm
from smsvet_api.console.trying.view import changed

from .pages import FIXED, FULL_WIDTH, HOSTILE, Markup, buttons, form_text, get, post

OTP = {"content": FULL_WIDTH, "purpose": "verification", "as_of": "2026-11-28"}


def decision(page: str) -> str:
    found = re.search(r'<h2 id="try-decision" class="decision (\w+)"', page)
    assert found is not None
    return found[1]


def marks(page: str) -> list[tuple[str, str]]:
    """Return the marks in the text: the decision and the marked part."""
    found = re.search(r'<div id="try-marks"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert found is not None
    return [
        (name, html.unescape(part))
        for name, part in re.findall(r'<mark class="(\w+)"[^>]*>(.*?)</mark>', found[1], re.DOTALL)
    ]


def overlay(page: str) -> str:
    found = re.search(r'<div id="try-marks"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert found is not None
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])).removesuffix("\u200b")


def test_an_empty_page_offers_the_examples(app: FastAPI) -> None:
    page = get(app, "/try").text
    assert decision(page) == "none"
    assert {f"/try?example={name}" for name in examples()} <= set(re.findall(r'href="([^"]+)"', page))
    assert form_text(page) == ""


@pytest.mark.parametrize(
    ("name", "verdict", "rule"),
    [
        ("full-width", "reject", "template/full-width-braces"),
        ("link", "reject", "template/link-in-variable"),
        ("gap", "reject", "template/variable-sequence"),
        ("wechat", "reject", "contact/wechat"),
        ("neutral", "reject", "signature/neutral"),
        ("clean", "approve", None),
    ],
)
def test_an_example_shows_the_mistake_that_it_is_named_after(
    app: FastAPI, name: str, verdict: str, rule: str | None
) -> None:
    page = get(app, f"/try?example={name}").text
    assert form_text(page) == examples()[name].content
    assert decision(page) == verdict
    assert rule is None or f">{rule}</code>" in page


def test_a_finding_has_its_place_message_fix_and_basis(app: FastAPI) -> None:
    page = post(app, "/try", OTP).text
    assert decision(page) == "reject"
    assert ("reject", "｛1｝") in marks(page)
    assert overlay(page) == FULL_WIDTH
    shown = " ".join(Markup(page).text)
    for words in (
        "全角花括号",
        "应写作“{1}”",
        "短信内容错误/变量格式错误",
        "InvalidTemplateFormat",
        "腾讯云",
    ):
        assert words in shown
    assert "29 字" in shown
    assert "计费 1 条" in shown


def test_the_same_page_in_english(app: FastAPI) -> None:
    shown = " ".join(Markup(post(app, "/try", OTP, "en").text).text)
    for words in ("Reject", "Full-width", "29 characters", "billed as 1 message", "Tencent Cloud", "Basis"):
        assert words in shown


def test_a_fix_is_a_button_that_corrects_and_reviews_again(app: FastAPI) -> None:
    page = post(app, "/try", OTP).text
    single, every = (value for value in sorted(buttons(page, "fix"), key=lambda value: value == "all"))
    for value in (single, every):
        fixed = post(app, "/try", {**OTP, "fix": value}).text
        assert form_text(fixed) == FIXED
        assert decision(fixed) == "approve"
        assert buttons(fixed, "fix") == []


def test_fixing_all_corrects_several_problems(app: FastAPI) -> None:
    form = {"content": "验证码｛1｝，{2分钟内有效", "purpose": "verification"}
    page = post(app, "/try", form).text
    assert "all" in buttons(page, "fix")
    fixed = post(app, "/try", {**form, "fix": "all"}).text
    assert "｛" not in form_text(fixed)
    assert form_text(fixed) != form["content"]


def test_a_fix_of_a_text_that_has_changed_is_refused(app: FastAPI) -> None:
    """The value of a button names the corrected text: it never replaces what somebody has typed since."""
    value = next(value for value in buttons(post(app, "/try", OTP).text, "fix") if value != "all")
    changed_text = FULL_WIDTH.replace("登录", "注册")
    page = post(app, "/try", {**OTP, "content": changed_text, "fix": value}).text
    assert form_text(page) == changed_text
    assert "内容已变化" in page


def test_a_suggestion_that_does_not_help_is_not_offered(app: FastAPI, reviewer: Reviewer) -> None:
    """Every button leads to fewer findings, and to no stricter decision."""
    for example in examples().values():
        form = {name: getattr(example, name) for name in ("kind", "content", "purpose")}
        page = post(app, "/try", form).text
        before = len(re.findall(r'class="finding (?:reject|manual_review)"', page))
        for value in buttons(page, "fix"):
            after = post(app, "/try", {**form, "fix": value}).text
            assert len(re.findall(r'class="finding (?:reject|manual_review)"', after)) < before


def test_a_switch_writes_the_placeholders_as_the_provider_does(app: FastAPI) -> None:
    clean = {"content": FIXED, "purpose": "verification", "as_of": "2026-11-28", "params": "1=1234\n2=5"}
    page = post(app, "/try", clean).text
    assert "占位符已按各家写法改写" in page
    switched = post(app, "/try", {**clean, "switch": "aliyun"}).text
    assert form_text(switched) == FIXED.replace("{1}", "${code}").replace("{2}", "${minutes}")
    assert "code=1234\nminutes=5" in html.unescape(switched)
    assert decision(switched) == "approve"
    back = post(
        app, "/try", {**clean, "content": form_text(switched), "provider": "aliyun", "switch": "tencent"}
    )
    assert form_text(back.text) == FIXED


def test_all_providers_are_side_by_side(app: FastAPI, reviewer: Reviewer) -> None:
    page = post(app, "/try", OTP).text
    assert set(buttons(page, "switch")) == set(reviewer.providers)
    sides = {
        value: name
        for name, value in re.findall(r'<button class="side (\w+)[^"]*" name="switch" value="([^"]+)"', page)
    }
    for name in ("tencent", "aliyun", "whatsapp"):
        given = {"body": FULL_WIDTH, "purpose": "verification", "as_of": "2026-11-28", "provider": name}
        assert sides[name] == reviewer.review(read_submission(given)).decision
    assert re.search(r'value="tencent"[^>]*aria-current="true"', page)


def test_a_provider_of_the_comparison_can_be_chosen(app: FastAPI) -> None:
    page = post(app, "/try", {**OTP, "switch": "aliyun"}).text
    assert '<option value="aliyun" selected>' in page
    assert re.search(r'value="aliyun"[^>]*aria-current="true"', page)


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("微信", "文本中没有“微信”"),
        ("contact/wechat", "短信中留微信号"),
        ("短信中留微信号", "contact/wechat"),
        ("没有这样的词", "没有这样的词"),
    ],
)
def test_a_word_or_a_rule_is_explained(app: FastAPI, about: str, words: str) -> None:
    page = post(app, "/try", {**OTP, "explain": about, "check": "explain"}).text
    found = re.search(r'<div class="explanation".*?</div>', page, re.DOTALL)
    assert found is not None
    assert words in html.unescape(found[0])
    assert "未命中" in found[0]


def test_a_flagged_rule_is_explained_as_flagged(app: FastAPI) -> None:
    page = post(app, "/try", {**OTP, "explain": "template/full-width-braces"}).text
    assert "chip flagged" in page


def test_the_calls_give_the_same_verdict(app: FastAPI, reviewer: Reviewer) -> None:
    page = post(app, "/try", {**OTP, "account_name": "云雀'网", "variables": "1=otp"}).text
    written, command = (
        html.unescape(re.search(rf'<pre id="try-{name}"[^>]*>(.*?)</pre>', page, re.DOTALL)[1])  # type: ignore[index]
        for name in ("json", "curl")
    )
    submission = json.loads(written)
    words = shlex.split(command)
    assert json.loads(words[words.index("-d") + 1]) == submission
    assert "http://localhost/v1/review?lang=zh" in words
    assert reviewer.review(read_submission(submission)).decision == decision(page)
    assert submission["account"] == {"name": "云雀'网"}


@pytest.mark.parametrize(
    ("form", "submission"),
    [
        (TryForm(content="a"), {"body": "a", "provider": "tencent"}),
        (TryForm(kind="signature", content="云雀"), {"signature": "云雀", "provider": "tencent"}),
        (TryForm(kind="message", content="【云雀】a"), {"text": "【云雀】a", "provider": "tencent"}),
        (
            TryForm(content="a", signature="【云雀】"),
            {"body": "a", "signature": "云雀", "provider": "tencent"},
        ),
        (
            TryForm(content="a", params="1=x\nname=y=z"),
            {"body": "a", "params": {"1": "x", "name": "y=z"}, "provider": "tencent"},
        ),
        (
            TryForm(content="a", params="x\n\ny=z"),
            {"body": "a", "params": ["x", "y=z"], "provider": "tencent"},
        ),
        (
            TryForm(content="a", variables="otp\nb = time"),
            {"body": "a", "variables": {"1": "otp", "b": "time"}, "provider": "tencent"},
        ),
    ],
)
def test_a_form_becomes_a_submission(form: TryForm, submission: object) -> None:
    written = form.submission()
    del written["as_of"]
    assert written == submission


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": "yesterday"},
        {"provider": "nobody"},
        {"purpose": "gossip"},
        {"variables": "1=nonsense"},
        {"source": "<script>"},
        {"content": "长" * 20_001},
        {"account_name": "长" * 41_000},
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_wrong_field_is_named_and_the_text_is_kept(app: FastAPI, wrong: dict[str, str], lang: str) -> None:
    page = post(app, "/try", {**OTP, **wrong}, lang)
    assert page.status_code == 200
    assert decision(page.text) == "none"
    assert 'class="errors"' in page.text
    assert form_text(page.text) == wrong.get("content", FULL_WIDTH)


def test_a_long_text_is_reviewed(app: FastAPI) -> None:
    page = post(app, "/try", {"content": "长" * 20_000}).text
    assert decision(page) == "reject"
    assert "20,000 字" in page


def test_two_hundred_findings_are_grouped(app: FastAPI) -> None:
    text = "加微信abc123领取返利，点击http://t.cn/abc " * 80
    page = post(app, "/try", {"content": text}).text
    assert overlay(page) == text
    assert len(marks(page)) > 100
    assert len(re.findall(r'<li class="finding', page)) < 20
    assert re.search(r"× [0-9]{2}", page)


FREE = ("content", "signature", "account_name", "params", "explain")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("fields", [FREE[:1], FREE[1:5], ("kind", "purpose", "provider")], ids="-".join)
def test_hostile_text_is_shown_as_text(app: FastAPI, text: str, fields: tuple[str, ...]) -> None:
    """A page has the same elements for any text, and no attribute that runs anything."""
    page = post(app, "/try", {**OTP, **dict.fromkeys(fields, text)})
    assert page.status_code == 200
    found = Markup(page.text)
    assert [attributes for tag, attributes in found.tags if tag == "script" and "src" not in attributes] == []
    assert {tag for tag, _ in found.tags} & {"img", "iframe", "object", "embed", "style"} == set()
    assert [name for _, attributes in found.tags for name in attributes if name.startswith("on")] == []
    for tag, attributes in found.tags:
        if tag == "a":
            assert re.match(r"(/|#|https?:)", attributes.get("href") or "")
    if "content" in fields:
        # HTML has no NUL, and a form sends carriage returns as line ends.
        assert form_text(page.text) == text.replace("\x00", "\ufffd")
        assert overlay(page.text) == text.replace("\x00", "\ufffd")


def test_line_ends_and_blanks_are_kept(app: FastAPI) -> None:
    page = post(app, "/try", {"content": "\r\n 您好\r\n\r\n{1} "}).text
    assert form_text(page) == "\n 您好\n\n{1} "
    assert overlay(page) == form_text(page)


def test_bytes_that_are_no_text_are_shown_as_replacements(app: FastAPI) -> None:
    """A form cannot send a lone surrogate; its bytes are not UTF-8."""
    import asyncio

    import httpx

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            headers = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
            return await client.post("/try", content=b"content=a%ED%A0%80b%FF", headers=headers)

    response = asyncio.run(send())
    assert response.status_code == 200
    assert "\ufffd" in form_text(response.text)


@pytest.mark.parametrize(
    ("fragment", "parts"),
    [
        ("verdict", {"try-marks", "try-counts", "try-verdict", "try-calls"}),
        ("providers", {"try-providers"}),
        ("explain", {"try-explain"}),
        ("fields", {"try-content", "try-settings"}),
        (
            "fields verdict nonsense",
            {"try-content", "try-settings", "try-marks", "try-counts", "try-verdict", "try-calls"},
        ),
    ],
)
def test_the_script_gets_parts_of_the_page(app: FastAPI, fragment: str, parts: set[str]) -> None:
    page = post(app, "/try", OTP, x_fragment=fragment).text
    assert "<html" not in page
    inside = {"try-decision", "try-about", "try-curl", "try-json"}
    assert set(re.findall(r'(?m)^<\w+ id="(try-[a-z]+)"', page)) - inside == parts


def test_a_link_has_the_settings_and_not_the_text(app: FastAPI) -> None:
    page = get(
        app, "/try?kind=signature&provider=aliyun&purpose=marketing&as_of=2025-01-01&content=secret"
    ).text
    assert 'value="signature" checked' in page
    assert '<option value="aliyun" selected>' in page
    assert 'value="2025-01-01"' in page
    assert form_text(page) == ""


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("a｛1｝b", "a{1}b", ("｛1｝", "{1}")),
        ("abc", "abc", ("", "")),
        ("ab", "aab", ("", "a")),
        ("aab", "ab", ("a", "")),
    ],
)
def test_what_a_fix_changes(before: str, after: str, parts: tuple[str, str]) -> None:
    assert changed(before, after) == parts
