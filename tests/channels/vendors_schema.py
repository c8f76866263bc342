"""A request held against the slice of the vendor's own schema that stands in the fixtures: as much of JSON Schema as
those slices use. `allOf` is read as one object, as the vendors mean it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.channels.reading import FIXTURES

TYPES: dict[str, Any] = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": float}


class Slice:
    def __init__(self, path: Path | str) -> None:
        self.schemas: dict[str, Any] = json.loads((FIXTURES / path).read_text())["schemas"]

    def refuses(self, name: str, value: Any, *, also: frozenset[str] = frozenset()) -> list[str]:
        """Why the vendor would refuse the value; empty when it would not. `also`: names that its prose allows."""
        given = {key: it for key, it in value.items() if key not in also}
        return list(self._complaints(self.schemas[name], given, name))

    def _whole(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rpartition("/")[2]]
        whole = dict(schema)
        for part in whole.pop("allOf", []):
            known = self._whole(part)
            whole["properties"] = {**whole.get("properties", {}), **known.get("properties", {})}
            whole["required"] = [*whole.get("required", []), *known.get("required", [])]
            if known.get("additionalProperties") is False:
                whole["additionalProperties"] = False
        return whole

    def _complaints(self, schema: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
        whole = self._whole(schema)
        kind = whole.get("type")
        if kind and not isinstance(value, TYPES[kind]):
            yield f"{where} is no {kind}"
            return
        if "enum" in whole and value not in whole["enum"]:
            yield f"{where} is {value!r}, not one of {whole['enum']}"
        if isinstance(value, str):
            if len(value) > whole.get("maxLength", len(value)) or len(value) < whole.get("minLength", 0):
                yield f"{where} has {len(value)} characters"
            if where.rpartition(".")[2] != "index" and not re.search(whole.get("pattern", ""), value):
                yield f"{where} has another pattern"  # that of `index` refuses the first button of its own examples
        if isinstance(value, list):
            if not whole.get("minItems", 0) <= len(value) <= whole.get("maxItems", len(value)):
                yield f"{where} has {len(value)} items"
            for number, one in enumerate(value):
                yield from self._complaints(whole.get("items", {}), one, f"{where}[{number}]")
        if isinstance(value, dict):
            yield from self._in_object(whole, value, where)

    def _in_object(self, whole: Mapping[str, Any], value: Mapping[str, Any], where: str) -> Iterator[str]:
        known = whole.get("properties", {})
        yield from (f"{where} lacks {name}" for name in whole.get("required", []) if name not in value)
        for name, one in value.items():
            if name in known:
                yield from self._complaints(known[name], one, f"{where}.{name}")
            elif whole.get("additionalProperties") is False:
                yield f"{where} knows no {name}"
        if choices := whole.get("oneOf"):
            found = [list(self._complaints(choice, value, where)) for choice in choices]
            if all(found):
                yield min(found, key=len)[0]
