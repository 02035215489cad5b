"""The OpenAPI document of a service with a store: no role breaks what it promises."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from smsvet_api.store.accounts.roles import ROLES, Role

from .client import ask
from .stored import StoredService, stored_service
from .test_authorisation import Refusing

EXAMPLES = 2


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredService]:
    with stored_service("sqlite", tmp_path_factory.mktemp("store"), requests_per_minute=1_000_000) as service:
        yield service


@pytest.fixture(scope="module")
def described(service: StoredService) -> Any:
    @asynccontextmanager
    async def nothing(_app: object) -> AsyncIterator[None]:
        yield

    # schemathesis would start and stop the application for each call, and with it the store.
    service.app.router.lifespan_context = nothing
    document = schemathesis.openapi.from_asgi("/openapi.json", service.app)
    service.app.state.content = service.app.state.replays = Refusing()
    return document


def test_every_secured_operation_names_its_credentials(service: StoredService) -> None:
    document = ask(service.app, "GET", "/openapi.json").json()
    assert set(document["components"]["securitySchemes"]) == {"key", "session"}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            opened = path in ("/v1/session", "/healthz", "/readyz", "/metrics") or path.startswith(
                ("/v1/review", "/v1/rules", "/v1/oidc")
            )
            assert opened or operation.get("security") == [{"key": []}, {"session": []}], f"{method} {path}"


def test_the_names_of_schemas_are_unique(service: StoredService) -> None:
    """FastAPI puts the module before a name that two models have, and generated clients stumble over it."""
    schemas = ask(service.app, "GET", "/openapi.json").json()["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_the_service_conforms_to_its_document_for_each_role(
    role: Role, service: StoredService, described: Any
) -> None:
    headers = {"authorization": f"Bearer {service.key(role)}"}
    wrong: list[str] = []
    for result in described.get_all_operations():
        operation = result.ok()
        if operation.path.startswith(("/v1/review", "/v1/rules", "/healthz", "/readyz", "/metrics")):
            continue  # without a store, in test_openapi.py
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=[
                    HealthCheck.too_slow,
                    HealthCheck.filter_too_much,
                    HealthCheck.data_too_large,
                ],
                phases=(Phase.generate,),
            )
            @given(operation.as_strategy(generation_mode=mode))
            def conforms(case: Any) -> None:
                # The schema cannot express everything: a URL may be private, a cursor made up, a name taken.
                checks = [ignored_auth, positive_data_acceptance]
                case.call_and_validate(headers=headers, excluded_checks=checks)

            try:
                conforms()
            except AssertionError as error:
                wrong.append(f"{operation.method} {operation.path}: {error}")
            except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - hypothesis and schemathesis have many
                if type(error).__name__ != "Unsatisfiable":
                    wrong.append(f"{operation.method} {operation.path}: {type(error).__name__} {error}")
    assert "\n".join(wrong) == ""
