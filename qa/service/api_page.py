"""The description of the API for people: one page, made from the OpenAPI document. Pure."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}code,pre{font-size:.9em}pre{overflow:auto;padding:.75rem;"
    "border:1px solid #8888;border-radius:.4rem}dt{font-weight:600}h2{margin-top:2.5rem}"
)


def render_api_page(openapi: dict[str, Any]) -> str:
    """Return a page that shows every operation, and every object that comes and goes."""
    operations = "".join(
        _operation(method, path, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    )
    objects = "".join(
        _object(name, schema)
        for name, schema in openapi["components"]["schemas"].items()
        if "properties" in schema
    )
    info = openapi["info"]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(info['title'])}: HTTP API</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])}: HTTP API</h1><p>{escape(info['description'])}</p>"
        '<p>For programs: <a href="openapi.json">openapi.json</a>.</p>'
        f"{operations}<h2>Objects</h2>{objects}</body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<dt><code>{escape(each['name'])}</code></dt><dd>{escape(each['description'])}</dd>"
        for each in operation.get("parameters", ())
    )
    responses = "".join(
        f"<dt>{escape(status)}</dt><dd>{escape(_content(response) or response['description'])}</dd>"
        for status, response in operation["responses"].items()
    )
    body = _content(operation.get("requestBody", {}))
    return (
        f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
        f"<p>{escape(operation['summary'])}. {escape(operation.get('description', ''))}</p>"
        f"{f'<p>Body: {escape(body)}</p>' if body else ''}"
        f"<dl>{parameters}{responses}</dl>"
    )


def _content(described: dict[str, Any]) -> str:
    """Return the names of the objects in a body."""
    references = (
        media["schema"].get("$ref", "").rpartition("/")[2]
        for media in described.get("content", {}).values()
    )
    return ", ".join(dict.fromkeys(name for name in references if name))


def _object(name: str, schema: dict[str, Any]) -> str:
    properties = "".join(
        f"<dt><code>{escape(key)}</code></dt><dd>{escape(value.get('description', ''))} "
        f"<code>{escape(_type(value))}</code></dd>"
        for key, value in schema["properties"].items()
    )
    description = escape(schema.get("description", ""))
    return f"<h3>{escape(name)}</h3><p>{description}</p><dl>{properties}</dl>"


def _type(value: dict[str, Any]) -> str:
    shown = ("type", "$ref", "items", "anyOf", "enum", "default", "minimum", "maximum", "maxLength")
    return json.dumps({key: value[key] for key in shown if key in value}, ensure_ascii=False)
