"""The wire contract: JSON Schemas of every payload, and the rules about the order of events."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from recorder import Event
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parent / "schemas"
STAGES = ["extraction", "chunking", "embedding", "storing"]
# What ends a file's processing: exactly one of these.
ENDS = {"file:completed", "file:failed"}


@cache
def registry() -> Registry:
    files = [json.loads(path.read_text()) for path in sorted(SCHEMAS.glob("*.json"))]
    return Registry().with_resources([(schema["$id"], Resource.from_contents(schema)) for schema in files])


@cache
def validator(name: str) -> Draft202012Validator:
    schema = registry().contents(f"{name}.json")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, registry=registry())


def violations(name: str, body: Any) -> list[str]:
    """Everything about a payload that the schema `name` does not allow."""
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(body)]


def check_body(name: str, body: Any) -> None:
    problems = violations(name, body)
    assert not problems, f"not a valid '{name}':\n" + "\n".join(problems) + f"\n{json.dumps(body, indent=1)[:4000]}"


def check_event(event: Event) -> None:
    """One event: known to the contract, of the right shape, in a namespace where it belongs."""
    assert (SCHEMAS / f"{event.name.replace(':', '.')}.json").exists(), f"unknown event '{event.name}'"
    check_body(event.name.replace(":", "."), event.payload)
    assert event.namespace in ("/pipeline", f"/{event.payload['pipeline_type']}"), event
    if event.name == "status:update":
        current = event.payload["current_status"]
        stale = {key for key, value in event.payload["changes"].items() if current[key] != value}
        assert not stale, f"'changes' and 'current_status' differ in {stale}: {event.payload}"


def check_order(events: list[Event]) -> list[str]:
    """The rules for each file, in one namespace, for a client that saw everything from the start.

    Returns the ids of the files whose processing has begun and not ended; none, once all work is done.
    """
    runs: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        if event.file is None:
            continue
        key = (event.payload["pipeline_id"], event.file)
        run = runs.get(key)
        if event.name == "file:processing":
            assert run is None, f"a second 'file:processing' before the end of the first: {event}"
            runs[key] = [event]
        elif event.name == "file:removed":
            assert run is None, f"removed while it was being processed: {event}"
        else:
            assert run, f"'{event.name}' without 'file:processing': {event}"
            check_step(run[-1], event)
            run.append(event)
            if event.name in ENDS:
                del runs[key]
    return [file for _, file in runs]


def check_step(before: Event, after: Event) -> None:
    """Within one run the stages stay in order and progress never decreases."""
    if after.name != "file:progress" or before.name != "file:progress":
        return
    stages = [STAGES.index(event.payload["processing_stage"]) for event in (before, after)]
    assert stages == sorted(stages), f"a stage back: {before} then {after}"
    assert before.payload["progress"] <= after.payload["progress"], f"progress back: {before} then {after}"
