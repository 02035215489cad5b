"""Renders the OpenAPI document as the page at /docs: plain HTML without scripts or external resources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

SECURITY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""The page's Content-Security-Policy: no external resources, no scripts."""

_STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d8dbe0, #3a3f47); --soft: light-dark(#f5f6f8, #1d2025) }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
pre, code { font: .875em/1.5 ui-monospace, monospace }
pre { background: var(--soft); padding: .75rem 1rem; overflow: auto; max-height: 28rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line) }
h3 { margin-top: 2.5rem }
summary { cursor: pointer }
"""
_LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "pattern {}",
}


def render(document: Mapping[str, Any]) -> str:
    """Return an OpenAPI document as one HTML page: the operations by tag, then the schemas."""
    info, paths = document["info"], document["paths"]
    title = _text(f"{info['title']} {info['version']}")
    parts = [
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><p>{_text(info.get('description', ''))}</p>",
        '<p>For programs: <a href="openapi.json">/openapi.json</a></p>',
    ]
    for tag in document.get("tags", ()):
        parts.append(f"<h2>{_text(tag['name'])}</h2><p>{_text(tag.get('description', ''))}</p>")
        for path, operations in paths.items():
            for method, operation in operations.items():
                if tag["name"] in operation.get("tags", ()):
                    parts.extend(_operation(method, path, operation))
    parts.append("<h2>Schemas</h2>")
    for name, schema in sorted(document["components"]["schemas"].items()):
        parts.extend(_schema(name, schema))
    return "\n".join([*parts, "</body></html>\n"])


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f'<h3 id="{escape(operation["operationId"])}"><code>{method.upper()} {escape(path)}</code></h3>'
    yield f"<p><b>{_text(operation['summary'])}</b><br>{_text(operation.get('description', ''))}</p>"
    rows = [
        (
            f"<code>{escape(item['name'])}</code>",
            escape(item["in"]) + (", required" if item.get("required") else ""),
            _kind(item["schema"]),
            _about(item["schema"] | {"description": item.get("description", "")}),
        )
        for item in operation.get("parameters", ())
    ]
    if rows:
        yield _table(("parameter", "in", "type", "meaning"), rows)
    if "requestBody" in operation:
        yield "<h4>Request</h4>"
        yield from _content(operation["requestBody"]["content"])
    for status, response in operation["responses"].items():
        yield f"<h4>{escape(status)} {_text(response.get('description', ''))}</h4>"
        yield from _content(response.get("content", {}))


def _content(content: Mapping[str, Any]) -> Iterator[str]:
    for media_type, body in content.items():
        kind = f": {_kind(body['schema'])}" if body.get("schema") else ""
        yield f"<p><code>{escape(media_type)}</code>{kind}</p>"
        shown = body.get("examples") or ({"example": {"value": body["example"]}} if "example" in body else {})
        for name, example in shown.items():
            value = example["value"]
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
            summary = _text(example.get("summary") or name.capitalize())
            yield f"<details><summary>{summary}</summary><pre>{escape(text)}</pre></details>"


def _schema(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f'<h3 id="schema-{escape(name)}">{escape(name)}</h3><p>{_text(schema.get("description", ""))}</p>'
    if "properties" not in schema:
        yield f"<p>{_kind(schema)}</p>"
        return
    alternatives = [one for item in schema.get("anyOf", ()) for one in item.get("required", ())]
    if alternatives:
        yield f"<p>At least one of {', '.join(f'<code>{escape(one)}</code>' for one in alternatives)}.</p>"
    required = schema.get("required", ())
    rows = [
        (
            f"<code>{escape(field)}</code>",
            _kind(value) + (", required" if field in required else ""),
            _about(value),
        )
        for field, value in schema["properties"].items()
    ]
    yield _table(("field", "type", "meaning"), rows)


def _kind(schema: Mapping[str, Any]) -> str:
    """Return the accepted values of a schema as HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#schema-{name}">{name}</a>'
    if "enum" in schema or "const" in schema:
        values = schema.get("enum") or [schema["const"]]
        return " | ".join(f"<code>{escape(json.dumps(value, ensure_ascii=False))}</code>" for value in values)
    if "anyOf" in schema:
        return " | ".join(_kind(item) for item in schema["anyOf"])
    limits = [escape(words.format(schema[name])) for name, words in _LIMITS.items() if name in schema]
    match schema.get("type"):
        case "array":
            plain = f"list of ({_kind(schema.get('items', {}))})"
        case "object" if isinstance(schema.get("additionalProperties"), dict):
            plain = f"object of ({_kind(schema['additionalProperties'])})"
        case None:
            plain = "any JSON value"
        case name:
            plain = escape(schema.get("format") or name)
    return ", ".join([plain, *limits])


def _about(schema: Mapping[str, Any]) -> str:
    about = _text(schema.get("description", ""))
    if schema.get("default") is None:
        return about
    stated = f"default <code>{escape(json.dumps(schema['default'], ensure_ascii=False))}</code>"
    return f"{about}; {stated}" if about else stated


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{name}</th>" for name in head)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _text(plain: str) -> str:
    """Return a sentence as HTML, with text in backquotes as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(plain))
