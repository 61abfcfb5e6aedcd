"""Holds requests and answers against Google's machine-readable description of the Drive API."""

import json
import re
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator


class Discovery:
    """The description that google-api-python-client carries; nothing of it is ours."""

    def __init__(self) -> None:
        document = resources.files("googleapiclient") / "discovery_cache/documents/drive.v3.json"
        self.description = json.loads(document.read_text())
        definitions = {name: self._schema(schema) for name, schema in self.description["schemas"].items()}
        self._validators = {
            name: Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions}) for name in definitions
        }
        self._methods = list(self._all_methods(self.description["resources"]))

    def problems_of_request(self, http_method: str, path: str, parameters: dict[str, str]) -> list[str]:
        """What is wrong with a request; `path` is below the service's path."""
        found = self._method(http_method, path)
        if found is None:
            return [f"no method for {http_method} {path}"]
        known = {**self.description["parameters"], **found["parameters"]}
        problems = [f"{found['id']}: unknown parameter '{name}'" for name in parameters if name not in known]
        for name, rule in known.items():
            if name in parameters:
                problems += self._problems_of_value(f"{found['id']}: '{name}'", parameters[name], rule)
            elif rule.get("required") and rule["location"] == "query":
                problems.append(f"{found['id']}: '{name}' is missing")
        return problems

    def problems_of_answer(self, http_method: str, path: str, answer: Any) -> list[str]:
        found = self._method(http_method, path)
        schema = found and found.get("response", {}).get("$ref")
        if not schema:
            return [f"{http_method} {path} has no JSON answer"]
        return [f"{schema}: {error.json_path} {error.message}" for error in self._validators[schema].iter_errors(answer)]

    def _method(self, http_method: str, path: str) -> dict[str, Any] | None:
        for pattern, method in self._methods:
            if method["httpMethod"] == http_method and pattern.fullmatch(path):
                return {"parameters": {}, **method}
        return None

    def _all_methods(self, resources: dict[str, Any]) -> Any:
        for resource in resources.values():
            for method in resource.get("methods", {}).values():
                pattern = re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(method["path"]))
                yield re.compile(pattern), method
            yield from self._all_methods(resource.get("resources", {}))

    @staticmethod
    def _problems_of_value(name: str, value: str, rule: dict[str, Any]) -> list[str]:
        match rule.get("type"):
            case "boolean" if value not in ("true", "false"):
                return [f"{name} is no boolean: {value}"]
            case "integer":
                if not re.fullmatch(r"-?\d+", value):
                    return [f"{name} is no integer: {value}"]
                if not int(rule.get("minimum", value)) <= int(value) <= int(rule.get("maximum", value)):
                    return [f"{name} is out of range: {value}"]
        if "enum" in rule and value not in rule["enum"]:
            return [f"{name} is none of {rule['enum']}: {value}"]
        if "pattern" in rule and not re.search(rule["pattern"], value):
            return [f"{name} does not match {rule['pattern']}: {value}"]
        return []

    def _schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A JSON schema for one of the description's: 64-bit numbers are texts, unknown fields are none of its."""
        if "$ref" in schema:
            return {"$ref": f"#/$defs/{schema['$ref']}"}
        match schema.get("type"):
            case "object" if "properties" in schema:
                properties = {name: self._schema(value) for name, value in schema["properties"].items()}
                return {"type": "object", "properties": properties, "additionalProperties": False}
            case "object":
                rest = schema.get("additionalProperties")
                return {"type": "object", "additionalProperties": self._schema(rest) if rest else True}
            case "array":
                return {"type": "array", "items": self._schema(schema["items"])}
            case "string" if schema.get("format") in ("int64", "uint64"):
                return {"type": "string", "pattern": r"^-?\d+$"}
            case "string" if schema.get("format") == "date-time":
                return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
            case "any" | None:
                return {}
            case kind:
                return {"type": kind}
