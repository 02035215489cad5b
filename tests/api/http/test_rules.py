"""The rules as the service lists and explains them."""

from __future__ import annotations

from fastapi import FastAPI

from .client import ask


def test_rules_are_listed(app: FastAPI) -> None:
    listed = ask(app, "GET", "/v1/rules").json()

    assert [rule["id"] for rule in listed["rules"]] == [rule.id for rule in app.state.service.reviewer.rules]
    assert listed["revision"] == app.state.service.reviewer.revision
    for rule in listed["rules"]:
        assert list(rule) == [
            "id",
            "title",
            "decision",
            "providers",
            "since",
            "until",
            "category",
            "source",
        ]


def test_rules_by_topic(app: FastAPI) -> None:
    def topic(name: str) -> list[str]:
        return [rule["id"] for rule in ask(app, "GET", "/v1/rules", params={"topic": name}).json()["rules"]]

    assert topic("template")
    assert all(rule.startswith("template/") for rule in topic("template"))
    assert topic("templat") == []


def test_a_rule_has_its_sources_in_both_languages(app: FastAPI) -> None:
    answers = [
        ask(app, "GET", "/v1/rules/signature/length", params={"lang": lang}).json() for lang in ("zh", "en")
    ]
    for answer in answers:
        assert [source["key"] for source in answer["sources"]] == answer["source"].split(", ")
    chinese, english = (answer["sources"][0] for answer in answers)
    assert (chinese["vendor"], english["vendor"]) == ("腾讯云", "Tencent Cloud")
    assert chinese["title"] != english["title"]
    assert list(english) == ["key", "vendor", "title", "url", "dated", "read", "confidence"]
    for source in answers[1]["sources"]:
        assert source["url"] is None or source["url"].isascii()


def test_every_rule_is_explained_in_both_languages(app: FastAPI) -> None:
    for rule in app.state.service.reviewer.rules:
        chinese = ask(app, "GET", f"/v1/rules/{rule.id}").json()
        english = ask(app, "GET", f"/v1/rules/{rule.id}", params={"lang": "en"}).json()

        assert chinese["id"] == english["id"] == rule.id
        assert (chinese["title"], english["title"]) == (rule.file.title.zh, rule.file.title.en)
        assert (chinese["why"], english["fix"]) == (rule.file.why.zh, rule.file.fix.en)
        assert len(chinese["examples"]["flag"]) == len(rule.file.examples.flag)
        assert len(chinese["examples"]["pass"]) == len(rule.file.examples.passes)
        assert {"message", "clause", "codes", "standard", "source"} <= set(chinese)
