"""The OpenAPI document: it describes what the service does, and its examples are real."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from smsvet_api.app import create_app
from smsvet_api.settings import Settings

SENTENCE = "A verdict is not a promise of delivery: carriers filter by lists of their own."


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = create_app(Settings(log_level="error"))
    asyncio.run(app.state.service.load())
    assert app.state.service.failure is None, app.state.service.failure
    return app


def ask(app: FastAPI, method: str, path: str, **request: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://smsvet") as client:
            return await client.request(method, path, **request)

    return asyncio.run(send())


@pytest.fixture(scope="module")
def described(app: FastAPI) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/openapi.json", app)


OPERATIONS = {
    ("POST", "/v1/review"),
    ("POST", "/v1/review/batch"),
    ("GET", "/v1/rules"),
    ("GET", "/v1/rules/{id}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
}
PLAIN = {("GET", "/healthz"), ("GET", "/metrics")}


def test_all_operations_are_described(app: FastAPI) -> None:
    paths = ask(app, "GET", "/openapi.json").json()["paths"]

    assert {(method.upper(), path) for path, methods in paths.items() for method in methods} == OPERATIONS


# An operation without parameters and body takes no wrong data.
CASES = [
    *((*operation, GenerationMode.POSITIVE) for operation in sorted(OPERATIONS)),
    *((*operation, GenerationMode.NEGATIVE) for operation in sorted(OPERATIONS - PLAIN)),
]


@pytest.mark.parametrize(("method", "path", "mode"), CASES)
def test_the_service_does_what_its_document_says(
    described: schemathesis.BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    operation = described[path][method]

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        phases=(Phase.generate,),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def conforms(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    conforms()


def test_the_caveat_stands_once(app: FastAPI) -> None:
    document = ask(app, "GET", "/openapi.json")

    assert SENTENCE in document.json()["info"]["description"]
    assert document.text.count(SENTENCE) == 1


def test_every_operation_has_an_example_of_its_answer(app: FastAPI) -> None:
    for path, operations in ask(app, "GET", "/openapi.json").json()["paths"].items():
        for method, operation in operations.items():
            (content,) = operation["responses"]["200"]["content"].values()
            assert content.get("example") or content.get("examples"), f"{method} {path}"


def test_examples_are_answered_as_shown(app: FastAPI) -> None:
    for path in ("/v1/review", "/v1/review/batch"):
        operation = ask(app, "GET", "/openapi.json").json()["paths"][path]["post"]
        content = operation["responses"]["200"]["content"]["application/json"]
        for name, example in operation["requestBody"]["content"]["application/json"]["examples"].items():
            shown = content["examples"][name]["value"] if "examples" in content else content["example"]
            assert ask(app, "POST", path, json=example["value"]).json() == shown


def test_the_providers_are_named(app: FastAPI) -> None:
    submission = ask(app, "GET", "/openapi.json").json()["components"]["schemas"]["SubmissionIn"]

    assert submission["properties"]["provider"]["enum"] == sorted(app.state.service.reviewer.providers)


def test_the_page_is_served(app: FastAPI) -> None:
    assert "/openapi.json" in ask(app, "GET", "/docs").text
