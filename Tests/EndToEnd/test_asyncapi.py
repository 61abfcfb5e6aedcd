"""The description of the live events, held against what really comes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import documents
import pytest
from daemon import Daemon
from jsonschema import Draft202012Validator
from recorder import Recorder

Connect = Callable[..., Recorder]


def pointer(*path: str) -> str:
    return "#/" + "/".join(path)


def found(description: dict[str, Any], reference: dict[str, str]) -> dict[str, Any]:
    """What a reference leads to, over any number of them."""
    node: Any = description
    for key in reference["$ref"].removeprefix("#/").split("/"):
        node = node[key]
    return found(description, node) if "$ref" in node else node


def messages_of(description: dict[str, Any], operation: str) -> list[dict[str, Any]]:
    return [found(description, message) for message in description["operations"][operation]["messages"]]


def violations(description: dict[str, Any], message: dict[str, Any], payload: Any) -> list[str]:
    """Everything about a payload that a message's description does not allow."""
    schema = {**message["payload"], "components": description["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(payload)]


def received(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """Each thing that a client may send: the namespace, the message, the acknowledgements."""
    for name, operation in description["operations"].items():
        if operation["action"] == "receive":
            reply = operation["reply"]
            assert reply["channel"] == operation["channel"], name
            for message in operation["messages"] + reply["messages"]:
                assert message["$ref"].startswith(operation["channel"]["$ref"] + "/messages/"), name
            address = found(description, operation["channel"])["address"]
            replies = [found(description, message) for message in reply["messages"]]
            for message in messages_of(description, name):
                yield address, message, replies


def fitting(description: dict[str, Any], replies: list[dict[str, Any]], answer: Any) -> str:
    """The title of the one acknowledgement that an answer is."""
    titles = [reply["title"] for reply in replies if not violations(description, reply, answer)]
    assert len(titles) == 1, (answer, titles)
    return titles[0]


def test_every_event_that_comes_is_described(
    daemon: Daemon, corpus: Path, connect: Callable[..., Recorder]
) -> None:
    daemon.config["server"]["heartbeat_interval"] = "1s"
    daemon.start()
    client = connect(daemon, "/pipeline", "/local_files")
    (daemon.folder() / "good.txt").write_text(documents.note("what goes well"))
    (daemon.folder() / "bad.pdf").write_bytes(documents.damaged_pdf(corpus / "pdf/fhs.pdf"))
    client.wait_for_completion("good.txt")
    client.wait_for_failure("bad.pdf")
    (daemon.folder() / "good.txt").unlink()
    for name in ["file:removed", "heartbeat", "status:update"]:
        client.wait_for(name, lambda event: event.namespace == "/pipeline")
    description = daemon.get("/asyncapi.json").json()
    assert daemon.stop() == 0
    client.wait_for_goodbye()

    seen = set()
    for event in client.events():
        channel = description["channels"][event.namespace.removeprefix("/")]
        assert channel["address"] == event.namespace
        key = event.name.replace(":", ".")
        assert channel["messages"][key] == {"$ref": f"#/components/messages/{key}"}
        message = description["components"]["messages"][key]
        assert message["name"] == event.name
        assert violations(description, message, event.payload) == [], event
        assert pointer("channels", event.namespace.removeprefix("/"), "messages", key) in [
            message["$ref"] for message in description["operations"][f"send_{event.namespace[1:]}"]["messages"]]
        seen.add(event.name)
    # What a daemon says when it begins is over before anybody can listen.
    described = {message["name"] for message in messages_of(description, "send_pipeline")}
    assert seen >= described - {"pipeline:online"}, described - seen


def test_everything_a_client_may_send_is_acknowledged_as_described(shared: Daemon, connect: Connect) -> None:
    description = shared.get("/asyncapi.json").json()
    namespaces = {channel["address"] for channel in description["channels"].values()}
    client = connect(shared, *sorted(namespaces))
    asked: dict[str, set[str]] = {namespace: set() for namespace in namespaces}
    for namespace, message, replies in received(description):
        for example in message["examples"]:
            assert violations(description, message, example["payload"]) == []
            answer = client.call(message["name"], example["payload"], namespace)
            title = fitting(description, replies, answer)
            # There is no pipeline of Google Drive that one could hear of.
            is_refused = namespace == "/google_drive" and "subscribe" in message["name"]
            assert (title == "Nothing was done, and why") is is_refused, (namespace, message["name"], answer)
        asked[namespace].add(message["name"])
    for namespace in namespaces:
        refusal = client.call("no such event", {}, namespace)
        assert violations(description, description["components"]["messages"]["refused"], refusal) == []
        # The server says itself what it knows.
        known = set(refusal["error"].partition("known are ")[2].replace(" and ", ", ").split(", "))
        assert asked[namespace] == ({"ping"} if namespace == "/" else known)


@pytest.mark.parametrize("payload", [None, "docs", {}, {"pipeline_id": 7}, {"client_id": "a", "status": "asleep"}])
def test_what_is_not_as_described_is_refused(payload: Any, shared: Daemon, connect: Connect) -> None:
    description = shared.get("/asyncapi.json").json()
    client = connect(shared, "/pipeline")
    for namespace, message, replies in received(description):
        if namespace == "/pipeline" and message["name"] != "ping":
            assert violations(description, message, payload) != []
            answer = client.call(message["name"], payload, namespace)
            assert fitting(description, replies, answer) == "Nothing was done, and why"


def test_every_reference_of_the_description_leads_somewhere(shared: Daemon) -> None:
    description = shared.get("/asyncapi.json").json()

    def check(node: Any) -> None:
        if isinstance(node, dict) and "$ref" in node:
            assert found(description, node)
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
            check(child)

    check(description)
