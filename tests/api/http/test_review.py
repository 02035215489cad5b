"""Verdicts over HTTP, for single submissions and batches."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from typing import Any

from fastapi import FastAPI

from smsvet import Reviewer, Submission
from smsvet.fields import MOST_ENTRIES

from .client import CLEAN, MOST, TEMPLATE, ask_async, batch, review


def test_a_verdict_has_the_fields_of_the_contract(app: FastAPI) -> None:
    verdict = review(app, TEMPLATE)

    assert list(verdict) == [
        "id",
        "kind",
        "decision",
        "provider",
        "as_of",
        "findings",
        "faults",
        "revision",
    ]
    assert (verdict["id"], verdict["kind"], verdict["decision"]) == ("t-1", "template", "reject")
    assert verdict["faults"] == []
    for finding in verdict["findings"]:
        body, start, end = TEMPLATE["body"], finding["start"], finding["end"]
        assert finding["text"] == (body[start:end] if start is not None else None)
        assert {"rule", "decision", "field", "message", "fix", "suggestion", "category", "transforms"} <= set(
            finding
        )
        assert {"code", "source", "title"} <= set(finding)


def test_titles_are_in_the_language_asked_for(app: FastAPI) -> None:
    def titles(**query: str) -> dict[str, str]:
        return {finding["rule"]: finding["title"] for finding in review(app, TEMPLATE, **query)["findings"]}

    chinese, english = titles(), titles(lang="en")
    assert chinese["template/full-width-braces"] == "全角花括号"
    assert english["template/full-width-braces"] == "Full-width braces"
    assert not set(chinese.values()) & set(english.values())


def test_messages_are_chinese_by_default_and_english_on_request(app: FastAPI) -> None:
    def messages(**query: str) -> list[str]:
        return [finding["message"] for finding in review(app, TEMPLATE, **query)["findings"]]

    assert messages() == messages(lang="zh")
    assert all(re.search("[一-鿿]", message) for message in messages())
    assert len(messages(lang="en")) == len(messages())
    assert not set(messages(lang="en")) & set(messages())


def test_http_and_python_give_the_same_verdict(app: FastAPI) -> None:
    verdict = Reviewer.review(
        app.state.service.reviewer,
        Submission(body=CLEAN["body"], purpose="verification", as_of=date(2026, 11, 22)),
    )
    answer = review(app, CLEAN)

    assert answer["decision"] == verdict.decision.value
    assert [finding["rule"] for finding in answer["findings"]] == [
        finding.rule for finding in verdict.findings
    ]
    assert answer["revision"] == verdict.revision


def test_a_batch_has_one_result_per_submission_in_order(app: FastAPI) -> None:
    answers = batch(
        app,
        [
            CLEAN | {"id": "a"},
            {"id": "b", "purpose": "news"},
            {"id": "c"},
            "not an object",
            {"id": 5, "body": "x"},
            {"id": "d", "body": "x", "provider": "nobody"},
            {"id": "e", "body": "x\ud800"},
            CLEAN | {"id": "f"},
        ],
        lang="en",
    )

    assert [answer.get("decision") is None for answer in answers] == [False] + [True] * 6 + [False]
    assert [answer["id"] for answer in answers] == ["a", "b", "c", None, None, "d", "e", "f"]
    wrong = answers[1:7]
    assert [list(answer) for answer in wrong] == [["id", "index", "error"]] * 6
    assert [answer["index"] for answer in wrong] == [1, 2, 3, 4, 5, 6]
    for answer, word in zip(wrong, ("purpose", "signature", "object", "id", "provider", "body"), strict=True):
        assert word in answer["error"]


def test_a_batch_names_a_list_that_is_too_long(app: FastAPI) -> None:
    (answer,) = batch(app, [{"id": "a", "body": "x", "recipients": [""] * (MOST_ENTRIES + 1)}], lang="en")
    assert (answer["id"], answer["index"]) == ("a", 0)
    assert f"recipients: {MOST_ENTRIES + 1} entries, at most {MOST_ENTRIES}" in answer["error"]


def test_a_value_is_named_by_its_submitted_key(app: FastAPI) -> None:
    submission = {"body": "您的订单#code#已发货", "params": {"#code#": "http://t.cn/Ab3"}, "provider": "juhe"}
    (alone, (together,)) = review(app, submission), batch(app, [submission])

    fields = {finding["field"] for finding in alone["findings"] if finding["rule"] == "params/link"}
    assert fields == {"params.#code#"}
    assert together == alone


def test_a_batch_equals_single_reviews(app: FastAPI) -> None:
    submissions = [CLEAN, TEMPLATE | {"as_of": "2026-11-22"}, {"signature": "测试", "as_of": "2026-11-22"}]

    assert batch(app, submissions) == [review(app, submission) for submission in submissions]


def test_an_empty_batch_is_answered(app: FastAPI) -> None:
    assert batch(app, []) == []


def test_a_large_batch_does_not_block_other_requests(app: FastAPI) -> None:
    async def both() -> list[str]:
        done = []

        async def note(name: str, method: str, path: str, **request: Any) -> None:
            response = await ask_async(app, method, path, **request)
            assert response.status_code == 200
            done.append(name)

        large = {"submissions": [{"body": "您的验证码是{1}。"}] * MOST}
        await asyncio.gather(
            note("batch", "POST", "/v1/review/batch", json=large), note("health", "GET", "/healthz")
        )
        return done

    assert asyncio.run(both()) == ["health", "batch"]
