"""Builds the OpenAPI document; its example responses are real verdicts of the loaded rules."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from smsvet import Reviewer
from smsvet.schema import SubmissionIn, read_submission, write_verdict

from .json_bodies import schemas_of_bodies
from .problems import Problem, ProblemError
from .rules import describe, summarize
from .service import Service

DESCRIPTION = (
    "Reviews Chinese SMS signatures, templates and messages before a carrier or a cloud vendor does, and "
    "answers `approve`, `reject` or `manual_review` with reasons, places and fixes. "
    "A verdict is not a promise of delivery: carriers filter by lists of their own."
)

EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "template": (
        "A template that hides a link in a variable",
        {
            "id": "t-1",
            "body": "您的验证码为｛1｝，点击{2}查看",
            "purpose": "verification",
            "as_of": "2026-11-22",
        },
    ),
    "signature": (
        "A signature with its account",
        {
            "id": "s-1",
            "signature": "杭州云雀网络科技",
            "source": "company",
            "account": {"type": "enterprise", "name": "杭州云雀网络科技有限公司"},
            "as_of": "2026-11-22",
        },
    ),
    "message": (
        "A message about to be sent",
        {
            "id": "m-1",
            "body": "您的验证码是{1}，{2}分钟内有效。",
            "params": ["123456", "5"],
            "as_of": "2026-11-22",
        },
    ),
}

_REFS = "#/components/schemas/{model}"


def document(app: FastAPI, service: Service) -> dict[str, Any]:
    """Return the OpenAPI document; once the rules are loaded, it has the providers and real example responses."""
    written = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    schemas = written["components"]["schemas"]
    for model in (SubmissionIn, Problem):
        schema = model.model_json_schema(ref_template=_REFS)
        schemas |= schema.pop("$defs", {})
        schemas[model.__name__] = schema
    _submission(schemas["SubmissionIn"], service.reviewer)
    schemas["BatchIn"] = _batch(service.settings.max_batch)
    paths = written["paths"]
    schemas |= schemas_of_bodies(paths)
    for name, schema in schemas.items():
        if name.endswith("In"):
            _without_defaults(schema)
    _body(paths["/v1/review"]["post"], "SubmissionIn", {name: value for name, (_, value) in EXAMPLES.items()})
    if "/v1/submissions" in paths:
        _body(paths["/v1/submissions"]["post"], "SubmissionIn", {"template": EXAMPLES["template"][1]})
    submissions = [value for _, value in EXAMPLES.values()]
    _body(
        paths["/v1/review/batch"]["post"], "BatchIn", {"batch": {"submissions": [*submissions, {"id": "x"}]}}
    )
    _fixed(paths)
    _security(written)
    if service.reviewer is not None:
        _answers(paths, service.reviewer)
    return written


def _security(written: dict[str, Any]) -> None:
    """Describe keys and sessions, and mark the operations that need one of them."""
    secured = [
        operation
        for operations in written["paths"].values()
        for operation in operations.values()
        if "401" in operation["responses"] and operation.get("operationId") != "log_in"
    ]
    if secured:
        written["components"]["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer", "description": "An API key, `smsvet_...`"},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "__Host-smsvet",
                "description": "The cookie of `POST /v1/session`. Unsafe methods also need its token, as `X-CSRF`.",
            },
        }
    for operation in secured:
        operation["security"] = [{"key": []}, {"session": []}]


def _submission(schema: dict[str, Any], reviewer: Reviewer | None) -> None:
    # A schema that required one of the three would make generated clients split the submission into three types.
    schema["description"] = "At least one of `signature`, `body` and `text` is given."
    if reviewer is not None:
        schema["properties"]["provider"]["enum"] = sorted(reviewer.providers)


def _without_defaults(schema: dict[str, Any]) -> None:
    """State the defaults of a request in words: generated TypeScript requires a property that has one."""
    for field in schema.get("properties", {}).values():
        default = field.pop("default", None)
        if default not in (None, ""):
            field["description"] = "; ".join(filter(None, [field.get("description"), f"default `{default}`"]))


def _batch(most: int) -> dict[str, Any]:
    # The list may hold any value: an item that is not a submission gets an error at its index.
    item = {"anyOf": [{"$ref": "#/components/schemas/SubmissionIn"}, {}]}
    return {
        "title": "BatchIn",
        "type": "object",
        "description": "Submissions to be reviewed in order. One that is invalid is answered in its place.",
        "properties": {"submissions": {"type": "array", "maxItems": most, "items": item}},
        "required": ["submissions"],
        "additionalProperties": False,
    }


def _body(operation: dict[str, Any], schema: str, examples: dict[str, Any]) -> None:
    summaries = {name: summary for name, (summary, _) in EXAMPLES.items()}
    operation["requestBody"] = {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{schema}"},
                "examples": {
                    name: {
                        "summary": summaries.get(name, "One of each, and one that is invalid"),
                        "value": value,
                    }
                    for name, value in examples.items()
                },
            }
        },
    }


def _fixed(paths: dict[str, Any]) -> None:
    _show(paths["/healthz"]["get"], 200, {"status": "ok"})
    _show(paths["/metrics"]["get"], 200, "smsvet_ready 1.0\n", "text/plain")
    for path, method in (("/v1/review", "post"), ("/v1/review/batch", "post")):
        problem = ProblemError("too-large", "The body may have 1048576 bytes at most", lang="en").document()
        problem["instance"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
        _show(paths[path][method], 413, problem, "application/problem+json")


def _answers(paths: dict[str, Any], reviewer: Reviewer) -> None:
    verdicts = {
        name: write_verdict(reviewer.review(read_submission(value))) for name, (_, value) in EXAMPLES.items()
    }
    _content(paths["/v1/review"]["post"], 200, "application/json")["examples"] = {
        name: {"summary": EXAMPLES[name][0], "value": verdict} for name, verdict in verdicts.items()
    }
    invalid = {"id": "x", "index": len(verdicts), "error": "signature、body、text 至少需要一个"}
    _show(paths["/v1/review/batch"]["post"], 200, {"verdicts": [*verdicts.values(), invalid]})
    about = {"revision": reviewer.revision}
    _show(
        paths["/readyz"]["get"],
        200,
        {"status": "ready", **about, "rules": len(reviewer.rules), "providers": sorted(reviewer.providers)},
    )
    for rule in reviewer.rules[:1]:
        _show(paths["/v1/rules"]["get"], 200, {"rules": [summarize(rule, "zh")], **about})
        operation = paths["/v1/rules/{id}"]["get"]
        _show(operation, 200, describe(rule, reviewer.providers, reviewer.sources, "zh") | about)
        next(item for item in operation["parameters"] if item["name"] == "id")["example"] = rule.id


def _content(operation: dict[str, Any], status: int, media_type: str) -> dict[str, Any]:
    content: dict[str, Any] = operation["responses"][str(status)]["content"][media_type]
    return content


def _show(
    operation: dict[str, Any], status: int, example: object, media_type: str = "application/json"
) -> None:
    # All problem responses share one dict, so the example goes on a copy.
    content = operation["responses"][str(status)]["content"]
    content[media_type] = {**content[media_type], "example": example}
