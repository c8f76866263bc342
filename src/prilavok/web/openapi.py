"""/openapi.json, made from the route table and the types of bodies and answers."""

import re
from functools import cache
from typing import Any

import msgspec

from prilavok.web import shapes

FORMAT = "3.1.0"


@cache
def document(version: str) -> dict[str, Any]:
    from prilavok.web.routes import ROUTES

    shown = [route for route in ROUTES if route.path.startswith(("/api/", "/hooks/"))]
    kinds = {kind for route in shown for kind in (route.body, route.answer) if kind is not None} | {shapes.Problem}
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    by_kind = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in shown:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, by_kind)
    return {
        "openapi": FORMAT,
        "info": {"title": "Prilavok", "version": version, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "prilavok_session"},
            },
        },
    }


def _operation(route: Any, by_kind: dict[Any, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "done"}
    if route.answer is not None:
        good["content"] = {"application/json": {"schema": by_kind[route.answer]}}
    bad = {"application/problem+json": {"schema": by_kind[shapes.Problem]}}
    operation: dict[str, Any] = {
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}_{route.handler.__name__}_{route.method.lower()}",
        "description": (route.handler.__doc__ or "").strip(),
        "responses": {str(route.status): good, "default": {"description": "refused", "content": bad}},
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"{(\w+)}", route.path)
        ],
    }
    if route.permission not in {"public", "signed"}:
        operation["security"] = [{"token": []}, {"session": []}]
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": by_kind[route.body]}}}
    return operation
