"""Holds requests and answers against Google's machine-readable description of the Drive API."""

import json
import re
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator

from .messages import Request


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

    def problems_of_request(self, request: Request) -> list[str]:
        """What is wrong with a request to the API."""
        found = self._method(request.method, request.path)
        if found is None:
            return [f"no method for {request.method} {request.path}"]
        parameters, name = request.parameters, found["id"]
        known = {**self.description["parameters"], **found["parameters"]}
        given = [name for name, _ in request.query]
        problems = [f"{name}: '{repeated}' is repeated" for repeated in {one for one in given if given.count(one) > 1}]
        for parameter, value in parameters.items():
            rule = known.get(parameter)
            if rule is None or rule["location"] != "query":
                problems.append(f"{name}: unknown parameter '{parameter}'")
            elif rule.get("deprecated"):
                problems.append(f"{name}: '{parameter}' is deprecated")
            else:
                problems += self._problems_of_value(f"{name}: '{parameter}'", value, rule)
        for parameter, rule in known.items():
            if rule.get("required") and rule["location"] == "query" and parameter not in parameters:
                problems.append(f"{name}: '{parameter}' is missing")
        if parameters.get("alt") == "media" and not found.get("supportsMediaDownload"):
            problems.append(f"{name} has no media")
        if request.body and "request" not in found:
            problems.append(f"{name} takes no body")
        return problems + [f"{name}: {problem}" for problem in problems_of_drives(found, parameters)] + [
            f"{name}: {problem}" for problem in self.problems_of_headers(request)
        ]

    @staticmethod
    def problems_of_headers(request: Request) -> list[str]:
        """Of the headers that Google's description leaves to its prose."""
        forms = {
            "x-goog-drive-resource-keys": r"[\w-]+/[\w-]+(,[\w-]+/[\w-]+)*",
            "range": r"bytes=\d+-\d*",
            "authorization": r"Bearer [\w.~+/-]+=*",
        }
        return [
            f"the header '{name}' is malformed"
            for name, form in forms.items()
            if name in request.headers and not re.fullmatch(form, request.headers[name])
        ]

    def problems_of_selection(self, request: Request, selection: dict[str, Any]) -> list[str]:
        """What `fields` names although no answer has it."""
        found = self._method(request.method, request.path)
        schema = found and found.get("response")
        return self._unknown_fields(schema, selection, "") if schema else []

    def _unknown_fields(self, schema: dict[str, Any], selection: dict[str, Any], path: str) -> list[str]:
        while "$ref" in schema or schema.get("type") == "array":
            schema = self.description["schemas"][schema["$ref"]] if "$ref" in schema else schema["items"]
        properties = schema.get("properties")
        if properties is None:
            return [f"'{path}' has no fields"] if selection else []
        problems = []
        for name, inner in selection.items():
            if name == "*":
                continue
            if name not in properties:
                problems.append(f"no field '{path}{name}'")
            elif inner:
                problems += self._unknown_fields(properties[name], inner, f"{path}{name}/")
        return problems

    def problems_of_answer(self, http_method: str, path: str, answer: Any) -> list[str]:
        found = self._method(http_method, path)
        schema = found and found.get("response", {}).get("$ref")
        if not schema:
            return [f"{http_method} {path} has no JSON answer"]
        errors = self._validators[schema].iter_errors(answer)
        return [f"{schema}: {error.json_path} {error.message}" for error in errors]

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


def problems_of_drives(method: dict[str, Any], parameters: dict[str, str]) -> list[str]:
    """Rules on shared drives and spaces that stand in the prose of the description only."""
    problems = []
    is_true = {name: parameters.get(name) == "true" for name in ("supportsAllDrives", "includeItemsFromAllDrives")}
    if is_true["includeItemsFromAllDrives"] and not is_true["supportsAllDrives"]:
        problems.append("'includeItemsFromAllDrives' needs 'supportsAllDrives'")
    if "driveId" in parameters and not is_true["supportsAllDrives"]:
        problems.append("'driveId' needs 'supportsAllDrives'")
    if "driveId" in parameters and "includeItemsFromAllDrives" in method["parameters"]:
        if not is_true["includeItemsFromAllDrives"]:
            problems.append("'driveId' needs 'includeItemsFromAllDrives'")
    if method["id"] == "drive.files.list":
        corpora = parameters.get("corpora", "user")
        if corpora not in ("user", "domain", "drive", "allDrives"):
            problems.append(f"'corpora' is none: {corpora}")
        if ("driveId" in parameters) != (corpora == "drive"):
            problems.append("'driveId' and 'corpora=drive' need each other")
    if not set(parameters.get("spaces", "drive").split(",")) <= {"drive", "appDataFolder"}:
        problems.append(f"'spaces' has none: {parameters['spaces']}")
    return problems
