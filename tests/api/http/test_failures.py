"""Failures inside the service: the response and the log, without submitted text."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from fastapi import FastAPI

from smsvet import Reviewer, Submission, Verdict
from smsvet.model import Fault, Lang

from .client import CLEAN, PHONE, ask, batch, review


class Broken:
    """A Reviewer that fails on one body, with an error message that quotes it."""

    def __init__(self, reviewer: Reviewer) -> None:
        self.reviewer = reviewer
        self.rules, self.providers, self.revision = reviewer.rules, reviewer.providers, reviewer.revision

    def check(self, submission: Submission, lang: Lang = "zh") -> None:
        self.reviewer.check(submission, lang)

    def review(self, submission: Submission, lang: Lang = "zh") -> Verdict:
        verdict = self.reviewer.review(submission, lang)
        if submission.body == f"call {PHONE}":
            raise ValueError(submission.body)
        if submission.body == "fault":
            return replace(verdict, faults=(Fault("template/x", f"KeyError: {PHONE}"),))
        return verdict


@pytest.fixture
def broken(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    monkeypatch.setattr(app.state.service.active, "reviewer", Broken(app.state.service.reviewer))
    return app


def test_a_failure_is_a_problem_without_submitted_text(
    broken: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    response = ask(broken, "POST", "/v1/review?lang=en", json={"body": f"call {PHONE}"})
    log = capsys.readouterr().err

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:smsvet:problem:internal"
    assert PHONE not in response.text
    assert "ValueError" not in response.text
    failed, request = map(json.loads, log.splitlines())
    assert failed["error"] == "ValueError"
    assert failed["at"][-1].startswith("http/test_failures.py:")
    assert failed["instance"] == request["instance"] == response.json()["instance"]
    assert PHONE not in log


def test_a_failure_loses_one_submission_of_a_batch(
    broken: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = batch(broken, [CLEAN, {"id": "b", "body": f"call {PHONE}"}, CLEAN])
    log = capsys.readouterr().err

    assert [answer.get("decision") for answer in answers][1] is None
    assert (answers[1]["id"], answers[1]["index"]) == ("b", 1)
    assert answers[0] == answers[2]
    instance = re.search(r"urn:uuid:[0-9a-f-]{36}", answers[1]["error"])
    assert instance is not None
    assert instance[0] in log
    assert PHONE not in log + answers[1]["error"]


def test_faults_are_logged_only_by_rule(broken: FastAPI, capsys: pytest.CaptureFixture[str]) -> None:
    assert review(broken, {"body": "fault"})["faults"][0]["rule"] == "template/x"
    log = capsys.readouterr().err

    assert json.loads(log.splitlines()[0])["rules"] == ["template/x"]
    assert PHONE not in log
