"""The OpenAPI document: it matches the service, and its examples are real."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from schemathesis.generation import GenerationMode

from smsvet.fields import ATTRIBUTES
from smsvet_api.http.app import create_app
from smsvet_api.http.settings import Settings

from .client import ask

SENTENCE = "A verdict is not a promise of delivery: carriers filter by lists of their own."


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = create_app(Settings(log_level="error"))
    asyncio.run(app.state.service.load())
    assert app.state.service.failure is None, app.state.service.failure
    return app


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


# An operation without parameters and body cannot receive wrong data.
CASES = [
    *((*operation, GenerationMode.POSITIVE) for operation in sorted(OPERATIONS)),
    *((*operation, GenerationMode.NEGATIVE) for operation in sorted(OPERATIONS - PLAIN)),
]


@pytest.fixture
def same_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Hypothesis draw no constants from the modules that are loaded: these differ between runs of the tests."""
    monkeypatch.setattr(providers, "_get_local_constants", Constants)
    monkeypatch.setattr(providers, "CONSTANTS_CACHE", LRUCache(1024))


@pytest.mark.slow
@pytest.mark.usefixtures("same_examples")
@pytest.mark.parametrize(("method", "path", "mode"), CASES)
def test_the_service_conforms_to_its_document(
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
        body = case.body if mode is GenerationMode.POSITIVE and path == "/v1/review" else None
        # The schema cannot express it: at least one of three fields.
        if isinstance(body, dict) and all(body.get(name) is None for name in ("signature", "body", "text")):
            body["body"] = "您的验证码是{1}"
        case.call_and_validate()

    conforms()


def test_the_caveat_occurs_once(app: FastAPI) -> None:
    document = ask(app, "GET", "/openapi.json")

    assert SENTENCE in document.json()["info"]["description"]
    assert document.text.count(SENTENCE) == 1


def test_every_operation_has_an_example_response(app: FastAPI) -> None:
    for path, operations in ask(app, "GET", "/openapi.json").json()["paths"].items():
        for method, operation in operations.items():
            (content,) = operation["responses"]["200"]["content"].values()
            assert content.get("example") or content.get("examples"), f"{method} {path}"


def test_example_requests_return_the_example_responses(app: FastAPI) -> None:
    for path in ("/v1/review", "/v1/review/batch"):
        operation = ask(app, "GET", "/openapi.json").json()["paths"][path]["post"]
        content = operation["responses"]["200"]["content"]["application/json"]
        for name, example in operation["requestBody"]["content"]["application/json"]["examples"].items():
            shown = content["examples"][name]["value"] if "examples" in content else content["example"]
            assert ask(app, "POST", path, json=example["value"]).json() == shown


def test_the_providers_are_listed(app: FastAPI) -> None:
    submission = ask(app, "GET", "/openapi.json").json()["components"]["schemas"]["SubmissionIn"]

    assert submission["properties"]["provider"]["enum"] == sorted(app.state.service.reviewer.providers)


def test_the_attributes_of_variables_are_listed(app: FastAPI) -> None:
    schemas = ask(app, "GET", "/openapi.json").json()["components"]["schemas"]
    alone, with_length = (
        schemas["SubmissionIn"]["properties"]["variables"]["anyOf"][0]["additionalProperties"]["anyOf"][0],
        schemas["VariableIn"]["properties"]["type"]["anyOf"][0],
    )
    assert alone == with_length == {"type": "string", "enum": sorted(ATTRIBUTES)}
