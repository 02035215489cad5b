"""Rules and policies on the page on which to try a text: roles, results and errors."""

from __future__ import annotations

import asyncio
import html
import re

import pytest
from fastapi import FastAPI

from smsvet_api.console.app import create_app
from smsvet_api.console.trying.rule_trials import sample
from smsvet_api.http.content_trials import ContentTrials
from smsvet_api.http.settings import Settings

from .pages import HOSTILE, Markup, get, post
from .signed_in import Console

RULE = sample("rule")
NIGHT, DAY = "您好，您的包裹今晚送达。", "您好，您的包裹已发货。"


@pytest.fixture(scope="module")
def opened(app: FastAPI) -> FastAPI:
    """The pages, with trials for everybody and without a limit."""
    made = create_app(Settings(try_rules="open"))
    made.state.service.active = app.state.service.active
    made.state.try_access.trial_rates.requests.amount = 10_000
    made.state.content_trials = ContentTrials(seconds=200)  # the machine may be busy
    return made


def tried(app: FastAPI, text: str, content: str = "", kind: str = "rule", lang: str = "zh") -> Markup:
    """Return the result of a trial as the page shows it."""
    form = {"check": "rules", "draft": text, "draft_kind": kind, "content": content}
    page = post(app, "/try", form, lang, x_fragment="rules")
    assert page.status_code == 200
    return Markup(page.text)


def said(markup: Markup) -> str:
    return re.sub(r"\s+", " ", " ".join(markup.text))


def test_the_pane_is_for_rule_managers(console: Console) -> None:
    for role, may in (("rule_manager", True), ("lead", False), ("admin", False), ("submitter", False)):
        page = console.browser(role).get("/try").text  # type: ignore[arg-type]
        assert ('id="try-rules"' in page) is may, role
    refused = console.browser("lead").post("/try", {"check": "rules", "draft": RULE})
    assert refused.status_code == 403


@pytest.mark.parametrize(("access", "may"), [("open", True), ("rule-managers", False), ("off", False)])
def test_the_operator_opens_the_pane(app: FastAPI, access: str, may: bool) -> None:
    made = create_app(Settings.model_validate({"try_rules": access}))
    made.state.service.active = app.state.service.active
    assert ('id="try-rules"' in get(made, "/try").text) is may
    if not may:
        assert post(made, "/try", {"check": "rules", "draft": RULE}).status_code == 403


def test_off_is_off_for_rule_managers_too(console: Console) -> None:
    console.app.state.try_access.rules = "off"
    assert 'id="try-rules"' not in console.browser("rule_manager").get("/try").text


@pytest.mark.parametrize("kind", ["rule", "policy"])
def test_a_sample_can_be_filled_in(opened: FastAPI, kind: str) -> None:
    page = post(opened, "/try", {"check": "sample", "draft_kind": kind}).text
    found = re.search(r'<textarea id="try-draft"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    assert html.unescape(found[1]) == sample(kind)


def test_trials_of_an_address_are_limited(app: FastAPI) -> None:
    made = create_app(Settings(try_rules="open"))
    made.state.service.active = app.state.service.active
    made.state.try_access.trial_rates.requests.amount = 2
    made.state.content_trials = ContentTrials(seconds=0.01)
    statuses = [post(made, "/try", {"check": "rules", "draft": RULE}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_a_trial_that_takes_too_long_is_ended(app: FastAPI) -> None:
    made = create_app(Settings(try_rules="open"))
    made.state.service.active = app.state.service.active
    made.state.content_trials = ContentTrials(seconds=0.05)
    assert "It took longer than 0.05 s and was stopped" in said(tried(made, RULE, lang="en"))


def test_a_rule_that_is_too_long_is_not_tried(opened: FastAPI) -> None:
    assert "20,000" in said(tried(opened, f"#{'x' * 20_000}"))


@pytest.mark.slow
def test_a_rule_flags_and_passes_without_script(opened: FastAPI) -> None:
    form = {"check": "rules", "draft": RULE, "content": NIGHT}
    page = post(opened, "/try", form).text
    assert '<mark class="manual_review">今晚送达</mark>' in page
    assert "自带示例：2 个中 2 个正确" in page
    assert "“今晚送达”承诺夜间送达" in said(Markup(page))
    assert page.count('<option value="tencent" selected>') == 1, "the rest of the page is there"


@pytest.mark.slow
def test_a_rule_that_does_not_flag_says_why(opened: FastAPI) -> None:
    wrong = RULE.replace("今晚送达，请留意", "已送达")
    words = said(tried(opened, wrong, DAY, lang="en"))
    assert "Own examples: 1 of 2 are right" in words
    assert "should be flagged and is not" in words
    assert "Not flagged" in words
    assert "Stops here:" in words


@pytest.mark.slow
def test_a_policy_is_compared_with_the_verdict_without_it(opened: FastAPI) -> None:
    words = said(tried(opened, "rules: {contact/wechat: 'off'}", "咨询请加微信：abc12345", "policy"))
    assert "− 短信中留微信号" in words
    words = said(tried(opened, sample("policy"), "欢迎来玩云雀转盘", "policy"))
    assert "+ " in words


REFUSED = [
    ("rule", re.sub(r"(?s)check:.*?examples", "check: {kind: python}\nexamples", RULE), "rule.yaml:7: check: only checks in YAML"),
    ("rule", f"trusted: true\n{RULE}", "rule.yaml:1: trusted: `trusted: true` cannot be tried here"),
    ("rule", re.sub("pattern: .*", 'pattern: "(a|aa)+b"', RULE), "rule.yaml:9: check.pattern: the pattern takes exponential"),
    ("rule", RULE.replace("decision: m", "decison: m"), "rule.yaml:2: decison"),
    ("rule", "a: &b [1]\nc: [*b, *b]", "rule.yaml:2: aliases such as *b"),
    ("policy", "model: ../../etc/passwd", "policy.yaml:1: model: leave it out here"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "text", "error"), REFUSED)
def test_an_error_names_line_and_key(opened: FastAPI, kind: str, text: str, error: str) -> None:
    words = said(tried(opened, text, DAY, kind, "en"))
    assert error in words
    assert "It cannot be loaded" in words
    assert "smsvet-trial" not in words, "no path of the machine"


@pytest.mark.slow
def test_hostile_texts_are_shown_as_text(opened: FastAPI) -> None:
    text = RULE.replace("今晚送达，请留意", "".join(HOSTILE[:4]).replace('"', "'") + HOSTILE[7])
    page = post(opened, "/try", {"check": "rules", "draft": text, "content": HOSTILE[1]}).text
    assert "自带示例" in page
    assert not re.search(r"<script>document|<img|<svg onload", page)
    assert "\u202e" not in re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)


def test_one_trial_runs_at_a_time(app: FastAPI) -> None:
    trials = ContentTrials(seconds=0.2)
    revision = app.state.service.active

    async def two() -> list[float]:
        loop = asyncio.get_running_loop()
        begun = loop.time()

        async def one() -> float:
            await trials.run(revision, "rule", RULE, None, "en")
            return loop.time() - begun

        return sorted(await asyncio.gather(one(), one()))

    first, second = asyncio.run(two())
    assert second - first >= 0.2
