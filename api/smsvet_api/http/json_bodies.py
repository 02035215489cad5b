"""JSON bodies of requests as models, and JSON responses that no cache keeps."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from smsvet.files.validation import describe_problem
from smsvet.model import Lang

from .bodies import parse_body, refuse_surrogates, require_json
from .problems import FieldError, encode, invalid_fields

_REFS = "#/components/schemas/{model}"
_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


class JsonBody(BaseModel):
    """The body of a request. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


Body = TypeVar("Body", bound=JsonBody)


def _no_nul(value: object) -> object:
    if isinstance(value, str) and "\0" in value:
        raise PydanticCustomError("nul", "the character 0 is not allowed")
    return value


Text = Annotated[str, BeforeValidator(_no_nul)]
"""A text without the character 0, which PostgreSQL does not store."""


async def body_of(request: Request, model: type[Body], lang: Lang) -> Body:
    """Return the body of a request. Raises ProblemError: 415 and 400 unless it is JSON, 422 naming each wrong field."""
    require_json(request, lang)
    data = parse_body(await request.body(), lang)
    refuse_surrogates(data, lang)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = [
            FieldError(field=".".join(map(str, item["loc"])), message=describe_problem(item, lang))
            for item in error.errors(include_url=False, include_input=False, include_context=True)
        ]
        raise invalid_fields(errors, lang) from error


def takes(model: type[JsonBody]) -> dict[str, Any]:
    """Return the part of an operation's OpenAPI that describes its body; `schemas_of_bodies` has the schema."""
    schema = {"$ref": _REFS.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def schemas_of_bodies(paths: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas of the bodies that some operations take, by name."""
    named = {
        content["schema"].get("$ref")
        for operations in paths.values()
        for operation in operations.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
    }
    found: dict[str, Any] = {}
    models = [JsonBody]
    while models:
        model = models.pop()
        models += model.__subclasses__()
        if _REFS.format(model=model.__name__) in named:
            schema = model.model_json_schema(ref_template=_REFS)
            found |= schema.pop("$defs", {}) | {model.__name__: schema}
    return found


def answer(value: object, status: int = 200) -> Response:
    """Return a JSON response that no cache keeps. Moments are written in ISO 8601."""
    content = encode(_ANYTHING.dump_python(value, mode="json"))
    return Response(content, status, {"cache-control": "no-store"}, "application/json")
